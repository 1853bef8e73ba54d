"""Understanding: from a question's words to what is searched for and what kind of thing would answer it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rapidfuzz import fuzz, process

from ingest.dates import dates_in, first_day, last_day
from ingest.glossary import Name, mentions
from ingest.index import Index
from ingest.words import STOPWORDS, plain, stem, terms

EXPANSION_WEIGHT = 0.5  # of a word that the glossary adds to a question, against one that was asked
_CLOSE_ENOUGH = 82  # of 100, rapidfuzz ratio: "raferty" is "rafferty", "sefton" is not "section"


@dataclass(frozen=True, kw_only=True)
class Period:
    """The days a question asks about, both ends included; an open end is None."""

    start: date | None
    end: date | None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is searched for: words for the embedding, weighted stemmed terms for BM25, and what would answer.

    `asks` names the kinds of answer that fit: person, date, number, place, list, partners, progress, definition.
    `newest` says that the question asks for the state of affairs now; `period` which days it asks about.
    """

    text: str
    terms: Mapping[str, float]
    names: tuple[Name, ...]
    asks: frozenset[str]
    newest: bool
    period: Period | None


_ASKS: Mapping[str, re.Pattern[str]] = {
    sort: re.compile(pattern, re.IGNORECASE)
    for sort, pattern in {
        "person": r"\bwho(?!\s+(?:do|are|did)\s+we\b)(?:'s|s)?\b|\bwhose\b|\bwhom\b|\b(?:which|what) (?:person|director|doctor|minister|chief)|\bname of the\b",
        "date": r"\bwhen\b|\bwhat (?:date|day|month|year)\b|\bwhich (?:date|day|month|year)\b|\bhow long ago\b|\bsince when\b|\bby when\b",
        "number": r"\bhow (?:many|much|often|big|large|long|far|old|high|low|tall|fast)\b|\bwhat (?:number|percentage|proportion|share|figure|amount|size|cost|budget)\b|\bnumber of\b|\bcost\b|\bprice\b|\bper ?cent\b|%",
        "place": r"\bwhere\b|\bwhich (?:site|place|town|city|area|hospital|location|building|venue|ward)s?\b|\bwhat (?:site|place|town|city|area|location|venue)s?\b",
        "list": r"\b(?:list|which|what)\b.*\b(?:all|are the|were the|aims|goals|priorities|themes|principles|benefits|steps|parts|areas|services|partners|organisations|activities|groups|courses|workstreams|sites|members|roles|options|types|kinds|strands|elements|commitments)\b|\bname (?:all|the|some)\b|\blist\b",
        "partners": r"\bpartner(?:s|ed|ing|ship|ships)?\b|\bwork(?:s|ed|ing)? (?:with|alongside)\b|\bteam(?:ed|ing)? up\b|\bcollaborat\w+|\bwho (?:else )?(?:is|are|was|were) involved\b|\binvolved with\b|\bfund(?:s|ed|er|ers|ing)?\b|\bpa(?:y|ys|id) for\b|\bjointly\b",
        "progress": r"\bprogress\b|\bupdate\b|\bhow (?:is|are|s)\b.*\b(?:going|doing|getting on|coming)\b|\bmilestones?\b|\bwhere (?:are|have) we\b|\bso far\b|\bachieve[ds]?\b|\bachievements?\b|\bwhat(?:'s| has|s)? happen(?:ed|ing)\b",
        "definition": r"\bwhat(?:'s| is| are| was|s)\s+(?!the (?:latest|newest|number|date|cost))|\bstand(?:s)? (?:for|4)\b|\bmean(?:s|ing)?\b|\bexplain\b|\bwhat does\b|\btell me about\b",
        "reason": r"\bwhy\b|\bwhat for\b|\breasons?\b|\bhow come\b",
    }.items()
}
_NEWEST = re.compile(
    r"\b(?:now|latest|newest|current(?:ly)?|these days|today|at the moment|so far|to date|at present|nowadays|recent(?:ly)?"
    r"|most recent|up to date|this year|still|right now|atm)\b|\bas of now\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"\b(?:before|until|till|up to|by|prior to|earlier than)\s+(?:the\s+)?(?:end of\s+)?$", re.IGNORECASE
)
_AFTER = re.compile(
    r"\b(?:since|after|from|later than|following)\s+(?:the\s+)?(?:end of\s+)?$", re.IGNORECASE
)
_WORD = re.compile(r"[^\W_][\w&'’().-]*")


def understand(text: str, index: Index, *, today: date) -> Wanted:
    """Read a question against one build's vocabulary and glossary."""
    corrected = correct_spelling(text, index)
    names = tuple(
        name for name in index.glossary.names if any(_is_named(alias, corrected) for alias in name.all)
    )
    added = [other for name in names for other in name.all if not _is_named(other, corrected)]
    weights = {term: EXPANSION_WEIGHT for other in added for term in terms(other)}
    weights |= {term: 1.0 for term in terms(corrected)}
    if not weights:
        weights = {term: 1.0 for term in terms(corrected, stop=False)}
    spelt_out = [
        name.aliases[0] if name.section == "acronyms" else name.name for name in names if name.aliases
    ]
    spelt_out = [other for other in dict.fromkeys(spelt_out) if not _is_named(other, corrected)]
    return Wanted(
        text=f"{corrected} ({', '.join(spelt_out)})" if spelt_out else corrected,
        terms=weights,
        names=names,
        asks=frozenset(sort for sort, pattern in _ASKS.items() if pattern.search(text)),
        newest=bool(_NEWEST.search(text)),
        period=period_of(text, today=today),
    )


def correct_spelling(text: str, index: Index) -> str:
    """`text` with each word that no page holds replaced by the nearest one that a page does, if one is near."""

    def corrected(match: re.Match[str]) -> str:
        word = match.group().rstrip(".-'’")
        bare = plain(word)
        if len(bare) < 4 or not bare.isalpha() or bare in STOPWORDS or stem(bare) in index.vocabulary:
            return match.group()
        if any(piece in index.known_words for piece in (bare, bare.rstrip("s"))):
            return match.group()
        choices = [
            known for known in index.spellings if abs(len(known) - len(bare)) <= 2 and known[0] == bare[0]
        ]
        found = process.extractOne(bare, choices, scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
        return found[0] + match.group()[len(word) :] if found else match.group()

    return _WORD.sub(corrected, text)


def period_of(text: str, *, today: date) -> Period | None:
    """The days a question asks about: "in 2018", "since June 2023", "before May 2019", "last year"."""
    lowered = text.lower()
    if re.search(r"\blast year\b", lowered):
        return Period(start=date(today.year - 1, 1, 1), end=date(today.year - 1, 12, 31))
    if re.search(r"\bthis year\b", lowered):
        return Period(start=date(today.year, 1, 1), end=date(today.year, 12, 31))
    start: date | None = None
    end: date | None = None
    for mention in dates_in(text):
        before = text[: mention.start]
        if _BEFORE.search(before):
            end = (
                last_day(mention.value)
                if re.search(r"\bby\s+$|\bend of\s+$|up to\s+$", before, re.I)
                else first_day(mention.value) - timedelta(days=1)
            )
        elif _AFTER.search(before):
            start = first_day(mention.value)
        else:
            first, last = first_day(mention.value), last_day(mention.value)
            start = first if start is None or first < start else start
            end = last if end is None or last > end else end
    return Period(start=start, end=end) if start or end else None


def _is_named(name: str, text: str) -> bool:
    return mentions(plain(name), plain(text))
