"""Trees: from HTML, which Markdown and Word files become too, to headings, paragraphs, items and rows."""

import re
from collections.abc import Iterable, Iterator

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from ingest.errors import TrustbotError
from ingest.readers.pages import Part, PartKind

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html", "legend", "li",
    "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead",
    "tr", "ul",
}  # fmt: skip
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
    return tree


def drop_elements(root: HtmlElement, elements: Iterable[etree._Element]) -> None:
    """Remove elements below `root`, and leave the text behind each of them in its place.

    They go in one sweep: one by one, each would copy the text around it.
    """
    for element in elements:
        element.tag = _DROPPED
    etree.strip_elements(root, _DROPPED, with_tail=False)


def parts_of(root: HtmlElement) -> list[Part]:
    """The headings, paragraphs, list items and table rows below `root`, in reading order."""
    parts: list[Part] = []
    line: list[str] = []
    _walk(root, "paragraph", parts, line)
    _end_line(line, "paragraph", parts)
    return parts


def _walk(element: etree._Element, kind: PartKind, parts: list[Part], line: list[str], *, pre: bool = False) -> None:
    """Collect inline text in `line`; a block-level element ends the line before and after itself."""
    line.append(_spaced(element.text, pre=pre))
    for child in element:
        tag = child.tag if isinstance(child.tag, str) else ""
        if tag == "br":
            line.append("\n")
        elif tag in _HEADINGS:
            _end_line(line, kind, parts)
            if heading := text_of(child):
                parts.append(Part(kind="heading", text=heading, level=_HEADINGS[tag]))
        elif tag == "tr":
            _end_line(line, kind, parts)
            _walk_row(child, parts)
        elif kind == "item" and tag in _WITHIN_ITEM:
            line.append(" ")
            _walk(child, kind, parts, line, pre=pre)
            line.append(" ")
        elif tag in _BLOCKS:
            inner: PartKind = "item" if tag == "li" else kind
            _end_line(line, kind, parts)
            _walk(child, inner, parts, line, pre=pre or tag == "pre")
            _end_line(line, inner, parts)
        elif tag:
            _walk(child, kind, parts, line, pre=pre)
        line.append(_spaced(child.tail, pre=pre))


def _walk_row(row: etree._Element, parts: list[Part]) -> None:
    """A row is one line; a row that lays out a page, or holds another table, is walked like the page itself."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    nested = [table for cell in cells for table in cell.iter("table") if table is not cell]
    if any(True for cell in cells for _ in cell.iter(*_HEADINGS)) or (len(cells) == 1 and _has_blocks(cells[0])):
        line: list[str] = []
        for cell in cells:
            _walk(cell, "paragraph", parts, line)
            _end_line(line, "paragraph", parts)
        return
    texts = [text_of(cell, without="table") for cell in cells]
    if any(texts):
        parts.append(Part(kind="row", text=" | ".join(texts)))
    for table in nested:
        if next(table.iterancestors("tr")) is row:
            _walk(table, "paragraph", parts, [])


def _has_blocks(cell: etree._Element) -> bool:
    return any(True for _ in cell.iter("ul", "ol", "table")) or len(list(cell.iter("p"))) > 1


def text_of(element: etree._Element, *, without: str = "") -> str:
    """The words of an element on one line, apart wherever a block or a line ends."""
    return " ".join("".join(_pieces(element, without)).split())


def _pieces(element: etree._Element, without: str) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and child.tag != without:
            space = " " if child.tag in _BLOCKS or child.tag in _HEADINGS or child.tag == "br" else ""
            yield space
            yield from _pieces(child, without)
            yield space
        yield child.tail or ""


def _spaced(text: str | None, *, pre: bool) -> str:
    """White space of the source means nothing but in `<pre>`; what ends a line from here on is a `<br>`."""
    return (text or "") if pre else re.sub(r"\s+", " ", text or "")


def _end_line(line: list[str], kind: PartKind, parts: list[Part]) -> None:
    texts = re.split(r"\n\s*\n", "".join(line)) if kind == "paragraph" else ["".join(line)]
    parts.extend(Part(kind=kind, text=" ".join(text.split())) for text in texts if text.strip())
    line.clear()
