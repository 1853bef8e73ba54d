"""A run asks every question in order and keeps what was answered, from which evidence, and how well."""

import json
from datetime import date

import pytest

from bot.answers import Answer, Question
from evaluation.runs import run_questions
from ingest.errors import TrustbotError
from tests.evaluation.examples import Stored, make_answer, make_document, make_evidence, make_passage, make_question

_DAY = date(2024, 7, 31)
_WARD = make_document("ward", "It opened in May. It has 80 beds.")
_PLAN = make_document("plan", "The aim was 100 beds.")
_STORED = Stored(
    documents={"ward": _WARD, "plan": _PLAN},
    passages=[make_passage("ward", 0, 17), make_passage("ward", 18, 33), make_passage("plan", 0, 21)],
)
_GOLD = [{"document": "ward", "quote": "It has 80 beds."}]


def _ask(question: Question) -> Answer:
    """Finds the plan first, and the right passage of the ward after it."""
    evidence = (make_evidence(_PLAN, 0, 21, number=2), make_evidence(_WARD, 18, 33, number=1))
    return make_answer("", _WARD, id=question.id, question=question.text, evidence=evidence, seconds=0.02)


def test_a_question_is_kept_with_its_answer_evidence_gold_and_measures() -> None:
    question = make_question(gold=_GOLD, note="A note.")

    row = run_questions([question], _ask, _STORED, day=_DAY).results["questions"][0]

    assert row["answer"]["answer"] == "“It opened in May. It has 80 beds.” [1]"
    assert "evidence" not in row["answer"]
    assert [(item["rank"], item["document"], item["text"]) for item in row["evidence"]] == [
        (1, "plan", "The aim was 100 beds."),
        (2, "ward", "It has 80 beds."),
    ]
    assert row["gold"] == [{"document": "ward", "quote": "It has 80 beds.", "start": 18, "end": 33, "rank": 2}]
    assert (row["measures"]["rr"], row["measures"]["r@1"], row["measures"]["r@5"]) == (0.5, 0.0, 1.0)
    assert (row["measures"]["facts"], row["note"], row["failures"]) == (1.0, "A note.", [])


def test_the_header_says_what_was_run() -> None:
    run = run_questions(
        [make_question()], _ask, _STORED, day=_DAY, git_revision="abc", configuration={"ask": "comms"}
    ).results["run"]

    assert (run["day"], run["build"], run["git_revision"]) == ("2024-07-31", "b1", "abc")
    assert (run["model"], run["model_digest"]) == ("words", "words")
    assert (run["questions"], run["answered_by"], run["configuration"]) == (1, "passages", {"ask": "comms"})
    assert run["problems"] == []


def test_measures_are_given_by_kind_and_overall_and_left_out_where_none_applies() -> None:
    questions = [make_question(gold=_GOLD), make_question(id="q2", kind="place", expect=[["a garden"]])]

    results = run_questions(questions, _ask, _STORED, day=_DAY).results

    overall, by_kind = results["measures"]["overall"], results["measures"]["by_kind"]
    assert (overall["facts"]["value"], overall["facts"]["n"]) == (0.5, 2)
    assert (by_kind["progress"]["facts"]["value"], by_kind["place"]["facts"]["value"]) == (1.0, 0.0)
    assert overall["rr"]["n"] == 1
    assert "rr" not in by_kind["place"]
    assert "refusals" not in overall
    assert overall["words_median"]["value"] == 9.0
    assert results["latency"] == {"p50": 0.02, "p95": 0.02}


def test_gold_that_no_longer_matches_is_reported_and_counts_against_retrieval() -> None:
    questions = [
        make_question(gold=[{"document": "ward", "quote": "It has 90 beds."}]),
        make_question(id="q2", needs=["gone"], gold=_GOLD),
    ]

    results = run_questions(questions, _ask, _STORED, day=_DAY).results

    assert results["run"]["problems"] == [
        "q1: gold no longer matches ward: “It has 90 beds.”",
        "q2: there is no document 'gone'",
    ]
    assert results["questions"][0]["gold"][0]["start"] is None
    assert results["measures"]["overall"]["r@5"]["value"] == 0.5


def test_results_are_json_without_a_number_that_is_not_one() -> None:
    results = run_questions([make_question()], _ask, _STORED, day=_DAY).results

    assert json.loads(json.dumps(results, allow_nan=False)).keys() == results.keys()


def test_progress_is_told_from_none_done_to_all() -> None:
    told: list[tuple[int, int]] = []

    run_questions([make_question()], _ask, _STORED, day=_DAY, progress=lambda done, of: told.append((done, of)))

    assert told == [(0, 1), (1, 1)]


def test_a_run_over_two_builds_is_refused() -> None:
    def moved(question: Question) -> Answer:
        return make_answer("", _WARD, build="b2")

    with pytest.raises(TrustbotError, match="moved from build b1 to b2"):
        run_questions([make_question()], moved, _STORED, day=_DAY)
