"""Closeness: how much of a claim's words the sentences it cites say, in the same words or in some of like meaning."""

from collections.abc import Sequence

import numpy as np

from bot.verifying.sources import Source
from ingest.embedding import Vectors
from ingest.index import Index

_UNLIKE = 0.35  # the cosine of two words that have nothing to do with one another
_ABOVE, _AROUND = 1.0, 0.6  # what a word is worth that stands in the headings, or elsewhere in the passage


class Closeness:
    """How much of a claim's words each source says, in the same words or in some of like meaning.

    Shares are weighted by how rare a word is in the build, 0 to 1. No other word is like one of a name (`names`).
    """

    def __init__(
        self, said: frozenset[str], sources: Sequence[Source], index: Index, *, names: frozenset[str] = frozenset()
    ) -> None:
        self.terms = sorted(said)
        self._row = {term: row for row, term in enumerate(self.terms)}
        self.rarity = np.array([index.rarity(term) for term in self.terms], dtype=np.float32)
        words = sorted(frozenset[str]().union(*(source.said for source in sources)))
        self._column = {word: column for column, word in enumerate(words)}
        self._near = _likeness(self.terms, words, index)
        self._near[[term in names for term in self.terms]] = 0
        self._alone, self._said = self._cover(sources)

    def share(self, terms: frozenset[str], column: int, *, alone: bool = False) -> float:
        """The share of `terms` (of the claim) that source number `column` says, `alone` without what stands around."""
        rows = self._rows(terms)
        if not rows:
            return 1.0
        weights, said = self.rarity[rows], self._alone if alone else self._said
        return float(said[rows, column] @ weights / (weights.sum() or 1.0))

    def share_of(self, terms: frozenset[str], words: frozenset[str]) -> float:
        """The share of `terms` that some words of a source say."""
        rows, columns = self._rows(terms), [self._column[word] for word in words if word in self._column]
        if not rows or not columns:
            return 0.0
        weights = self.rarity[rows]
        said = np.maximum(self._near[np.ix_(rows, columns)].max(axis=1), [self.terms[row] in words for row in rows])
        return float(said @ weights / (weights.sum() or 1.0))

    def together(self, terms: frozenset[str]) -> tuple[float, float]:
        """The share of `terms` that all sources together say, and how rare, on average, a word is that none says."""
        rows = self._rows(terms)
        if not rows or not self._said.shape[1]:
            return (1.0, 0.0) if not rows else (0.0, 1.0)
        best, weights = self._said[rows].max(axis=1), self.rarity[rows]
        total = float(weights.sum()) or 1.0
        return float(best @ weights / total), float(((1 - best) * weights).sum() / max(len(rows), 1))

    def _rows(self, terms: frozenset[str]) -> list[int]:
        return [self._row[term] for term in sorted(terms) if term in self._row]

    def _cover(self, sources: Sequence[Source]) -> tuple[Vectors, Vectors]:
        """How far each source says each term, alone and with what stands around it; both of shape (terms, sources)."""
        covered = np.zeros((len(self.terms), len(sources)), dtype=np.float32)
        for column, source in enumerate(sources):
            own = [self._column[word] for word in source.said]
            if own and self.terms:
                covered[:, column] = self._near[:, own].max(axis=1)
            for row, term in enumerate(self.terms):
                if term in source.said:
                    covered[row, column] = 1.0
        above = [[term in source.above_said for source in sources] for term in self.terms]
        around = [[term in source.around_said for source in sources] for term in self.terms]
        beside = np.maximum(_ABOVE * np.array(above), _AROUND * np.array(around), dtype=np.float32)
        return covered, np.maximum(covered, beside.reshape(covered.shape))


def _likeness(terms: Sequence[str], words: Sequence[str], index: Index) -> Vectors:
    """How nearly each term means each word, 0 to 1, shape (terms, words); 0 for what no page holds."""
    if not terms or not words:
        return np.zeros((len(terms), len(words)), dtype=np.float32)
    cosines = index.word_vectors(terms) @ index.word_vectors(words).T
    return np.asarray(np.clip((cosines - _UNLIKE) / (1 - _UNLIKE), 0, 1), dtype=np.float32)
