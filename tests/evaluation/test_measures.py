"""What is measured of an answer, on answers small enough to judge by eye."""

from dataclasses import replace

import pytest

from bot.answers import Answer
from evaluation.measures import MEASURES, failures, measure_answer
from evaluation.questions import JudgedQuestion
from evaluation.relevance import RECALL
from tests.evaluation.examples import make_answer, make_document, make_question

_WARD = make_document("ward", "The hospital has 80 beds in four wards.")
_PLAN = make_document("plan", "The aim was 100 beds.")
_PAGES = {"ward": _WARD, "plan": _PLAN}


def _measured(question: JudgedQuestion, answer: Answer) -> dict[str, float | None]:
    return measure_answer(question, answer, _PAGES)


def test_an_answer_with_every_fact_from_a_right_page_is_right_throughout() -> None:
    measured = _measured(make_question(expect=[["80 beds"], ["four wards"]]), make_answer("", _WARD))

    assert measured == {
        "facts": 1.0,
        "facts_all": 1.0,
        "source": 1.0,
        "citation_precision": 1.0,
        "verbatim": 1.0,
        "newest_first": None,
        "refusals": None,
        "over_refusal": 0.0,
        "forbidden": None,
        "words": 9.0,
    }
    assert failures(measured) == []


def test_facts_are_the_share_of_groups_matched() -> None:
    measured = _measured(make_question(expect=[["80 beds", "eighty beds"], ["a garden"]]), make_answer("", _WARD))

    assert (measured["facts"], measured["facts_all"]) == (0.5, 0.0)
    assert failures(measured) == ["facts"]


def test_the_text_of_a_refusal_states_no_facts() -> None:
    measured = _measured(make_question(), make_answer("No page says more than 80 beds.", status="not_found"))

    assert (measured["facts"], measured["source"], measured["over_refusal"]) == (0.0, 0.0, 1.0)
    assert measured["citation_precision"] is None
    assert failures(measured) == ["facts", "source", "over_refusal"]


def test_a_partial_answer_counts_as_answered_and_a_clarification_does_not() -> None:
    assert _measured(make_question(), make_answer("", _WARD, status="partial"))["over_refusal"] == 0.0
    assert _measured(make_question(), make_answer("Which?", status="clarification"))["over_refusal"] == 1.0


def test_citation_precision_is_the_share_of_cited_pages_that_are_sources() -> None:
    assert _measured(make_question(), make_answer("", _WARD, _PLAN))["citation_precision"] == 0.5
    assert _measured(make_question(), make_answer("80 beds."))["citation_precision"] == 0.0


def test_a_quote_must_be_the_stored_text_and_stand_in_the_answer() -> None:
    answer = make_answer("", _WARD)
    (citation,) = answer.citations

    altered = replace(answer, citations=(replace(citation, quote="The hospital has 90 beds."),))
    unsaid = replace(answer, answer="It has 80 beds [1].")
    unknown = replace(answer, citations=(replace(citation, document="gone"),))

    assert [_measured(make_question(), each)["verbatim"] for each in (answer, altered, unsaid, unknown)] == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("said", "newest_first"),
    [
        ("It has 80 beds. The aim was 100 beds.", 1.0),
        ("The aim was 100 beds. It has 80 beds.", 0.0),
        ("The aim was 100 beds.", 0.0),
        ("It has 80 beds.", 1.0),
        ("It has a garden.", None),
    ],
)
def test_the_newest_value_must_stand_before_an_older_one(said: str, newest_first: float | None) -> None:
    question = make_question(superseded=["100 beds"])

    assert _measured(question, make_answer(said))["newest_first"] == newest_first


@pytest.mark.parametrize(
    ("status", "said", "right"),
    [
        ("not_found", "Nothing was found.", 1.0),
        ("answered", "It cost £5 million.", 0.0),
        ("answered", "The page does not give the cost.", 1.0),
        ("partial", "The page does not give the cost.", 1.0),
        ("refused", "The page does not give the cost.", 0.0),
        ("not_found", "Nothing was found about 999.", 0.0),
        ("answered", "The page does not give the cost of 999.", 0.0),
    ],
)
def test_a_refusal_is_right_by_its_status_or_by_saying_plainly_what_is_not_given(
    status: str, said: str, right: float
) -> None:
    question = make_question(answerable=False, admits=["does not give"], forbid=["999"])

    measured = _measured(question, make_answer(said, status=status))

    assert measured["refusals"] == right
    assert measured["forbidden"] == float("999" in said)
    assert measured["facts"] is None


def test_a_signpost_must_name_where_to_go() -> None:
    question = make_question(answerable=False, expect_status=["signposted"], expect=[["999"], ["116 123"]])

    assert _measured(question, make_answer("Call 999, or 116 123.", status="signposted"))["refusals"] == 1.0
    assert _measured(question, make_answer("Call 999.", status="signposted"))["refusals"] == 0.0


def test_gold_that_was_not_retrieved_is_a_failure_of_its_own() -> None:
    assert failures({"r@1": 0.0, "r@10": 0.0, "facts": 1.0}) == ["r@10"]
    assert failures({"r@1": 0.0, "r@10": 0.5, "facts": 1.0, "citation_precision": 0.5}) == []


def test_every_measure_has_its_name_in_the_list() -> None:
    assert {*RECALL, *_measured(make_question(), make_answer("", _WARD))} == set(MEASURES)
