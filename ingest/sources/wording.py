"""Wording: which words of a sentence were taken out and which were put in."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Literal

from ingest.sources.report import SentenceChange

Piece = tuple[Literal["kept", "out", "in"], str]
_TOKEN = re.compile(r"\s+|\w+(?:[’'.,]\w+)*|[^\w\s]")
_MOST_WORDS = 2000  # of a sentence or row; beyond that the two are told whole


def pieces(change: SentenceChange) -> tuple[Piece, ...]:
    """The words of a change in reading order: kept, taken out, put in.

    Joined, all but those put in are the sentence before, and all but those taken out the sentence after.
    """
    return tuple(piece for piece in _pieces(change.before or "", change.after or "") if piece[1])


def _pieces(before: str, after: str) -> Iterator[Piece]:
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if not old or not new or max(len(old), len(new)) > _MOST_WORDS:
        yield "out", before
        yield "in", after
        return
    held: tuple[str, str] = "", ""  # what was taken out and put in so far, while only spaces stood between
    for what, start, end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        out, into = "".join(old[start:end]), "".join(new[new_start:new_end])
        if what == "equal" and not (out.isspace() and any(held)):
            yield from (("out", held[0]), ("in", held[1]), ("kept", out))
            held = "", ""
        else:
            held = held[0] + out, held[1] + into
    yield from (("out", held[0]), ("in", held[1]))
