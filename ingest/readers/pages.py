"""What every reader gives: a page as headings, paragraphs, list items and table rows, in reading order."""

from dataclasses import dataclass, field
from typing import Any, Literal

_NOBODY = {
    "", "admin", "administrator", "anonymous", "author", "microsoft office user", "owner", "python-docx", "unknown",
    "user",
}  # fmt: skip
PartKind = Literal["heading", "paragraph", "item", "row"]


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link on the letters `[start, end)` of a part's text."""

    start: int
    end: int
    target: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """One heading (with its level, 1 the highest), paragraph, list item or table row.

    Where the file tells: `depth` is the number of lists that an item stands in, `number` its place in a numbered
    list, or that of a row in its table, from 1; else both are 0.
    """

    kind: PartKind
    text: str
    level: int = 0
    depth: int = 0
    number: int = 0
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Page:
    """A file as read: its metadata fields, its parts, and remarks for comms on what was removed or guessed."""

    metadata: dict[str, Any]
    parts: tuple[Part, ...]
    remarks: tuple[str, ...] = field(default=())


def known_author(name: str | None) -> str | None:
    """The author a file names, unless it is the default of the program that wrote it."""
    return None if not name or name.strip(" ()").lower() in _NOBODY else name
