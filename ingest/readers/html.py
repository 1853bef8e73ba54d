"""HTML files: the main content of a saved web page, and what the page says of itself."""

import codecs
import re
from itertools import islice
from pathlib import Path

from lxml.html import HtmlElement

from ingest.dates import first_date
from ingest.errors import TrustbotError
from ingest.readers.cleaning import remove_hidden_elements
from ingest.readers.main_content import main_parts, without_frame
from ingest.readers.pages import Page
from ingest.readers.trees import parse_html, parts_of, text_of

_DATED = {
    "article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "dc.date.created", "dcterms.date",
    "dcterms.issued", "dcterms.created", "pubdate", "publish-date", "publish_date", "publishdate", "published",
}  # fmt: skip
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
_NOT_PUBLISHED = re.compile(r"updated|review|modified|edited", re.IGNORECASE)
_MOST_ABOVE = 20  # elements that can stand above the text
_SITE_ADDRESS = re.compile(r"[\w-]+(?:\.[\w-]+)+")


def read_html(path: Path) -> Page:
    """Read a saved web page. Raises TrustbotError when its encoding is not known or it holds no HTML."""
    source = _decode(path.read_bytes())
    metadata = _metadata(source)
    tree = parse_html(source)
    remarks = remove_hidden_elements(tree)
    content, is_marked = without_frame(tree)
    if published := _dateline(content):
        metadata.setdefault("published", published)
    parts = main_parts(tree, parts_of(content), is_marked=is_marked)
    return Page(metadata=metadata, parts=tuple(parts), remarks=tuple(remarks))


def _decode(content: bytes) -> str:
    """A byte order mark is believed first, then UTF-8 if it fits, then what the page declares, else Windows."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _decoded(content, "utf-16")
    match = re.search(rb"""<meta[^>]{1,200}charset=["']?([\w-]{1,30})""", content[:4096], re.IGNORECASE)
    declared = match.group(1).decode("ascii", "replace").lower() if match else "cp1252"
    if declared in ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"):
        declared = "cp1252"  # as every browser reads them
    try:
        return _decoded(content, "utf-8-sig")
    except TrustbotError:
        return _decoded(content, declared)


def _decoded(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except (UnicodeError, LookupError) as error:
        raise TrustbotError(f"it is not in the encoding it declares ({encoding}): save it as UTF-8") from error
    if "\x00" in text:
        raise TrustbotError("it holds NUL characters: save it as UTF-8 text")
    return text


def _metadata(source: str) -> dict[str, str]:
    """Title, author, publisher, date of publication and address, where the page states them."""
    from trafilatura.metadata import Document, extract_metadata

    try:
        found = extract_metadata(source, date_config={"extensive_search": False})
    except Exception:  # on odd pages it trips over itself; comms can set the fields in a file beside the page
        found = Document()
    publisher = None if _SITE_ADDRESS.fullmatch(found.sitename or "") else found.sitename
    # trafilatura's own date is not used: it makes 2020-01 a day of its choice, and reads "last updated".
    fields = {"title": found.title, "author": found.author, "publisher": publisher, "url": found.url}
    fields["published"] = _stated_date(parse_html(source), source)
    return {name: value for name, value in fields.items() if value}


def _stated_date(tree: HtmlElement, source: str) -> str | None:
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or ""
        if name.lower() in _DATED and (date := first_date(meta.get("content", ""))):
            return date
    match = _JSON_DATE.search(source)
    return first_date(match.group(1)) if match else None


def _dateline(content: HtmlElement) -> str | None:
    """The date of a `<time>` above the text; one further down is that of an event or of another page."""
    for element in islice(content.iter("time", "p", "li"), _MOST_ABOVE):
        said = text_of(element.getparent()) if element.tag == "time" else ""
        if (
            said
            and not _NOT_PUBLISHED.search(said)
            and (date := first_date(element.get("datetime") or text_of(element)))
        ):
            return date
        if len(text_of(element).split()) > 20:
            return None
    return None
