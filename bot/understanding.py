"""Understanding: from a question's words to what is searched for and what kind of thing would answer it."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from bot.spelling import correct_spelling, spell_out_acronyms
from bot.thesaurus import said_otherwise
from ingest.dates import dates_in, first_day, last_day
from ingest.embedding import EmbeddingModel
from ingest.glossary import Name, mentions
from ingest.index import Index
from ingest.words import STOPWORDS, plain, spelt_terms, stem, terms

EXPANSION_WEIGHT = 0.5  # of a word that the glossary adds to a question, against one that was asked


@dataclass(frozen=True, kw_only=True)
class Period:
    """The days a question asks about, both ends included; an open end is None."""

    start: date | None
    end: date | None


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One thing a sentence should speak of: a word, or a named thing under any of its names.

    `ways` are sets of stemmed terms, any of which names it; `rarity` is how much it tells. A plain word is kept
    as it was spelt in `word`, so that words of like meaning can stand for it; a named thing has no `word`.
    """

    ways: tuple[frozenset[str], ...]
    rarity: float
    word: str | None = None

    def stands_in(self, words: AbstractSet[str]) -> bool:
        """True when one of its ways stands in `words`."""
        return any(way <= words for way in self.ways)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is searched for: the question as asked, words for the embedding, weighted terms for BM25, what would answer.

    `units` are the things asked about; `asks` names the kinds of answer that fit: person, date, number, place,
    money, duration, organisation, list, partners, progress, definition, reason. `head` are the stemmed terms of the
    thing asked for ("which courses …", "how many visits …"); `unheard` are names that stand on no page. `newest`
    says that the question asks for the state of affairs on the day `today`; `period` which days it asks about, and
    `times` each date it names, as partial ISO dates: "in 2015, and what in 2023". `event` tells the time in words
    where the question names an event for it.
    """

    asked: str
    text: str
    terms: Mapping[str, float]
    units: tuple[Unit, ...]
    names: tuple[Name, ...]
    asks: frozenset[str]
    head: tuple[str, ...]
    unheard: tuple[str, ...]
    newest: bool
    period: Period | None
    times: tuple[str, ...]
    today: date
    event: str | None = None


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_HOLDS_NO_OPINION = "plan|strategy|polic(?:y|ies)|charter|report|rules?|guidance|law|contract|promises?|page|document"
_ASKS: Mapping[str, re.Pattern[str]] = {
    "person": _words(
        r"\bwho(?!\s+(?:do|are|did)\s+we\b|\s+haven|\s+have\b)(?:'s|s)?\b",
        r"\bwhose\b|\bwhom\b|\bname of the\b",
        r"\b(?:which|what) (?:person|director|doctor|minister|chief)",
    ),
    "date": _words(
        r"\bwh?en(?:'s|s)?\b(?=\s*$|\s*\?|\s+(?:did|do|does|is|was|wos|were|are|will|has|have|had|can|could|should|would)\b)",
        r"^(?!.*\b(?:who|wh?at|which|where|why|how)\b).*\bwh?en\b(?!\s+(?:it|they|we|i|you|she|he|the\b.*,))",
        r"\b(?:what|which) (?:date|day|month|year)\b",
        r"\bhow long ago\b|\bsince when\b|\bby when\b",
    ),
    "number": _words(
        r"\bhow (?:many|much|often|big|large|long|far|old|high|low|tall|fast)\b",
        r"\bwhat (?:number|percentage|proportion|share|figure|amount|size|cost|budget)\b",
        r"(?<!phone )\b(?:number|size) of\b|\bcosts?\b|\bprice\b|\bper ?cent\b|%",
    ),
    "money": _words(
        r"(?<!by )\bhow much (?:money|funding|investment)\b",
        r"(?<!-)\b(?:cost(?:s|ing|ed)?|price|budget|fees?|worth(?! it))\b",
        r"^(?!.*\b(?:time|days?|nights?|hours?|weeks?|months?|years?|how long)\b).*\b(?:spent|spend)\b",
        r"(?<!by )\bhow much (?:did|do|does|is|was|are|were|has|have|had|will|would)\b.{0,30}\b(?:pa(?:y|id)|charged?"
        r"|invest(?:ed)?|saved?|gave|given|raised?|a place|a course)\b",
        r"\bsalar(?:y|ies)\b|£|\bset (?:us|them|the trust) back\b",
    ),
    "duration": _words(
        r"\bhow long\b(?! ago)|\bhow many (?:days|weeks|months|years|hours|minutes)\b|\blength of (?:time|stay)\b",
        r"\b(?:waits?|waiting) (?:time|list)s?\b|\bfor how many\b",
    ),
    "organisation": _words(
        r"\b(?:which|what|whose)\b(?:(?!\b(?:with|at|from|to|about)\b).){0,25}\b(?:compan(?:y|ies)|firms?|suppliers?|organisations?|universit(?:y|ies)|unis?"
        r"|agenc(?:y|ies)|charit(?:y|ies)|contractors?|builders?|architects?|(?:police|task) forces?|trusts?|councils?"
        r"|clubs?|colleges?|departments?|partners?|orchestra|tech giant|bank)\b"
    ),
    "place": _words(
        r"\bwhere(?:abouts)?\b(?!\s+(?:are|have) we\b)",
        r"\b(?:which|what) (?:site|place|town|city|area|hospital|location|building|venue|ward)s?\b",
    ),
    "list": _words(
        r"\blist\b|\bname (?:all|the|some)\b|\ball (?:the|of them|of the)\b|\beverything\b|\bgive me all\b",
        r"\b(?:which|what)\b.{0,40}\b(?:aims|goals|priorities|themes|principles|benefits|steps|parts|areas|services"
        r"|organisations|activities|groups|courses|workstreams|sites|members|roles|options|types|kinds|strands"
        r"|elements"
        r"|commitments|partners|places|things|ways|projects|recommendations)\b",
    ),
    "partners": _words(
        r"\bpartner(?:s|ed|ing|ship|ships)?\b|\bwork(?:s|ed|ing)? (?:with|alongside)\b|\bteam(?:ed|ing)? up\b",
        r"\bcollaborat\w+|\bwho (?:else )?(?:is|are|was|were) involved\b|\binvolved with\b|\bjointly\b",
        r"\bfund(?:s|ed|er|ers|ing)?\b|\bpa(?:y|ys|id) for\b",
    ),
    "progress": _words(
        r"\bprogress\b|\bupdates?\b|\bmilestones?\b|\bso far\b|\bachieve[ds]?\b|\bachievements?\b|\bheadway\b",
        r"\bhow (?:is|are|s)\b.*\b(?:going|doing|getting on|coming)\b|\bwhere (?:are|have) we\b",
        r"\bwhat(?:'s| has|s)? happen(?:ed|ing)\b",
    ),
    "definition": _words(
        r"\bwhat(?:'s| is| are| was|s)\s+(?!the (?:latest|newest|number|date|cost))",
        r"\bstands? (?:for|4)\b|\bmean(?:s|ing)?\b|\bexplain\b|\bwhat does\b|\btell me about\b",
    ),
    "reason": _words(r"\bwhy\b|\bwhat for\b|\breasons?\b|\bhow come\b"),
    "figure": _words(
        r"\bhow (?:many|much|often|far|high|low|tall|fast)\b|(?<!phone )\bnumber of\b|%",
        r"\b(?:uptake|turnover|attendances?|admissions|average|percentage|proportion|total)\b",
    ),
    "contact": _words(
        r"\b(?:(?:tele)?phone|freephone|contact|extension|mobile) (?:number|no)\b|\bpost ?code\b",
        r"\b(?:street|e-?mail|postal) address\b|\bweb ?site (?:address|link)\b",
        r"^(?!.*\b(?:to|do|does|did|has|have|can|will|would|should)\b).*\b(?:address|e-?mail)\b",
        r"\b(?:what number|who|where) (?:do|can|should) (?:i|we|you|they|people|gps?|staff) (?:ring|call|phone|dial)\b",
    ),
    "hours": _words(
        r"\bopening (?:hours|times)\b|\bwhat time (?:do|does|is|are|did)\b",
        r"\bopen (?:on |at |late )?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends?|nights?|bank holidays?)\b",
    ),
    "opinion": _words(
        rf"\b(?:what|how) (?:do|did|have|has|does)\b(?!.{{0,40}}\b(?:{_HOLDS_NO_OPINION})\b).{{0,40}}"
        r"\b(?:think|thought|sa(?:y|id)|ma[dk]e of|reckon|feel|felt)\b",
        r"\bwhat was the (?:feedback|reaction)\b|\b(?:happy|satisfied|pleased) with\b",
        r"\b(?:did|do|does) .{2,40}\blike (?:it|the)\b",
    ),
    "comparison": _words(
        r"\b(?!(?:other|rather|whether|never) )(?:more|less|better|worse|fewer|\w+er) (?:\w+ ){0,4}than (?:the|our"
        r"|their|other|in|an? (?!year|month|week|day|decade|hour|dozen|hundred|thousand|third|quarter|half))",
        r"\b(?:than|to|with|above|below|national) (?:the |our )?average\b",
    ),
    "outcome": _words(
        r"\b(?:actually|really|in the end|ever|yet|eventually|turn(?:ed)? (?:up|out)|work(?:ed)? out|come of)\b",
        r"\bhit (?:its|the|their) target\b|\bas (?:\w+ )?(?:planned|promised|expected|hoped)\b|\bdid it\b|\boutcome\b",
        r"^\W*(?:so |and )?(?:did|has|have)\b|\bhow did .{3,60} (?:go|do)\b|\bresults? (?:of|from)\b",
        r"\bwhat did .{3,90}\b(?:find|conclude|decide|recommend|show)\b",
    ),
}
_NEWEST = _words(
    r"\b(?:now|latest|newest|current(?:ly)?|these days|today|at the moment|so far|to date|at present|nowadays"
    r"|recent(?:ly)?|most recent|up to date|this year|still|right now|atm|as of now|last (?:count|known|report(?:ed)?)"
    r"|as things stand|by now)\b"
)
_ASKING = _words(  # words that say how to answer, not what about
    r"\bhow (?:many|much|often|long)\b|\bwhereabouts\b|\bin the first place\b|\b(?:the|our) trust(?:[’']?s)?\b",
    r"\b(?:as of|at) (?:the )?last count\b|\bas things stand\b|\bby now\b",
    r"\b(?:these days|at the moment|so far|to date|at present|right now|up to date|as of now|most recent|now|latest"
    r"|newest|current(?:ly)?|today|nowadays|atm|list(?: them)?|all of them|need them all|give me|tell me|show me|name"
    r"|remind me|do you know|can you|could you|please|pls|thanks?|in a nutshell|everything|thing|things|called"
    r"|exactly"
    r"|again|anyone|anybody|someone|else|hi|hello|hey)\b",
)
_HEAD = re.compile(
    r"\b(?:how many|how much|which|whose|number of"
    r"|what(?:'s|s| is| was| are| were)? (?:the|our|its|their)?(?!.*\bnumber of\b))\s+"
    r"(?!(?:more|less|fewer|(?:bigg|larg|small|great|high|low|long|short|quick|fast|slow|wid|cheap|old|strong)er|better"
    r"|worse)\b)"
    r"(?P<head>(?:[\w&'’()-]+\s*){1,6})",
    re.IGNORECASE,
)
_HEAD_ENDS = re.compile(
    r"\b(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|of|in|on|at|for|from|to|with|by|as"
    r"|that"
    r"|who|which|we|you|they|it|he|she|i|about|between|during|there|got|get|gets|been|being|be|run|runs|and|or)\b.*",
    re.IGNORECASE | re.DOTALL,
)
_SMALL = {"two": 2, "couple of": 2, "three": 3, "few": 3, "four": 4, "five": 5, "six": 6, "twelve": 12}
_DAYS = {"day": 1, "week": 7, "month": 31, "year": 366}
_RECENT = re.compile(
    rf"\b(?:last|past|this|previous)\s+(?:(?P<many>\d{{1,3}}|{'|'.join(_SMALL)})\s+)?(?P<unit>day|week|month|year)s?\b"
)
_BEFORE = re.compile(r"\b(?:before|until|till|up to|by|prior to|earlier than)\s+(?:the\s+)?(?:end of\s+)?$", re.I)
_AFTER = re.compile(r"\b(?:since|after|from|later than|following)\s+(?:the\s+)?(?:end of\s+)?$", re.I)
_WHOLE = re.compile(r"\b(?:by|up to)\s+$|\bend of\s+$", re.I)
_NAME_INSIDE = re.compile(r"(?<=[a-z,;] )[A-Z][^\W\d_A-Z]{2,}(?: [A-Z][^\W\d_A-Z]+)*")
_GREETING = re.compile(
    r"^\W*(?:(?i:hi|hello|hey|dear|morning))[ ,]+[A-Z]\w+|\b(?i:cheers|thanks|ta|regards)[,!.]? [A-Z]\w+\W*$"
)
_CAPITALS = frozenset(  # words written with a capital that name nothing the pages are about
    {"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november"}
    | {"december", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "christmas", "easter"}
    | {"thanks", "thank", "hello", "slack", "teams", "zoom", "english", "mum", "dad"}
)


def understand(text: str, index: Index, model: EmbeddingModel, *, today: date) -> Wanted:
    """Read a question against one build's vocabulary and glossary."""
    corrected = correct_spelling(spell_out_acronyms(text, index, model), index, model)
    names = tuple(dict.fromkeys(name for _, name in index.names_in(plain(corrected))))
    about = _ASKING.sub(" ", corrected)
    asked = terms(about) or terms(corrected) or terms(corrected, stop=False)
    weights = {term: EXPANSION_WEIGHT for name in names for other in name.all for term in terms(other)}
    weights |= dict.fromkeys(asked, 1.0)
    spelt_out = [name.aliases[0] if name.section == "acronyms" else name.name for name in names if name.aliases]
    spelt_out = [other for other in dict.fromkeys(spelt_out) if not _is_named(other, corrected)]
    return Wanted(
        asked=text,
        text=f"{corrected} ({', '.join(spelt_out)})" if spelt_out else corrected,
        terms=weights,
        units=_units(asked, names, corrected, index),
        names=names,
        asks=frozenset(sort for sort, pattern in _ASKS.items() if pattern.search(text)),
        head=tuple(term for term in _head(corrected) if term in asked),
        unheard=_unheard(corrected, names, index),
        newest=bool(_NEWEST.search(text)),
        period=period_of(text, today=today),
        times=_times(text, today=today),
        today=today,
    )


def period_of(text: str, *, today: date) -> Period | None:
    """The days a question asks about: "in 2018", "since June 2023", "before May 2019", "last year"."""
    lowered = text.lower()
    if re.search(r"\blast year\b", lowered):
        return Period(start=date(today.year - 1, 1, 1), end=date(today.year - 1, 12, 31))
    if re.search(r"\bthis year\b", lowered):
        return Period(start=date(today.year, 1, 1), end=date(today.year, 12, 31))
    recent = _RECENT.search(lowered)
    if recent and not any(True for _ in dates_in(text)):
        return Period(start=_days_before(recent["many"], recent["unit"], today), end=None)
    start: date | None = None
    end: date | None = None
    for mention in dates_in(text):
        before, first, last = text[: mention.start], first_day(mention.value), last_day(mention.value)
        if _BEFORE.search(before):
            end = last if _WHOLE.search(before) else first - timedelta(days=1)
        elif _AFTER.search(before):
            start = first
        else:
            start = first if start is None or first < start else start
            end = last if end is None or last > end else end
    return Period(start=start, end=end) if start or end else None


def _days_before(many: str | None, unit: str, today: date) -> date:
    """The day so many weeks, months … before today; a few are three."""
    number = int(many) if many and many.isdigit() else _SMALL.get(many or "", 1)
    return today - timedelta(days=_DAYS[unit] * min(number, 100))


def _times(text: str, *, today: date) -> tuple[str, ...]:
    """The dates a question names; "last year" names one too."""
    named = [mention.value for mention in dates_in(text)]
    if re.search(r"\blast year\b", text, re.IGNORECASE):
        named.append(str(today.year - 1))
    return tuple(dict.fromkeys(named))


def _head(text: str) -> list[str]:
    """The stemmed terms of the thing asked for, in order; none where the question names none."""
    match = _HEAD.search(text)
    return terms(_HEAD_ENDS.sub("", match.group("head"))) if match else []


def _unheard(text: str, names: Sequence[Name], index: Index) -> tuple[str, ...]:
    """What is written as a name inside a question, and has no word that stands on a page or in a name it uses."""
    written_as_names = _NAME_INSIDE.findall(_GREETING.sub("", text))
    if not written_as_names or 2 * sum(len(name.split()) for name in written_as_names) > len(text.split()):
        return ()  # none, or Every Word Has Its Capital
    known = {term for name in names for alias in name.all for term in terms(alias)}
    heard = known | said_otherwise(terms(text)).keys() | _CAPITALS | STOPWORDS
    return tuple(
        name
        for name in written_as_names
        if not any(
            word in heard or stem(word) in heard or stem(word) in index.vocabulary for word in plain(name).split()
        )
    )


def _units(asked: Sequence[str], names: Sequence[Name], text: str, index: Index) -> tuple[Unit, ...]:
    """Each named thing is one unit, however many words its names have; every other word is one of its own."""
    units: dict[frozenset[frozenset[str]], Unit] = {}
    taken: set[str] = set()
    for name in names:
        known = {plain(alias) for alias in name.all}
        others = {plain(alias) for other in names for alias in other.all if known & {plain(way) for way in other.all}}
        ways = frozenset(way for alias in others if (way := frozenset(terms(alias))))
        used = {term for alias in others if mentions(alias, plain(text)) for term in terms(alias)}
        taken |= used
        if ways and used:
            rarity = max(index.rarity(term) for term in used)
            units.setdefault(ways, Unit(ways=tuple(sorted(ways, key=sorted)), rarity=rarity))
    spelt = dict(spelt_terms(text, stop=False))
    otherwise = said_otherwise(asked)
    words = [
        Unit(ways=(frozenset([term]), *otherwise.get(term, ())), rarity=index.rarity(term), word=spelt.get(term, term))
        for term in dict.fromkeys(asked)
        if term not in taken
    ]
    return (*units.values(), *words)


def _is_named(name: str, text: str) -> bool:
    return mentions(plain(name), plain(text))
