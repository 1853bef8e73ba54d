"""Confidence: how likely it is that the evidence holds an answer at all.

A logistic regression on a few features, fitted on public question sets by `evaluation/fitting.py`, which also
draws its calibration curve. No feature alone tells a near miss from an answer.
"""

import math
from collections.abc import Mapping, Sequence

from bot.selection import Candidate
from bot.understanding import Wanted
from ingest.index import Index

SURE_ENOUGH = 0.0  # confidence below which nothing is shown
COEFFICIENTS: Mapping[str, float] = {
    "best_cosine": 5.1,
    "passage_cosine": 0.8,
    "words_around": 0.9,
    "kind_missing": -0.35,
}
INTERCEPT = -4.8
_KINDS = ("number", "date", "person", "place", "money", "duration", "organisation")


def confidence(wanted: Wanted, candidates: Sequence[Candidate], index: Index) -> float:
    """The probability, 0 to 1, that the best of `candidates` (best first) answers; 0 when there is none."""
    if not candidates:
        return 0.0
    found = signals(wanted, candidates)
    logit = INTERCEPT + sum(weight * found[name] for name, weight in COEFFICIENTS.items())
    return 1 / (1 + math.exp(-logit))


def signals(wanted: Wanted, candidates: Sequence[Candidate]) -> Mapping[str, float]:
    """What confidence rests on: features of the best candidate, and the best cosine of them all."""
    best = candidates[0].features
    asked = [kind for kind in _KINDS if kind in wanted.asks]
    return {
        "best_cosine": max(candidate.features["cosine"] for candidate in candidates),
        "passage_cosine": candidates[0].evidence.cosine,
        "beyond_topic": best["beyond_topic"],
        "words_around": best["words_around"],
        "meaning": best["meaning"],
        "meaning_around": best["meaning_around"],
        "missing": best["missing"],
        "head": best["head"] if wanted.head else best["meaning"],
        "kind_missing": float(any(not best[kind] for kind in asked)),
        "kind_there": float(bool(asked) and all(best[kind] for kind in asked)),
    }
