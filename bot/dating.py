"""Dating: which day the words of a quote are true of."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from bot.answers import Citation
from bot.selection import Candidate
from bot.understanding import Period, Wanted
from ingest.dates import dates_in, first_day, in_words, last_day
from ingest.documents import Document, Passage
from ingest.sentences import sentence_spans

_NOT_WHEN = re.compile(
    r"\b(?:since|from|until|till|before|after|between)\s+(?:the\s+)?(?:(?:end|start|middle|early|late) (?:of )?)?$",
    re.I,
)
_UNTIL = re.compile(
    r"\b(?:until|till|up to|(?:ended|left) (?:on|in))\b[^.;:|]{0,40}$",
    re.I,
)
_PAST = re.compile(r"\b(?:earlier|previously|formerly|originally|initially|used to|back then|at the time)\b", re.I)
_PLAN = re.compile(
    r"\b(?:is|are|was|were)(?: not)? (?:also )?"
    r"(?:to|due to|expected to|planned to|set to|going to|hoping to|meant to|intended to)\b"
    r"|\b(?:will|would)\b(?! not)|\b(?:was|were|is|are|been) (?:expected|planned|proposed|forecast|envisaged)\b"
    r"|\b(?:forecast|expectation|plan) (?:is|was)\b",
)
_HOPE = re.compile(
    r"\b(?:[Hh]ope[sd]?|hoping|aim(?:s|ed)?|intend(?:s|ed)?|promise[ds]?|propose[ds]?|want(?:s|ed)?|should|plan(?:s|ned)?"
    r"|expect(?:s|ed)?|due(?! to)|due to (?:open|start|begin|move|be|close|end)|asked for|bids?|feasibility|ordered"
    r"|launched|would like|under discussion|being (?:tried|studied|tested|considered|evaluated)|(?:is|are) trying"
    r"|look(?:s|ed|ing) (?:at|for|into)|next (?:step|big|stage|phase|year)|talks are|waits? for|begins|starts)\b"
)
_DONE = re.compile(
    r"\b(?:happened|finished|ended|dropped|scrapped|abandoned|came (?:to|in)|turned out|in the event|now ha(?:s|ve)"
    r"|managed|no longer|ha(?:s|ve) been|did not)\b",
    re.I,
)
_IN_TIME = 1.5  # what fitting or missing the time asked about is worth, on the scale of the sentences' scores
_MANY = 100.0
_A_YEAR = 0.3  # what being a year older than the newest costs where the newest is asked for
_NEAR = 3.0
_DATES_A_FIGURE = re.compile(
    r"\b(?:figures?|numbers?|totals?|data|counts?|dat(?:e|es|ing|ed)|probably|likely)\s+(?:probably\s+|likely\s+)?from\s+$",
    re.I,
)
_UNCERTAIN = re.compile(r"\b(?:probably|perhaps|possibly|likely|around|about|roughly)\b[^.;:]{0,30}$", re.I)
_RANGE = re.compile(r"^\s*(?:to|and|[-–])\s*(?:\d|[A-Z])")


def as_of(quote: str, passage: Passage, document: Document) -> str | None:
    """The partial ISO date a quote states of itself, else its passage's, else the page's publication date.

    A date later than the page is a plan's and dates nothing; "since 2008" and "2024 to 2028" are no date either.
    """
    known = passage.as_of or document.published
    stated = [
        mention.value
        for mention in dates_in(quote)
        if (not _NOT_WHEN.search(before := quote[: mention.start]) or _DATES_A_FIGURE.search(before))
        and not _RANGE.match(quote[mention.end :])
        and (known is None or first_day(mention.value) <= last_day(known))
    ]
    latest = max(stated, key=lambda value: (last_day(value), len(value)), default=None)
    if latest is None or (known is not None and known.startswith(latest)):
        return known
    return latest


def ordered_by(quote: str, passage: Passage, document: Document, *, today: date) -> str | None:
    """The partial ISO date that puts a quote among others: its own, else the day its page cannot be older than."""
    return as_of(quote, passage, document) or not_before(document, today=today)


def not_before(document: Document, *, today: date) -> str | None:
    """The first day of the newest date that a page without one tells of as past: it was written then or later."""
    return None if document.published else _newest_told(document.text, today)


@lru_cache(maxsize=1000)
def _newest_told(text: str, today: date) -> str | None:
    told = [
        first_day(mention.value)
        for start, end in sentence_spans(text)
        if not _PLAN.search(text[start:end])
        for mention in dates_in(text[start:end])
        if last_day(mention.value) <= today
    ]
    return max(told).isoformat() if told else None


def timely(wanted: Wanted, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates ordered again by what the question says of time: its period, or that it asks for the newest."""
    if not (wanted.period or wanted.newest):
        return list(candidates)
    dates = [
        ordered_by(one.text, one.evidence.passage, one.evidence.document, today=wanted.today) for one in candidates
    ]
    moved = list(candidates)
    if wanted.period:
        moved = [
            replace(one, score=one.score + _IN_TIME * _fit(day, wanted.period))
            for one, day in zip(moved, dates, strict=True)
        ]
    if wanted.newest and not wanted.period:
        near = [
            last_day(day) for one, day in zip(moved, dates, strict=True) if day and one.score >= moved[0].score - _NEAR
        ]
        newest = max(near, default=None)
        moved = [
            replace(one, score=one.score - (_IN_TIME if has_ended(one.text, wanted.today) else _age(day, newest)))
            for one, day in zip(moved, dates, strict=True)
        ]
    return sorted(moved, key=lambda one: -one.score)


def has_ended(text: str, today: date) -> bool:
    """True when `text` says of itself that it holds no longer: "Until the end of October 2024", "formerly"."""
    ends = [mention.value for mention in dates_in(text) if _UNTIL.search(text[: mention.start])]
    if ends:
        return last_day(max(ends, key=last_day)) < today
    return bool(_PAST.search(text))


def _age(day: str | None, newest: date | None) -> float:
    """What a sentence's date costs it where the newest is asked for."""
    return min(_IN_TIME, _A_YEAR * _years(day, newest))


def _years(day: str | None, newest: date | None) -> float:
    """How many years a date lies before the newest; many for none."""
    if newest is None:
        return 0.0
    return max(0.0, (newest - last_day(day)).days / 365.25) if day else _MANY


def _fit(day: str | None, period: Period) -> int:
    """1 for a date inside the period, -1 outside, 0 for none."""
    if day is None:
        return 0
    return 1 if within(day, period) else -1


def within(day: str, period: Period) -> bool:
    """True when a partial ISO date may lie in a period."""
    after = period.start is None or last_day(day) >= period.start
    before = period.end is None or first_day(day) <= period.end
    return after and before


def age_in_years(value: str, today: date) -> int:
    """Whole years from the end of a partial ISO date to `today`."""
    day = last_day(value)
    return today.year - day.year - ((today.month, today.day) < (day.month, day.day))


def newest_first(day: str | None) -> tuple[int, int]:
    """A sort key for partial ISO dates: the newest first, none last."""
    return (1, 0) if day is None else (0, -last_day(day).toordinal())


def date_label(citation: Citation) -> str:
    """How a quote's date is said before it: "As of 17 May 2024", "About January 2019", "Undated page"."""
    if citation.as_of is None:
        return "Undated page"
    if all(_PLAN.search(citation.quote[start:end]) for start, end in sentence_spans(citation.quote)):
        return f"Planned as of {'about ' * is_about(citation)}{in_words(citation.as_of)}"
    return f"{'About' if is_about(citation) else 'As of'} {in_words(citation.as_of)}"


def is_planned(text: str) -> bool:
    """True when `text` tells what was planned or hoped for or is being tried, and not what came of it."""
    return bool(_PLAN.search(text) or _HOPE.search(text)) and not _DONE.search(text)


def is_about(citation: Citation) -> bool:
    """True when a quote's date is worked out and not printed on the page, or the quote itself calls it uncertain."""
    if citation.as_of == citation.published:
        return citation.published_basis == "inferred"
    stated = [mention.start for mention in dates_in(citation.quote) if mention.value == citation.as_of]
    return bool(stated) and all(_UNCERTAIN.search(citation.quote[:start]) for start in stated)
