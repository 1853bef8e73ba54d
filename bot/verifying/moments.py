"""Moments: the dates a text states, those without a year too, with the season or part named before them."""

import re
from calendar import month_name
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.verifying.figures import Figure, figures_in
from ingest.dates import dates_in
from ingest.words import stem, terms

_MONTHS = {name: number for number, name in enumerate(month_name) if name}
_MONTH = "|".join(_MONTHS)
_DAY_OF_MONTH = re.compile(
    rf"\b(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})\b"
    rf"|\b(?P<month2>{_MONTH})\s+(?P<day2>[0-9]{{1,2}})(?:st|nd|rd|th)?\b(?!,?\s*[0-9]{{4}})"
)
_MONTH_ALONE = re.compile(
    rf"\b(?:{'|'.join(name for name in _MONTHS if name not in ('May', 'March'))})\b"
    r"|(?<=[a-z,] )(?:May|March)\b(?!\s+(?:Day|Street|Road|House|Ward|Hospital)\b)"
)
_RANGE_START = re.compile(
    rf"\b(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?\s*(?:to|and|[-–])\s*[0-9]{{1,2}}(?:st|nd|rd|th)?\s+(?P<month>{_MONTH})"
    r"(?:\s+(?P<year>(?:19|20)[0-9]{2}))?\b"
)
_MONTH_RANGE = re.compile(
    rf"\b(?P<month>{_MONTH})\s+(?:to|or|and|[-–])\s+(?:{_MONTH})\s+(?P<year>(?:19|20)[0-9]{{2}})\b"
)
_TWO_YEARS = re.compile(r"\b(?P<year>(?:19|20)[0-9]{2})\s?[/–-]\s?(?P<end>(?:19|20)?[0-9]{2})\b(?![-/][0-9])")
_WEEKDAY = re.compile(r"\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_PART = re.compile(
    r"\b(?P<part>early|mid|late|(?:the )?(?:very )?end of|(?:the )?(?:start|beginning) of|spring|summer|autumn|winter"
    r"|Easter|Christmas)(?:\s+(?:in|of))?[\s,-]*(?:the )?$",
    re.IGNORECASE,
)
_UNTIL = re.compile(r"\b(?:until|till|to|before|prior to|ending|ends?(?: on| in)?)\s+(?:\w+day,?\s+)?$", re.IGNORECASE)
_SINCE = re.compile(r"\b(?:since|from|between|after|following|onwards from)\s+(?:\w+day,?\s+)?$", re.IGNORECASE)


_HEDGING = (
    "probably possibly about around roughly approximately some nearly almost just over more least fewer less exactly"
    " total early mid late end start beginning"
)
_HEDGES = frozenset(stem(word) for word in _HEDGING.split())


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A date stated at `[start, end)` of a text.

    `value` is a partial ISO date; without its year it begins with a hyphen ("-05-17"); a weekday is "monday".
    `part` is the season or part named before it ("mid", "autumn"); `bound` is "until", "since" or None.
    """

    start: int
    end: int
    value: str
    part: str | None = None
    bound: str | None = None


@lru_cache(maxsize=20_000)
def moments_in(text: str) -> tuple[Moment, ...]:
    """Every date of a text in reading order; what stands inside a longer date is not told again."""
    found: list[Moment] = []
    for moment in _all(text):
        if not any(moment.start < other.end and other.start < moment.end for other in found):
            found.append(moment)
    return tuple(sorted(found, key=lambda moment: moment.start))


def figures_and_moments(text: str) -> tuple[tuple[Figure, ...], tuple[Moment, ...]]:
    """The figures of a text that are no part of a date, and its dates."""
    moments = moments_in(text)
    figures = tuple(one for one in figures_in(text) if not any(day.start <= one.start < day.end for day in moments))
    return figures, moments


def content_of(text: str) -> frozenset[str]:
    """The stemmed terms of a text without its figures and dates, which are compared as such, and their hedges."""
    figures, moments = figures_and_moments(text)
    spans = [*((one.start, one.end) for one in figures), *((one.start, one.end) for one in moments)]
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return frozenset(term for term in terms(text) if not term.isdigit() and term not in _HEDGES)


def states(stated: Iterable[Moment], claimed: Moment, *, year: str | None = None) -> bool:
    """True when one of the moments of a source is the claimed one, or a day or month within it.

    `year` is that of the source itself: it completes dates that leave theirs out.
    """
    return any(_within(one.value, claimed.value, year) and _same_part(one, claimed) for one in stated)


def _within(stated: str, claimed: str, year: str | None) -> bool:
    if claimed.startswith("-") or stated.startswith("-"):
        if not claimed.startswith("-"):
            return f"{year}{stated}".startswith(claimed)
        return (stated if stated.startswith("-") else stated[4:]).startswith(claimed)
    return stated.startswith(claimed)


def _same_part(stated: Moment, claimed: Moment) -> bool:
    if claimed.part and claimed.part != stated.part:
        return False
    return not (claimed.bound and stated.bound and claimed.bound != stated.bound)


def _all(text: str) -> Iterator[Moment]:
    for match in _TWO_YEARS.finditer(text):
        if int(match["end"][-2:]) > int(match["year"][-2:]):
            yield _moment(text, match.start(), match.end(), match["year"])
    for match in _RANGE_START.finditer(text):
        value = f"{match['year'] or ''}-{_MONTHS[match['month']]:02d}-{int(match['day']):02d}"
        yield _moment(text, match.start(), match.end("day"), value)
    for match in _MONTH_RANGE.finditer(text):
        value = f"{match['year']}-{_MONTHS[match['month']]:02d}"
        yield _moment(text, match.start(), match.end("month"), value)
    for mention in dates_in(text):
        yield _moment(text, mention.start, mention.end, mention.value)
    for match in _DAY_OF_MONTH.finditer(text):
        month, day = match["month"] or match["month2"], match["day"] or match["day2"]
        yield _moment(text, match.start(), match.end(), f"-{_MONTHS[month]:02d}-{int(day):02d}")
    for match in _MONTH_ALONE.finditer(text):
        yield _moment(text, match.start(), match.end(), f"-{_MONTHS[match.group()]:02d}")
    for match in _WEEKDAY.finditer(text):
        yield _moment(text, match.start(), match.end(), match.group().lower())


def _moment(text: str, start: int, end: int, value: str) -> Moment:
    before = text[max(0, start - 30) : start]
    part = _PART.search(before)
    if part:
        before = before[: part.start()]
    bound = "until" if _UNTIL.search(before) else "since" if _SINCE.search(before) else None
    return Moment(start=start, end=end, value=value, part=_part(part["part"]) if part else None, bound=bound)


def _part(words: str) -> str:
    """One word for a part: "the end of" is "end"."""
    word = words.lower().removeprefix("the ").removeprefix("very ").removesuffix(" of")
    return "start" if word == "beginning" else word
