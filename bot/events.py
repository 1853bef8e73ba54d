"""Events as times: "before the merger", "since Rowan View opened"; on which day that was, the pages tell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.dating import is_planned
from bot.selection import Candidate
from bot.understanding import Period
from ingest.dates import dates_in, first_date, first_day, last_day
from ingest.glossary import mentions
from ingest.index import Index
from ingest.words import plain, terms

_EVENT = re.compile(
    r"^(?P<asked>.+?)[\s,]+(?P<side>before|prior to|until|after|following|since)\s+(?P<event>.+)$", re.I
)
_HAPPENINGS = tuple(  # the words by which a question and a page say that something of one kind happened
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        r"merge[dr]?s?|merging|acqui\w+|transaction|take[n]? ?over|took over|became part|joined|join(?:s|ing)?",
        r"open(?:s|ed|ing)?",
        r"launch\w*|began|begin\w*|start\w*|introduc\w+|set up|first meeting",
        r"clos(?:e|es|ed|ure)",
        r"mov(?:e|es|ed|ing)",
        r"hand(?:ed|s|ing)?(?: \w+){0,3} over|handover|became the owner",
        r"consultation",
        r"inspect\w+",
        r"pandemic|lockdown|covid",
    )
)
_NO_EVENT = re.compile(r"\b(?:what(?:'s|s)? (?:will )?happens?|must|should|needs?|how long|when)\b", re.IGNORECASE)
_NOT_YET = re.compile(r"\b(?:approv\w+|propos\w+|case for|moved to|put back|delayed)\b", re.IGNORECASE)
_BEFORE = frozenset({"before", "prior to", "until"})
_FIRST = 6  # sentences, of which one tells the day
_NEAR = 1.0  # how far below the best of these it may score


@dataclass(frozen=True, kw_only=True)
class Event:
    """What a question asks, and the event that says of which time."""

    asked: str
    side: str
    event: str

    @property
    def as_question(self) -> str:
        """What is searched for to learn when it was."""
        return f"When was {self.event}?"

    def period(self, day: str) -> Period:
        """The days before or from the event, whose partial ISO date is `day`."""
        if self.side in _BEFORE:
            return Period(start=None, end=first_day(day) - timedelta(days=1))
        return Period(start=first_day(day), end=None)


def event_in(text: str, index: Index) -> Event | None:
    """The event by which a question says its time; None where it says none, or gives the date."""
    match = _EVENT.match(text.strip().rstrip("?. "))
    if match is None or first_date(match["event"]) or not terms(match["asked"]) or _NO_EVENT.search(match["asked"]):
        return None
    named = index.names_in(plain(match["event"])) or match["event"][:4].lower() == "the "
    if not named or not any(kind.search(match["event"]) for kind in _HAPPENINGS):
        return None
    return Event(asked=match["asked"], side=match["side"].lower(), event=match["event"])


def day_told(event: Event, candidates: Sequence[Candidate], index: Index, *, today: date) -> str | None:
    """The date that the best sentences on an event give for it, as a partial ISO value; what is planned tells none.

    They name what the event names, and say that something of its kind happened. Of several that are about as good the
    newest counts: what was signed one day is done on a later one.
    """
    kinds = [kind for kind in _HAPPENINGS if kind.search(event.event)]
    names = _things(event.event, index)
    told = [
        (one.score, mention.value)
        for one in candidates[:_FIRST]
        if not is_planned(one.text) and not _NOT_YET.search(one.text)
        if any(kind.search(one.text) for kind in kinds) and (not names or names & _things(one.text, index))
        for mention in dates_in(one.text)
        if last_day(mention.value) <= today
    ]
    near = [day for score, day in told if score >= told[0][0] - _NEAR]
    return max(near, key=last_day, default=None)


def _things(text: str, index: Index) -> set[str]:
    """The names that `text` uses, and those inside them: "North West Boroughs" in its acquisition."""
    whole = {plain(alias) for _, name in index.names_in(plain(text)) for alias in name.all}
    return {name.name for alias, name in index.aliases if any(mentions(alias, other) for other in whole)}
