"""Look-ups: a programme's milestones, a thing's partners, what is done with a partner; one sentence for each of them.

Another question wants the few sentences that answer it best; these want every date, partner or page there is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.answers import Evidence
from bot.dating import as_of, within
from bot.selection import Candidate
from bot.understanding import Unit, Wanted
from ingest.dates import MONTH_NAMES, first_date
from ingest.glossary import mentions
from ingest.index import Index
from ingest.words import STOPWORDS, plain, stem, terms

Sort = Literal["timeline", "partners", "work"]

MOST = 6  # sentences quoted
_NEAR = 8.0  # how far below the best a sentence may score that tells of another date, partner or page
_FILLS = 2.0  # the same for one that tells of none
_DATED = 2.0  # what a sentence of a timeline gains that says its own date
_FIRST = 1.0  # and one that a page begins with, which tells its news
EVERYWHERE = 0.7  # rarity below which a word stands on nearly every page, and tells nothing
_MOST_WORDS = 2  # that a look-up says besides the name, and the words that ask for one

_TIMELINE = re.compile(
    r"\b(?:progress(?:ed|ing)?|timeline|history|milestones?|chronology|story|headway|journey|updates?|developments?|status"
    r"|news|latest|dates|so far)\b|\bhow far\b.*\b(?:got|come|along)\b"
    r"|\bhow(?:'s|s| is| are| has| have)\b.*\b(?:going|doing|getting on|coming|gone|come along)\b"
    r"|\bwhere(?:'ve| are| have| has)\b.*\b(?:up to|at|got|with|stand)\b"
    r"|\bwhat(?:'s| has|s| have)?\b.*\bhappen(?:ed|ing)\b",
    re.IGNORECASE,
)
_BODIES = (
    r"(?:organisations?|bod(?:y|ies)|groups?|compan(?:y|ies)|firms?|agenc(?:y|ies)|charit(?:y|ies)|universit(?:y|ies)|councils?"
    r"|forces?|trusts?|clubs?|colleges?|orgs)"
)
_TIMELINE_OF_WORDS = re.compile(  # of what the glossary does not name
    r"\b(?:progress|timeline|history|milestones|chronology|story|headway|journey|updates?|news|latest|dates)"
    r" (?:of|on|with|in|behind|about|for)\b|\bwhere(?:'ve| are| have| has)\b.*\b(?:up to|at|got|with)\b"
    r"|\bwhat(?:'s| has|s)\b.*\bhappened (?:to|with)\b"
    r"|\bhow(?:'s|s| is| are| has)\b.*\b(?:going|getting on|coming|gone)\b",
    re.IGNORECASE,
)
_PARTNERS = re.compile(
    r"\bpartner(?:s|ed|ing|ships?)?\b|\bcollaborat\w+|\bwho\b.{0,10}\bworks? with\b"
    r"|\b(?:who|which|what)\b.{0,30}\b(?:are|is|were|was|else|got)\b.{0,15}\binvolved\b"
    rf"|\b(?:who|(?:which|what) (?:\w+ )?{_BODIES})\b.{{0,30}}\bwe\b.{{0,30}}\b(?:with|alongside)\b"
    r"|\b(?:who|which|what)\b.{0,25}\bwork\w*\b.{0,25}\bwith (?:us|the trust)\b",
    re.IGNORECASE,
)
_WORK_WITH = re.compile(
    r"\b(?:what|how)\b.{0,12}\b(?:do|does|did|are|have)\b.{0,10}\bwe\b.{0,25}\b(?:with|alongside)\b"
    r"|\b(?:link|relationship|connection|ties|partnership)s? (?:with|to)\b",
    re.IGNORECASE,
)
_WORK = re.compile(
    r"\b(?:do|doing|done|links?|linked|relationship|roles?|involv\w+|projects?|programmes?|partner\w*|collaborat\w+"
    r"|work\w*|connection|ties|part|help\w*|fund\w*|give\w*|provide\w*|support\w*|approve\w*)\b",
    re.IGNORECASE,
)
ASKS_OTHERWISE = re.compile(
    r"\b(?:when|why|how (?:many|much|long|often)|where(?! (?:are|have|has|is)|'ve)|costs?|numbers?|figures?)\b"
    r"|\bwho (?:is|was|are|were)? ?(?:the|our)\b|\bwho\b.{0,12}\b(?:fund|pa(?:y|id))",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"\b[A-Z][\w()’'-]*")
_OF_A_DATE = re.compile(
    rf"{MONTH_NAMES}|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|days?|weeks?|months?|years?|today|yesterday|before|after"
    r"|between|spring|summer|autumn|winter|last|past|this",
    re.IGNORECASE,
)
_SAID_OF_LOOKUPS = frozenset(
    terms(
        "partner partners partnership partnered work works working worked involve involved involvement collaborate"
        " collaborating collaboration link links linked relationship role roles project projects programme programmes"
        " scheme initiative activity team together joint jointly organisation organisations bodies body groups orgs"
        " companies company agencies play plays playing part tell progress progressed update updates milestone"
        " milestones timeline history chronology story journey happen happened happening going go gone come coming"
        " along far got get getting reach reached headway develop development developments status news new made make"
        " stand date dates track doing done key main other achieve connection ties everyone outside external"
        " alongside side need give gives given support supports supported fund funds funded funding provide provides"
        " approve approved help helps since started start launch opened set years over everything run runs etc",
        stop=False,
    )
)


@dataclass(frozen=True, kw_only=True)
class LookUp:
    """What is looked up: its sort, and the thing, under each of its names as stemmed terms in their order.

    `aliases` are those names as the glossary has them, in plain lower case; none where the thing is only words.
    `programmes` says which programmes it is: a page of only one is all about it.
    """

    sort: Sort
    names: frozenset[tuple[str, ...]]
    aliases: frozenset[str]
    programmes: frozenset[str]

    def may_be_in(self, item: Evidence, index: Index) -> bool:
        """True when a passage, its headings or its page's front matter may name the thing."""
        said = index.terms_above(item.number).union(*index.sentence_terms(item.number))
        return any(said.issuperset(term for term in name if term not in STOPWORDS) for name in self.names)

    def is_about(self, one: Candidate, index: Index) -> bool:
        """True when a sentence names the thing, or stands where all is about it."""
        document = one.evidence.document
        texts = [one.text]
        if self.sort != "work":
            texts += [document.title, *one.evidence.passage.headings]
            if len(document.programmes) == 1 and document.programmes[0] in self.programmes:
                return True
        return any(self._is_named_in(text, index) for text in texts)

    def _is_named_in(self, text: str, index: Index) -> bool:
        """True when `text` names the thing, and not only as a part of a longer name or as a common word."""
        said = _joined(terms(text)), _joined(terms(text, stop=False))
        used = [name for name in self.names if any(_joined(name) in words for words in said)]
        if not used or not self.aliases:
            return bool(used)
        found = {alias for alias, _ in index.names_in(plain(text))}
        longer = self.sort == "work" and any(mentions(alias, other) for alias in self.aliases for other in found)
        if longer and not found & self.aliases:
            return False
        capitals = {stem(plain(word)) for word in _CAPITAL.findall(text)}
        return any(len(name) > 1 or name[0] in capitals for name in used)


def look_up(wanted: Wanted) -> LookUp | None:
    """The look-up a question is; None where it asks for something else as well."""
    asked = wanted.asked
    if ASKS_OTHERWISE.search(asked) and not _PARTNERS.search(asked):
        return None
    named = [unit for unit in wanted.units if unit.word is None]
    said = _SAID_OF_LOOKUPS.union(*(way for unit in named for way in unit.ways))
    words = [
        unit
        for unit in wanted.units
        if unit.word is not None and unit.rarity > EVERYWHERE and not unit.ways[0] & said and not is_of_a_date(unit)
    ]
    things = [name for name in wanted.names if name.section != "acronyms"]
    programmes = frozenset(name.name for name in things if name.section != "partners")
    partner = not words and not programmes and bool(things)
    sort = _sort(asked, partner=partner, named=bool(named))
    if (
        sort is None
        or len(words) > _MOST_WORDS
        or not (named or words)
        or (words and wanted.period and wanted.period.end)
    ):
        return None
    if sort == "timeline" and (not things if named else not _TIMELINE_OF_WORDS.search(asked)):
        return None
    names = {_terms_of(alias) for name in wanted.names for alias in name.all}
    if not named:
        names = {tuple(term for unit in words for term in unit.ways[0])}
    return LookUp(
        sort=sort,
        names=frozenset(names - {()}),
        aliases=frozenset(plain(alias) for name in wanted.names for alias in name.all),
        programmes=programmes,
    )


def one_of_each(found: LookUp, wanted: Wanted, candidates: Sequence[Candidate], index: Index) -> list[Candidate]:
    """The best sentence on each date, partner or page that the thing has, then what else is near; none for no thing.

    `candidates` are the sentences of all passages that may name it; what is of another time is left out.
    """
    worth = {(one.evidence.document.id, one.start): one.score + _news(found, one) for one in candidates}

    def of(one: Candidate) -> float:
        return worth[one.evidence.document.id, one.start]

    about = sorted((one for one in candidates if found.is_about(one, index)), key=of, reverse=True)
    about = [one for one in about if is_of_the_time(wanted, one)]
    chosen: list[Candidate] = []
    seen: set[str | None] = set()
    for one in about:
        new = _tells(found, one, index) - seen
        if new and of(one) >= of(about[0]) - _NEAR:
            chosen.append(one)
            seen |= new
    if not chosen:
        return []
    return [*chosen, *(one for one in about if one not in chosen and of(one) >= of(about[0]) - _FILLS)]


def _terms_of(alias: str) -> tuple[str, ...]:
    """A name's terms; with its little words where only one other is left: "The Reader" is not every reader."""
    told = terms(alias)
    return tuple(told if len(told) > 1 else terms(alias, stop=False))


def is_of_a_date(unit: Unit) -> bool:
    """True for a word that only says when: a month, "between", "weeks"."""
    return bool(unit.word and (unit.word.isdigit() or _OF_A_DATE.fullmatch(unit.word)))


def _joined(words: Sequence[str]) -> str:
    return f" {' '.join(words)} "


def _sort(asked: str, *, partner: bool, named: bool) -> Sort | None:
    if _WORK_WITH.search(asked):
        return "work" if partner or not named else None
    if _PARTNERS.search(asked) and not partner:
        return "partners"
    if _TIMELINE.search(asked):
        return "timeline"
    if partner and _WORK.search(asked):
        return "work"
    return None


def _news(found: LookUp, one: Candidate) -> float:
    if found.sort != "timeline":
        return 0.0
    opens = one.start == one.evidence.document.blocks[0].start
    return _DATED * (first_date(one.text) is not None) + _FIRST * opens


def _tells(found: LookUp, one: Candidate, index: Index) -> set[str | None]:
    """The dates, partners or pages a sentence tells of."""
    if found.sort == "timeline":
        return {_day(one)}
    if found.sort == "work":
        return {one.evidence.document.id}
    return {name.name for _, name in index.names_in(plain(one.text)) if name.section == "partners"}


def is_of_the_time(wanted: Wanted, one: Candidate) -> bool:
    """True for a sentence of the time asked about, or of none that is known."""
    day = _day(one)
    return wanted.period is None or day is None or within(day, wanted.period)


def _day(one: Candidate) -> str | None:
    return as_of(one.text, one.evidence.passage, one.evidence.document)
