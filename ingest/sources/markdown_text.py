"""Markdown text: the parts of a page written so that a person can read them, and the reader reads the same words."""

import re
from collections.abc import Sequence
from itertools import pairwise

from ingest.readers.links import Piece, pieces_of
from ingest.readers.pages import Link, Part

_DEEPEST = 6  # lists within lists; what lies deeper is written at this depth
_MARKS = re.compile(
    r"[\\`*\[\]<]"  # code, emphasis, links and tags
    r"|(?<=~)~|~(?=~)"  # what is struck out
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis; within a word it is none
    r"|&(?=\#?\w{1,40};)"  # the name of a character
)
_OPENING = re.compile(r"\#{1,6}(?=\s|\Z)|[-+](?=[-\s]|\Z)|>|(?<=\d)[.)](?=\s|\Z)")
_NUMBERED = re.compile(r"\d{1,9}(?=[.)](?:\s|\Z))")
_CLOSING = re.compile(r"(?:(?<=\s)|\A)(?=#+\Z)")
_BETWEEN_CELLS = re.compile(r"(?:(?<=\s)|\A)\|(?=\s|\Z)")


def markdown_of(parts: Sequence[Part]) -> str:
    """The parts as Markdown, a paragraph, item or row a line; the links in them must be absolute addresses.

    A table row is shorter or longer than those above it where the page's is: shorter ones are filled up with empty
    cells. Ends in a line break where there is a part.
    """
    lines: list[str] = []
    items = _Items()
    for index, part in enumerate(parts):
        above = parts[index - 1] if index else None
        if part.kind == "item":
            is_new = above is None or above.kind != "item"
            written, is_apart = items.written(part, is_new=is_new)
            lines += ["", written] if is_new or is_apart else [written]
        elif part.kind == "row":
            if above is None or above.kind != "row" or part.number == 1:
                lines += ["", *_table(_rows_from(parts, index))]
        elif part.kind == "heading":
            marks = "#" * min(max(part.level, 1), 6)
            lines += ["", f"{marks} {_CLOSING.sub(_escaping, _inline(part.text, part.links))}"]
        else:
            lines += ["", _opened(_inline(part.text, part.links))]
    return "\n".join([*lines[1:], ""]) if lines else ""


class _Items:
    """Where list items stand: how far their text is indented and their number (or 0), for every list that is open."""

    def __init__(self) -> None:
        self._open: list[tuple[int, int]] = []

    def written(self, part: Part, *, is_new: bool) -> tuple[str, bool]:
        """An item's line; and whether a line has to be left empty above it, for the list to begin there."""
        if is_new:
            self._open.clear()
        depth = min(max(part.depth, 1), len(self._open) + 1, _DEEPEST)
        indent = self._open[depth - 2][0] if depth > 1 else 0
        above = self._open[depth - 1][1] if depth <= len(self._open) else None
        number = above + 1 if above and part.number else part.number
        mark = f"{number}." if number else "-"
        is_apart = bool(number) != bool(above) if above is not None else bool(number)
        self._open[depth - 1 :] = [(indent + len(mark) + 1, number)]
        return f"{' ' * indent}{mark} {_opened(_inline(part.text, part.links))}", is_apart


def _rows_from(parts: Sequence[Part], start: int) -> list[Part]:
    rows = [parts[start]]
    for part in parts[start + 1 :]:
        if part.kind != "row" or part.number == 1:
            break
        rows.append(part)
    return rows


def _table(rows: Sequence[Part]) -> list[str]:
    """The lines of a table; its first row is written as its head, since Markdown knows no other."""
    cells = [_cells(row) for row in rows]
    width = max(map(len, cells))
    lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in cells]
    return [lines[0], f"|{' --- |' * width}", *lines[1:]]


def _cells(row: Part) -> list[str]:
    bounds = [(match.start(), match.end()) for match in _BETWEEN_CELLS.finditer(row.text)]
    starts = [0, *(end for _, end in bounds)]
    ends = [*(start for start, _ in bounds), len(row.text)]
    cells = [_cell(row, start, end) for start, end in zip(starts, ends, strict=True)]
    return cells if any(cells) else [_cell(row, 0, len(row.text))]  # nothing but bars: the page shows one


def _cell(row: Part, start: int, end: int) -> str:
    text = row.text[start:end]
    if not text.strip():
        return ""
    start, end = start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())
    within = [link for link in row.links if link.start < end and start < link.end]
    links = [
        Link(start=max(link.start, start) - start, end=min(link.end, end) - start, target=link.target)
        for link in within
    ]
    return _inline(row.text[start:end], links).replace("|", r"\|")


def _inline(text: str, links: Sequence[Link]) -> str:
    pieces = [*pieces_of(text, links), ("", "")]
    return "".join(_piece(piece, is_before_link=bool(below[1])) for piece, below in pairwise(pieces))


def _piece(piece: Piece, *, is_before_link: bool) -> str:
    text, target = piece
    escaped = _MARKS.sub(_escaping, text)
    if target:
        return f"[{escaped}]({target})"
    return f"{escaped[:-1]}\\!" if is_before_link and escaped.endswith("!") else escaped


def _opened(line: str) -> str:
    """A line whose first letters begin no heading, list or quotation."""
    number = _NUMBERED.match(line)
    match = _OPENING.match(line, number.end() if number else 0)
    return f"{line[: match.start()]}\\{line[match.start() :]}" if match else line


def _escaping(match: re.Match[str]) -> str:
    return f"\\{match.group()}"
