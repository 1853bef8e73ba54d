"""Runs: a question set asked of one build from the first to the last, and everything measured of the answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol

from bot.answers import Answer, Evidence, Question
from evaluation.anchoring import Anchor, anchor_gold, lost_gold
from evaluation.checking import missing_documents
from evaluation.measures import failures, measure_answer, measure_writing
from evaluation.questions import JudgedQuestion, questions_digest
from evaluation.relevance import RECALL, GoldSpan, holds, measure_retrieval, passage_id, relevant_passages
from evaluation.summaries import latency, summarise
from ingest.builds import Build
from ingest.documents import Document, Passage
from ingest.errors import TrustbotError

SHOWN = 10  # passages of evidence kept with each answer
_NOT_KEPT = {"needs", "gold", "repeat"}  # fields of a question that its row gives in another way, or not


class StoredBuild(Protocol):
    """What the measures read of an index."""

    @property
    def build(self) -> Build: ...

    @property
    def documents(self) -> Mapping[str, Document]: ...

    @property
    def passages(self) -> Sequence[Passage]: ...


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run: its results (the shape of `results.json`), answers in order, and passage ids for TREC's tools.

    `relevant` and `retrieved` map question ids to passage ids; the latter best first.
    """

    results: dict[str, Any]
    answers: tuple[Answer, ...]
    relevant: Mapping[str, Sequence[str]]
    retrieved: Mapping[str, Sequence[str]]


def run_questions(
    questions: Sequence[JudgedQuestion],
    ask: Callable[[Question], Answer],
    stored: StoredBuild,
    *,
    day: date,
    git_revision: str | None = None,
    configuration: Mapping[str, Any] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Run:
    """Ask every question in order and measure the answers; `progress` is told (done, of how many).

    Raises TrustbotError when an answer comes from another build than `stored`.
    """
    created = datetime.now(UTC)
    answers = _ask_all(questions, ask, stored.build.id, progress)
    anchors = {question.id: anchor_gold(question, stored.documents) for question in questions}
    relevant = relevant_passages(_gold_spans(questions, anchors), stored.passages)
    retrieved = {
        question.id: [passage_id(item.passage) for item in answer.evidence]
        for question, answer in zip(questions, answers, strict=True)
    }
    ranked = measure_retrieval(relevant, retrieved)
    rows = [
        _row(question, answer, anchors[question.id], ranked.get(question.id, {}), stored)
        for question, answer in zip(questions, answers, strict=True)
    ]
    results = {
        "run": {
            "id": f"{created:%Y%m%d-%H%M%S}",
            "created": f"{created:%Y-%m-%dT%H:%M:%SZ}",
            "day": day.isoformat(),
            "build": stored.build.id,
            "model": stored.build.model,
            "model_digest": stored.build.model_digest,
            "git_revision": git_revision,
            "questions": len(questions),
            "questions_digest": questions_digest(questions),
            "answered_by": ", ".join(dict.fromkeys(answer.answered_by for answer in answers)),
            "configuration": dict(configuration or {}),
            "problems": _problems(questions, anchors, stored.documents),
        },
        "measures": summarise([question.kind for question in questions], [row["measures"] for row in rows]),
        "latency": latency([answer.seconds for answer in answers]),
        "questions": rows,
        "comparison": None,
    }
    return Run(results=results, answers=tuple(answers), relevant=relevant, retrieved=retrieved)


def add_judgements(run: Run, judged: Sequence[Mapping[str, float | None]]) -> None:
    """Put what a judge said of each answer, in order, beside the other measures of the run."""
    rows = run.results["questions"]
    for row, measures in zip(rows, judged, strict=True):
        row["measures"] |= measures
    run.results["measures"] = summarise([row["kind"] for row in rows], [row["measures"] for row in rows])


def _ask_all(
    questions: Sequence[JudgedQuestion],
    ask: Callable[[Question], Answer],
    build: str,
    progress: Callable[[int, int], None] | None,
) -> list[Answer]:
    answers = []
    for done, question in enumerate(questions):
        if progress:
            progress(done, len(questions))
        answer = ask(question.asked())
        if answer.build not in (build, None):
            raise TrustbotError(f"the index moved from build {build} to {answer.build} meanwhile: run it again")
        answers.append(answer)
    if progress:
        progress(len(questions), len(questions))
    return answers


def _gold_spans(
    questions: Sequence[JudgedQuestion], anchors: Mapping[str, Sequence[Anchor]]
) -> dict[str, list[GoldSpan]]:
    """Of every answerable question with gold, also where none of it matches any more: it then scores 0."""
    return {
        question.id: [span for anchor in anchors[question.id] if (span := _span(anchor))]
        for question in questions
        if question.answerable and question.gold
    }


def _span(anchor: Anchor) -> GoldSpan | None:
    if anchor.span is None:
        return None
    start, end = anchor.span
    return GoldSpan(document=anchor.document, start=start, end=end)


def _row(
    question: JudgedQuestion,
    answer: Answer,
    anchors: Sequence[Anchor],
    ranked: Mapping[str, float],
    stored: StoredBuild,
) -> dict[str, Any]:
    measured = dict.fromkeys(RECALL) | dict(ranked) | measure_answer(question, answer, stored.documents)
    measured |= measure_writing(answer)
    return question.model_dump(mode="json", exclude=_NOT_KEPT) | {
        "answer": dict(answer.as_json()),
        "confidence": answer.confidence,
        "evidence": [_evidence(rank, item) for rank, item in enumerate(answer.evidence[:SHOWN], 1)],
        "gold": [asdict(anchor) | {"rank": _rank(anchor, answer.evidence)} for anchor in anchors],
        "measures": measured,
        "failures": failures(measured),
    }


def _evidence(rank: int, item: Evidence) -> dict[str, Any]:
    passage = item.passage
    return {
        "rank": rank,
        "document": passage.document,
        "title": item.document.title,
        "headings": list(passage.headings),
        "as_of": passage.as_of,
        "start": passage.start,
        "end": passage.end,
        "score": item.score,
        "text": item.document.text[passage.start : passage.end],
    }


def _rank(anchor: Anchor, evidence: Sequence[Evidence]) -> int | None:
    """The rank of the best passage that holds the quote."""
    span = _span(anchor)
    return next((rank for rank, item in enumerate(evidence, 1) if span and holds(item.passage, span)), None)


def _problems(
    questions: Sequence[JudgedQuestion],
    anchors: Mapping[str, Sequence[Anchor]],
    documents: Mapping[str, Document],
) -> list[str]:
    """What of the judgements no longer holds: documents that are missing, gold that matches nothing."""
    return [
        problem
        for question in questions
        for problem in (
            *missing_documents(question, documents),
            *lost_gold(question, [anchor for anchor in anchors[question.id] if anchor.document in documents]),
        )
    ]
