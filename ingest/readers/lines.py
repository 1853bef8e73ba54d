"""Lines: from the printed lines of a document's pages to its headings, paragraphs and list items."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.readers.pages import Part
from ingest.readers.text import BULLET

_HEADING_RATIO = 1.15
_HEADING_WORDS = 25
_BOLD_HEADING_WORDS = 16
_EDGE = 3  # lines at the top and the bottom of a page that can be running ones
_RUNNING_LETTERS = 80
_PAGE_NUMBER = re.compile(
    r"(?:page\s*)?[-–]?\s*\d{1,3}\s*[-–]?(?:\s*(?:of|/|\|)\s*\d{1,3})?(?:\s*\|?\s*page)?", re.IGNORECASE
)
_COMPOUNDED = {
    "all", "co", "cross", "end", "first", "full", "half", "high", "long", "low", "multi", "non", "one", "part",
    "person", "post", "pre", "re", "self", "short", "two", "well",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Line:
    """A printed line or table row: its words, type size and place in points from the top left corner of its page."""

    text: str
    size: float
    bold: bool
    page: int
    top: float
    bottom: float
    x0: float
    x1: float
    is_row: bool = False


@dataclass(frozen=True, kw_only=True)
class _Layout:
    """What is usual in a document; `gap` between lines counts in line heights, `levels` are those of larger sizes."""

    bold: bool
    left: float
    right: float
    gap: float
    levels: dict[float, int]
    words: frozenset[str]


def without_running_lines(pages: Sequence[Sequence[Line]]) -> list[Line]:
    """All lines in reading order, but for page numbers and the headers and footers that most pages share."""
    shapes = Counter(shape for lines in pages for shape in {_shape(line) for line in (*lines[:_EDGE], *lines[-_EDGE:])})
    running = {shape for shape, count in shapes.items() if len(pages) >= 2 and count >= 2 and count > len(pages) / 2}
    kept: list[Line] = []
    for lines in pages:
        start, end = 0, len(lines)
        while start < min(end, _EDGE) and _is_running(lines[start], running):
            start += 1
        while end > max(start, len(lines) - _EDGE) and _is_running(lines[end - 1], running):
            end -= 1
        kept.extend(lines[start:end] or [line for line in lines if not _is_page_number(line)])
    return kept


def parts_of_lines(lines: Sequence[Line]) -> list[Part]:
    """Join lines to paragraphs and list items; larger lines, and short bold ones of their own, are headings."""
    if not lines:
        return []
    layout = _layout(lines)
    bold_headings = set() if layout.bold else _bold_headings(lines, layout)
    parts: list[Part] = []
    indent = 0.0
    for index, line in enumerate(lines):
        if line.is_row:
            parts.append(Part(kind="row", text=line.text))
            continue
        near = index > 0 and _touch(lines[index - 1], line, layout)
        bullet = BULLET.match(line.text)
        level = layout.levels.get(round(line.size, 1), 0) if len(line.text.split()) <= _HEADING_WORDS else 0
        level = level or (len(layout.levels) + 1 if index in bold_headings else 0)
        if level and near and parts[-1].kind == "heading" and parts[-1].level == level:
            parts[-1] = Part(kind="heading", text=_joined(parts[-1].text, line.text, layout), level=level)
        elif level:
            parts.append(Part(kind="heading", text=line.text, level=min(level, 6)))
        elif bullet:
            parts.append(Part(kind="item", text=line.text[bullet.end() :]))
            indent = line.x0
        elif near and _goes_on(parts[-1], lines[index - 1], line, layout, indent):
            parts[-1] = Part(kind=parts[-1].kind, text=_joined(parts[-1].text, line.text, layout))
        else:
            parts.append(Part(kind="paragraph", text=line.text))
    return parts


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "0", line.text.strip().lower())


def _is_running(line: Line, running: set[str]) -> bool:
    if line.is_row:
        return False
    return (len(line.text) <= _RUNNING_LETTERS and _shape(line) in running) or _is_page_number(line)


def _is_page_number(line: Line) -> bool:
    return _PAGE_NUMBER.fullmatch(line.text.strip()) is not None


def _layout(lines: Sequence[Line]) -> _Layout:
    lines = [line for line in lines if not line.is_row] or lines
    letters = Counter[float]()
    for line in lines:
        letters[round(line.size, 1)] += len(line.text)
    size = letters.most_common(1)[0][0]
    body = [line for line in lines if round(line.size, 1) == size]
    left, right = min(line.x0 for line in body), max(line.x1 for line in body)
    larger = sorted({round(line.size, 1) for line in lines if line.size >= size * _HEADING_RATIO}, reverse=True)
    full = [_gap(above, below) for above, below in pairwise(lines) if above.x1 > left + 0.8 * (right - left)]
    return _Layout(
        bold=sum(len(line.text) for line in body if line.bold) > letters[size] / 2,
        left=left,
        right=right,
        gap=median([gap for gap in full if 0 <= gap < 1.5] or [0.2]),
        levels={size: min(level, 6) for level, size in enumerate(larger, 1)},
        words=frozenset(re.findall(r"[\w-]+", " ".join(line.text.lower() for line in lines))),
    )


def _bold_headings(lines: Sequence[Line], layout: _Layout) -> set[int]:
    """Bold lines that stand alone, or with other bold ones, and are too short for a paragraph."""
    runs: list[list[int]] = []
    for index, line in enumerate(lines):
        if line.bold and runs and runs[-1][-1] == index - 1 and _touch(lines[index - 1], line, layout):
            runs[-1].append(index)
        elif line.bold and (index == 0 or not _runs_into(lines[index - 1], line, layout)):
            runs.append([index])
    headings: set[int] = set()
    for run in runs:
        text = " ".join(lines[index].text for index in run)
        ends = text.rstrip().endswith((".", ",", ";"))
        if len(text.split()) <= _BOLD_HEADING_WORDS and not ends and not BULLET.match(text):
            headings.update(run)
    return headings


def _runs_into(above: Line, below: Line, layout: _Layout) -> bool:
    """True when the words of a line above lead on into the line below."""
    return _touch(above, below, layout) and not _is_ended(above) and _is_full(above, layout)


def _touch(above: Line, below: Line, layout: _Layout) -> bool:
    """True when two lines stand as close as lines of one paragraph do, or run over a page break."""
    if above.page != below.page:
        return not _is_ended(above) and (_is_full(above, layout) or below.text[:1].islower())
    return -0.5 <= _gap(above, below) < layout.gap + 0.4


def _goes_on(part: Part, above: Line, below: Line, layout: _Layout, indent: float) -> bool:
    """True when `below`, close under `above`, belongs to the same paragraph or list item."""
    if part.kind in ("heading", "row"):
        return False
    starts_anew = below.text[:1].isupper() and not _is_full(above, layout)
    if part.kind == "item" and below.x0 < indent + 2 and below.page == above.page:
        return not _is_ended(above) and not starts_anew
    return not (_is_ended(above) and starts_anew)


def _gap(above: Line, below: Line) -> float:
    return (below.top - above.bottom) / max(above.bottom - above.top, 1.0) if above.page == below.page else 0.0


def _is_ended(line: Line) -> bool:
    return line.text.rstrip("\"'”’) ").endswith((".", "!", "?", ":"))


def _is_full(line: Line, layout: _Layout) -> bool:
    return line.x1 > layout.left + 0.75 * (layout.right - layout.left)


def _joined(above: str, below: str, layout: _Layout) -> str:
    """Two lines as one: a hyphen at the break stays where the word has one anyway ("co-production")."""
    if above.endswith("\u00ad"):
        return above[:-1] + below
    match = re.search(r"(\w+)-$", above[-40:])
    if match is None or not below[:1].islower():
        return f"{above} {below}"
    first, second = match.group(1).lower(), re.split(r"[^\w-]", below, maxsplit=1)[0].lower()
    compounded = f"{first}-{second}" in layout.words or first in _COMPOUNDED or first in layout.words
    return above + below if compounded and first + second not in layout.words else above[:-1] + below
