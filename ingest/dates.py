"""Dates as pages state them: partial ISO values such as `2024`, `2024-07` or `2024-07-31`."""

import re
from calendar import month_abbr, month_name, monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_MONTHS = {
    name.lower(): number for names in (month_name, month_abbr) for number, name in enumerate(names) if name
}
_MONTHS["sept"] = 9
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"

_DATE = re.compile(
    rf"""\b(?:
        (?P<iso>(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)\b
      | {_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<month1>{_MONTH})\b\.?,?(?:\s+(?P<year1>(?:19|20)\d\d))?\b
      | (?P<month2>{_MONTH})\b\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,\s+(?P<year2>(?:19|20)\d\d)\b
      | (?P<month3>{_MONTH})\b\.?,?\s+(?P<year3>(?:19|20)\d\d)\b
      | (?P<month4>{_MONTH})\b\.?\s+['’]?(?P<year4>[012]\d)(?!\d|(?:st|nd|rd|th)\b|\s+(?:{_MONTH})\b|[,.:]\d)
      | (?P<dd>\d{{1,2}})/(?P<mm>\d{{1,2}})/(?P<yyyy>(?:19|20)\d\d)\b
      | (?<![£$€\d.,])(?P<year5>(?:19|20)\d\d)(?![\d%]|,\d|\.\d|\s+(?:{_MONTH})\b)
    )""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, kw_only=True)
class DateMention:
    """A date written in a text: `[start, end)` in code points, and its partial ISO value."""

    start: int
    end: int
    value: str


def dates_in(text: str) -> Iterator[DateMention]:
    """Yield every date that names its year, in reading order; impossible ones (31 February) are passed over."""
    for match in _DATE.finditer(text):
        value = _value(match)
        if value:
            yield DateMention(start=match.start(), end=match.end(), value=value)


def first_date(text: str) -> str | None:
    """The first date stated in `text`, as a partial ISO value."""
    return next((mention.value for mention in dates_in(text)), None)


def is_partial_date(value: str) -> bool:
    """True for `YYYY`, `YYYY-MM` and `YYYY-MM-DD` that exist in the calendar."""
    if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", value):
        return False
    try:
        first_day(value)
    except ValueError:
        return False
    return True


def first_day(value: str) -> date:
    """The first day that a partial ISO date covers."""
    parts = [int(part) for part in value.split("-")]
    return date(*(parts + [1, 1])[:3])


def last_day(value: str) -> date:
    """The last day that a partial ISO date covers."""
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 1:
        return date(parts[0], 12, 31)
    if len(parts) == 2:
        return date(parts[0], parts[1], monthrange(parts[0], parts[1])[1])
    return date(*parts)


def in_words(value: str) -> str:
    """A partial ISO date as a person writes it: `17 May 2024`, `July 2024`, `2024`."""
    day = first_day(value)
    if len(value) == 4:
        return value
    month = f"{month_name[day.month]} {day.year}"
    return month if len(value) == 7 else f"{day.day} {month}"


def _value(match: re.Match[str]) -> str | None:
    group = match.groupdict()
    if group["iso"]:
        value = group["iso"]
    elif group["month1"]:
        if not group["year1"]:
            return None
        value = _iso(group["year1"], group["month1"], group["day"])
    elif group["month2"]:
        value = _iso(group["year2"], group["month2"], group["day2"])
    elif group["month3"]:
        value = _iso(group["year3"], group["month3"])
    elif group["month4"]:
        value = _iso("20" + group["year4"], group["month4"])
    elif group["dd"]:
        value = f"{group['yyyy']}-{int(group['mm']):02d}-{int(group['dd']):02d}"
    else:
        value = group["year5"]
    return value if is_partial_date(value) else None


def _iso(year: str, month: str, day: str | None = None) -> str:
    value = f"{year}-{_MONTHS[month.lower()]:02d}"
    return f"{value}-{int(day):02d}" if day else value
