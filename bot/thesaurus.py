"""The thesaurus: words that people say and words that pages write for the same thing, kept in `prompts/`."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from ingest.words import terms

Way = frozenset[str]


def said_otherwise(asked: Sequence[str]) -> Mapping[str, tuple[Way, ...]]:
    """The other ways, as sets of stemmed terms, in which a page may say each of the stemmed terms `asked`.

    A phrase ("put back") counts where its terms follow one another; what says the whole then says each of them.
    """
    ways: dict[str, dict[Way, None]] = {}
    for start, first in enumerate(asked):
        for phrase, others in _phrases().get(first, ()):
            if tuple(asked[start : start + len(phrase)]) == phrase:
                for term in phrase:
                    ways.setdefault(term, {}).update(dict.fromkeys(others))
    return {term: tuple(others) for term, others in ways.items()}


@cache
def _phrases() -> Mapping[str, Sequence[tuple[tuple[str, ...], tuple[Way, ...]]]]:
    """What may be asked, as stemmed terms, and the ways it may be written; by the first term."""
    found: dict[str, list[tuple[tuple[str, ...], tuple[Way, ...]]]] = {}
    for line in files("prompts").joinpath("thesaurus.txt").read_text(encoding="utf-8").splitlines():
        asked, _, written = line.partition("=")
        if written and not line.startswith("#"):
            ways = {frozenset(terms(phrase)): None for phrase in written.split(",")}
            for phrase in asked.split(","):
                if said := tuple(terms(phrase)):
                    others = tuple(way for way in ways if way and way != frozenset(said))
                    found.setdefault(said[0], []).append((said, others))
    return found
