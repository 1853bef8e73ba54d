"""Gathering: ask every page of the sources what it says now, and take the words out of what is new."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from ingest.errors import TrustbotError
from ingest.sources.declared import Source, Sources
from ingest.sources.extraction import Extracted, extract
from ingest.sources.fetching import Fetched, Fetcher, FetchFailed
from ingest.sources.listing import Listed, Listing, list_pages
from ingest.sources.memory import PageMemory, Remembered, as_extracted, extracted_fields, settings_digest
from ingest.sources.report import FailedPage, RequestCounts

Progress = Callable[[int, int], None]
_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_EXTRACTION = 1  # raised when extraction changes so much that pages are to be downloaded again


@dataclass(frozen=True, kw_only=True)
class FoundPage:
    """A page that is there: what it says, and where it is.

    `url` is the address it was asked for at, `final_url` the one it answered from; `moved` when it says that it has
    moved there for good. One that `is_gone` still answers, but its source lists it no longer.
    """

    url: str
    final_url: str
    moved: bool
    is_gone: bool
    source: Source
    extracted: Extracted


@dataclass(frozen=True, kw_only=True)
class Gathering:
    """What the sources have now.

    `gone` are the addresses that answered that there is no page any more, `failed` those that could not be had or
    read. `complete` names the sources whose listing holds every page they have. `asked` is every address asked for.
    """

    found: tuple[FoundPage, ...]
    gone: Mapping[str, str]
    failed: tuple[FailedPage, ...]
    complete: frozenset[str]
    asked: frozenset[str]
    requests: RequestCounts


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """One address that is asked for; `is_gone` when its source's listing no longer names it, though it names all."""

    listed: Listed
    source: Source
    is_known: bool = False  # from before, and not from the listing
    is_gone: bool = False


@dataclass(frozen=True, kw_only=True)
class _Answered:
    """What an address answered: the page as it is remembered from now on, whether it has moved, and the requests."""

    page: Remembered
    moved: bool = False
    requests: RequestCounts = field(default_factory=RequestCounts)


def gather(
    sources: Sources,
    memory: PageMemory,
    *,
    known: Mapping[str, Sequence[str]],
    today: date,
    progress: Progress | None = None,
) -> Gathering:
    """List every source and ask every page of it; `known` are the addresses of the pages taken from each before.

    Those are asked too where the listing does not name them: they may have moved. What cannot be had is in the
    result, not raised. `progress` is told (done, of how many pages).
    """
    found: list[FoundPage] = []
    gone: dict[str, str] = {}
    reached: set[str | None] = set()
    requests = RequestCounts()
    with Fetcher(sources) as fetcher:
        listings = [list_pages(source, fetcher) for source in sources.sources]
        failed = [
            FailedPage(url=_address_of(listing.source), reason=listing.failed, source=listing.source.name)
            for listing in listings
            if listing.failed
        ]
        asked = list(_once(_all_asked(listings, known)))
        for number, each in enumerate(asked):
            if progress:
                progress(number, len(asked))
            if each.is_known and each.listed.url in reached:
                continue
            try:
                answered = _ask(each, fetcher, memory, today)
            except FetchFailed as error:
                requests = replace(requests, pages=requests.pages + 1)
                if error.gone:
                    gone[each.listed.url] = str(error)
                elif not each.is_gone:
                    failed.append(FailedPage(url=each.listed.url, reason=str(error), source=each.source.name))
                continue
            requests = _added(requests, answered.requests)
            reached |= {answered.page.final_url, answered.page.canonical}
            if answered.page.extracted:
                found.append(_found(each, answered, answered.page.extracted))
            else:
                reason = answered.page.reason or "it cannot be read"
                failed.append(FailedPage(url=each.listed.url, reason=reason, source=each.source.name))
    if progress:
        progress(len(asked), len(asked))
    return Gathering(
        found=tuple(found),
        gone=gone,
        failed=tuple(failed),
        complete=frozenset(listing.source.name for listing in listings if listing.complete),
        asked=frozenset(each.listed.url for each in asked),
        requests=requests,
    )


def _all_asked(listings: Sequence[Listing], known: Mapping[str, Sequence[str]]) -> Iterator[_Asked]:
    """What is listed first; then what was known of a source whose listing could be had."""
    for listing in listings:
        for page in listing.pages:
            yield _Asked(listed=page, source=listing.source)
    for listing in listings:
        if not listing.failed and listing.source.folder is None:
            for url in known.get(listing.source.name, ()):
                listed = Listed(url=url)
                yield _Asked(listed=listed, source=listing.source, is_known=True, is_gone=listing.complete)


def _once(asked: Iterable[_Asked]) -> Iterator[_Asked]:
    seen: set[str] = set()
    for each in asked:
        if each.listed.url not in seen:
            seen.add(each.listed.url)
            yield each


def _ask(each: _Asked, fetcher: Fetcher, memory: PageMemory, today: date) -> _Answered:
    """What a page says now, remembered or read anew. Raises FetchFailed when it cannot be had."""
    before = memory.get(each.listed.url)
    if before and each.is_known:  # what its listing said of it still holds
        each = replace(
            each,
            listed=replace(each.listed, title=before.title, published=before.published, modified=before.modified),
        )
    if each.listed.path:
        return _read_file(each, each.listed.path, memory, before, today)
    if before and before.can_be_asked_about(settings=_settings(each), modified=each.listed.modified, today=today):
        fetched = fetcher.fetch(
            each.listed.url, etag=before.etag, last_modified=before.last_modified, known_at=before.final_url
        )
    else:
        fetched = fetcher.fetch(each.listed.url)
    if fetched.content is None and before:
        requests = RequestCounts(pages=1, not_modified=1)
        return _Answered(page=replace(before, final_url=fetched.final_url), moved=fetched.moved, requests=requests)
    page = _remembered(each, fetched, before, today)
    memory.keep(page)
    return _Answered(page=page, moved=fetched.moved, requests=RequestCounts(pages=1, downloaded=1))


def _read_file(each: _Asked, path: Path, memory: PageMemory, before: Remembered | None, today: date) -> _Answered:
    """A file of a folder. Raises FetchFailed when it cannot be opened."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FetchFailed(f"it cannot be opened ({error.strerror})", url=each.listed.url) from error
    kind = _TYPES.get(path.suffix.lower(), "")
    url = each.listed.url
    fetched = Fetched(url=url, final_url=url, moved=False, status=200, content=content, content_type=kind)
    page = _remembered(each, fetched, before, today)
    if page != before:
        memory.keep(page)
    return _Answered(page=page)


def _remembered(each: _Asked, fetched: Fetched, before: Remembered | None, today: date) -> Remembered:
    """What is remembered of a page whose bytes came; the same bytes are not read twice."""
    content = fetched.content or b""
    page = Remembered(
        url=each.listed.url,
        final_url=fetched.final_url,
        digest=sha256(content).hexdigest(),
        settings=_settings(each),
        downloaded=today.isoformat(),
        title=each.listed.title,
        published=each.listed.published,
        modified=each.listed.modified,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
    )
    if before and page.says_the_same_as(before):
        downloaded = before.downloaded if each.listed.path else page.downloaded
        return replace(page, extracted=before.extracted, reason=before.reason, downloaded=downloaded)
    try:
        extracted = extract(
            content,
            url=fetched.final_url,
            content_type=fetched.content_type,
            charset=fetched.charset,
            selector=each.source.selector,
            listed=each.listed,
        )
    except TrustbotError as error:
        return replace(page, reason=str(error))
    return replace(page, extracted=as_extracted(extracted_fields(extracted)))


def _found(each: _Asked, answered: _Answered, extracted: Extracted) -> FoundPage:
    return FoundPage(
        url=each.listed.url,
        final_url=answered.page.final_url,
        moved=answered.moved,
        is_gone=each.is_gone,
        source=each.source,
        extracted=extracted,
    )


def _settings(each: _Asked) -> str:
    """What decides how a page is read, beside its bytes and its listing's date of its last change."""
    listed = each.listed
    return settings_digest(
        extraction=_EXTRACTION, selector=each.source.selector, title=listed.title, published=listed.published
    )


def _added(one: RequestCounts, other: RequestCounts) -> RequestCounts:
    return RequestCounts(
        pages=one.pages + other.pages,
        downloaded=one.downloaded + other.downloaded,
        not_modified=one.not_modified + other.not_modified,
    )


def _address_of(source: Source) -> str:
    """Where a source's listing is."""
    return source.sitemap or source.feed or str(source.folder or source.name)
