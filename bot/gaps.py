"""Gaps: what a question asks for and none of the sentences found can give, however much else they say.

Each rule asks for what no answer of its kind can lack: a telephone number has digits, an answer for 2024 stands on a
page of that time. They see that something is missing, never that something is right.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from bot.dating import as_of, is_planned, timely, within
from bot.selection import Candidate
from bot.understanding import Wanted
from ingest.dates import MONTH_NAMES, dates_in, may_be_same, without_dates
from ingest.splitting import lead_in
from ingest.words import terms

_SHOWN = 4  # candidates that may come to be quoted
_NEAR = 2.0  # how far below the best a sentence may score that holds what was asked for; see docs/answers.md
_NEAREST = 1.0  # the same for what the first sentences have to tell: of a time, of an outcome
_FIRST = 6
_LIKE_NOTHING = 0.3  # nearness below which no word of a sentence means what is counted
_FEATURED = ("date", "person", "place", "money", "duration", "organisation")  # kinds that selection tells apart
_UNCOUNTED = frozenset(
    {"peopl", "person", "folk", "thing", "time", "bit", "point", "place", "way", "lot", "one", "men", "women"}
    | {"money", "cash", "dosh", "fund", "invest"}
    | {"size", "amount", "total", "figur", "number", "level", "scale", "extent"}
    | {"part", "piec", "strand", "stage", "phase", "step", "element", "area", "section", "stream", "theme", "package"}
)
_NUMBERS = {
    **{"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10},
    **{"eleven": 11, "twelve": 12},
}
_SIGNS: Mapping[str, re.Pattern[str]] = {  # what an answer of these kinds cannot lack
    "contact": re.compile(
        r"\b0\d{2,4}[\d() .-]{4,}|\b\d{3} \d{3}|\b(?:999|111|112)\b|\b[A-Z]{1,2}\d{1,2}[A-Z]? ?\d[A-Z]{2}\b|@|\bwww\."
        r"|https?:|\b[\w-]+(?:\.| dot )(?:nhs|org|com|co|gov|uk)\b"
        r"|\b(?:ext(?:ension|\.)?|bleep|ring|dial|call|text|phone)\b[^.;]{0,30}\b\d{3,}"
        r"|\b[A-Z][\w'’-]+ (?:Road|Street|Lane|Avenue|Square|Park|Way|Row|Terrace|Drive|Close|Place|Crescent|Gardens)\b"
    ),
    "hours": re.compile(
        r"\d ?[ap]\.?m\b|\b\d{1,2}[.:]\d\d\b|\b(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
        r" ?(?:to|till|until|and|[-–]) ?(?:\d|[a-z])|o['’]clock|\b(?:noon|midday|midnight|round the clock|dawn|dusk"
        r"|night|24.hours?|24/7|hours? a day|closed|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|week(?:day|end)s?)\b",
        re.IGNORECASE,
    ),
    "opinion": re.compile(
        r"[\"“]|\b(?:sa(?:id|ys?|ying)|t(?:old|ells?)|th(?:ink|inks|ought|ank\w*)|f(?:ind|inds|ound)|fe(?:el|els|lt)"
        r"|call(?:ed|s)|rat(?:ed|es|ing)|prais\w+|welcom\w+|feedback|report\w*|ask(?:ed|s)|satisf\w+|comment\w*|lik(?:ed?|es)"
        r"|lov(?:ed|es?)|positive|sp(?:oke|eaks?)|not(?:ed|es)|wr(?:ote|ites?)|views?|describ\w+|valu(?:ed?|es)|enjoy\w*"
        r"|happ(?:y|ier)|pleased|proud\w*|complain\w*|commend\w*|emphasi\w+|stress\w*|argu\w+|want(?:ed|s)?|explain\w*"
        r"|believ\w+|hop(?:ed?|es)|consider\w*|warn\w*|urg(?:ed|es)|recall\w*|according|focus\w*|suggest\w*|agree\w*"
        r"|worr(?:y|ied|ies)|concern\w*|see(?:s|n)?|saw|prefer\w*|deserve\w*|wary|relieved|content|keen\w*|best|worst)\b",
        re.IGNORECASE,
    ),
    "comparison": re.compile(
        r"\b(?:than|compar\w+|average|median|typical\w*|usual\w*|against|above|below|nation\w+|twice|equal\w*|mean|same"
        r"|differ\w+|ahead|behind|top|most|least|best|worst|more|less|fewer|better|worse|higher|lower|longer|shorter"
        r"|quicker|faster|slower|larger|smaller|bigger|f(?:ell|all\w*)|rose|risen|doubled|halved)\b",
        re.IGNORECASE,
    ),
    "figure": re.compile(
        rf"\d|\b(?:{'|'.join(_NUMBERS)}|\w+teen|\w+ty(?:-\w+)?|hundreds?|thousands?|millions?|half|halv\w+|thirds?"
        r"|quarters?|dozens?|once|twice|doubled?|trebled?|none|nobody|nil|zero|never|always|rarely|regularly|all|every\w*"
        r"|each|no|one|single|both|couple|handful|few|several|most|many|some|majority|up|down"
        r"|(?:dai|week|month|year|fortnight|night|hour|quarter|annual)ly)\b",
        re.IGNORECASE,
    ),
}
_AMONG = re.compile(r"\b(?:among|includ\w+|such as|for example|some of)\b", re.IGNORECASE)
_ANY_NUMBER = 99
_STARTS_WITH_A_NAME = re.compile(r"^[A-Z][\w'’-]+ (?:is|was|runs|ran|leads|led|t(?:ook|akes)|wrote|[a-z]+ed)\b")
_WHO_MAY = re.compile(
    r"\bwho\b.{0,50}\b(?:can|may|eligible|allowed|entitled|qualif\w+|welcome|refer|join|use|attend|apply)\b"
    r"|\bwho(?:'s|s| is| are| was)\b.{1,40}\bfor\W*$",
    re.IGNORECASE,
)
_A_MONTH = re.compile(rf"\b(?:{MONTH_NAMES})\b(?! \d{{4}})")
_OPEN_ENDED = re.compile(r"\b(?:since|after|before|between|from|by|until|till|up to)\b", re.IGNORECASE)
_SEVERAL = re.compile(
    r"\b(?:which|what(?:'s| are| were)?|names?|who(?: are| were)?|list)\s+"
    rf"(?:(?:of|all|the|our|its|other|are|were)\s+)*(?P<many>\d{{1,2}}|{'|'.join(_NUMBERS)})\b"
    r"(?![-/.,:]?\d|[-/–]|\s+(?:years?|months?|weeks?|days?|hours?|minutes?|beds?|per ?cent|%))",
    re.IGNORECASE,
)


def gap(wanted: Wanted, candidates: Sequence[Candidate]) -> str | None:
    """The name of the first rule by which none of `candidates` (best first) can answer; None when one may."""
    return next((name for name, lacks in RULES.items() if lacks(wanted, candidates)), None)


def only_plans(wanted: Wanted, candidates: Sequence[Candidate]) -> bool:
    """True when a question asks what came of something, and the first sentences tell only what was planned."""
    return "outcome" in wanted.asks and all(is_planned(one.text) for one in _near(candidates, _NEAREST)[:3])


def _near(candidates: Sequence[Candidate], distance: float = _NEAR) -> list[Candidate]:
    return [one for one in candidates if one.score >= candidates[0].score - distance]


def _no_kind(wanted: Wanted, candidates: Sequence[Candidate]) -> bool:
    """A date, a person, a place … is asked for, and none of the kinds asked for stands anywhere near."""
    asked = [kind for kind in _FEATURED if kind in wanted.asks]
    if not asked or ("person" in asked and _WHO_MAY.search(wanted.asked)):
        return False
    named = "person" in asked or "organisation" in asked
    return not any(
        any(one.features[kind] for kind in asked) or (named and _STARTS_WITH_A_NAME.search(one.text))
        for one in _near(candidates)
    )


def _no_sign(wanted: Wanted, candidates: Sequence[Candidate]) -> bool:
    """A telephone number, opening hours, an opinion … is asked for, and nothing near can be one."""
    texts = [without_dates(one.text) for one in _near(candidates)]
    return any(not any(signs.search(text) for text in texts) for kind, signs in _SIGNS.items() if kind in wanted.asks)


def _no_money(wanted: Wanted, candidates: Sequence[Candidate]) -> bool:
    return "money" in wanted.asks and not any(one.features["money"] for one in candidates[:_SHOWN])


def _no_count(wanted: Wanted, candidates: Sequence[Candidate]) -> bool:
    """No sentence with a number speaks of what is to be counted."""
    if "number" not in wanted.asks or not wanted.head or _UNCOUNTED.intersection(wanted.head):
        return False
    return max(one.features["head"] * one.features["number"] for one in _near(candidates)[:_FIRST]) < _LIKE_NOTHING


def _another_time(wanted: Wanted, candidates: Sequence[Candidate]) -> bool:
    """The question names a date, and the first sentences, all of them dated, neither are of it nor tell of it."""
    if not wanted.times:
        return False
    first = _near(timely(wanted, candidates), _NEAREST)[:_FIRST]
    return not any(_may_be_of(one, wanted) for one in first)


def _may_be_of(candidate: Candidate, wanted: Wanted) -> bool:
    day = as_of(candidate.text, candidate.evidence.passage, candidate.evidence.document)
    if day is None:
        return True
    told = [mention.value for mention in dates_in(f"{candidate.text} {_above(candidate)}")]
    if re.search(r"\blast year\b", candidate.text, re.IGNORECASE):
        told.append(str(int(day[:4]) - 1))
    if wanted.period and _OPEN_ENDED.search(wanted.asked):
        return any(within(one, wanted.period) for one in [day, *told])
    month_of_its_year = _A_MONTH.search(candidate.text) and any(time[:4] == day[:4] for time in wanted.times)
    return bool(month_of_its_year) or any(may_be_same(one, time) for one in [day, *told] for time in wanted.times)


def _another_thing(wanted: Wanted, candidates: Sequence[Candidate]) -> bool:
    """What is of the kind asked for stands only in sentences on other things than the ones named."""
    asked = {kind for kind in _FEATURED if kind in wanted.asks}
    named = [unit for unit in wanted.units if unit.word is None]
    if not named or not asked or not asked <= {"date", "money", "duration"}:
        return False
    fitting = [one for one in _near(candidates, 3) if any(one.features[kind] for kind in asked)]
    about = [set(terms(f"{_above(one)} {_told_around(one)}")) for one in fitting]
    return not any(unit.stands_in(said) for said in about for unit in named)


def _too_few(wanted: Wanted, candidates: Sequence[Candidate]) -> bool:
    """So many things are asked for ("the six other areas"), and nothing near sets as many side by side."""
    match = _SEVERAL.search(wanted.asked)
    if match is None:
        return False
    many = _NUMBERS.get(match["many"].lower()) or int(match["many"])
    return many > 1 and all(_side_by_side(one) < many for one in _near(candidates))


def _side_by_side(candidate: Candidate) -> int:
    """How many things a sentence may set side by side, or the list or table that it stands in or leads into, or the
    headings of its page. One that says "among them are" may leave out any number.
    """
    in_sentence = 1 + len(re.findall(r",(?!\d)|;|\band\b|\bor\b|&| [-–] ", candidate.text))
    document = candidate.evidence.document
    blocks, own = document.blocks, document.block_at(candidate.start)
    side_by_side = Counter(above[:-1] for above in {block.headings for block in blocks} if above)
    in_sentence = max(in_sentence, *side_by_side.values(), 0)
    listed = next((block for block in blocks[own : own + 2] if block.kind != "paragraph"), None)
    if listed is None:
        return in_sentence
    lead = lead_in(document, listed.start)
    if lead and _AMONG.search(document.text[slice(*lead)]):
        return _ANY_NUMBER
    return max(in_sentence, sum((one.kind, one.headings) == (listed.kind, listed.headings) for one in blocks))


def _told_around(candidate: Candidate) -> str:
    """A sentence and the one before it, which says what "it" is."""
    passage = candidate.evidence.passage
    before = max((start for start, _ in passage.sentences if start < candidate.start), default=candidate.start)
    return candidate.evidence.document.text[before : candidate.end]


def _above(candidate: Candidate) -> str:
    document = candidate.evidence.document
    return " ".join([document.title, *candidate.evidence.passage.headings, *document.programmes, *document.partners])


RULES: Mapping[str, Callable[[Wanted, Sequence[Candidate]], bool]] = {
    "unheard": lambda wanted, candidates: bool(wanted.unheard),  # something with a name that stands on no page
    "kind": _no_kind,
    "sign": _no_sign,
    "money": _no_money,
    "count": _no_count,
    "time": _another_time,
    "thing": _another_thing,
    "several": _too_few,
}
