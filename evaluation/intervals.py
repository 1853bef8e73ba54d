"""Intervals and tests: how sure a mean, a difference of two runs and an AUROC are. Every seed is fixed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
PERMUTATIONS = 10_000
_SEED = 20240731
_BLOCK = 500  # resamples drawn at once, which bounds the memory of large sets

Values = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A value with the 95 % bootstrap interval around it, and how many questions it rests on."""

    value: float
    low: float
    high: float
    n: int


def mean_interval(values: Sequence[float]) -> Interval:
    """The mean of at least one value, with its percentile bootstrap interval."""
    return _interval(values, median=False)


def median_interval(values: Sequence[float]) -> Interval:
    """The median of at least one value, with its percentile bootstrap interval."""
    return _interval(values, median=True)


def permutation_p(differences: Sequence[float]) -> float:
    """How often paired differences with signs thrown at random have a mean as far from 0, two-sided."""
    observed = np.asarray(differences, dtype=np.float64)
    if not observed.any():
        return 1.0
    generator = np.random.default_rng(_SEED)
    limit = abs(observed.sum()) - 1e-9
    extreme = sum(
        int((np.abs(generator.choice([-1.0, 1.0], size=(_BLOCK, len(observed))) @ observed) >= limit).sum())
        for _ in range(PERMUTATIONS // _BLOCK)
    )
    return (extreme + 1) / (PERMUTATIONS + 1)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """How often a positive's score is above a negative's, ties counting half; neither may be empty."""
    below = np.sort(np.asarray(negative, dtype=np.float64))
    scores = np.asarray(positive, dtype=np.float64)
    wins = np.searchsorted(below, scores, side="left") + np.searchsorted(below, scores, side="right")
    return float(wins.mean() / (2 * len(below)))


def auroc_interval(positive: Sequence[float], negative: Sequence[float]) -> Interval:
    """The AUROC with its bootstrap interval, both classes drawn anew."""
    generator = np.random.default_rng(_SEED)
    ups, downs = np.asarray(positive), np.asarray(negative)
    drawn = [
        auroc(generator.choice(ups, len(ups)).tolist(), generator.choice(downs, len(downs)).tolist())
        for _ in range(_BLOCK)
    ]
    low, high = np.percentile(drawn, [2.5, 97.5])
    value, n = auroc(positive, negative), len(ups) + len(downs)
    return Interval(value=value, low=float(low), high=float(high), n=n)


def _interval(values: Sequence[float], *, median: bool) -> Interval:
    observed = np.asarray(values, dtype=np.float64)
    generator = np.random.default_rng(_SEED)
    summarise = np.median if median else np.mean
    shape = (_BLOCK, len(observed))
    blocks = [observed[generator.integers(0, len(observed), shape)] for _ in range(RESAMPLES // _BLOCK)]
    drawn: Values = np.concatenate([np.asarray(summarise(block, axis=1)) for block in blocks])
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Interval(value=float(summarise(observed)), low=float(low), high=float(high), n=len(observed))
