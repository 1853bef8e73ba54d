"""Recognising: which of the pages found is which, so that each is known once, by one address."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from ingest.errors import TrustbotError
from ingest.sources.addresses import site_of, web_address
from ingest.sources.corpus_files import new_id, plain_text
from ingest.sources.gathering import FoundPage
from ingest.sources.ledger import Entry, Ledger
from ingest.sources.likeness import ALIKE, Words, words_of
from ingest.sources.report import DuplicatePage, PageWarning


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page found, the address it is known by, its entry if it has one, and `why` the address is not the old one."""

    found: FoundPage
    address: str
    entry: Entry | None = None
    why: str | None = None

    @property
    def words(self) -> Words:
        """What it says, to be compared."""
        return words_of(plain_text(self.found.extracted.body))


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """Every page once. `merged` are files of pages that turned out to be another page, with the reason."""

    pages: tuple[Page, ...]
    merged: Mapping[str, str]
    duplicates: tuple[DuplicatePage, ...]
    warnings: tuple[PageWarning, ...]


def recognise(found: Sequence[FoundPage], ledger: Ledger) -> Recognised:
    """Each page once, known by the address it names itself; its other addresses are told as duplicates."""
    believable, warnings = _believable(found)
    pages = [_at_its_address(page, ledger) for page in believable]
    chosen: dict[str, Page] = {}
    duplicates: list[DuplicatePage] = []
    # the page that stands at the address itself goes before those that only name it
    for page in sorted(pages, key=lambda page: (page.found.is_gone, page.found.final_url != page.address)):
        first = chosen.setdefault(page.address, page)
        if first is not page and page.entry and not first.entry:
            chosen[page.address] = replace(first, entry=page.entry, why=first.why or page.why)
        elif first is not page and page.entry is None and not page.found.moved:
            how = f"it names {page.address} as its own address"
            duplicates.append(DuplicatePage(url=page.found.url, document=_name_of(first), how=how))
    order = {page.address: number for number, page in enumerate(pages)}
    return Recognised(
        pages=tuple(sorted(chosen.values(), key=lambda page: order[page.address])),
        merged=dict(_merged(pages, chosen, ledger)),
        duplicates=tuple(duplicates),
        warnings=tuple(warnings),
    )


def normal(url: str) -> str:
    """An address in the one way it is written; what is none stays as it is."""
    try:
        return web_address(url)
    except TrustbotError:
        return url


def _believable(found: Sequence[FoundPage]) -> tuple[list[FoundPage], list[PageWarning]]:
    """Pages without an own address that cannot be theirs: of another site, or that of a page unlike them."""
    at = {page.final_url: page for page in reversed(found)}
    named: dict[str, FoundPage] = {}
    pages: list[FoundPage] = []
    warnings: list[PageWarning] = []
    for page in found:
        canonical = _canonical(page)
        if canonical and canonical != page.final_url:
            other = at.get(canonical) or named.setdefault(canonical, page)
            if other is not page and _likeness(page, other) < ALIKE:
                text = f"it names {canonical} as its own address, which says something else: that is ignored"
                warnings.append(PageWarning(page=page.url, text=text))
                canonical = None
        pages.append(replace(page, extracted=replace(page.extracted, canonical=canonical)))
    return pages, warnings


def _canonical(page: FoundPage) -> str | None:
    """The address a page names as its own, where that can be: of the same site, and not its front page."""
    if not page.extracted.canonical:
        return None
    canonical = normal(page.extracted.canonical)
    is_front_page = canonical.split("://")[-1].rstrip("/") == site_of(canonical)
    return canonical if site_of(canonical) == site_of(page.final_url) and not is_front_page else None


def _at_its_address(page: FoundPage, ledger: Ledger) -> Page:
    """A page with the address it is known by from now on, and the entry it has under that or an earlier one."""
    address = page.final_url if page.moved else page.url
    why = f"its address leads to {address} for good" if page.moved else None
    if page.extracted.canonical and page.extracted.canonical != address:
        address = page.extracted.canonical
        why = f"it names {address} as its own address"
    entries = (ledger.by_url.get(url) for url in (address, page.url, page.final_url))
    return Page(found=page, address=address, entry=next(filter(None, entries), None), why=why)


def _merged(pages: Sequence[Page], chosen: Mapping[str, Page], ledger: Ledger) -> Iterator[tuple[str, str]]:
    """The files of pages that had one of their own, and now are the page of another file."""
    for page in pages:
        own, entry = ledger.by_url.get(page.found.url), chosen[page.address].entry
        if own and entry and own is not entry:
            yield own.file, page.why or f"it is the page at {page.address}"


def _likeness(one: FoundPage, other: FoundPage) -> float:
    return words_of(plain_text(one.extracted.body)).likeness(words_of(plain_text(other.extracted.body)))


def _name_of(page: Page) -> str:
    """What the document of a page is called, or will be."""
    if page.entry:
        return PurePosixPath(page.entry.file).stem
    return new_id(page.address, page.found.extracted.title, ())
