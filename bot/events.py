"""Events as times: "before the merger", "since Rowan View opened"; on which day that was, the pages tell."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.dating import is_planned
from bot.selection import Candidate
from bot.understanding import Period
from ingest.dates import dates_in, first_day, last_day
from ingest.index import Index
from ingest.words import plain, terms

_EVENT = re.compile(
    r"^(?P<asked>.+?)[\s,]+(?P<side>before|prior to|until|after|following|since)\s+(?P<event>.+)$", re.I
)
_HAPPENS = re.compile(
    r"\b(?:merger|merged|acquisition|acquired|transaction|takeover|took over|handover|handed over|opening|open(?:ed|s)?"
    r"|launch(?:ed)?|move[ds]?|closure|closed|consultation|inspection|began|started|joined|pandemic|lockdown)\b",
    re.IGNORECASE,
)
_BEFORE = frozenset({"before", "prior to", "until"})
_FIRST = 4  # sentences, of which one tells the day
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
        if self.side.lower() in _BEFORE:
            return Period(start=None, end=first_day(day) - timedelta(days=1))
        return Period(start=first_day(day), end=None)


def event_in(text: str, index: Index) -> Event | None:
    """The event by which a question says its time; None where it says none, or gives the date."""
    match = _EVENT.match(text.strip().rstrip("?. "))
    if match is None or any(True for _ in dates_in(match["event"])) or not terms(match["asked"]):
        return None
    if not _HAPPENS.search(match["event"]) or not (
        index.names_in(plain(match["event"])) or match["event"][:4] == "the "
    ):
        return None
    return Event(asked=match["asked"], side=match["side"], event=match["event"])


def day_told(candidates: Sequence[Candidate], *, today: date) -> str | None:
    """The date that the best sentences on an event give for it, as a partial ISO value; what is planned tells none.

    Of several that are about as good the newest counts: what was approved one day is done on a later one.
    """
    told = [
        (one.score, mention.value)
        for one in candidates[:_FIRST]
        if not is_planned(one.text)
        for mention in dates_in(one.text)
        if last_day(mention.value) <= today
    ]
    near = [day for score, day in told if score >= told[0][0] - _NEAR]
    return max(near, key=last_day, default=None)
