"""The curve of support: how many supported sentences each threshold keeps, and how many others it catches.

Weights and threshold are fitted on one half of the labelled pairs; each of its supported sentences is also held
against passages of other pairs, as sentences that cite the wrong page are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bot.answers import Evidence
from bot.verifying.support import SUPPORTED, WEIGHTS
from bot.verifying.verification import examine
from evaluation.fitting import fit_confidence
from evaluation.support import Pair, evidence_of
from ingest.embedding import EmbeddingModel
from ingest.index import Index

Matrix = NDArray[np.float64]
Label = Literal["supported", "unsupported", "elsewhere"]
_BY_SUPPORT = ("unsupported", "wrong passage", "instruction")  # what the other checks need not see
_ELSEWHERE = 4  # passages of other pairs that each supported sentence is held against
_KEPT = 0.98  # the least share of the fitted half's supported sentences that the threshold keeps


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The signals of some sentences, shape (sentences, len(WEIGHTS)), which of them are supported, and which are only
    held against passages of other pairs.
    """

    signals: Matrix
    supported: NDArray[np.bool_]
    elsewhere: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Point:
    """One threshold: the shares of supported sentences kept and of others caught."""

    threshold: float
    kept: float
    caught: float


def sample(pairs: Sequence[Pair], index: Index, model: EmbeddingModel) -> Sample:
    """The signals of the supported sentences of some pairs, of those that nothing supports, and of wrong citations."""
    cases: list[tuple[str, Sequence[Evidence], Label]] = []
    right = [pair for pair in pairs if pair.supported]
    for place, pair in enumerate(right):
        cases.append((pair.text, evidence_of(pair, index), "supported"))
        others = [other for other in (*right[place + 1 :], *right[:place]) if other.entry != pair.entry]
        for other in others[: _ELSEWHERE * 3 : 3]:
            cases.append((pair.text, evidence_of(other, index), "elsewhere"))
    cases += [(pair.text, evidence_of(pair, index), "unsupported") for pair in pairs if pair.kind in _BY_SUPPORT]
    rows, labels = [], []
    texts = list(dict.fromkeys(text for text, *_ in cases))
    vectors = dict(zip(texts, model.embed(texts), strict=True))
    for text, evidence, label in cases:
        found = examine(text, evidence, index)
        if found is not None:
            values = {"cosine": found.cosine(vectors[text], index), "best": found.best}
            values |= {"together": found.together, "missing": found.missing}
            rows.append([values[name] for name in WEIGHTS])
            labels.append(label)
    kinds = np.array(labels)
    return Sample(signals=np.array(rows), supported=kinds == "supported", elsewhere=kinds == "elsewhere")


def fit(fitted: Sample) -> tuple[Mapping[str, float], float]:
    """Weights by logistic regression, and the highest threshold that keeps enough.

    Supported sentences count as much as others; of these, half is what cites another page.
    """
    supported, elsewhere = fitted.supported, fitted.elsewhere
    unsupported = ~supported & ~elsewhere
    shares = (
        0.5 * supported / supported.sum() + 0.25 * elsewhere / elsewhere.sum() + 0.25 * unsupported / unsupported.sum()
    )
    coefficients, _ = fit_confidence(fitted.signals, supported, shares * len(supported))
    scale = float(np.abs(coefficients).max())
    weights = {name: round(float(value) / scale, 2) for name, value in zip(WEIGHTS, coefficients, strict=True)}
    scores = np.sort((fitted.signals @ np.array(list(weights.values())))[supported])
    threshold = float(scores[int((1 - _KEPT) * len(scores))])
    return weights, round(threshold - 0.005, 2)


def curve(reported: Sample, *, steps: int = 11) -> list[Point]:
    """What thresholds around the one in use do to sentences that were not fitted on."""
    scores = reported.signals @ np.array(list(WEIGHTS.values()))
    points = []
    for threshold in np.linspace(SUPPORTED - 1.0, SUPPORTED + 1.0, steps):
        kept = float((scores[reported.supported] >= threshold).mean())
        caught = float((scores[~reported.supported] < threshold).mean())
        points.append(Point(threshold=float(threshold), kept=kept, caught=caught))
    return points
