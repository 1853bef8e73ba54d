"""Retrieval: the passages of one build that a question's vector and words find, fused and ordered.

Three signals, none of which wins everywhere: the cosine of the whole passage, the cosine of its best sentence,
and BM25 as a share of what the question's words could reach at most. The share, unlike a share of the best
passage found, stays low where no passage has the words, so that meaning decides there.
"""

from datetime import date

import numpy as np

from bot.answers import Evidence
from bot.understanding import Wanted
from ingest.embedding import Vectors
from ingest.index import K1, Index

MOST = 50  # passages either search hands to the fusion
_MEANING = 0.6  # the share of meaning against words; see docs/answers.md


def retrieve(wanted: Wanted, vector: Vectors, index: Index, *, today: date, most: int = MOST) -> list[Evidence]:
    """Evidence for a question, best first. `vector` is the question's unit vector, shape (dimension,)."""
    numbers, cosines = index.nearest(vector, MOST, today=today)
    words = index.words(wanted.terms, today=today)
    by_words = np.argsort(-words, kind="stable")[:MOST]
    candidates = np.unique(np.concatenate([numbers, by_words[words[by_words] > 0]]))
    if not len(candidates):
        return []
    known = dict(zip(numbers.tolist(), cosines.tolist(), strict=True))
    missing = [number for number in candidates.tolist() if number not in known]
    known |= dict(zip(missing, (index.passage_vectors(missing) @ vector).tolist(), strict=True)) if missing else {}
    dense = np.array([known[number] for number in candidates.tolist()], dtype=np.float32)
    sentences = np.array([_best_sentence(index, number, vector) for number in candidates.tolist()], dtype=np.float32)
    scores = _MEANING * (dense + sentences) / 2 + (1 - _MEANING) * words[candidates] / _most_words(wanted, index)
    order = np.lexsort((candidates, -scores))[:most]
    return [
        Evidence(
            number=int(candidates[i]),
            passage=index.passages[candidates[i]],
            document=index.documents[index.passages[candidates[i]].document],
            score=float(scores[i]),
            cosine=float(dense[i]),
            words=float(words[candidates[i]]),
        )
        for i in order
    ]


def _best_sentence(index: Index, number: int, vector: Vectors) -> float:
    """The cosine of the passage's sentence that is nearest to the question."""
    vectors = index.sentence_vectors(number)
    return float((vectors @ vector).max()) if len(vectors) else 0.0


def _most_words(wanted: Wanted, index: Index) -> float:
    """The BM25 of a passage that is all about every word asked: what the words of a question can reach at most."""
    most = sum(weight * index.rarity(term) for term, weight in wanted.terms.items()) * (K1 + 1)
    return max(most, 1e-6)
