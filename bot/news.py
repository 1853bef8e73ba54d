"""News: what the newest pages say, or those of a time, where a question asks for no more than that: "what's new?"."""

import re
from collections.abc import Sequence
from itertools import islice

from bot.answers import Evidence
from bot.dating import is_planned, newest_first
from bot.lookups import ASKS_OTHERWISE, EVERYWHERE, MOST, is_of_a_date, is_of_the_time
from bot.selection import Candidate
from bot.understanding import Period, Wanted
from ingest.dates import dates_in, first_day, last_day
from ingest.documents import Passage
from ingest.index import Index
from ingest.words import terms

_NEWS = re.compile(
    r"\b(?:news?|latest|recent(?:ly)?|happen(?:s|ed|ing)?(?! to\b)|announce(?:d|s|ments?)?|going on|went on|updates?"
    r"|publish(?:ed)?)\b",
    re.IGNORECASE,
)
_NO_NEWS = re.compile(
    r"\b(?:who|next|will)\b|^\W*(?:is|are|was|were|did|does|do|has|have|can)\b(?!.*\b(?:any|anything|news)\b)",
    re.IGNORECASE,
)
_SAID_OF_NEWS = frozenset(
    terms(
        "new news latest recent recently happen happened happening happens announce announced announces announcement"
        " announcements going go went publish published update updates anything here there past far got come since"
        " stories story headlines pages page",
        stop=False,
    )
)


def asks_for_news(wanted: Wanted) -> bool:
    """True for a question that says no more than that it asks for news, and of which time."""
    asked = wanted.asked
    if not _NEWS.search(asked) or _NO_NEWS.search(asked) or ASKS_OTHERWISE.search(asked) or wanted.names:
        return False
    more = [
        unit
        for unit in wanted.units
        if unit.rarity > EVERYWHERE and not unit.ways[0] & _SAID_OF_NEWS and not (wanted.period and is_of_a_date(unit))
    ]
    return wanted.event is None and not more


def news(wanted: Wanted, index: Index) -> list[Candidate]:
    """What the newest pages begin with, or those of the time asked about, newest first.

    Of a time, the sentences on other pages that name it follow. Pages under an embargo tell nothing.
    """
    first: dict[str, int] = {}
    for number, passage in enumerate(index.passages):
        if not index.documents[passage.document].is_under_embargo(wanted.today):
            first.setdefault(passage.document, number)
    dated = {id_: day for id_ in first if (day := index.documents[id_].published) and first_day(day) <= wanted.today}
    shown = [id_ for id_, day in dated.items() if wanted.period is None or _inside(day, wanted.period)]
    shown.sort(key=lambda id_: newest_first(dated[id_]))
    openings = [_opening(wanted, _sentences(first[id_], index)) for id_ in shown[:MOST]]
    if wanted.period is None:
        return openings
    years = {time[:4] for time in wanted.times}
    naming = (
        one
        for number, passage in enumerate(index.passages)
        if passage.document in first and passage.document not in shown
        if any(year in _text(passage, index) for year in years)
        for one in _sentences(number, index)
        if not is_planned(one.text) and any(_inside(mention.value, wanted.period) for mention in dates_in(one.text))
    )
    return [*openings, *islice(naming, MOST - len(openings))]


def _text(passage: Passage, index: Index) -> str:
    return index.documents[passage.document].text[passage.start : passage.end]


def _inside(day: str, period: Period) -> bool:
    """True when all of a partial ISO date lies in a period."""
    after = period.start is None or first_day(day) >= period.start
    return after and (period.end is None or last_day(day) <= period.end)


def _sentences(number: int, index: Index) -> list[Candidate]:
    passage = index.passages[number]
    document = index.documents[passage.document]
    item = Evidence(number=number, passage=passage, document=document, score=0.0, cosine=0.0, words=0.0)
    return [
        Candidate(evidence=item, start=start, end=end, text=document.text[start:end], score=0.0, features={})
        for start, end in passage.sentences
    ]


def _opening(wanted: Wanted, sentences: Sequence[Candidate]) -> Candidate:
    """The first sentence of a page, or its first of the time asked about."""
    return next((one for one in sentences if is_of_the_time(wanted, one)), sentences[0])
