"""Confidence: how likely it is that the evidence holds an answer at all.

A logistic regression on a few features, fitted on public question sets by `evaluation/fitting.py`, which also
draws its calibration curve. No feature alone tells a near miss from an answer.
"""

import math
from collections.abc import Mapping, Sequence

from bot.gaps import gap
from bot.selection import Candidate
from bot.understanding import Wanted

SURE_ENOUGH = 0.0455  # confidence below which nothing is shown; lower loses near misses, higher loses answers
COEFFICIENTS: Mapping[str, float] = {
    "best_cosine": 2.56,
    "passage_cosine": 1.91,
    "beyond_topic": 2.07,
    "words_around": 1.22,
    "meaning_around": 0.52,
    "kind_missing": -0.62,
    "kind_there": 0.08,
}
INTERCEPT = -5.43
_KINDS = ("number", "date", "person", "place", "money", "duration", "organisation")


def confidence(wanted: Wanted, candidates: Sequence[Candidate]) -> float:
    """The probability, 0 to 1, that the best of `candidates` (best first) answers.

    It is 0 when there is none, and when a rule of `bot/gaps.py` says that none of them can answer.
    """
    if not candidates or gap(wanted, candidates):
        return 0.0
    found = signals(wanted, candidates)
    logit = INTERCEPT + sum(weight * found[name] for name, weight in COEFFICIENTS.items())
    return 1 / (1 + math.exp(-logit))


def signals(wanted: Wanted, candidates: Sequence[Candidate]) -> Mapping[str, float]:
    """What confidence rests on: features of the best candidate, and the best cosines of them all."""
    best = candidates[0].features
    asked = [kind for kind in _KINDS if kind in wanted.asks]
    return {
        "best_cosine": max(candidate.features["cosine"] for candidate in candidates),
        "passage_cosine": candidates[0].evidence.cosine,
        "beyond_topic": max(candidate.features["beyond_topic"] for candidate in candidates),
        "words_around": best["words_around"],
        "meaning_around": best["meaning_around"],
        "kind_missing": float(any(not best[kind] for kind in asked)),
        "kind_there": float(bool(asked) and all(best[kind] for kind in asked)),
    }
