"""Listings: which pages a source has."""

import io
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
from lxml import etree

from ingest.dates import first_date
from ingest.errors import TrustbotError
from ingest.readers import READERS
from ingest.sources.addresses import is_taken, web_address
from ingest.sources.contents import GZIP, HTML, LISTINGS, PLAIN, XML, within
from ingest.sources.declared import Source
from ingest.sources.fetching import Fetched, Fetcher

_MOST_PAGES = 100_000
_MOST_SITEMAPS = 1_000
_DEEPEST = 3  # sitemaps of sitemaps of sitemaps
_MOST_BYTES = 52_428_800  # what a sitemap may have, unpacked (sitemaps.org)
_MOST_FEED_BYTES = 5_000_000
_FIRST_TAG = re.compile(rb"<[^?!]")
_EMPTY = "it lists no pages"
_ENTITIES = "its XML declares entities or a document type, which no listing needs"
_NOT_XML = "it is not the XML of a sitemap"


@dataclass(frozen=True, kw_only=True)
class Listed:
    """One page of a source.

    `url` is its web address; for a file it is its source's name and its path in the folder, which is no address.
    `published` is as the feed states it and `modified` as the sitemap does (of a file: when it was last written),
    as YYYY-MM-DD where it is understood. `path` is the file of a folder source.
    """

    url: str
    title: str | None = None
    published: str | None = None
    modified: str | None = None
    path: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The pages of a source. Only where it is `complete` is a page that is missing from it gone.

    `failed` says why (a part of) the listing could not be had, or that it is empty; it is never complete then, but
    may still name pages.
    """

    source: Source
    pages: tuple[Listed, ...] = ()
    complete: bool = False
    failed: str | None = None


def list_pages(source: Source, fetcher: Fetcher) -> Listing:
    """List a source's pages, each once, in the order given; what cannot be listed is said, not raised."""
    found: list[Listed] = []
    failed: str | None = None
    try:
        for listed in _listed(source, fetcher):
            found.append(listed)
            if len(found) > _MOST_PAGES:
                raise TrustbotError(f"it lists more than {_MOST_PAGES} pages")
    except TrustbotError as error:
        failed = str(error)
    pages = {listed.url: listed for listed in reversed(found) if _is_wanted(listed, source)}
    if not failed and not pages:
        failed = f"none of its {len(found)} pages fits include: and exclude:" if found else _EMPTY
    return Listing(
        source=source,
        pages=tuple(reversed(pages.values())),
        complete=source.is_complete and not failed,
        failed=failed,
    )


def _listed(source: Source, fetcher: Fetcher) -> Iterator[Listed]:
    """Everything a source names. Raises TrustbotError, possibly after some pages, when the listing is not whole."""
    if source.sitemap:
        return _in_sitemap(source.sitemap, fetcher)
    if source.feed:
        return _in_feed(source.feed, fetcher)
    if source.folder:
        return _in_folder(source.name, source.folder)
    return (Listed(url=page) for page in source.pages)


def _is_wanted(listed: Listed, source: Source) -> bool:
    place = listed.url.removeprefix(f"{source.name}/") if listed.path else listed.url
    return is_taken(place, include=source.include, exclude=source.exclude)


def _in_sitemap(sitemap: str, fetcher: Fetcher) -> Iterator[Listed]:
    """The pages of a sitemap and of the sitemaps it names; one that cannot be had does not keep the others back."""
    waiting, seen, problems = [(sitemap, 1)], {sitemap}, []
    while waiting:
        url, depth = waiting.pop(0)
        try:
            read = _read_sitemap(fetcher.fetch(url, taken=LISTINGS, most_bytes=_MOST_BYTES))
        except TrustbotError as error:
            problems.append(f"{_named(url, sitemap)}{error}")
            continue
        yield from read.pages
        if read.problem:
            problems.append(f"{_named(url, sitemap)}{read.problem}")
        new = [found for found in dict.fromkeys(read.sitemaps) if found not in seen]
        if new and (depth >= _DEEPEST or len(seen) + len(new) > _MOST_SITEMAPS):
            raise TrustbotError("it names too many sitemaps, or one inside the other too deeply")
        seen.update(new)
        waiting.extend((found, depth + 1) for found in new)
    if problems:
        more = f" (and {len(problems) - 1} more of its sitemaps)" if len(problems) > 1 else ""
        raise TrustbotError(problems[0] + more)


def _named(url: str, sitemap: str) -> str:
    return "" if url == sitemap else f"its sitemap {url}: "


@dataclass(frozen=True, kw_only=True)
class _Sitemap:
    """What one sitemap names, and why that may not be all."""

    pages: tuple[Listed, ...] = ()
    sitemaps: tuple[str, ...] = ()
    problem: str | None = None


def _read_sitemap(fetched: Fetched) -> _Sitemap:
    """What a sitemap names. Raises TrustbotError when it is not a whole sitemap.

    An empty one is a problem: a site that has lost its pages for an hour answers with one, and status 200.
    """
    content = _plain_content(fetched)
    entries: list[tuple[str, str | None]]
    if fetched.content_type == PLAIN:
        entries = [(line, None) for line in content.decode("utf-8-sig", "replace").splitlines() if line.strip()]
        kind = "urlset"
    else:
        root = _parse_xml(content)
        kind = etree.QName(root).localname
        entries = [(place, _child(entry, "lastmod")) for entry in root if (place := _child(entry, "loc"))]
    if kind not in ("urlset", "sitemapindex"):
        raise TrustbotError("it is a web page, not a sitemap" if fetched.content_type == HTML else _NOT_XML)
    found, problem = [], None if entries else _EMPTY
    for place, modified in entries:
        try:
            found.append(Listed(url=web_address(place, base=fetched.final_url), modified=_day(modified)))
        except TrustbotError as error:
            problem = problem or f"it lists something that is no page: {error}"
    if kind == "sitemapindex":
        return _Sitemap(sitemaps=tuple(listed.url for listed in found), problem=problem)
    return _Sitemap(pages=tuple(found), problem=problem)


def _plain_content(fetched: Fetched) -> bytes:
    """The bytes of a listing, unpacked where the file itself is packed. Raises TrustbotError past the limit."""
    content = fetched.content or b""
    if fetched.content_type != GZIP:
        return content
    try:
        return b"".join(within([content], packed="gzip", most_bytes=_MOST_BYTES))
    except EOFError as error:
        raise TrustbotError(str(error)) from error


def _parse_xml(content: bytes) -> Any:
    """The root of an XML document; no entity is followed. Raises TrustbotError when it is not whole."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        problem = " ".join(str(getattr(error, "msg", None) or error).split())[:200]
        if "entit" in problem.lower():
            raise TrustbotError(_ENTITIES) from error
        raise TrustbotError(f"{_NOT_XML}: {problem}" if problem else _NOT_XML) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise TrustbotError(_ENTITIES)
    return root


def _child(entry: Any, name: str) -> str | None:
    """The text of the first child element of that name, whatever its namespace."""
    for child in entry:
        if isinstance(child.tag, str) and etree.QName(child).localname == name:
            return (child.text or "").strip() or None
    return None


def _in_feed(feed: str, fetcher: Fetcher) -> Iterator[Listed]:
    """The entries of an RSS or Atom feed that name a page."""
    fetched = fetcher.fetch(feed, taken=LISTINGS, most_bytes=_MOST_FEED_BYTES)
    read = _parse_feed(fetched)
    if not read.get("version"):  # on some damaged files feedparser sets none
        raise TrustbotError("it is a web page, not a feed" if fetched.content_type == HTML else "it is not a feed")
    problem = "it is damaged: its XML is not well-formed" if _is_damaged(read) else None
    for entry in read.entries:
        try:
            url = web_address(entry.get("link") or "", base=fetched.final_url)
        except TrustbotError as error:
            problem = problem or f"it lists something that is no page: {error}"
            continue
        yield Listed(
            url=url,
            title=" ".join(entry.get("title", "").split()) or None,
            published=_day(entry.get("published")),
            modified=_day(entry.get("updated")),
        )
    if problem:
        raise TrustbotError(problem)


def _parse_feed(fetched: Fetched) -> Any:
    """A feed as feedparser reads it. Raises TrustbotError when it cannot be read, or declares entities."""
    headers = {
        "content-location": fetched.final_url,
        "content-type": XML + (f"; charset={fetched.charset}" if fetched.charset else ""),
    }
    content = _plain_content(fetched)
    if b"<!ENTITY" in _FIRST_TAG.split(content, maxsplit=1)[0].upper():
        raise TrustbotError(_ENTITIES)
    try:
        # as a file object, since feedparser opens bytes that read like a path
        return feedparser.parse(io.BytesIO(content), response_headers=headers)
    except Exception as error:  # its lenient parser raises anything on damaged feeds
        raise TrustbotError(f"it cannot be read as a feed ({type(error).__name__})") from error


def _is_damaged(read: Any) -> bool:
    return bool(read.bozo) and not isinstance(read.get("bozo_exception"), feedparser.CharacterEncodingOverride)


def _day(stated: str | None) -> str | None:
    """The day of a date as it is stated, in its own time zone; what is not understood stays as it is."""
    if not stated or not stated.strip():
        return None
    plain = " ".join(stated.split())[:100]
    return first_date(plain.partition("T")[0] if plain[:4].isdecimal() else plain) or plain


def _in_folder(name: str, folder: Path) -> Iterator[Listed]:
    """The files below a folder that can be read as documents, by path; links out of it and hidden ones are left."""
    if not folder.is_dir():
        raise TrustbotError(f"there is no folder {folder.name}: is the drive it is on there?")
    for path in _files(folder):
        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
        yield Listed(url=f"{name}/{path.relative_to(folder).as_posix()}", path=path, modified=modified)


def _files(folder: Path) -> Iterable[Path]:
    def closed(error: OSError) -> None:
        raise TrustbotError(f"the folder {Path(error.filename).name} cannot be opened ({error.strerror})") from error

    paths = (Path(home) / file for home, _, files in os.walk(folder, onerror=closed) for file in files)
    return sorted(
        path
        for path in paths
        if path.suffix.lower() in READERS
        and not any(part.startswith((".", "_", "~")) for part in path.relative_to(folder).parts)
        and path.is_file()
        and path.resolve().is_relative_to(folder.resolve())
    )
