"""Heads: what a web page says of itself in its meta elements and its JSON-LD, with where it says so."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from ingest.dates import first_date
from ingest.readers.cleaning import clean_text
from ingest.readers.trees import text_of

_DATES = (
    "article:published_time", "datepublished", "dc.date.issued", "dcterms.issued", "dc.date.created",
    "dcterms.created", "dc.date", "dcterms.date", "dc:date", "schema:datepublished", "pubdate", "publish-date",
    "publish_date", "publishdate", "publication_date", "published", "date",
)  # fmt: skip
_AUTHORS = ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author")
_TITLES = ("og:title", "dc.title", "dcterms.title", "twitter:title")
_ARTICLES = {
    "article", "newsarticle", "blogposting", "reportagenewsarticle", "blog", "report", "pressrelease", "webpage",
    "medicalwebpage",
}  # fmt: skip
_PAGES = {"webpage", "medicalwebpage"}
_OF_OTHER_PAGES = {
    "itemlistelement", "haspart", "isrelatedto", "comment", "review", "event", "relatedlink", "mentions",
}  # fmt: skip
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,40})"')
_DEEPEST = 8  # objects within objects
_EARLIEST = "1991"  # no page of the web is older; 1970-01-01 is what software writes for "unknown"
_LONGEST_DATE = 100  # letters


@dataclass(frozen=True, kw_only=True)
class Date:
    """A date of publication as a partial ISO value, where the page says it, and how sure that is."""

    value: str
    where: Literal["meta", "json-ld", "visible text"]
    basis: Literal["stated", "inferred"] = "stated"


@dataclass(frozen=True, kw_only=True)
class Head:
    """What a page's head says, the most trusted first. `base` is the address that its links are relative to."""

    titles: tuple[str, ...]
    site: str | None
    authors: tuple[str, ...]
    dates: tuple[Date, ...]
    canonical: str | None
    base: str


def head_of(tree: HtmlElement, url: str) -> Head:
    """What the head of the page at `url` says, of which nothing has been removed yet."""
    metas = _metas(tree)
    notes = _notes(tree)
    base = _address(next(iter(tree.xpath("//base/@href")), ""), url) or url
    titles = [
        *_contents(metas, _TITLES),
        *(note["headline"] for note in notes if isinstance(note.get("headline"), str)),
        *(text_of(title) for title in tree.xpath("//head/title | /html/body/title")),
    ]
    return Head(
        titles=tuple(plain for title in titles if (plain := clean_text(title)[0])),
        site=next((plain for name in _contents(metas, ("og:site_name",)) if (plain := clean_text(name)[0])), None),
        authors=(*(name for note in notes for name in _names(note.get("author"))), *_contents(metas, _AUTHORS)),
        dates=tuple(_dates(tree, metas, notes)),
        canonical=_canonical(tree, metas, url, base),
        base=base,
    )


def plausible_date(text: object) -> str | None:
    """The first date that a short text states, unless it is older than the web."""
    date = first_date(text) if isinstance(text, str) and len(text) <= _LONGEST_DATE else None
    return date if date and date[:4] >= _EARLIEST else None


def _metas(tree: HtmlElement) -> list[tuple[str, str]]:
    """The names, in small letters, and contents of what the page says in attributes (meta elements and RDFa)."""
    found: list[tuple[str, str]] = []
    for element in tree.xpath("//meta[@content] | //*[@property and @content]"):
        names = element.get("property") or element.get("name") or element.get("itemprop") or ""
        found.extend((name, element.get("content")) for name in names.lower().split())
    return found


def _contents(metas: Sequence[tuple[str, str]], names: Sequence[str]) -> Iterator[str]:
    yield from (content for wanted in names for name, content in metas if name == wanted)


def _dates(tree: HtmlElement, metas: Sequence[tuple[str, str]], notes: Sequence[dict[str, Any]]) -> Iterator[Date]:
    for content in _contents(metas, _DATES):
        if date := plausible_date(content):
            yield Date(value=date, where="meta")
    said = [note.get("datePublished") for note in notes]
    # JSON that is not quite JSON still holds its date.
    said += [match[1] for script in _scripts(tree) if _parsed(script) is None for match in _JSON_DATE.finditer(script)]
    for value in said:
        if date := plausible_date(value):
            yield Date(value=date, where="json-ld")


def _notes(tree: HtmlElement) -> list[dict[str, Any]]:
    """What the page's JSON-LD says of articles and pages, articles first; what it says of other pages is left out."""
    notes = [note for script in _scripts(tree) for note in _objects(_parsed(script), _DEEPEST)]
    return sorted(notes, key=lambda note: not _types(note) - _PAGES)


def _parsed(script: str) -> Any:
    try:
        return json.loads(script, strict=False)
    except (ValueError, RecursionError):
        return None


def _scripts(tree: HtmlElement) -> Iterator[str]:
    yield from (str(script.text_content()) for script in tree.xpath("//script[contains(@type, 'ld+json')]"))


def _objects(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for item in value:
            yield from _objects(item, depth)
    elif isinstance(value, dict) and depth:
        if _types(value):
            yield value
        for name, item in value.items():
            if name.lower() not in _OF_OTHER_PAGES and isinstance(item, (dict, list)):
                yield from _objects(item, depth - 1)


def _types(note: dict[str, Any]) -> set[str]:
    types = note.get("@type", "")
    return {str(name).lower() for name in (types if isinstance(types, list) else [types])} & _ARTICLES


def _names(value: Any) -> Iterator[str]:
    """JSON-LD names authors as a text, an object with a name, or a list of either; organisations are publishers."""
    for item in value if isinstance(value, list) else [value]:
        is_person = isinstance(item, dict) and item.get("@type") != "Organization"
        name = item.get("name") if is_person else item
        if isinstance(name, str):
            yield name


def _canonical(tree: HtmlElement, metas: Sequence[tuple[str, str]], url: str, base: str) -> str | None:
    """The address the page gives as its own; the front page is none, though some sites say so on every page."""
    links = [link.get("href") for link in tree.iter("link") if "canonical" in link.get("rel", "").lower().split()]
    given = next((href for href in (*links, *_contents(metas, ("og:url",))) if href), "")
    address = _address(given, base)
    if address is None or (urlsplit(address).path in ("", "/") and urlsplit(url).path not in ("", "/")):
        return None
    return address


def _address(given: str, base: str) -> str | None:
    given = clean_text(given)[0]
    try:
        address = urljoin(base, given).partition("#")[0]
        return (
            address if given and urlsplit(address).scheme in ("http", "https") and urlsplit(address).hostname else None
        )
    except ValueError:
        return None
