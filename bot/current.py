"""Current: who has a role, what a thing cost, how many there are; the newest page that tells it leads.

Such a fact is told again on later pages in other words ("It cost £203.5 million."), which no likeness to the question
puts first. But what a sentence must hold to tell it is little, and code can see that.
"""

import re
from collections.abc import Sequence

from bot.dating import as_of, has_ended, is_planned, newest_first, not_before
from bot.selection import DOINGS, Candidate
from bot.understanding import Unit, Wanted
from ingest.dates import may_be_same
from ingest.words import plain, terms

_MOST = 3  # sentences that tell it, each of another date
_NEAR = 4.0  # how far below the best of them by score, and they below the best sentence of all, one may stand
_RIVAL = 1.2  # the same for one without a date, which cannot be put among the others
_AS_MUCH = 0.75  # of what one of them says of the question, the share that another must say
_ENOUGH = 0.5  # share of the question that one of them must say
_ANYBODY = frozenset(terms("people staff patients colleagues users persons women men children adults"))
_HOW_MANY = frozenset({"number", "total", "figure", "end", "altogether", "overall", "count", "many"})

_ROLE = (
    r"\b(?:chair(?:man|woman|person)?|chief|ceo|director|manager|lead|leader|head|matron|officer|guardian|governor"
    r"|principal|secretary|chaplain|president|sponsor|coordinator|supervisor|superintendent|commissioner|champion)\b"
)
_ASKS_FOR_A_ROLE = re.compile(
    r"^\W*(?:(?:so|and|hi|hello|hey|please|remind me|tell me|do you know|can you tell me|any idea)\W+)*"
    rf"(?:who(?:'s|s|se| is| are|'re)?\b.*|(?:our |the |current |new )?(?:[\w'&-]+ ){{0,5}}){_ROLE}",
    re.IGNORECASE,
)
_ASKS_WHO_LEADS = re.compile(
    r"\bwho(?:'s|s| is)?\s+(?:now |currently )?(?:runs?|leads?|heads?(?: up)?|chairs?|manages?|running|leading|managing"
    r"|heading(?: up)?|chairing|in charge of|(?:the )?(?:lead|head|boss|manager|chair)\b)",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"\b(?:leads|lead(?! (?:\w+ )?(?:for|of)\b)|led|runs|ran|run by|heads(?! of)|manage[sd]"
    r"|t(?:ook|ak(?:en|es|ing)) (?:over|on)|hand(?:s|ed) (?:over|the lead|it)|in charge)\b"
)
_LEADER = re.compile(
    r"\b(?:director|manager|leader|chief executive|matron|principal|chair\w*|coordinator|successor)\b", re.IGNORECASE
)
_CHAIRING = re.compile(r"\bchair(?:s|ed|ing|man|woman|person)?\b", re.IGNORECASE)
_GOES = re.compile(
    r"\b(?:departing|outgoing|retir\w+|st(?:ep|eps|epped|epping) down|leav(?:es|ing)|left|farewell)\b", re.I
)
_COMES = re.compile(
    r"\b(?:becom\w+|became|succe\w+|follow\w*|replac\w+|appoint\w*|chosen|joins?|now|new|t(?:ook|ak(?:en|es)) over"
    r"|t(?:ook|ak(?:en|es)) on|hand(?:s|ed))\b",
    re.IGNORECASE,
)
_UNDER = re.compile(r"\b(?:deputy|vice|assistant|associate|former|formerly|past|retired|once|next)[ -]$", re.IGNORECASE)
_PERSON = re.compile(r"\b[A-Z][\w'’-]*[a-z][\w'’-]* [A-Z][\w'’-]*[a-z]\w*")
_ASKS_AS_IT_WAS = re.compile(
    r"\b(?:was|were|did|had|first|original(?:ly)?|initial(?:ly)?|planned|expected|before|after|used to|previous(?:ly)?"
    r"|former(?:ly)?|earliest|founded|found|set up|until|replaced|succeeded|took over|said|says)\b",
    re.IGNORECASE,
)
_ASKS_COST = re.compile(
    r"^(?!.*\b(?:how (?:many|long|often)|meant|supposed|planned|expected|estimated|original(?:ly)?|initial(?:ly)?"
    r"|first)\b).*(?:\bcost(?:s|ing|ed)?\b|\bprice\b|\bset (?:us|them|the trust) back\b"
    r"|\bhow much (?:was|is|did|has|were) (?:it|that|the)\b)",
    re.IGNORECASE | re.DOTALL,
)
_COST = re.compile(r"^(?=.*£).*\b(?:cost(?:s|ing|ed)?|price|bill|worth|total(?:s|led)?)\b", re.IGNORECASE | re.DOTALL)
_ITS_COST = re.compile(  # and not that of a part
    r"\bit (?:has |had |will |would |is (?:now )?)?(?:cost|expected to cost)\b|\bputs the cost\b"
    r"|\b(?:final|total|full|whole|overall|expected|estimated|original) (?:cost|price|bill)\b"
    r"|^the (?:cost|price|bill)\b"
    r"|^the (?:building|hospital|project|programme|scheme|unit|centre|contract|work|hub|station|ward|wing|tower"
    r"|house)\b.{0,80}\b(?:cost|worth)\b",
    re.IGNORECASE,
)


def tellings(wanted: Wanted, ranked: Sequence[Candidate]) -> list[Candidate]:
    """The sentences that tell what is asked of a thing that changes, newest first, one of each date.

    `ranked` are the candidates, best first. Where the newest is asked for it is only that; none where what is asked
    does not change or is wanted as it was at another time, or where one of the best that tell it stands on a page that
    has no date and cannot be older.
    """
    told = [] if wanted.period else _told(wanted, ranked)
    if not told or told[0].score < ranked[0].score - _NEAR:
        return []
    of_each: dict[str | None, Candidate] = {}
    for one in told:
        if one.score >= told[0].score - _NEAR:
            of_each.setdefault(_day(one), one)
    days = sorted(of_each.keys() - {None}, key=newest_first)
    rivals = [one for one in told if _day(one) is None and one.score >= told[0].score - _RIVAL]
    if not days or any(
        newest_first(not_before(one.evidence.document, today=wanted.today)) < newest_first(days[0]) for one in rivals
    ):
        return []
    return [of_each[day] for day in days[: 1 if wanted.newest else _MOST]]


def _told(wanted: Wanted, ranked: Sequence[Candidate]) -> list[Candidate]:
    asked = wanted.asked
    named = [unit for unit in wanted.units if unit.word is None]
    if _ASKS_COST.search(asked):
        return _outcomes(_fullest(wanted, [one for one in ranked if _tells_cost(one, named)]))
    if _ASKS_AS_IT_WAS.search(asked):
        return []
    if any(one.features.get("counted") for one in ranked):
        does = any(unit.ways[0] <= DOINGS for unit in wanted.units)
        if does and _ANYBODY.intersection(wanted.head):
            return []
        counts = [one for one in ranked if one.features.get("counted") and _is_about(one, named)]
        return _outcomes(_fullest(wanted, counts))
    if _ASKS_WHO_LEADS.search(asked) and named:
        return _who_stays(wanted, [one for one in ranked if _tells_who_leads(one, wanted, named)])
    names_a_role = len(asked.split()) < 4 and any(_is_role(unit, wanted) for unit in named)
    if names_a_role or _ASKS_FOR_A_ROLE.search(asked):
        return _who_stays(wanted, [one for one in ranked if _tells_who_has_a_role(one, wanted)])
    return []


def _who_stays(wanted: Wanted, told: Sequence[Candidate]) -> list[Candidate]:
    """Those that do not just tell who goes or was; none where the newest do."""
    stays = [
        one
        for one in told
        if not has_ended(one.text, wanted.today) and (_COMES.search(one.text) or not _GOES.search(one.text))
    ]
    newest = min((_day(one) for one in told), key=newest_first, default=None)
    return stays if any(newest == day or _may_be_same(newest, day) for day in map(_day, stays)) else []


def _may_be_same(day: str | None, other: str | None) -> bool:
    return day is not None and other is not None and may_be_same(day, other)


def _outcomes(told: list[Candidate]) -> list[Candidate]:
    """Those that tell more than a plan; all of them where none does."""
    return [one for one in told if not is_planned(one.text)] or told


def _fullest(wanted: Wanted, told: Sequence[Candidate]) -> list[Candidate]:
    """Those that say about as much of the question as any of them; none where that is little."""
    asked = [unit for unit in wanted.units if unit.word not in _HOW_MANY and not unit.ways[0] <= DOINGS]
    all_asked = sum(unit.rarity for unit in asked)
    said = [_said(one) for one in told]
    shares = [sum(unit.rarity for unit in asked if unit.stands_in(words)) for words in said]
    most = max(shares, default=0.0)
    if most <= _ENOUGH * all_asked:
        return []
    return [one for one, share in zip(told, shares, strict=True) if share >= _AS_MUCH * most]


def _tells_cost(one: Candidate, named: Sequence[Unit]) -> bool:
    if not (_COST.search(one.text) and _is_about(one, named)):
        return False
    return bool(_ITS_COST.search(one.text)) or (bool(named) and _names(one.text, named))


def _tells_who_leads(one: Candidate, wanted: Wanted, named: Sequence[Unit]) -> bool:
    """True when somebody leads in the sentence: the named thing stands in it, or it says so outright."""
    if not _has_somebody(one, wanted) or not _is_about(one, named):
        return False
    if _CHAIRING.search(wanted.asked):
        return bool(_CHAIRING.search(one.text))
    return bool(_LEADING.search(one.text) or (_names(one.text, named) and _LEADER.search(one.text)))


def _tells_who_has_a_role(one: Candidate, wanted: Wanted) -> bool:
    """True when the role stands in the sentence, and not as a deputy's, with somebody's name."""
    role = [unit for unit in wanted.units if unit.word or _is_role(unit, wanted)]
    own = set(terms(one.text))
    if not all(unit.ways[0] <= own if unit.word else unit.stands_in(own) for unit in role):
        return False
    places = re.finditer("|".join(_said_as(role, wanted)), one.text, re.IGNORECASE)
    before = [one.text[: place.start()] for place in places]
    if before and all(_UNDER.search(text) for text in before):
        return False
    return _has_somebody(one, wanted) and _is_about(one, [unit for unit in wanted.units if unit not in role])


def _said_as(role: Sequence[Unit], wanted: Wanted) -> list[str]:
    """Patterns of the names of a role: its acronym's, or the question's words for it."""
    words = [re.escape(unit.word) for unit in role if unit.word]
    names = [re.escape(alias) for name in wanted.names if name.section == "acronyms" for alias in name.all]
    return [rf"\b{way}\b" for way in [*names, r"\W+(?:\w+\W+)?".join(words)] if way]


def _is_role(unit: Unit, wanted: Wanted) -> bool:
    """True for a role that the glossary has as an acronym: "CCIO"."""
    acronyms = [name for name in wanted.names if name.section == "acronyms"]
    roles = [name for name in acronyms if any(re.search(_ROLE, plain(alias)) for alias in name.all)]
    return any(frozenset(terms(alias)) in unit.ways for name in roles for alias in name.all)


def _has_somebody(one: Candidate, wanted: Wanted) -> bool:
    """True when a sentence names a person whom the question does not."""
    asked = set(terms(wanted.text, stop=False))
    return any(not asked.intersection(terms(name, stop=False)) for name in _PERSON.findall(one.text))


def _names(text: str, named: Sequence[Unit]) -> bool:
    said = set(terms(text))
    return all(unit.stands_in(said) for unit in named)


def _is_about(one: Candidate, named: Sequence[Unit]) -> bool:
    said = _said(one)
    return all(unit.stands_in(said) for unit in named)


def _said(one: Candidate) -> set[str]:
    """The terms of a sentence, of its paragraph before it, of title and headings, and of the page's only programme."""
    document = one.evidence.document
    begin = document.blocks[document.block_at(one.start)].start
    programme = document.programmes if len(document.programmes) == 1 else ()
    above = [document.title, *one.evidence.passage.headings, *programme]
    return set(terms(" ".join([*above, document.text[begin : one.end]])))


def _day(one: Candidate) -> str | None:
    return as_of(one.text, one.evidence.passage, one.evidence.document)
