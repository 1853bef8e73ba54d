"""Recency: of sentences that tell the same thing at several dates, which is the newest, and which must say its date."""

from collections.abc import Sequence
from datetime import date

from bot.answers import Evidence
from bot.dating import as_of
from bot.verifying.figures import Figure
from bot.verifying.moments import Moment, content_of, figures_and_moments, moments_in
from ingest.dates import last_day

_SAME = 0.6  # the share of the shorter sentence's words that two sentences about the same thing have in common


def date_of(text: str, cited: Sequence[Evidence]) -> date | None:
    """The day that a sentence is true of: the latest it states, else that of the newest passage it cites."""
    own = [last_day(one.value) for one in moments_in(text) if _has_year(one)]
    if own:
        return max(own)
    dates = [as_of(text, item.passage, item.document) for item in cited]
    return max((last_day(day) for day in dates if day), default=None)


def tells_another_figure(text: str, other: str) -> bool:
    """True when two sentences say the same in other figures: "8 months free of the virus", "10 months free of it"."""
    said, also = content_of(text), content_of(other)
    if not said or not also or len(said & also) < _SAME * min(len(said), len(also)):
        return False
    mine, theirs = figures_and_moments(text)[0], figures_and_moments(other)[0]
    return any(_rivals(one, two) and not any(one.same(third) for third in theirs) for one in mine for two in theirs)


def is_superseded(text: str, cited: Sequence[Evidence], passages: Sequence[Evidence]) -> bool:
    """True when a sentence gives a figure without its date and another of the passages gives a newer one.

    Only a sentence of a later date, about the same thing and with another figure of it, counts as newer.
    """
    if not figures_and_moments(text)[0] or any(_has_year(one) for one in moments_in(text)):
        return False
    told = date_of(text, cited)
    if told is None:
        return False
    for item in passages:
        for start, end in item.passage.sentences:
            sentence = item.document.text[start:end]
            newer = as_of(sentence, item.passage, item.document)
            if newer and last_day(newer) > told and tells_another_figure(text, sentence):
                return True
    return False


def _rivals(one: Figure, other: Figure) -> bool:
    """True for two different figures of one unit that count the same thing."""
    return one.unit == other.unit and not one.same(other) and one.counted[:1] == other.counted[:1]


def _has_year(moment: Moment) -> bool:
    return moment.value[0].isdigit()
