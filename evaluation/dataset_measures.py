"""Measures on a dataset: how well passages are retrieved, evidence sentences chosen, and gaps noticed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from bot.answering import Answerer
from bot.answers import Answer, Citation
from bot.searching import search
from evaluation.dataset_indexes import OWN, dataset_index
from evaluation.datasets import Dataset, DatasetQuestion, load_dataset
from evaluation.intervals import auroc_interval, mean_interval
from evaluation.measures import ANSWERED
from evaluation.relevance import HITS, measure_retrieval, overlap, passage_id, relevant_passages
from ingest.documents import Passage
from ingest.embedding import EmbeddingModel
from ingest.index import Index

DEEP = 10  # passages of a ranking that are measured
EVIDENCE = (1, 2, 3)  # citations among which the evidence sentence is looked for
Progress = Callable[[int, int], None]
Measured = dict[str, dict[str, float]]


def measure_dataset(
    folder: Path,
    home: Path,
    model: EmbeddingModel,
    *,
    today: date,
    most: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Our own splitting, retrieval and answering on a dataset; its index is kept below `home`.

    Returns what was measured on, and `measures` {name: {value, low, high, n}}; `most` limits the questions.
    """
    dataset = load_dataset(folder, most=most)
    answerer = Answerer(dataset_index(dataset, OWN, home, model, progress=progress), model, today=lambda: today)
    try:
        index = answerer.current_index()
        answers = {}
        rankings = []
        for done, question in enumerate(dataset.questions):
            if progress:
                progress(done, len(dataset.questions))
            if question.gold:
                rankings.append(our_ranking(question.text, index, model, today=today))
            answers[question.id] = answerer.answer(question.asked())
    finally:
        answerer.close()
    return {
        "dataset": dataset.name,
        "splitting": OWN.name,
        "held_out": dataset.held_out,
        "questions": len(dataset.questions),
        "passages": len(index.passages),
        "build": index.build.id,
        "model_digest": model.digest,
        "measures": measure_rankings(dataset, index.passages, rankings) | measure_answers(dataset, answers),
    }


def our_ranking(text: str, index: Index, model: EmbeddingModel, *, today: date) -> list[int]:
    """The numbers of the passages that the bot finds for a question, best first."""
    (finding,) = search([text], index, model, today=today)
    return [item.number for item in finding.evidence[:DEEP]]


def measure_rankings(dataset: Dataset, passages: Sequence[Passage], rankings: Sequence[Sequence[int]]) -> Measured:
    """Retrieval measures of rankings: passage numbers, best first, one for each question that has gold."""
    asked = [question for question in dataset.questions if question.gold]
    if not asked:
        return {}
    relevant = relevant_passages({question.id: question.gold for question in asked}, passages, share=dataset.share)
    retrieved = {
        question.id: [passage_id(passages[number]) for number in ranking[:DEEP]]
        for question, ranking in zip(asked, rankings, strict=True)
    }
    rows = measure_retrieval(relevant, retrieved, HITS).values()
    return {name: asdict(mean_interval([row[name] for row in rows])) for name in HITS}


def measure_answers(dataset: Dataset, answers: Mapping[str, Answer]) -> Measured:
    """Of the answers by question id: how many are given, whether they quote evidence, what confidence is worth.

    `evidence@k` is the share of questions with gold where one of the first k citations quotes from a gold span;
    `auroc` how often the confidence in an answerable question is above that in one that is not.
    """
    measured: dict[str, list[float]] = {}
    for question in dataset.questions:
        answer = answers[question.id]
        given = answer.status in ANSWERED
        measured.setdefault("answered" if question.answerable else "false_answers", []).append(float(given))
        for k in EVIDENCE if question.gold else ():
            hit = given and any(_quotes(citation, question) for citation in answer.citations[:k])
            measured.setdefault(f"evidence@{k}", []).append(float(hit))
    found = {name: asdict(mean_interval(values)) for name, values in measured.items()}
    positive, negative = (_confidences(dataset, answers, answerable=wanted) for wanted in (True, False))
    if positive and negative:
        found["auroc"] = asdict(auroc_interval(positive, negative))
    return found


def _quotes(citation: Citation, question: DatasetQuestion) -> bool:
    """Half of the quote lies in a gold span, or half of the span in the quote, whichever is the shorter."""
    start, end = citation.start, citation.end
    return any(
        citation.document == gold.document and 2 * overlap(start, end, gold) >= min(end - start, gold.end - gold.start)
        for gold in question.gold
    )


def _confidences(dataset: Dataset, answers: Mapping[str, Answer], *, answerable: bool) -> list[float]:
    """An answer without a confidence counts as 0."""
    asked = [question.id for question in dataset.questions if question.answerable == answerable]
    return [answers[id_].confidence or 0.0 for id_ in asked]
