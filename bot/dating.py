"""Dating: which day the words of a quote are true of."""

import re

from bot.answers import Citation
from ingest.dates import dates_in, first_day, in_words, last_day
from ingest.documents import Document, Passage

_NOT_WHEN = re.compile(
    r"\b(?:since|from|until|till|before|after|between)\s+(?:the\s+)?(?:(?:end|start|middle|early|late) (?:of )?)?$",
    re.I,
)
_RANGE = re.compile(r"^\s*(?:to|and|[-–])\s*(?:\d|[A-Z])")


def as_of(quote: str, passage: Passage, document: Document) -> str | None:
    """The partial ISO date a quote states of itself, else its passage's, else the page's publication date.

    A date later than the page is a plan's and dates nothing; "since 2008" and "2024 to 2028" are no date either.
    """
    known = passage.as_of or document.published
    stated = [
        mention.value
        for mention in dates_in(quote)
        if not _NOT_WHEN.search(quote[: mention.start])
        and not _RANGE.match(quote[mention.end :])
        and (known is None or first_day(mention.value) <= last_day(known))
    ]
    latest = max(stated, key=lambda value: (last_day(value), len(value)), default=None)
    if latest is None or (known is not None and known.startswith(latest)):
        return known
    return latest


def newest_first(citation: Citation) -> tuple[int, int]:
    """A sort key: newest evidence first, undated last."""
    if citation.as_of is None:
        return (1, 0)
    return (0, -last_day(citation.as_of).toordinal())


def date_label(citation: Citation) -> str:
    """How a quote's date is said before it: "As of 17 May 2024", "About January 2019", "Undated page"."""
    if citation.as_of is None:
        return "Undated page"
    worked_out = citation.published_basis == "inferred" and citation.as_of == citation.published
    return f"{'About' if worked_out else 'As of'} {in_words(citation.as_of)}"
