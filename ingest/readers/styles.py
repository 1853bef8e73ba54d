"""Styles: which CSS makes text that a reader of the page cannot see."""

import re
from collections.abc import Mapping

from lxml import etree
from lxml.html import HtmlElement

_NIL = r"(?:0+(?:\.0*)?|\.0+)"
_HIDING = {
    "display": r"none",
    "visibility": r"hidden|collapse",
    "content-visibility": r"hidden",
    "mso-hide": r"all",
    "opacity": rf"{_NIL}%?|0?\.0\d*",
    "font-size": rf"{_NIL}[a-z%]*|[0-2](?:\.\d+)?(?:px|pt)|0?\.[01]\d*r?em|\d(?:\.\d+)?%",
    "color": rf"transparent|[a-z]+\((?:[^,)]*,){{3}}\s*{_NIL}%?\s*\)|[a-z]+\([^/)]*/\s*{_NIL}%?\s*\)"
    r"|#[0-9a-f]{3}0|#[0-9a-f]{6}00",
    "text-indent": r"-\d{3,}.*",
    "left": r"-\d{3,}.*",
    "right": r"-\d{3,}.*",
    "top": r"-\d{3,}.*",
    "bottom": r"-\d{3,}.*",
    "margin-left": r"-\d{4,}.*",
    "margin-top": r"-\d{4,}.*",
    "clip": r"rect\(\s*[01](?:px)?[,\s].*",
    "clip-path": r"inset\(\s*(?:50|100)%.*|circle\(\s*0.*",
    "transform": rf"scale(?:x|y|3d)?\(\s*{_NIL}\s*[,)].*",
}
_SIZES = ("height", "max-height", "width", "max-width")
_NO_SIZE = re.compile(rf"{_NIL}[a-z%]*|1px")
_WHITE = re.compile(r"white|#f[c-f]f[c-f]f[c-f]|#fff|rgba?\((?:\s*25[0-5]\s*,?){3}\)")
_NO_GROUND = re.compile(rf"|none|transparent|inherit|initial|unset|{_WHITE.pattern}")


def hides(style: str) -> bool:
    """True when a `style` attribute keeps its element from being seen, whatever stands around it."""
    return _hides(_declarations(style))


def is_white_on_white(element: HtmlElement) -> bool:
    """True when an element's own colour is white and neither it nor what it stands in has another ground."""
    colour = _declarations(element.get("style", "")).get("color") or element.get("color", "").lower()
    return bool(_WHITE.fullmatch(colour)) and not any(
        _has_ground(around) for around in (element, *element.iterancestors())
    )


def hidden_names(root: HtmlElement) -> frozenset[str]:
    """The classes (".x") and ids ("#x") that the page's own style sheets never show."""
    hidden: set[str] = set()
    shown: set[str] = set()
    for sheet in root.iter("style"):
        for selectors, body in _rules(sheet.text or ""):
            declared = _declarations(body)
            for selector in selectors.split(","):
                if _hides(declared) and (match := re.fullmatch(r"\s*\w*([.#][\w-]+)\s*", selector)):
                    hidden.add(match.group(1))
                elif declared.get("display", "none") != "none" or declared.get("visibility") == "visible":
                    shown.update(re.findall(r"[.#][\w-]+", selector))
    return frozenset(hidden - shown)


def _rules(sheet: str) -> list[tuple[str, str]]:
    """Selectors and declarations of the rules outside of `@media` and its kin, which are for other screens."""
    rules: list[tuple[str, str]] = []
    depth, selectors = 0, ""
    for piece in re.split(r"([{}])", re.sub(r"/\*.*?(?:\*/|\Z)", "", sheet, flags=re.DOTALL)):
        if piece == "{":
            depth += 1
        elif piece == "}":
            depth = max(0, depth - 1)
        elif depth == 0:
            selectors = piece.rpartition(";")[2]
        elif depth == 1 and not selectors.lstrip().startswith("@"):
            rules.append((selectors, piece))
    return rules


def _declarations(style: str) -> Mapping[str, str]:
    """Property and value, both in small letters; escapes and comments, which could disguise them, resolved."""
    if not style:
        return {}
    style = re.sub(r"/\*.*?(?:\*/|\Z)", "", style, flags=re.DOTALL)
    style = re.sub(r"\\([0-9a-fA-F]{1,4})\s?", lambda match: chr(int(match.group(1), 16)), style)
    pairs = (declaration.partition(":") for declaration in style.lower().split(";"))
    return {name.strip(): value.partition("!")[0].strip() for name, _, value in pairs if value}


def _hides(declared: Mapping[str, str]) -> bool:
    if any(re.fullmatch(_HIDING[name], value) for name, value in declared.items() if name in _HIDING):
        return True
    cut = "hidden" in declared.get("overflow", "") or "clip" in declared.get("overflow", "")
    if cut and any(_NO_SIZE.fullmatch(declared.get(name, "")) for name in _SIZES):
        return True
    ground = declared.get("background-color") or declared.get("background")
    return ground is not None and ground == declared.get("color")


def _has_ground(element: etree._Element) -> bool:
    declared = _declarations(element.get("style", ""))
    grounds = (declared.get("background-color", ""), declared.get("background", ""), element.get("bgcolor", "").lower())
    return "background-image" in declared or not all(_NO_GROUND.fullmatch(ground) for ground in grounds)
