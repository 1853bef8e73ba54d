"""Cleaning: what a reader of the page cannot see is removed, and said to have been removed."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from lxml import etree
from lxml.html import HtmlElement

from ingest.readers.styles import hidden_names, hides, is_white_on_white
from ingest.readers.trees import drop_elements

_INVISIBLE = re.compile(
    "[\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufffc\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]"
)
_PICTURE = "[\u2190-\u2bff\U0001f000-\U0001faff]"
# Soft hyphens, the byte order mark and what joins the parts of an emoji hide nothing.
_SILENT = re.compile(f"\u00ad|\\A\ufeff|(?<={_PICTURE})(?:\ufe0f?\u200d(?={_PICTURE})|\ufe0f)")
# Unicode's stream-safe format stops at 30, too; normalising a million of them would take an hour.
_PILED_MARKS = re.compile(r"[^\w\s\x00-\x7f]{31,}")
_MOST_MARKS = 30

_NEVER_SHOWN = {
    "applet", "audio", "canvas", "datalist", "dialog", "iframe", "noembed", "noframes", "noscript", "object",
    "template", "video",
}  # fmt: skip
_NO_TEXT = {"button", "head", "input", "option", "script", "select", "style", "svg", "textarea"}
_COMMENTS = (etree.Comment, etree.PI)
_STRUCK_OUT = {"del", "s", "strike"}
# For people who listen to a page instead of seeing it: "Skip to content", "opens in a new tab".
_SPOKEN_ONLY = {
    "element-invisible", "govuk-visually-hidden", "nhsuk-u-visually-hidden", "screen-reader-only",
    "screen-reader-text", "sr-only", "visually-hidden", "visuallyhidden",
}  # fmt: skip


def clean_text(text: str) -> tuple[str, int]:
    """`text` in NFC with every white space made one plain space; and how many hidden characters fell."""
    visible, hidden = _INVISIBLE.subn("", _SILENT.sub("", text))
    bounded = _PILED_MARKS.sub(_without_piled_marks, visible)
    return " ".join(unicodedata.normalize("NFC", bounded).split()), hidden + len(visible) - len(bounded)


def remove_hidden_elements(root: HtmlElement) -> list[str]:
    """Remove comments and elements a browser would not show, in place; returns a remark for each sort."""
    hidden = hidden_names(root)
    removed: dict[str, list[str]] = {}
    for comment in (*root.itersiblings(preceding=True), *root.itersiblings()):
        if comment.tag in _COMMENTS:
            _note(removed, "comment", comment)
    gone: list[HtmlElement] = []
    waiting = list(reversed(root))
    while waiting:
        element = waiting.pop()
        sort = _why_hidden(element, hidden)
        if sort is None:
            waiting.extend(reversed(element))
            continue
        if sort:
            _note(removed, sort, element)
        if isinstance(element.tag, str):
            gone.append(element)
    etree.strip_elements(root, *_COMMENTS, with_tail=False)
    drop_elements(root, gone)
    return [said(sort, samples) for sort, samples in removed.items()]


def said(sort: str, samples: Sequence[str]) -> str:
    """The remark that something was removed, with the first words of one of them: 'removed 2 comments (“…”)'."""
    sample, _ = clean_text(samples[0])
    shown = sample if len(sample) <= 60 else f"{sample[:60]}…"
    return f"removed {len(samples)} {sort}{'s' if len(samples) > 1 else ''} (“{shown}”)"


def _without_piled_marks(match: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for character in match.group():
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def _why_hidden(element: etree._Element, hidden: frozenset[str]) -> str | None:
    """The sort of hidden thing an element is, "" for one without words for a reader, None when it is shown."""
    if not isinstance(element.tag, str):
        return "comment" if element.tag in _COMMENTS else ""
    if element.tag in _NO_TEXT or _SPOKEN_ONLY.intersection(element.get("class", "").split()):
        return ""
    if element.tag in _STRUCK_OUT:
        return "struck-out text"
    if element.tag in ("html", "body"):  # scripts hide these only until the page has loaded
        return None
    if element.tag in _NEVER_SHOWN and not (element.tag == "dialog" and "open" in element.attrib):
        return "hidden element"
    if "hidden" in element.attrib or element.get("aria-hidden", "").strip().lower() == "true":
        return "hidden element"
    if hides(element.get("style", "")) or is_white_on_white(element) or not hidden.isdisjoint(_names(element)):
        return "hidden element"
    return None


def _names(element: etree._Element) -> Iterator[str]:
    yield f"#{element.get('id', '')}"
    yield from (f".{name}" for name in element.get("class", "").split())


def _note(removed: dict[str, list[str]], sort: str, element: etree._Element) -> None:
    words = element.text or "" if element.tag in _COMMENTS else "".join(element.itertext())
    if words.strip():
        removed.setdefault(sort, []).append(words)
