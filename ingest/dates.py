"""Dates as pages state them: partial ISO values such as `2024`, `2024-07` or `2024-07-31`."""

import re
from calendar import month_abbr, month_name, monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

MONTH_NAMES = "|".join(filter(None, month_name))  # for patterns that tell May from may
_MONTHS = {name.lower(): number for names in (month_name, month_abbr) for number, name in enumerate(names) if name}
_MONTHS["sept"] = 9
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WEEKDAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
_YEAR = r"(?:19|20)[0-9]{2}"
_ALSO_VERBS = {"may", "mar", "march"}  # in small letters "may 20 people" is no date

_DATE = re.compile(
    rf"""(?<!\w)(?:
        (?P<iso>{_YEAR}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)(?![0-9]|-[0-9])
      | {_WEEKDAY}(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?(?:\s+|-)(?P<month1>{_MONTH})\b\.?,?
            (?:(?:\s+|-)(?P<year1>{_YEAR})(?!\w)|(?:\s+['’]?|-)(?P<short1>[012][0-9])(?=\s*(?:$|[;)\]]|[.,](?![0-9]))))?
      | (?P<month2>{_MONTH})\b\.?\s+(?P<day2>[0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year2>{_YEAR})(?!\w)
      | (?P<month3>{_MONTH})\b\.?,?(?:\s+|-)(?P<year3>{_YEAR})(?!\w)
      | (?P<month4>{_MONTH})\b\.?(?:\s+['’]?|-)(?P<year4>[012][0-9])(?!\w|[,.:/-][0-9]|\s+(?:{_MONTH})\b)
      | (?P<dd>[0-9]{{1,2}})(?P<sign>[/.-])(?P<mm>[0-9]{{1,2}})(?P=sign)(?P<yyyy>{_YEAR})(?![\w/])
      | (?P<dd2>[0-9]{{2}})/(?P<mm2>[0-9]{{2}})/(?P<yy>[012][0-9])(?![\w/])
      | (?P<yyyy3>{_YEAR})/(?P<mm3>0[1-9]|1[0-2])/(?P<dd3>[0-9]{{2}})(?![\w/])
      | (?<![£$€.,/])(?<!more\ than\ )(?<!fewer\ than\ )(?<!less\ than\ )(?<!at\ least\ )(?<!nearly\ )(?<!almost\ )
            (?P<year5>{_YEAR})(?![\w%]|[,.][0-9]|\s+(?:{_MONTH})\b|-[0-9]{{2}}-)
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
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", value):
        return False
    try:
        first_day(value)
    except ValueError:
        return False
    return True


def first_day(value: str) -> date:
    """The first day that a partial ISO date covers."""
    parts = [int(part) for part in value.split("-")]
    year, month, day = [*parts, 1, 1][:3]
    return date(year, month, day)


def last_day(value: str) -> date:
    """The last day that a partial ISO date covers."""
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 1:
        return date(parts[0], 12, 31)
    if len(parts) == 2:
        return date(parts[0], parts[1], monthrange(parts[0], parts[1])[1])
    return date(*parts)


def may_be_same(value: str, other: str) -> bool:
    """True when two partial ISO dates may be of the same time: "2024" and "2024-07-31"."""
    return first_day(value) <= last_day(other) and first_day(other) <= last_day(value)


def without_dates(text: str) -> str:
    """`text` with the dates it states taken out."""
    for mention in reversed(list(dates_in(text))):
        text = text[: mention.start] + text[mention.end :]
    return text


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
        value = _first_of_two_years(group["iso"]) or group["iso"]
    elif group["month1"]:
        year = group["year1"] or (group["short1"] and "20" + group["short1"])
        value = _iso(year, group["month1"], group["day"]) if year else ""
    elif group["month2"]:
        value = _iso(group["year2"], group["month2"], group["day2"])
    elif group["month3"]:
        value = _iso(group["year3"], group["month3"])
    elif group["month4"]:
        value = "" if group["month4"] in _ALSO_VERBS else _iso("20" + group["year4"], group["month4"])
    elif group["dd"]:
        value = f"{group['yyyy']}-{int(group['mm']):02d}-{int(group['dd']):02d}"
    elif group["dd2"]:
        value = f"20{group['yy']}-{group['mm2']}-{group['dd2']}"
    elif group["yyyy3"]:
        value = f"{group['yyyy3']}-{group['mm3']}-{group['dd3']}"
    else:
        value = group["year5"]
    return value if is_partial_date(value) else None


def _first_of_two_years(value: str) -> str | None:
    """In a sentence "2010-11" is the year from 2010 to 2011, not November."""
    year, _, month = value.partition("-")
    return year if len(month) == 2 and int(month) == (int(year) + 1) % 100 else None


def _iso(year: str, month: str, day: str | None = None) -> str:
    value = f"{year}-{_MONTHS[month.lower()]:02d}"
    return f"{value}-{int(day):02d}" if day else value
