"""HTML files: the main content by trafilatura, and the walk from an HTML tree to parts that other readers share."""

import re
from pathlib import Path

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from ingest.errors import TrustbotError
from ingest.readers.cleaning import remove_hidden_elements
from ingest.readers.pages import Page, Part, PartKind

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "dd", "details", "div", "dl", "dt", "figcaption", "figure",
    "footer", "form", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "caption",
}  # fmt: skip
_CHROME = ("nav", "header", "footer", "aside", "form")
_ENOUGH = 0.5  # of a page's own words; trafilatura drops most of a very short page, which then is read whole


def read_html(path: Path) -> Page:
    """Read a saved web page. Raises TrustbotError when no text is found in it."""
    from trafilatura import extract
    from trafilatura.metadata import extract_metadata

    source = _decode(path.read_bytes())
    tree = _parse(source)
    remarks = remove_hidden_elements(tree)
    cleaned = lxml.html.tostring(tree, encoding="unicode")
    found = extract_metadata(source, date_config={"extensive_search": False, "original_date": True})
    body = _body_without_chrome(tree)
    wanted = len("".join(body.itertext()).split())
    main = extract(
        cleaned, output_format="html", include_tables=True, include_formatting=False, favor_recall=True
    )
    parts = parts_of(_parse(main)) if main else []
    if sum(len(part.text.split()) for part in parts) < _ENOUGH * wanted and wanted < 150:
        parts = parts_of(body)
    metadata = {
        "title": found.title if found else None,
        "author": found.author if found else None,
        "publisher": found.sitename if found else None,
        "published": found.date if found else None,
        "url": found.url if found else None,
    }
    return Page(metadata={k: v for k, v in metadata.items() if v}, parts=tuple(parts), remarks=tuple(remarks))


def parts_of(root: HtmlElement) -> list[Part]:
    """The headings, paragraphs, list items and table rows below `root`, in reading order, hidden ones excepted."""
    parts: list[Part] = []
    _walk(root, "paragraph", parts, [])
    return parts


def _walk(element: etree._Element, kind: PartKind, parts: list[Part], line: list[str]) -> None:
    """Collect inline text in `line`; a block-level element ends the line before and after itself."""
    line.append(element.text or "")
    for child in element:
        if not isinstance(child.tag, str):
            line.append(child.tail or "")
            continue
        tag = child.tag.lower()
        if tag == "br":
            line.append("\n" if kind == "paragraph" else " ")
        elif tag == "img":
            pass
        elif tag in _HEADINGS:
            _end_line(line, kind, parts)
            text = " ".join("".join(child.itertext()).split())
            if text:
                parts.append(Part(kind="heading", text=text, level=_HEADINGS[tag]))
        elif tag == "tr":
            _end_line(line, kind, parts)
            cells = [" ".join("".join(cell.itertext()).split()) for cell in child if cell.tag in ("td", "th")]
            if any(cells):
                parts.append(Part(kind="row", text=" | ".join(cells)))
        elif tag in _BLOCKS:
            _end_line(line, kind, parts)
            inner = "item" if tag == "li" else kind
            _walk(child, inner, parts, line)
            _end_line(line, inner, parts)
        else:
            _walk(child, kind, parts, line)
        line.append(child.tail or "")
    if element.getparent() is None or element.tag in ("body", "html"):
        _end_line(line, kind, parts)


def _end_line(line: list[str], kind: PartKind, parts: list[Part]) -> None:
    for text in re.split(r"\n\s*\n", "".join(line)) if kind == "paragraph" else ["".join(line)]:
        if text.strip():
            parts.append(Part(kind=kind, text=text))
    line.clear()


def _decode(content: bytes) -> str:
    declared = re.search(rb"""<meta[^>]+charset=["']?([\w-]+)""", content[:4096], re.IGNORECASE)
    for encoding in ("utf-8-sig", declared.group(1).decode("ascii") if declared else "cp1252"):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise TrustbotError("its encoding is not known: save it as UTF-8")


def _parse(source: str) -> HtmlElement:
    try:
        return lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", source))
    except (etree.ParserError, ValueError) as error:
        raise TrustbotError("it holds no readable HTML") from error


def _body_without_chrome(tree: HtmlElement) -> HtmlElement:
    body = lxml.html.document_fromstring(lxml.html.tostring(tree, encoding="unicode"))
    for element in list(body.iter(*_CHROME)):
        element.drop_tree()
    mains = [*body.iter("main"), *body.iter("article")]
    return mains[0] if mains else (body.find("body") if body.find("body") is not None else body)
