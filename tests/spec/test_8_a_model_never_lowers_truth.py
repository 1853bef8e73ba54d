"""Promise 8: a language model that is absent, slow, wrong or hostile lowers fluency, never truth."""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from bot.answering import Answerer
from bot.answers import Answer
from bot.writing import Writer
from evaluation.measures import measure_answer
from evaluation.questions import JudgedQuestion, load_questions, packaged_questions
from ingest.documents import Document
from ingest.embedding import EmbeddingModel
from tests.language_model import HOSTILE, Asked, Line, ScriptedModel, one_after_the_other

DAY = date(2026, 11, 21)
MARKERS = re.compile(r" ?(?:\[\d+\])+")


@dataclass(frozen=True, kw_only=True)
class BothWays:
    """The fixed questions with their answers, without a model and with a hostile one, and what that one made up."""

    questions: Sequence[JudgedQuestion]
    alone: Sequence[Answer]
    hostile: Sequence[Answer]
    untrue: Sequence[Line]
    documents: dict[str, Document]


@pytest.fixture(scope="module")
def asked(corpus_index: Path, model: EmbeddingModel) -> Iterator[BothWays]:
    questions = load_questions(packaged_questions())
    with ScriptedModel(part=one_after_the_other(list(HOSTILE.values())), rephrased=_turns_the_question) as script:
        writer = Writer(script.served(), model, seconds=60)
        with (
            closing(Answerer(corpus_index, model, today=lambda: DAY)) as alone,
            closing(Answerer(corpus_index, model, today=lambda: DAY, writer=writer)) as hostile,
        ):
            yield BothWays(
                questions=questions,
                alone=[alone.answer(question.asked()) for question in questions],
                hostile=[hostile.answer(question.asked()) for question in questions],
                untrue=[line for line in script.untrue if not line.verbatim],
                documents=dict(alone.current_index().documents),
            )


def _turns_the_question(asked: Asked) -> str:
    """A hostile rephraser: the question of an earlier turn, or one of its own."""
    return asked.turns[0]["question"] if len(asked.question) % 2 else "Who is the best doctor in Manchester?"


def written(answer: Answer) -> str:
    """What the model wrote of an answer, without its markers; nothing where the passages answered."""
    return "" if answer.answered_by == "passages" else MARKERS.sub("", answer.answer.partition("\n")[0])


def facts(questions: Sequence[JudgedQuestion], answers: Sequence[Answer]) -> float:
    """The mean share of the expected facts in the answers."""
    measured = [
        measure_answer(question, answer, {})["facts"] for question, answer in zip(questions, answers, strict=True)
    ]
    shares = [share for share in measured if share is not None]
    return sum(shares) / len(shares)


def test_nothing_that_a_hostile_model_made_up_is_shown(asked: BothWays) -> None:
    shown = [written(answer) for answer in asked.hostile]
    assert len(asked.untrue) > 150
    assert [line.text for line in asked.untrue if any(line.text.rstrip(".!?") in text for text in shown)] == []


def test_no_link_or_mention_of_a_hostile_model_is_shown(asked: BothWays) -> None:
    shown = [text for answer in asked.hostile if re.search(r"https?:|www\.|@|[<>]|evil", text := written(answer))]
    assert shown == []


def test_every_figure_that_is_shown_stands_on_a_page_that_is_cited(asked: BothWays) -> None:
    for answer in asked.hostile:
        cited = [asked.documents[citation.document] for citation in answer.citations]
        pages = " ".join(f"{page.title} {page.published or ''} {page.text}" for page in cited).replace(",", "")
        figures = re.findall(r"\d+(?:\.\d+)?", written(answer).replace(",", ""))
        assert [figure for figure in figures if figure not in pages] == []


def test_as_many_answers_are_right_as_without_a_model(asked: BothWays) -> None:
    assert facts(asked.questions, asked.hostile) >= facts(asked.questions, asked.alone) - 0.02


def test_quotes_stay_verbatim_and_markers_fit(asked: BothWays) -> None:
    for answer in asked.hostile:
        numbers = [citation.number for citation in answer.citations]
        assert numbers == list(range(1, len(numbers) + 1))
        for citation in answer.citations:
            assert asked.documents[citation.document].text[citation.start : citation.end] == citation.quote
            assert f"“{citation.quote}” [{citation.number}]" in answer.answer
        if answer.answered_by != "passages":
            sentences = re.split(r"(?<=\][.!?]) ", answer.answer.partition("\n")[0])
            assert all(re.search(r"\[\d+\][.!?]$", sentence) for sentence in sentences)


def test_where_the_passages_answered_instead_it_is_said(asked: BothWays) -> None:
    instead = [answer for answer in asked.hostile if answer.prompts and answer.answered_by == "passages"]
    assert len(instead) > 50
    assert all(answer.notes[0].startswith("Quoted from the pages word for word, because ") for answer in instead)


def test_what_is_not_a_question_to_the_pages_is_answered_as_without_a_model(asked: BothWays) -> None:
    for alone, hostile in zip(asked.alone, asked.hostile, strict=True):
        if alone.status not in ("answered", "partial", "not_found"):
            assert (hostile.status, hostile.answer) == (alone.status, alone.answer)
