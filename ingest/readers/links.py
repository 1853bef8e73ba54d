"""Links: where they lie on lines whose white space has been made plain."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from ingest.readers.pages import Link

Piece = tuple[str, str]
"""Words as they stand in a file, and the address that they link to, or ""."""


def links_on(pieces: Sequence[Piece], lines: Sequence[str]) -> list[tuple[Link, ...]]:
    """For each line its links. `lines` are the words of `pieces`, with other white space between them.

    Where the letters of both are not the same, as when accents were joined across a link's edge, there are none.
    """
    if not any(target for _, target in pieces):
        return [()] * len(lines)
    targets = [target for text, target in pieces for _ in _letters(text)]
    places = [(number, index) for number, line in enumerate(lines) for index in _letters(line)]
    found: list[list[Link]] = [[] for _ in lines]
    if len(targets) == len(places):
        for (number, target), run in groupby(
            zip(places, targets, strict=True), key=lambda letter: (letter[0][0], letter[1])
        ):
            if target:
                indexes = [index for (_, index), _ in run]
                found[number].append(Link(start=indexes[0], end=indexes[-1] + 1, target=target))
    return [tuple(links) for links in found]


def pieces_of(text: str, links: Sequence[Link]) -> Iterator[Piece]:
    """The text as pieces, each with its link; empty ones are left out."""
    end = 0
    for link in links:
        if end < link.start:
            yield text[end : link.start], ""
        yield text[link.start : link.end], link.target
        end = link.end
    if end < len(text):
        yield text[end:], ""


def _letters(text: str) -> list[int]:
    return [index for index, character in enumerate(text) if not character.isspace()]
