"""Elements of a page that is written here: whatever text is put into them is shown, and never read as HTML."""

import re
from xml.etree.ElementTree import Element, tostring

_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)

Child = Element | str


def tag(name: str, /, *children: Child, class_: str | None = None, **attributes: str) -> Element:
    """An element; text in it is only ever text."""
    made = Element(
        name, {"class": class_} if class_ else {}, **{key: _visible(value) for key, value in attributes.items()}
    )
    for child in children:
        if not isinstance(child, str):
            made.append(child)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + _visible(child)
        else:
            made.text = (made.text or "") + _visible(child)
    return made


def _visible(text: str) -> str:
    """Characters that HTML cannot hold, or that would turn the line around them, as a mark."""
    return _UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text)


def as_html(made: Element) -> str:
    """An element and all in it as HTML."""
    return tostring(made, encoding="unicode", method="html")
