"""Placing: whether the numbers of a claim stand where numbers of their sort can: a year dates, a count counts."""

import re
from collections import Counter
from collections.abc import Sequence

from bot.verifying.figures import figures_in
from bot.verifying.moments import moments_in
from bot.verifying.sources import Source
from ingest.words import stem

_YEAR_AS_COUNT = re.compile(r"\b(?P<before>[A-Za-z’']+)\s+(?P<year>(?:19|20)[0-9]{2})\s+(?P<counted>[a-z][a-z-]+)")
_DATING = (
    "in since by during until till from of to and or between before after for on early mid late around about the a an"
    " its our their this that spring summer autumn winter january february march april may june july august september"
    " october november december year years end start"
)
_DATES = frozenset(_DATING.split())
_AS_DATE = re.compile(r"\b(?P<before>in|since|during|until|till)\s+$", re.IGNORECASE)
_RANGE = re.compile(r"\b(?:19|20)[0-9]{2}\s?[-–/]\s?(?!(?:0[1-9]|1[0-2])\b)[0-9]+\b")  # no year and month
_NOT_COUNTED = re.compile(r"\s*(?:[.,;:)]|$|(?:a|an|the|it|they|there|we)\b)", re.IGNORECASE)
_NUMBERED = re.compile(  # a name with a number, as "Liverpool 2", and no month with its day or year
    r"(?<=[a-z,;] )(?!(?:Jan|Febr)uary|March|April|May|June|July|August|(?:Septem|Octo|Novem|Decem)ber)"
    r"[A-Z][a-z]+ \d+\b(?![.,]\d|%)"
)
_LAST_DAY = 31


def in_place(text: str, sources: Sequence[Source]) -> bool:
    """True unless a year counts things ("2022 beds") or a count dates something ("in 2,400 a study") as no source says.

    A range of years and a name with a number ("Liverpool 2") have to stand in a source as they are written, and a date
    told twice has to stand twice in a sentence.
    """
    return (
        all(_is_told(match, sources) for match in _YEAR_AS_COUNT.finditer(text))
        and all(any(told in _page(source) for source in sources) for told in _counts_as_dates(text))
        and all(any(match.group() in _page(source) for source in sources) for match in _RANGE.finditer(text))
        and all(any(match.group().lower() in _page(source) for source in sources) for match in _NUMBERED.finditer(text))
        and all(any(_dates(source.text)[day] > 1 for source in sources) for day in _twice(text))
    )


def _is_told(match: re.Match[str], sources: Sequence[Source]) -> bool:
    if match["before"].lower() in _DATES:
        return True
    counted = stem(match["counted"])
    behind = re.compile(rf"{match['year']}\s+([a-z-]+)")
    return any(stem(word) == counted for source in sources for word in behind.findall(_page(source)))


def _counts_as_dates(text: str) -> list[str]:
    """Figures that stand like dates and can be none, as "in 2,400": too large for a day, no year, counting nothing."""
    return [
        f"{before['before']} {text[one.start : one.end]}".lower()
        for one in figures_in(text)
        if not one.unit
        and one.value > _LAST_DAY
        and not re.fullmatch(r"(?:19|20)[0-9]{2}", text[one.start : one.end])
        and (before := _AS_DATE.search(text[: one.start]))
        and _NOT_COUNTED.match(text, one.end)
    ]


def _dates(text: str) -> Counter[str]:
    return Counter(moment.value for moment in moments_in(text))


def _twice(text: str) -> list[str]:
    return [day for day, times in _dates(text).items() if times > 1]


def _page(source: Source) -> str:
    return f"{source.above}. {source.around}"
