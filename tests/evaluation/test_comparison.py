"""Two runs are compared question by question, and only where both were asked the same."""

from typing import Any

from evaluation.comparison import compare_runs


def _results(run: str, **facts: float | None) -> dict[str, Any]:
    rows = [_row(id_, facts=value) for id_, value in facts.items()]
    return {"run": {"id": run}, "questions": rows}


def _row(id_: str, **measures: float | None) -> dict[str, Any]:
    return {"id": id_, "question": f"what about {id_}?", "history": [], "measures": measures}


def test_what_got_better_and_worse_is_listed() -> None:
    compared = compare_runs(_results("new", a=1.0, b=0.0, c=1.0), _results("old", a=0.0, b=0.5, c=1.0))

    assert compared["baseline"] == "old"
    assert compared["better"] == [{"id": "a", "measure": "facts", "before": 0.0, "after": 1.0}]
    assert compared["worse"] == [{"id": "b", "measure": "facts", "before": 0.5, "after": 0.0}]


def test_each_measure_is_given_before_and_after_with_a_paired_test() -> None:
    ids = [f"q{number}" for number in range(20)]

    compared = compare_runs(_results("new", **dict.fromkeys(ids, 1.0)), _results("old", **dict.fromkeys(ids, 0.0)))

    facts = compared["measures"]["facts"]
    assert (facts["before"], facts["after"], facts["difference"]) == (0.0, 1.0, 1.0)
    assert (facts["low"], facts["high"]) == (1.0, 1.0)
    assert facts["p"] < 0.001


def test_a_run_against_itself_is_neither_better_nor_worse() -> None:
    results = _results("same", a=1.0, b=0.0)

    compared = compare_runs(results, results)

    assert (compared["better"], compared["worse"], compared["measures"]["facts"]["p"]) == ([], [], 1.0)


def test_less_of_what_should_be_low_is_better_and_longer_answers_are_neither() -> None:
    before = {"run": {"id": "old"}, "questions": [_row("a", over_refusal=1.0, words=20.0)]}
    after = {"run": {"id": "new"}, "questions": [_row("a", over_refusal=0.0, words=30.0)]}

    compared = compare_runs(after, before)

    assert [change["measure"] for change in compared["better"]] == ["over_refusal"]
    assert compared["worse"] == []
    assert compared["measures"]["words"]["difference"] == 10.0


def test_questions_of_one_run_only_or_in_other_words_do_not_count() -> None:
    before, after = _results("old", a=0.0, b=0.0, c=None), _results("new", a=1.0, c=1.0, d=1.0)
    before["questions"][0]["question"] = "and what about a?"

    compared = compare_runs(after, before)

    assert compared["questions"] == 1
    assert (compared["measures"], compared["better"]) == ({}, [])
