"""Segments: the parts of a claim that each state a figure or date, with the names they state it of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.verifying.figures import Figure, figures_in
from bot.verifying.moments import Moment, content_of, figures_and_moments, moments_in
from bot.verifying.proper_names import ProperName, names_in
from ingest.index import Index

_SPLIT = re.compile(
    r",?\s+(?:and|while|whereas|but|although|plus|then|against|compared with)\s+|\s*[;:()]\s*|,\s+|\s[–—-]\s"
)
_TURNS = ("while", "whereas", "but")
_FEWEST = 2  # terms beside the figures; with fewer a part belongs to the next one


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A part of a claim: its text, figures, dates and names, and its stemmed terms without figures and dates.

    Where a part names nothing, `subject` is the first name of the last part that names something.
    """

    text: str
    figures: tuple[Figure, ...]
    moments: tuple[Moment, ...]
    names: tuple[ProperName, ...]
    said: frozenset[str]
    subject: ProperName | None


def segments_of(text: str, index: Index) -> list[Segment]:
    """A claim's parts in reading order: cut at commas and conjunctions where both sides state a figure or date."""
    found: list[Segment] = []
    subject: ProperName | None = None
    for piece in _pieces(text):
        names = tuple(names_in(piece, index))
        figures, moments = figures_and_moments(piece)
        found.append(
            Segment(text=piece, figures=figures, moments=moments, names=names, said=content_of(piece), subject=subject)
        )
        subject = names[0] if names else subject
    return found


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of a source's sentence: the figures and dates it states, its other stemmed terms, whether it names any."""

    figures: tuple[Figure, ...]
    moments: tuple[Moment, ...]
    said: frozenset[str]
    is_named: bool


def parts_of_sentence(text: str, index: Index) -> tuple[Part, ...]:
    """The parts of a source's sentence, cut as a claim is."""
    parts = []
    for piece in _pieces(text):
        figures, moments = figures_and_moments(piece)
        is_named = bool(names_in(piece, index))
        parts.append(Part(figures=figures, moments=moments, said=content_of(piece), is_named=is_named))
    return tuple(parts)


def _pieces(text: str) -> Iterator[str]:
    """Parts that each state a figure or date and something of it; what comes before one belongs to it."""
    whole, fewest = "", _FEWEST
    for piece, joint in _cut(text):
        own = len(content_of(piece))
        is_apart = own > 0 or joint.strip(" ,") in _TURNS if _states(piece) else own >= _FEWEST
        turns = joint.strip(" ,") in _TURNS and len(content_of(whole)) >= _FEWEST
        if turns or (whole and is_apart and _states(whole) and len(content_of(whole)) >= fewest):
            yield whole
            whole, fewest = piece, 1
        else:
            whole += joint + piece
    yield whole


def _cut(text: str) -> Iterator[tuple[str, str]]:
    """Each piece with the words that join it to the one before."""
    start, joint = 0, ""
    for match in _SPLIT.finditer(text):
        if _joins_names(text, match):
            continue
        yield text[start : match.start()], joint
        start, joint = match.end(), match.group()
    yield text[start:], joint


def _joins_names(text: str, match: re.Match[str]) -> bool:
    """True for the "and" within a name: "Health and Social Care"."""
    before = text[: match.start()].split()
    after = text[match.end() : match.end() + 1]
    return match.group().strip(" ,") == "and" and bool(before) and before[-1][:1].isupper() and after.isupper()


def _states(text: str) -> bool:
    return bool(figures_in(text) or moments_in(text))
