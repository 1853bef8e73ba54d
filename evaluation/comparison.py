"""Comparison: two runs of the same questions, question by question, with a paired test for each measure."""

from collections.abc import Mapping
from typing import Any

from evaluation.intervals import mean_interval, permutation_p
from evaluation.measures import COUNTS, LOWER_IS_BETTER, MEASURES, WRITING

Rows = Mapping[str, Mapping[str, Any]]


def compare_runs(results: Mapping[str, Any], baseline: Mapping[str, Any]) -> dict[str, Any]:
    """The `comparison` of a results file: each measure before and after, and what got better and worse.

    Only questions of both runs that were asked in the same words count, and of those the ones to which a
    measure applies in both. `p` is that of a paired permutation test.
    """
    before, after = _by_question(baseline), _by_question(results)
    shared = [id_ for id_ in after if id_ in before and _is_same(before[id_], after[id_])]
    pairs = {name: _pairs(name, shared, before, after) for name in (*MEASURES, *WRITING)}
    changes = [
        {"id": id_, "measure": name, "before": old, "after": new}
        for name, values in pairs.items()
        for id_, (old, new) in values.items()
        if old != new and name not in COUNTS
    ]
    return {
        "baseline": baseline["run"]["id"],
        "questions": len(shared),
        "measures": {name: _difference(list(values.values())) for name, values in pairs.items() if values},
        "better": [change for change in changes if _is_better(change)],
        "worse": [change for change in changes if not _is_better(change)],
    }


def _by_question(results: Mapping[str, Any]) -> Rows:
    return {row["id"]: row for row in results["questions"]}


def _is_same(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return bool(before["question"] == after["question"] and before["history"] == after["history"])


def _pairs(name: str, shared: list[str], before: Rows, after: Rows) -> dict[str, tuple[float, float]]:
    values = {id_: (before[id_]["measures"].get(name), after[id_]["measures"].get(name)) for id_ in shared}
    return {id_: (old, new) for id_, (old, new) in values.items() if old is not None and new is not None}


def _difference(pairs: list[tuple[float, float]]) -> dict[str, float]:
    differences = [new - old for old, new in pairs]
    interval = mean_interval(differences)
    return {
        "before": sum(old for old, _ in pairs) / len(pairs),
        "after": sum(new for _, new in pairs) / len(pairs),
        "difference": interval.value,
        "low": interval.low,
        "high": interval.high,
        "p": permutation_p(differences),
    }


def _is_better(change: Mapping[str, Any]) -> bool:
    rose = change["after"] > change["before"]
    return bool(rose) is not (change["measure"] in LOWER_IS_BETTER)
