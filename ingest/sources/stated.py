"""What a web page states of itself, its head and its visible text taken together: title, author and date."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from ingest.readers.cleaning import clean_text
from ingest.readers.pages import known_author
from ingest.readers.text import bare_date, published_line
from ingest.readers.trees import text_of
from ingest.sources.furniture import is_byline
from ingest.sources.heads import Date, Head, plausible_date

_MOST_ABOVE = 25  # elements that can stand above the text
_PROSE = 20  # words; a paragraph of more is text already
_BELOW = 4  # elements at the end, in which some pages say when they were published
_PARTICLES = ("de", "van", "von", "der", "la", "le", "da", "di", "ap", "bin", "al")
_NAME = (
    r"(?:(?:Dr|Prof|Professor|Sir|Dame|Lord|Lady|Rev|Mr|Mrs|Ms)\.?\s+){0,2}[^\W\d_][\w’'-]+"
    rf"(?:\s+(?:(?:{'|'.join(_PARTICLES)})\s+)?[A-Z][\w’'.-]*){{1,3}}"
)
_BYLINE = re.compile(
    r"(?:^|[\s|·•–—/,])(?:(?i:(?:written|posted|published|submitted|blog|words|story)\s+)?(?i:by)\b:?\s+"
    rf"|(?i:author)\s*:\s*)(?P<name>{_NAME})"
)
_BY = re.compile(r"\A(?:written |posted )?by:?\s+", re.IGNORECASE)
_AFTER_NAME = re.compile(r"\s+(?:Updated|Published|Posted|Modified|On|In|At)", re.ASCII)
_POSTED = re.compile(
    r"\b(?:(?:first )?(?:published|posted)(?: date)?(?: on)?|publish(?:ing)? date|publication date|date published"
    r"|release date|date)\b\s*[:–-]?\s*(?=\S)",
    re.IGNORECASE,
)
_OTHER_DATES = re.compile(r"updated|review|modified|edited|event|deadline|closing|expires?", re.IGNORECASE)
_BETWEEN = re.compile(r"\s+(?:[|·•»:]|::|[-–—])\s+")
_SITE = re.compile(r"\b(?:nhs|trust|hospitals?|council|website|home|intranet)\b", re.IGNORECASE)
_NOT_FOUND = re.compile(
    "|".join(
        (
            r"(?:error ?)?404\b.{0,60}",
            r".{0,40}\b(?:page|content|file) (?:(?:can(?:not|['’]t)|could ?n(?:o|['’])t) be found|(?:was )?not found"
            r"|no longer exists?|(?:is )?unavailable)\b.{0,40}",
            r"(?:access|permission) (?:is )?denied.{0,40}|(?:403 )?forbidden",
            r"just a moment\W*|attention required.{0,40}|are you a robot\W*",
            r"(?:.{0,30}\b(?:site|service|page) (?:is )?)?(?:down for|under(?:going)?|in) maintenance.{0,20}",
            r"(?:internal )?server error.{0,30}|service unavailable.{0,30}|bad gateway.{0,30}",
            r"(?:please )?(?:log|sign) in(?: to .{0,40})?",
        )
    ),
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Stated:
    """What a page states of itself; None where it does not. `site` is the name of the site it is on."""

    title: str | None
    author: str | None
    date: Date | None
    canonical: str | None
    site: str | None
    remarks: tuple[str, ...] = ()


def stated_on(head: Head, content: HtmlElement, tree: HtmlElement) -> Stated:
    """What the page `tree`, whose text is in `content`, states of itself.

    A date that stands on the page as that of publication is believed before the one in its head, which is often the
    day it was moved to a new site.
    """
    above = [*_above_the_text(content), *_beside_the_title(tree)]
    date, remarks = _date(head, above, content)
    return Stated(
        title=_title(head, content, tree),
        author=_author(head, above),
        date=date,
        canonical=head.canonical,
        site=_site(head, tree),
        remarks=tuple(remarks),
    )


def says_not_found(title: str | None) -> bool:
    """True for the title of a page that says that it is not the one that was asked for, however it was answered."""
    return title is not None and _NOT_FOUND.fullmatch(title) is not None


def _above_the_text(content: HtmlElement) -> list[etree._Element]:
    """The elements above the first paragraph of prose, in which a page says who wrote it and when."""
    found: list[etree._Element] = []
    for element in islice(content.iter("time", "p", "li", "span", "div", "address"), 4 * _MOST_ABOVE):
        words = len(text_of(element).split())
        if element.tag in ("p", "li") and words > _PROSE and not is_byline(element):
            break
        if 0 < words <= _PROSE or element.get("datetime"):
            found.append(element)
    return found[:_MOST_ABOVE]


def _beside_the_title(tree: HtmlElement) -> list[etree._Element]:
    """What stands beside the page's one highest heading, where that is in a header above the text."""
    titles = tree.xpath("//body//h1")
    if len(titles) != 1 or next(titles[0].iterancestors("main", "article"), None) is not None:
        return []
    beside = titles[0].itersiblings("time", "p", "span", "div")
    return [element for element in beside if len(text_of(element).split()) <= _PROSE]


def _date(head: Head, above: Sequence[etree._Element], content: HtmlElement) -> tuple[Date | None, list[str]]:
    shown = next((date for date in (*map(_shown_date, above), *_below_the_text(content)) if date), None)
    if not head.dates or shown is None:
        return (head.dates[0] if head.dates else shown), []
    labelled = next((date for element in above if _is_labelled(element) and (date := _shown_date(element))), None)
    if labelled is None or any(_agree(labelled.value, date.value) for date in head.dates):
        return head.dates[0], []
    remark = f"it shows {labelled.value} as its date, and its head says {head.dates[0].value}: the shown one is used"
    return labelled, [remark]


def _shown_date(element: etree._Element) -> Date | None:
    """The date of publication that an element shows: sure where it is said to be that, or is marked up as a time."""
    said = text_of(element)
    around = text_of(element.getparent()) if element.tag == "time" else said
    before = _OTHER_DATES.split(said, maxsplit=1)[0]
    if posted := _POSTED.search(before):
        value = plausible_date(before[posted.end() : posted.end() + 40])
    elif _OTHER_DATES.search(around if len(around.split()) <= _PROSE else said):
        value = None
    elif element.tag == "time":
        value = plausible_date(element.get("datetime")) or plausible_date(said)
    else:
        value = published_line(said) or (plausible_date(said) if is_byline(element) else None)
        if value is None and (bare := bare_date(said)):
            return Date(value=bare, where="visible text", basis="inferred")
    return Date(value=value, where="visible text") if value else None


def _below_the_text(content: HtmlElement) -> Iterator[Date]:
    for element in content.xpath(f"(.//p | .//time | .//footer | .//div[not(*)])[position() > last() - {_BELOW}]"):
        said = text_of(element)
        if len(said.split()) <= _PROSE and _POSTED.match(said) and (date := published_line(said)):
            yield Date(value=date, where="visible text")


def _is_labelled(element: etree._Element) -> bool:
    return _POSTED.search(_OTHER_DATES.split(text_of(element), maxsplit=1)[0]) is not None


def _agree(value: str, other: str) -> bool:
    """True when one is as the other, or less exact."""
    return other.startswith(value) or value.startswith(other)


def _title(head: Head, content: HtmlElement, tree: HtmlElement) -> str | None:
    """The highest heading, if the head names it or it is the only one; else the head's title, without the site."""
    found = (clean_text(text_of(heading))[0] for heading in [*content.iter("h1"), *tree.iter("h1")])
    headings = list(dict.fromkeys(text for text in found if text))
    for heading in headings:
        if any(heading.casefold() in title.casefold() for title in head.titles):
            return heading
    if len(headings) == 1 and headings[0].casefold() != (head.site or "").casefold():
        return headings[0]
    return next((_without_site(title, head.site) for title in head.titles), headings[0] if headings else None)


def _without_site(title: str, site: str | None) -> str:
    pieces = _BETWEEN.split(title.strip(" |·•»:-–—"))
    is_site = pieces[-1].casefold() == (site or "").casefold() or _SITE.search(pieces[-1]) is not None
    if len(pieces) < 2 or not is_site:
        return title
    return title[: title.rindex(pieces[-1])].rstrip(" |·•»:-–—")


def _site(head: Head, tree: HtmlElement) -> str | None:
    """The site's name: as the page says it, else what its title adds to its heading."""
    if head.site:
        return head.site
    pieces = [piece for title in tree.xpath("//head/title") for piece in _BETWEEN.split(text_of(title))]
    headings = {text_of(heading).casefold() for heading in tree.iter("h1")}
    return pieces[-1] if len(pieces) > 1 and pieces[0].casefold() in headings else None


def _author(head: Head, above: Sequence[etree._Element]) -> str | None:
    for element in above:
        said = text_of(element)
        is_name = element.get("rel") == "author" or element.get("itemprop") == "author"
        match = _BYLINE.search(f"by {said}" if is_name and not said.lower().startswith("by ") else said)
        if match and all(word[:1].isupper() or word in _PARTICLES for word in match["name"].split()):
            return _AFTER_NAME.split(match["name"])[0].rstrip(".,")
    names = (_BY.sub("", clean_text(name)[0]) for name in head.authors)
    return next((author for name in names if _is_person(name, head.site) and (author := known_author(name))), None)


def _is_person(name: str, site: str | None) -> bool:
    return " " in name and len(name) <= 100 and "://" not in name and name.casefold() != (site or "").casefold()
