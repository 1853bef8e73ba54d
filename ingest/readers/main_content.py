"""Main content: a web page without what frames it, found by the page's own marks and by trafilatura."""

import copy
import logging
import re
from collections.abc import Sequence

import lxml.html
from lxml.html import HtmlElement

from ingest.readers.pages import Part
from ingest.readers.trees import drop_elements, parse_html, parts_of

_FRAME = ("nav", "header", "footer", "aside")
_FRAME_NAME = re.compile(r"(?:^|[-_ ])(?:cookies?|consent|gdpr|breadcrumbs?|skip-?link)(?=$|[-_ ])", re.IGNORECASE)
_LONG = 25  # letters; fewer may stand in another page, too
_SHORT = 150  # words; of a shorter page trafilatura drops most, so it is read whole
_ENOUGH = 0.5  # of the words of a page's own <main>; with less, trafilatura missed it
_MOST_ELEMENTS = 50_000  # over which no page of a person's goes, and trafilatura takes minutes
_MOST_COMPARED = 5_000_000_000  # parts times letters; about five seconds


def without_frame(tree: HtmlElement) -> tuple[HtmlElement, bool]:
    """A copy of the page's content without menus, banners and footers; and whether the page marks its content."""
    tree = copy.deepcopy(tree)
    main = next(iter(tree.xpath("//main | //*[@role='main']")), None)
    articles = tree.xpath("//article[not(ancestor::article)]")
    content = main if main is not None else articles[0] if len(articles) == 1 else None
    drop_elements(tree, [element for element in tree.iter(*_FRAME) if _is_frame(element)])
    named = tree.xpath("//body//*[@id or @class][not(descendant-or-self::main or descendant-or-self::article)]")
    drop_elements(tree, [element for element in named if _FRAME_NAME.search(_names(element))])
    return (tree, False) if content is None else (content, True)


def _is_frame(element: HtmlElement) -> bool:
    """A header of the content itself holds its title and date."""
    within = next(element.iterancestors("main", "article"), None)
    return within is None or element.tag not in ("header", "footer")


def _names(element: HtmlElement) -> str:
    return f"{element.get('id', '')} {element.get('class', '')}"


def main_parts(tree: HtmlElement, parts: list[Part], *, is_marked: bool) -> list[Part]:
    """Those `parts` of the page, from the first to the last, that trafilatura takes for its main content.

    Its own text is not used: it sets `<code>` on a line of its own, fills up rows, and drops quotations and what it
    has seen before.
    """
    if _words(parts) < _SHORT or sum(1 for _ in tree.iter()) > _MOST_ELEMENTS:
        return parts
    extracted = _extracted(tree)
    if len(parts) * sum(len(part.text) for part in extracted) > _MOST_COMPARED:
        return extracted
    kept = _from_first_to_last(parts, extracted)
    if _words(kept) >= _ENOUGH * _words(parts if is_marked else extracted):
        return kept or parts
    return parts if is_marked else extracted


def _extracted(tree: HtmlElement) -> list[Part]:
    from trafilatura import extract

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a page it finds odd is no news to comms
    source = lxml.html.tostring(tree, encoding="unicode")
    try:
        main = extract(source, output_format="html", include_comments=False, favor_recall=True)
    except Exception:  # on odd pages it trips over itself; the page is then read whole
        return []
    return parts_of(parse_html(main)) if main else []


def _from_first_to_last(parts: list[Part], extracted: Sequence[Part]) -> list[Part]:
    lines = "".join(f"\n{_squeezed(part)}\n" for part in extracted)
    whole = lines.replace("\n", "")
    squeezed = [_squeezed(part) for part in parts]
    found = [index for index, words in enumerate(squeezed) if len(words) >= _LONG and words in whole]
    if not found:
        return []
    first, last = found[0], found[-1]
    while first > 0 and (parts[first - 1].kind == "heading" or _is_line(squeezed[first - 1], lines)):
        first -= 1
    while last + 1 < len(parts) and _is_line(squeezed[last + 1], lines):
        last += 1
    return parts[first : last + 1]


def _is_line(words: str, lines: str) -> bool:
    """True when a few words begin or end a line, as those of a menu do not."""
    return f"\n{words}" in lines or f"{words}\n" in lines


def _squeezed(part: Part) -> str:
    return re.sub(r"[\s|]+", "", part.text)


def _words(parts: Sequence[Part]) -> int:
    return sum(len(part.text.split()) for part in parts)
