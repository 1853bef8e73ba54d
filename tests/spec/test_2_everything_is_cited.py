"""Promise 2: what is said carries a marker, every marker has a citation, and no citation is unused."""

import re
from pathlib import Path

import pytest

from bot.answering import Answerer
from bot.answers import Answer, Question
from ingest.embedding import EmbeddingModel
from tests.pages import GARDEN, PARTNERS, QUESTIONS

MARKER = re.compile(r"\[(\d+)\]")


def check_markers(answer: Answer) -> None:
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    said = answer.answer
    for citation in answer.citations:
        assert f"“{citation.quote}” [{citation.number}]" in said
        said = said.replace(f"“{citation.quote}”", "“”")
    assert sorted({int(number) for number in MARKER.findall(said)}) == numbers
    assert "“”" not in re.sub(r"“” \[\d+\]", "", said)
    if answer.status == "answered":
        assert numbers
        assert all(MARKER.search(line) for line in said.splitlines() if line.strip())


@pytest.mark.parametrize("question", QUESTIONS)
def test_markers_and_citations_of_the_made_up_trust_fit(
    trust_index: Path, model: EmbeddingModel, question: str
) -> None:
    check_markers(Answerer(trust_index, model).answer(Question(text=question)))


@pytest.mark.parametrize(
    "question",
    [
        "How many staff have been trained in HOPE(S)?",
        "What progress on end of life care?",
        "Who funds M-RIC?",
        "tell me everything about the Life Rooms",
        "Which awards did the Journey to a Learning Culture win?",
        "What are the aims of the Centre for Perfect Care?",
        "What is the boiling point of mercury?",
    ],
)
def test_markers_and_citations_of_the_corpus_fit(corpus_index: Path, model: EmbeddingModel, question: str) -> None:
    check_markers(Answerer(corpus_index, model).answer(Question(text=question)))


def test_a_list_comes_whole_under_one_marker(trust_index: Path, model: EmbeddingModel) -> None:
    answer = Answerer(trust_index, model).answer(Question(text=PARTNERS))
    assert answer.status == "answered"
    for partner in ("Orrin Council", "Bellfield Hospice", "the Pennant Trust", "Marlow University"):
        assert partner in answer.citations[0].quote


def test_a_citation_says_where_and_when(trust_index: Path, model: EmbeddingModel) -> None:
    answer = Answerer(trust_index, model).answer(Question(text=GARDEN))
    by_page = {citation.document: citation for citation in answer.citations}
    old = by_page["garden-club"]
    assert (old.title, old.kind, old.published) == ("The Garden Club", "programme", "2022-03-10")
    assert (old.url, old.as_of) == ("https://trust.example/garden-club", "2022-03-10")


def test_a_question_without_evidence_is_not_found_and_offers_pages_without_citing_them(
    corpus_index: Path, model: EmbeddingModel
) -> None:
    answer = Answerer(corpus_index, model).answer(
        Question(text="How many call-outs did the triage cars go to last year?")
    )
    assert answer.status == "not_found"
    assert answer.citations == ()
    assert 0 < len(answer.closest) <= 5
    assert "the communications team" in answer.answer


@pytest.mark.parametrize("question", ["What is the boiling point of mercury?", "zzzz qqqq xxxx"])
def test_what_no_page_is_about_is_not_answered(corpus_index: Path, model: EmbeddingModel, question: str) -> None:
    answer = Answerer(corpus_index, model).answer(Question(text=question))
    assert answer.status != "answered"
    assert answer.citations == ()
    assert answer.answer


@pytest.mark.parametrize("text", ["who put up the greenhouse in Larkhill?", "when does the Quiet Room close?"])
def test_a_question_whose_kind_of_answer_stands_nowhere_near_is_not_found(
    trust_index: Path, model: EmbeddingModel, text: str
) -> None:
    assert Answerer(trust_index, model).answer(Question(text=text)).status == "not_found"
