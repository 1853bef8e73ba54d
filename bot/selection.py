"""Selection: which sentences of the evidence answer the question."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.answers import Evidence
from bot.understanding import Wanted
from ingest.dates import first_date
from ingest.embedding import Vectors
from ingest.index import Index
from ingest.words import terms

PASSAGES = 10  # of the evidence that are read sentence by sentence
_NO_EVIDENCE = re.compile(
    r"\b(?:see (?:our|the) (?:web)?site|click here|find out more|read more|visit our|follow (?:the|this) link|for more information)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|half|third"
    r"|quarter|dozen|once|twice|first|second)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"(?:\b(?:Dr|Prof|Professor|Sir|Dame|Mr|Mrs|Ms)\.?\s+[A-Z]|\b[A-Z][a-z]+(?:\s+[A-Z][\w’'-]+)+)"
)
_PLACE = re.compile(r"\b(?:in|at|near|on|from|across|to)\s+(?:the\s+)?[A-Z]")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A sentence that may answer: its span in the stored document, the evidence it stands in, and its score."""

    evidence: Evidence
    start: int
    end: int
    text: str
    score: float
    cosine: float
    coverage: float


def candidates(
    wanted: Wanted, vector: Vectors, evidence: Sequence[Evidence], index: Index
) -> list[Candidate]:
    """The sentences of the best passages, best first. `vector` is the question's, shape (dimension,)."""
    found: dict[tuple[str, int], Candidate] = {}
    rarity = {term: weight * index.rarity(term) for term, weight in wanted.terms.items()}
    total = sum(rarity.values()) or 1.0
    for item in evidence[:PASSAGES]:
        cosines = index.sentence_vectors(item.number) @ vector
        above = set(terms(" ".join([item.document.title, *item.passage.headings])))
        texts = [item.document.text[start:end] for start, end in item.passage.sentences]
        words = [set(terms(text)) for text in texts]
        for position, ((start, end), text) in enumerate(zip(item.passage.sentences, texts, strict=True)):
            if _NO_EVIDENCE.search(text) or (item.document.id, start) in found:
                continue
            around = above | (words[position - 1] if position else set())
            own = _share(rarity, words[position], total)
            near = _share(rarity, words[position] | around, total)
            score = (
                0.5 * float(cosines[position])
                + 0.35 * own
                + 0.25 * near
                + 0.4 * item.score
                + _fits(wanted, text)
            )
            found[item.document.id, start] = Candidate(
                evidence=item,
                start=start,
                end=end,
                text=text,
                score=score,
                cosine=float(cosines[position]),
                coverage=near,
            )
    return sorted(found.values(), key=lambda one: (-one.score, one.evidence.document.id, one.start))


def _share(rarity: Mapping[str, float], words: set[str], total: float) -> float:
    """How much of what was asked, by rarity, stands in `words`; 0 to 1."""
    return sum(weight for term, weight in rarity.items() if term in words) / total


def _fits(wanted: Wanted, text: str) -> float:
    """A bonus for a sentence that holds the kind of thing that was asked for."""
    bonus = 0.0
    if "number" in wanted.asks and _NUMBER.search(text):
        bonus += 0.1
    if "date" in wanted.asks and (first_date(text) or _NUMBER.search(text)):
        bonus += 0.1
    if "person" in wanted.asks and _PERSON.search(text):
        bonus += 0.1
    if "place" in wanted.asks and _PLACE.search(text):
        bonus += 0.05
    return bonus
