"""Staleness: the pages that somebody should read again, though nothing changed at their address.

The rule, in the order in which it is asked:
1. A page whose `review_by` has passed is due, however new it is.
2. A page whose `review_by` is still to come is not: comms have said when they will look.
3. A page without one is due when answers rest on it (MUCH_CITED or more of those kept) and it is older than
   `review_after_months`, or bears no date at all. An old page that nobody is quoted from may stay as it is; with
   `review_after_months` of 0 every page may.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date

from ingest.dates import in_words, last_day
from ingest.documents import Document
from ingest.sources.report import Stale

MUCH_CITED = 5


def stale_pages(
    documents: Iterable[Document], *, today: date, cited: Mapping[str, int], review_after_months: int = 12
) -> tuple[Stale, ...]:
    """The pages to read again: those past their review first; of those the most cited, then the longest overdue.

    `cited` is how many of the answers kept rest on each document, by id.
    """
    found = [
        (document, why)
        for document in documents
        if (why := _why(document, today=today, cited=cited.get(document.id, 0), months=review_after_months))
    ]
    return tuple(
        Stale(
            document=document.id,
            title=document.title,
            why=why,
            url=document.url,
            published=document.published,
            review_by=document.review_by,
            cited=cited.get(document.id, 0),
        )
        for document, why in sorted(found, key=lambda each: _order(each[0], cited))
    )


def _why(document: Document, *, today: date, cited: int, months: int) -> str | None:
    """The reason in words, or None for a page that may stay as it is."""
    if document.review_by is not None:
        passed = last_day(document.review_by) < today
        return f"was to be read again by {in_words(document.review_by)}" if passed else None
    if not months or cited < MUCH_CITED:
        return None
    if document.published is None:
        return f"{cited} answers rest on it, and it has no date"
    if last_day(document.published) < _months_before(today, months):
        return f"{cited} answers rest on it, and it is of {in_words(document.published)}"
    return None


def _order(document: Document, cited: Mapping[str, int]) -> tuple[bool, int, date, str]:
    due = last_day(document.review_by) if document.review_by else date.min
    return document.review_by is None, -cited.get(document.id, 0), due, document.id


def _months_before(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
