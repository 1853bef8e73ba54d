"""Trees: from HTML, which Markdown and Word files become too, to headings, paragraphs, items and rows."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from ingest.errors import TrustbotError
from ingest.readers.links import Piece, links_on
from ingest.readers.pages import Part, PartKind

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html", "legend", "li",
    "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "ul",
}  # fmt: skip
_OF_HEAD = {
    "base", "basefont", "bgsound", "link", "meta", "noscript", "object", "script", "style", "template", "title",
}  # fmt: skip
_LISTS = ("ul", "ol", "menu")
_DROPPED = "dropped-from-the-page"
_WITHIN_ITEM = {"article", "details", "div", "figcaption", "figure", "p", "section", "summary"}


def parse_html(source: str) -> HtmlElement:
    """The tree of an HTML page. Raises TrustbotError when there is none, or a part of it would be lost."""
    parser = lxml.html.HTMLParser()
    try:
        tree = lxml.html.document_fromstring(re.sub(r"\A\s*<\?xml[^>]*>", "", source), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise TrustbotError("it holds no readable HTML") from error
    if any(entry.level_name == "FATAL" for entry in parser.error_log):
        raise TrustbotError("it is nested too deeply, or one piece of it is over 10 MB: save it as a plainer page")
    _close_head(tree)
    return tree


def _close_head(tree: HtmlElement) -> None:
    """Move what no head holds into the body: libxml2 does not know that `<main>` ends a head without an end tag."""
    head = tree.find("head")
    first = next((child for child in head if _is_of_body(child)), None) if head is not None else None
    if first is None:
        return
    body = tree.find("body")
    if body is None:
        body = etree.SubElement(tree, "body")
    for place, child in enumerate([first, *first.itersiblings()]):
        body.insert(place, child)


def _is_of_body(element: etree._Element) -> bool:
    return isinstance(element.tag, str) and element.tag not in _OF_HEAD


def drop_elements(root: HtmlElement, elements: Iterable[etree._Element]) -> None:
    """Remove elements below `root`, and leave the text behind each of them in its place.

    They go in one sweep: one by one, each would copy the text around it.
    """
    for element in elements:
        element.tag = _DROPPED
    etree.strip_elements(root, _DROPPED, with_tail=False)


def parts_of(root: HtmlElement) -> list[Part]:
    """The headings, paragraphs, list items and table rows below `root`, in reading order."""
    parts = _Parts()
    _walk(root, parts, _Place())
    parts.end_line(_Place())
    return parts.found


@dataclass(frozen=True, kw_only=True)
class _Place:
    """What an element stands in: the kind of part, a link, how many lists, and `<pre>`."""

    kind: PartKind = "paragraph"
    depth: int = 0
    number: int = 0
    link: str = ""
    pre: bool = False


class _Parts:
    """The parts found so far, and the pieces of text, each with its link, of the line that is being read."""

    def __init__(self) -> None:
        self.found: list[Part] = []
        self._line: list[Piece] = []
        self._rows = 0

    def add_text(self, text: str | None, place: _Place) -> None:
        """White space of the source means nothing but in `<pre>`; what ends a line from here on is a `<br>`."""
        self._line.append(((text or "") if place.pre else re.sub(r"\s+", " ", text or ""), place.link))

    def add_break(self) -> None:
        self._line.append(("\n", ""))

    def end_line(self, place: _Place) -> None:
        whole = "".join(text for text, _ in self._line)
        texts = re.split(r"\n\s*\n", whole) if place.kind == "paragraph" else [whole]
        lines = [" ".join(text.split()) for text in texts]
        linked = links_on(self._line, lines)
        for text, links in zip(lines, linked, strict=True):
            if text:
                self.found.append(Part(kind=place.kind, text=text, depth=place.depth, number=place.number, links=links))
        self._line.clear()

    def add_heading(self, level: int, pieces: Sequence[Piece]) -> None:
        text = " ".join("".join(text for text, _ in pieces).split())
        if text:
            self.found.append(Part(kind="heading", text=text, level=level, links=links_on(pieces, [text])[0]))

    def begin_table(self) -> None:
        self._rows = 0

    def add_row(self, cells: Sequence[Sequence[Piece]]) -> None:
        texts = [" ".join("".join(text for text, _ in cell).split()) for cell in cells]
        if any(texts):
            self._rows += 1
            pieces = [piece for cell in cells for piece in (("|", ""), *cell)][1:]
            text = " | ".join(texts)
            self.found.append(Part(kind="row", text=text, number=self._rows, links=links_on(pieces, [text])[0]))

    def add_nested_table(self, table: etree._Element) -> None:
        """Words that stand in a table but in no row of it are not shown there."""
        _walk(table, self, _Place())
        self._line.clear()


def _walk(element: etree._Element, parts: _Parts, place: _Place) -> None:
    """Collect inline text in a line; a block-level element ends the line before and after itself."""
    parts.add_text(element.text, place)
    items = 0
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag == "br":
            parts.add_break()
        elif tag in _HEADINGS:
            parts.end_line(place)
            parts.add_heading(_HEADINGS[tag], list(_pieces(child, link=place.link)))
        elif tag == "tr":
            parts.end_line(place)
            _walk_row(child, parts, place)
        elif place.kind == "item" and tag in _WITHIN_ITEM:
            parts.add_text(" ", place)
            _walk(child, parts, place)
            parts.add_text(" ", place)
        elif tag in _BLOCKS:
            items += tag == "li"
            inner = _inner_place(element, tag, place, items)
            parts.end_line(place)
            _walk_block(child, tag, parts, inner)
            parts.end_line(inner)
        elif tag:
            _walk(child, parts, replace(place, link=_target(child) or place.link) if tag == "a" else place)
        parts.add_text(child.tail, place)


def _inner_place(element: etree._Element, tag: str, place: _Place, items: int) -> _Place:
    if tag in _LISTS:
        return replace(place, depth=place.depth + 1)
    if tag == "li":
        return replace(place, kind="item", number=_start(element) + items if element.tag == "ol" else 0)
    return replace(place, pre=True) if tag == "pre" else place


def _start(numbered: etree._Element) -> int:
    """How many numbers a numbered list passes over."""
    start = numbered.get("start", "1")
    return int(start) - 1 if re.fullmatch(r"[1-9][0-9]{0,5}", start) else 0


def _walk_block(block: etree._Element, tag: str, parts: _Parts, place: _Place) -> None:
    if tag == "table":
        parts.begin_table()
    _walk(block, parts, place)
    if tag == "table":
        parts.begin_table()


def _walk_row(row: etree._Element, parts: _Parts, place: _Place) -> None:
    """A row is one line; a row that lays out a page, or holds another table, is walked like the page itself."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    if any(isinstance(child.tag, str) and child not in cells and text_of(child) for child in row):
        _walk(
            row, parts, _Place(link=place.link)
        )  # no table's row, and no cells either: a browser shows it in the page
        parts.end_line(_Place())
        return
    nested = [table for cell in cells for table in cell.iter("table") if table is not cell]
    if any(True for cell in cells for _ in cell.iter(*_HEADINGS)) or (len(cells) == 1 and _has_blocks(cells[0])):
        for cell in cells:
            _walk(cell, parts, _Place(link=place.link))
            parts.end_line(_Place())
        return
    parts.add_row([list(_pieces(cell, "table", place.link)) for cell in cells])
    for table in nested:
        if next(table.iterancestors("tr")) is row:
            parts.add_nested_table(table)


def _target(element: etree._Element) -> str:
    return (element.get("href") or "").strip()


def _has_blocks(cell: etree._Element) -> bool:
    return any(True for _ in cell.iter("ul", "ol", "table")) or len(list(cell.iter("p"))) > 1


def text_of(element: etree._Element) -> str:
    """The words of an element on one line, apart wherever a block or a line ends."""
    return " ".join("".join(text for text, _ in _pieces(element)).split())


def _pieces(element: etree._Element, without: str = "", link: str = "") -> Iterator[Piece]:
    yield element.text or "", link
    for child in element:
        if isinstance(child.tag, str) and child.tag != without:
            is_apart = child.tag in _BLOCKS or child.tag in _HEADINGS or child.tag == "br"
            if is_apart:
                yield " ", ""
            yield from _pieces(child, without, (_target(child) if child.tag == "a" else "") or link)
            if is_apart:
                yield " ", ""
        yield child.tail or "", link
