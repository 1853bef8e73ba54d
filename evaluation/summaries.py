"""Summaries: the measures of all questions as means with intervals, overall and by kind."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from evaluation.intervals import mean_interval, median_interval
from evaluation.measures import MEASURES, WRITING

Measured = Mapping[str, float | None]


def summarise(kinds: Sequence[str], measured: Sequence[Measured]) -> dict[str, Any]:
    """`overall` and `by_kind` of a results file; a measure that applies to no question is left out.

    `kinds` and `measured` are those of the same questions, in the same order.
    """
    by_kind = {
        kind: _means([row for other, row in zip(kinds, measured, strict=True) if other == kind])
        for kind in dict.fromkeys(kinds)
    }
    overall = _means(measured)
    words = _values(measured, "words")
    if words:
        overall["words_median"] = asdict(median_interval(words))
    return {"overall": overall, "by_kind": by_kind}


def latency(seconds: Sequence[float]) -> dict[str, float]:
    """The median and the 95th percentile, in seconds, of at least one answer."""
    return {"p50": float(np.percentile(seconds, 50)), "p95": float(np.percentile(seconds, 95))}


def _means(measured: Sequence[Measured]) -> dict[str, Any]:
    columns = {name: _values(measured, name) for name in (*MEASURES, *WRITING)}
    return {name: asdict(mean_interval(values)) for name, values in columns.items() if values}


def _values(measured: Sequence[Measured], name: str) -> list[float]:
    return [value for row in measured if (value := row.get(name)) is not None]
