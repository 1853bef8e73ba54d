"""Gaps: what a question asks for and none of the sentences found can give, however much else they say.

Each rule asks for what no answer of its kind can lack: a telephone number has digits, an answer for 2024 stands on a
page of that time. They see that something is missing, never that something is right.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from bot.dating import as_of, is_planned, timely
from bot.selection import Candidate
from bot.understanding import Wanted
from ingest.dates import dates_in, may_be_same, without_dates
from ingest.words import terms

_SHOWN = 4  # candidates that may come to be quoted
_NEAR = 2.0  # how far below the best a sentence may score that holds what was asked for; see docs/answers.md
_NEAREST = 1.0  # the same for what has to stand in one of the first sentences: a name, a time, an outcome
_FIRST = 6
_LIKE_NOTHING = 0.3  # nearness below which no word of a sentence means what is counted
_FEATURED = ("date", "person", "place", "money", "duration", "organisation")  # kinds that selection tells apart
_UNCOUNTED = frozenset(
    {"peopl", "person", "folk", "thing", "time", "bit", "point", "place", "way", "lot", "one", "men", "women", "money"}
)
_NUMBERS = {
    **{"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10},
    **{"eleven": 11, "twelve": 12},
}
_SIGNS: Mapping[str, re.Pattern[str]] = {  # what an answer of these kinds cannot lack
    "contact": re.compile(
        r"\b0\d{2,4}[ -]?\d{3}|\b\d{3} \d{3}|\b(?:999|111|112)\b|\b[A-Z]{1,2}\d{1,2}[A-Z]? ?\d[A-Z]{2}\b|@|\bwww\."
        r"|https?:|\b[\w-]+\.(?:nhs|org|co|gov)\b"
        r"|\b[A-Z][\w'’-]+ (?:Road|Street|Lane|Avenue|Square|Park|Way|Row|Terrace|Drive|Close)\b"
    ),
    "hours": re.compile(
        r"\b\d{1,2}(?:[.:]\d\d)? ?[ap]\.?m\b|\b\d{1,2}[.:]\d\d\b|\b\d{1,2} (?:to|until|till|and) \d{1,2}\b|o['’]clock"
        r"|\b(?:noon|midday|midnight|round the clock|day and night|24.hours?|24/7|hours? a day|closed)\b"
        r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\bweekends?\b",
        re.IGNORECASE,
    ),
    "opinion": re.compile(
        r"[\"“]|\b(?:sa(?:id|ys?|ying)|t(?:old|ells?)|th(?:ink|inks|ought|ank\w*)|found|fe(?:el|els|lt)|call(?:ed|s)|liked?"
        r"|rat(?:ed|es|ing)|prais\w+|welcom\w+|feedback|report\w*|ask(?:ed|s)|satisf\w+|comment\w*|lov(?:ed|es?)|positive"
        r"|sp(?:oke|eaks?)|not(?:ed|es)|wr(?:ote|ites?)|views?|describ\w+|valu(?:ed?|es)|enjoy\w*|happ(?:y|ier)|pleased"
        r"|proud|complain\w*|commend\w*|emphasi\w+|stress\w*|argu\w+|want(?:ed|s)|explain\w*|believ\w+|hop(?:ed?|es)"
        r"|consider\w*|warn\w*|urg(?:ed|es)|recall\w*|according|focus\w*|welcomed|suggest\w*|worr(?:y|ied|ies)|agree\w*"
        r"|concern\w*|see(?:s|n)? |saw)\b",
        re.IGNORECASE,
    ),
    "comparison": re.compile(
        r"\b(?:than|compar\w+|average|median|typical\w*|usual\w*|against|above|below|nationally|twice|equal\w*)\b",
        re.IGNORECASE,
    ),
    "finding": re.compile(
        r"\b(?:f(?:ound|inds?|indings?)|show(?:s|ed|n)?|results?|outcomes?|conclu\w+|decid\w+|recommend\w*|reduc\w+"
        r"|increas\w+|f(?:ell|alls?|allen)|rose|risen|improv\w+|down|cut|saved?|per cent|more|less|fewer)\b|%",
        re.IGNORECASE,
    ),
    "figure": re.compile(
        rf"\d|\b(?:{'|'.join(_NUMBERS)}|\w+teen|\w+ty(?:-\w+)?|hundreds?|thousands?|millions?|half|halv\w+|thirds?"
        r"|quarters?|dozens?|once|twice|doubled?|trebled?|none|nobody|never|always|daily|weekly|monthly|yearly"
        r"|all|every\w*|each|no|one)\b",
        re.IGNORECASE,
    ),
}
_WHO_IS = re.compile(r"\bwho(?:'s|s| is| are| was| were)\b", re.IGNORECASE)
_FULL_NAME = re.compile(r"\b[A-Z][\w'’-]+(?: (?:(?:and|of|the|for|de|van) )?(?:[a-z]{2}-)?[A-Z][\w'’-]+)+")
_SEVERAL = re.compile(
    r"\b(?:which|what(?:'s| are| were)?|names?|where(?: are| were)?|who(?: are| were)?|list)\s+"
    rf"(?:(?:of|all|the|our|its|other|are|were)\s+)*(?P<many>\d{{1,2}}|{'|'.join(_NUMBERS)})\b"
    r"(?!\s+(?:years?|months?|weeks?|days?|hours?|minutes?|per ?cent|%))",
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
    return bool(asked) and not any(one.features[kind] for one in _near(candidates) for kind in asked)


def _no_sign(wanted: Wanted, candidates: Sequence[Candidate]) -> bool:
    """A telephone number, opening hours, an opinion … is asked for, and nothing near can be one."""
    texts = [without_dates(one.text) for one in _near(candidates)]
    return any(not any(signs.search(text) for text in texts) for kind, signs in _SIGNS.items() if kind in wanted.asks)


def _no_money(wanted: Wanted, candidates: Sequence[Candidate]) -> bool:
    return "money" in wanted.asks and not any(one.features["money"] for one in candidates[:_SHOWN])


def _no_count(wanted: Wanted, candidates: Sequence[Candidate]) -> bool:
    """No sentence with a number speaks of what is to be counted."""
    if "number" not in wanted.asks or not wanted.head or wanted.head & _UNCOUNTED:
        return False
    return max(one.features["head"] * one.features["number"] for one in _near(candidates)[:_FIRST]) < _LIKE_NOTHING


def _no_name(wanted: Wanted, candidates: Sequence[Candidate]) -> bool:
    """It is asked who somebody is, and the first sentences hold no name but those of the question."""
    if not _WHO_IS.search(wanted.asked) or "partners" in wanted.asks:
        return False
    said = wanted.asked.lower()
    names = [name for one in _near(candidates, _NEAREST)[:_FIRST] for name in _FULL_NAME.findall(one.text)]
    return all(word.lower() in said for name in names for word in name.split())


def _another_time(wanted: Wanted, candidates: Sequence[Candidate]) -> bool:
    """The question names a date, and the first sentences, all of them dated, neither are of it nor tell of it."""
    if not wanted.times:
        return False
    first = _near(timely(wanted, candidates), _NEAREST)[:_FIRST]
    days = [as_of(one.text, one.evidence.passage, one.evidence.document) for one in first]
    told = [mention.value for one in first for mention in dates_in(f"{one.text} {_above(one)}")]
    return None not in days and not any(
        may_be_same(day, time) for day in [*days, *told] if day for time in wanted.times
    )


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
    """How many things a sentence may set side by side, or the list or table that it stands in or leads into."""
    in_sentence = 1 + len(re.findall(r",(?!\d)|;|\band\b|\bor\b|&", candidate.text))
    blocks = candidate.evidence.document.blocks
    own = next((i for i, block in enumerate(blocks) if block.start <= candidate.start < block.end), len(blocks))
    listed = next((block for block in blocks[own : own + 2] if block.kind != "paragraph"), None)
    if listed is None:
        return in_sentence
    return max(in_sentence, sum((one.kind, one.headings) == (listed.kind, listed.headings) for one in blocks))


def _told_around(candidate: Candidate) -> str:
    """A sentence and the one before it, which says what "it" is."""
    passage = candidate.evidence.passage
    before = max((start for start, _ in passage.sentences if start < candidate.start), default=candidate.start)
    return candidate.evidence.document.text[before : candidate.end]


def _above(candidate: Candidate) -> str:
    return " ".join([candidate.evidence.document.title, *candidate.evidence.passage.headings])


RULES: Mapping[str, Callable[[Wanted, Sequence[Candidate]], bool]] = {
    "unheard": lambda wanted, candidates: bool(wanted.unheard),  # something with a name that stands on no page
    "kind": _no_kind,
    "sign": _no_sign,
    "money": _no_money,
    "count": _no_count,
    "name": _no_name,
    "time": _another_time,
    "thing": _another_thing,
    "several": _too_few,
}
