"""Support: how far a claim's words and meaning are those of the sentences it cites."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.verifying.closeness import Closeness
from bot.verifying.moments import content_of
from bot.verifying.proper_names import ProperName
from bot.verifying.sources import Source
from ingest.embedding import Vectors
from ingest.index import Index

WEIGHTS: Mapping[str, float] = {"cosine": 1.0, "best": 0.3, "together": 0.28, "missing": -0.53}
SUPPORTED = 0.1  # the least sum of the weighted signals; fitted, like the weights, by evaluation/support_curve.py
_LOWEST, _HIGHEST = 0.3, 0.95  # cosines


@dataclass(frozen=True, kw_only=True, eq=False)
class Signals:
    """How far the words of a claim are those of its sources; the cosine of both is asked for where that leaves doubt.

    `best` is the share of its words that one sentence says, `together` that all sentences say, `missing` how much the
    words weigh that none says.
    """

    text: str
    best: float
    together: float
    missing: float
    sources: Sequence[Source]

    def score(self, cosine: float) -> float:
        """The weighted sum that is compared with SUPPORTED."""
        return (
            WEIGHTS["cosine"] * cosine
            + WEIGHTS["best"] * self.best
            + WEIGHTS["together"] * self.together
            + WEIGHTS["missing"] * self.missing
        )

    @property
    def undecided(self) -> bool:
        """True when the cosine can still decide; it hardly ever lies outside of these."""
        return self.score(_LOWEST) < SUPPORTED <= self.score(_HIGHEST)

    def supported(self, cosine: float | None) -> bool:
        """True when the sum is high enough; without a cosine, whichever it might be."""
        return self.score(_LOWEST if cosine is None else cosine) >= SUPPORTED

    def cosine(self, vector: Vectors, index: Index) -> float:
        """The highest cosine of the claim's vector with a sentence of its sources."""
        numbers = dict.fromkeys(source.number for source in self.sources)
        return max((float((index.sentence_vectors(number) @ vector).max()) for number in numbers), default=0.0)


def signals_of(text: str, names: Sequence[ProperName], closeness: Closeness, sources: Sequence[Source]) -> Signals:
    """What the words of a claim say of its support; those of its names, which are checked apart, count for nothing."""
    content = content_of(text)
    own = content - frozenset[str]().union(*(name.words for name in names)) or content
    together, missing = closeness.together(own)
    best = max(closeness.share(own, column) for column in range(len(sources)))
    return Signals(text=text, best=best, together=together, missing=missing, sources=sources)
