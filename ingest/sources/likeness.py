"""Likeness: whether two pages say the same, and which page of many says what a new one says."""

import re
from calendar import month_name
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

from ingest.documents import Document
from ingest.words import plain

SAME = 0.9  # of the runs of words of two pages; what differs then is a teaser, a caption or a typing error
ALIKE = 0.5  # enough to believe a page that says it is another one
_RUN = 4  # words
_SKETCH = 32  # of the smallest hashes, which two pages share about as they share runs of words (bottom-k sketch)
_MONTHS = frozenset(month.lower() for month in month_name if month)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True)
class Words:
    """The words of a page as it is compared: its runs of words as numbers, and every figure and month in it."""

    runs: frozenset[int]
    figures: tuple[tuple[str, int], ...]

    def likeness(self, other: "Words") -> float:
        """The share of the runs of both that they have in common, 0 to 1."""
        both = len(self.runs | other.runs)
        return len(self.runs & other.runs) / both if both else 1.0

    def is_same(self, other: "Words") -> bool:
        """True when two pages say the same: pages of one form that differ in a date or a number do not."""
        return self.figures == other.figures and self.likeness(other) >= SAME


def words_of(text: str) -> Words:
    """The words of a text."""
    words = _WORD.findall(plain(text))
    runs = (" ".join(words[start : start + _RUN]) for start in range(max(1, len(words) - _RUN + 1)))
    figures = Counter(word for word in words if word in _MONTHS or any(letter.isdigit() for letter in word))
    return Words(runs=frozenset(crc32(run.encode()) for run in runs), figures=tuple(sorted(figures.items())))


def text_with_headings(document: Document) -> str:
    """A document's words as its page has them, headings among them."""
    pieces: list[str] = []
    above: tuple[str, ...] = ()
    for block in document.blocks:
        shared = sum(1 for _ in _while_equal(above, block.headings))
        pieces += [*block.headings[shared:], document.text[block.start : block.end]]
        above = block.headings
    return "\n".join(pieces)


class LikePages:
    """Pages by name, to be found by what they say."""

    def __init__(self) -> None:
        self._words: dict[str, Words] = {}
        self._holding: dict[int, list[str]] = defaultdict(list)

    def add(self, name: str, words: Words) -> None:
        """Take in a page."""
        self._words[name] = words
        for number in _sketch(words):
            self._holding[number].append(name)

    def same_as(self, words: Words) -> str | None:
        """The page that says the same, the first taken in where there are several."""
        shared = Counter(name for number in _sketch(words) for name in self._holding.get(number, ()))
        likely = {name for name, times in shared.items() if 2 * times >= min(_SKETCH, len(words.runs))}
        return next((name for name in self._words if name in likely and self._words[name].is_same(words)), None)


def _sketch(words: Words) -> list[int]:
    return sorted(words.runs)[:_SKETCH]


def _while_equal(one: Iterable[str], other: Iterable[str]) -> Iterable[str]:
    for a, b in zip(one, other, strict=False):
        if a != b:
            return
        yield a
