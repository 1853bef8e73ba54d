"""Cleaning: what a reader of the page cannot see is removed, and said to have been removed."""

import re
import unicodedata
from collections import Counter

from lxml import etree
from lxml.html import HtmlElement

_INVISIBLE = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u061c\u115f\u1160\u17b4\u17b5\u180e\u3164\uffa0]"
    "|[\U000e0000-\U000e0fff]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
_SILENT = re.compile("\u00ad|^\ufeff")
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*[01](?:\.\d+)?(?:px|pt|em|rem|%)?\s*(?:;|$)"
    r"|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)|(?:text-indent|left|top)\s*:\s*-\d{3,}"
    r"|(?<![-\w])color\s*:\s*(?:#fff(?:fff)?\b|white\b|transparent\b|rgba?\(\s*255\s*,\s*255\s*,\s*255)"
    r"|clip\s*:\s*rect\(0|(?:max-)?(?:height|width)\s*:\s*0(?:px)?\s*(?:;|$)",
    re.IGNORECASE,
)
_NEVER_SHOWN = {
    "script",
    "style",
    "template",
    "noscript",
    "head",
    "iframe",
    "object",
    "svg",
    "math",
    "select",
    "button",
}
_NEVER_TEXT = {"script", "style", "head"}


def clean_text(text: str) -> tuple[str, int]:
    """`text` in NFC with odd spaces made plain and runs of white space made one; and how many hidden characters fell."""
    visible, hidden = _INVISIBLE.subn("", _SILENT.sub("", text))
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", visible)).strip(), hidden


def remove_hidden_elements(root: HtmlElement) -> list[str]:
    """Remove comments and elements a browser would not show from the tree, in place; returns a remark for each sort."""
    removed: Counter[str] = Counter()
    samples: dict[str, str] = {}
    for element in list(root.iter()):
        sort = _why_hidden(element)
        if sort is None or (element.getparent() is None and element is not root):
            continue
        words = " ".join(_words_of(element).split())
        if sort != "unseen" and words:
            removed[sort] += 1
            samples.setdefault(sort, words)
        if element is not root:
            _drop(element)
    return [
        f"removed {count} {sort}{'s' if count > 1 else ''} (“{samples[sort][:60]}{'…' if len(samples[sort]) > 60 else ''}”)"
        for sort, count in removed.items()
    ]


def _why_hidden(element: etree._Element) -> str | None:
    if not isinstance(element.tag, str):
        return "comment" if element.tag is etree.Comment else "unseen"
    if element.tag in _NEVER_SHOWN:
        return "unseen" if element.tag in _NEVER_TEXT else "hidden element"
    if "hidden" in element.attrib or element.get("aria-hidden", "").lower() == "true":
        return "hidden element"
    if element.tag == "input" and element.get("type") == "hidden":
        return "unseen"
    return "hidden element" if _HIDING_STYLE.search(element.get("style", "")) else None


def _words_of(element: etree._Element) -> str:
    if element.tag is etree.Comment:
        return element.text or ""
    return "".join(element.itertext()) if isinstance(element.tag, str) else ""


def _drop(element: etree._Element) -> None:
    """Take the element out and leave the text behind it in place."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        previous = element.getprevious()
        if previous is None:
            parent.text = (parent.text or "") + element.tail
        else:
            previous.tail = (previous.tail or "") + element.tail
    parent.remove(element)
