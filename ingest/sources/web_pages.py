"""Web pages: a fetched page's text without what frames it, and what the page states of itself."""

import codecs
import re
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from ingest.errors import TrustbotError
from ingest.readers.cleaning import remove_hidden_elements
from ingest.readers.main_content import main_parts, without_frame
from ingest.readers.pages import Part
from ingest.readers.styles import hidden_names, hides
from ingest.readers.trees import parse_html, parts_of
from ingest.sources.furniture import remove_bylines, remove_furniture, sentence_words
from ingest.sources.heads import head_of
from ingest.sources.stated import Stated, says_not_found, stated_on
from ingest.sources.trimming import trimmed

_DECLARED = re.compile(rb"""<meta[^>]{1,200}charset=["']?([\w-]{1,30})""", re.IGNORECASE)
_LEAST_MARKED = 0.25  # of the sentences of a page; a <main> with less is marked in error
_CLOSED = re.compile(r"display\s*:\s*none\s*(?:!important)?\s*;?", re.IGNORECASE)
_HEADING_WORDS = 25
_AS_WINDOWS = {"iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"}  # as every browser reads them


@dataclass(frozen=True, kw_only=True)
class WebPage:
    """The parts of a page's text, what it states of itself, and `base`, which its links are relative to."""

    parts: tuple[Part, ...]
    stated: Stated
    base: str
    remarks: tuple[str, ...]


def read_web_page(content: bytes, *, url: str, charset: str | None, selector: str | None) -> WebPage:
    """Read a fetched page. Raises TrustbotError when it holds no text, or says that there is no such page."""
    source, remarks = decode(content, charset)
    tree = parse_html(source)
    head = head_of(tree, url)
    _open_panels(tree)
    remarks += remove_hidden_elements(tree)
    whole, _ = without_frame(tree)
    stated = stated_on(head, whole, tree)
    if says_not_found(stated.title):
        raise TrustbotError(f"it is answered as a page, but says “{stated.title}”")
    parts = _selected(tree, selector) if selector else _found(tree)
    parts = [_as_seen(part) for part in parts]
    parts = trimmed(parts, title=stated.title, author=stated.author, site=stated.site)
    return WebPage(parts=tuple(parts), stated=stated, base=head.base, remarks=(*remarks, *stated.remarks))


def decode(content: bytes, charset: str | None) -> tuple[str, list[str]]:
    """The text of a page, and a remark where letters could not be read.

    A byte order mark is believed first, then UTF-8 if it fits, then what the server and the page declare, then Windows.
    A page mostly in UTF-8 stays one where a few of its bytes are not.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace").replace("\x00", ""), []
    declared = [name.lower() for name in (charset or "", *_declared(content)) if name]
    names = ["utf-8-sig", *("cp1252" if name in _AS_WINDOWS else name for name in declared)]
    for name in names:
        try:
            return content.decode(name).replace("\x00", ""), []
        except (UnicodeError, LookupError):
            continue
    as_utf8 = content.decode("utf-8", "replace")
    unread, read = (
        as_utf8.count("\ufffd"),
        sum(1 for character in as_utf8 if character > "\x7f" and character != "\ufffd"),
    )
    if read > unread:
        return as_utf8.replace("\x00", ""), [f"{unread} of its letters could not be read"]
    return content.decode("cp1252", "replace").replace("\x00", ""), []


def _declared(content: bytes) -> list[str]:
    match = _DECLARED.search(content[:4096])
    return [match.group(1).decode("ascii", "replace")] if match else []


def _found(tree: HtmlElement) -> list[Part]:
    """The parts of a page's main content, in the elements that the page marks as such, or found by its text."""
    remove_furniture(tree)
    remove_bylines(tree)
    content, is_marked = without_frame(tree)
    if is_marked and sentence_words(content) < _LEAST_MARKED * sentence_words(tree):
        for element in tree.xpath("//main | //article | //*[@role='main']"):
            element.attrib.pop("role", None)
            element.tag = "div"
        content, is_marked = without_frame(tree)
    return main_parts(tree, parts_of(content), is_marked=is_marked) or parts_of(tree)


def _selected(tree: HtmlElement, selector: str) -> list[Part]:
    """The parts of the elements that a CSS selector names. Raises TrustbotError when it names none."""
    try:
        elements = tree.cssselect(selector)
    except Exception as error:  # cssselect raises errors of several kinds on what it cannot parse
        raise TrustbotError(f"its source's selector '{selector}' cannot be used ({type(error).__name__})") from error
    if not elements:
        raise TrustbotError(f"nothing on it fits its source's selector '{selector}'")
    chosen = set(elements)
    outermost = [element for element in elements if chosen.isdisjoint(element.iterancestors())]
    for element in outermost:
        remove_furniture(element)
        remove_bylines(element)
    return [part for element in outermost for part in parts_of(element)]


def _as_seen(part: Part) -> Part:
    """A heading as long as a paragraph is one in large letters."""
    is_text = part.kind == "heading" and len(part.text.split()) > _HEADING_WORDS
    return replace(part, kind="paragraph", level=0) if is_text else part


def _open_panels(tree: HtmlElement) -> None:
    """Show what a press of a button shows, in place: the button's words become those of what stands round it.

    A button that is hidden itself opens nothing.
    """
    panels = {element.get("id"): element for element in tree.iter() if element.get("id")}
    hidden = hidden_names(tree)
    for button in tree.xpath("//*[@aria-controls and @aria-expanded]"):
        panel = panels.get(button.get("aria-controls"))
        if panel is None or not button.text_content().strip() or not _is_shown(button, hidden):
            continue
        for name in ("hidden", "aria-hidden"):
            panel.attrib.pop(name, None)
        panel.set("style", _CLOSED.sub("", panel.get("style", "")))
        if button.tag == "button":
            button.tag = "span"


def _is_shown(element: HtmlElement, hidden: frozenset[str]) -> bool:
    return not any(
        "hidden" in around.attrib
        or around.get("aria-hidden", "").strip().lower() == "true"
        or hides(around.get("style", ""))
        or not hidden.isdisjoint(f".{name}" for name in around.get("class", "").split())
        for around in (element, *element.iterancestors())
    )
