"""The question set is held against the pages: nothing is right that no page says."""

from pathlib import Path

import pytest

from evaluation.checking import check_questions
from evaluation.questions import load_questions, packaged_questions
from ingest.reading import read_corpus
from tests.evaluation.examples import make_document, make_question

_HOME = Path(__file__).parents[2]
_PAGES = {
    "ward": make_document("ward", "In 2016 the aim was 100 beds. The hospital has 80 beds."),
    "visit": make_document("visit", "The page does not say who came. Ann’s surname is not given."),
}
_GOLD = [{"document": "ward", "quote": "The hospital has 80 beds."}]


def test_a_question_that_the_pages_bear_out_has_no_problem() -> None:
    question = make_question(gold=_GOLD, needs=["ward"], superseded=["100 beds"], forbid=["900 beds"])

    assert check_questions([question], _PAGES) == []


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"needs": ["gone"]}, "q1: there is no document 'gone'"),
        ({"gold": [{"document": "ward", "quote": "It has a garden."}]}, "q1: gold no longer matches ward"),
        ({"expect": [["80 beds"], ["six wards"]]}, "q1: group 2 of expect ['six wards'] matches nothing"),
        ({"expect": [["90 beds"]], "gold": []}, "q1: group 1 of expect ['90 beds'] matches nothing"),
        ({"forbid": ["80"]}, "q1: '80' is forbidden but stands in the gold"),
        ({"sources": ["visit"]}, "q1: gold stands in 'ward', which is not among its sources"),
        ({"superseded": ["120 beds"]}, "q1: no page holds a superseded value"),
        (
            {
                "superseded": ["100 beds"],
                "gold": [{"document": "ward", "quote": "In 2016 the aim was 100 beds."}, *_GOLD],
            },
            "q1: a superseded value stands before the newest one in the gold",
        ),
        (
            {
                "superseded": ["100 beds"],
                "gold": [*_GOLD, {"document": "ward", "quote": "In 2016 the aim was 100 beds."}],
            },
            "q1: the gold “In 2016 the aim was 100 beds.” gives only a superseded value",
        ),
    ],
)
def test_what_the_pages_do_not_bear_out_is_reported(fields: dict[str, object], problem: str) -> None:
    question = make_question(**({"gold": _GOLD} | fields))

    assert any(line.startswith(problem) for line in check_questions([question], _PAGES))


def test_a_sentence_of_a_page_may_not_pass_for_a_plain_admission_unless_it_is_one() -> None:
    unanswerable = {"answerable": False, "kind": "unanswerable", "admits": ["surname is not given"]}
    gold = [{"document": "visit", "quote": "Ann’s surname is not given."}]

    (problem,) = check_questions([make_question(**unanswerable)], _PAGES)

    assert problem == "q1: admits is matched by visit: “Ann’s surname is not given.”"
    assert check_questions([make_question(**unanswerable, gold=gold)], _PAGES) == []


@pytest.mark.parametrize(
    "questions",
    [packaged_questions(), _HOME / "evaluation" / "lookups.yaml", _HOME / "evaluation" / "newest.yaml"],
    ids=["fixed", "look-ups", "newest"],
)
def test_the_questions_agree_with_the_pages_of_the_corpus(questions: Path) -> None:
    documents = {document.id: document for document in read_corpus(_HOME / "corpus").documents}

    assert check_questions(load_questions(questions), documents) == []
