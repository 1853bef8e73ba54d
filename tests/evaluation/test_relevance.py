"""Which passages are right, and what TREC's measures say of a ranking; figures worked out by hand."""

import pytest

from evaluation.relevance import (
    GoldSpan,
    holds,
    measure_retrieval,
    passage_id,
    relevant_passages,
    run_rows,
)
from tests.evaluation.examples import make_passage

_GOLD = GoldSpan(document="ward", start=10, end=20)


@pytest.mark.parametrize(
    ("start", "end", "held"),
    [(0, 30, True), (0, 15, True), (15, 30, True), (0, 14, False), (16, 30, False), (12, 18, True), (20, 30, False)],
)
def test_a_passage_holds_gold_when_at_least_half_of_it_lies_within(start: int, end: int, held: bool) -> None:
    assert holds(make_passage("ward", start, end), _GOLD) is held


def test_a_passage_of_another_page_holds_nothing() -> None:
    assert not holds(make_passage("plan", 0, 30), _GOLD)


def test_the_share_that_must_be_held_can_be_all_of_it() -> None:
    assert not holds(make_passage("ward", 0, 19), _GOLD, share=1.0)
    assert holds(make_passage("ward", 0, 20), _GOLD, share=1.0)


def test_judgements_follow_the_splitter_because_they_are_spans() -> None:
    whole, halves = [make_passage("ward", 0, 30)], [make_passage("ward", 0, 15), make_passage("ward", 15, 30)]

    assert relevant_passages({"q1": [_GOLD], "q2": []}, whole) == {"q1": ["ward:0-30"], "q2": []}
    assert relevant_passages({"q1": [_GOLD]}, halves) == {"q1": ["ward:0-15", "ward:15-30"]}


def test_an_id_of_a_passage_has_no_spaces() -> None:
    assert passage_id(make_passage("Top 5 mistakes#3", 0, 9)) == "Top%205%20mistakes%233:0-9"


def test_a_ranking_is_measured_as_trec_does() -> None:
    measured = measure_retrieval({"q1": ["a", "b"]}, {"q1": ["x", "a", "y", "z", "w", "b"]})["q1"]

    assert measured["r@1"] == 0.0
    assert measured["r@5"] == 0.5
    assert measured["r@10"] == 1.0
    assert measured["rr"] == 0.5
    assert measured["ndcg@10"] == pytest.approx((0.6309 + 0.3562) / (1 + 0.6309), abs=1e-3)


def test_a_question_whose_gold_is_lost_or_that_retrieves_nothing_scores_nothing() -> None:
    measured = measure_retrieval({"lost": [], "silent": ["a"], "found": ["a"]}, {"lost": ["a"], "found": ["a"]})

    assert [measured[question]["rr"] for question in ("lost", "silent", "found")] == [0.0, 0.0, 1.0]


def test_scores_fall_with_the_rank_so_that_ties_keep_our_order() -> None:
    assert list(run_rows({"q1": ["b", "a", "b"]})) == [("q1", "b", 3.0), ("q1", "a", 2.0)]
