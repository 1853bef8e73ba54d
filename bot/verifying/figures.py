"""Figures: the numbers a text states, whichever way they are written, with their unit, bound and what they count."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from ingest.words import plain, spelt_terms, stem

Bound = Literal["over", "under"]

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_SMALL = {word: value for value, word in enumerate(_UNITS.split())} | {
    word: 10 * value for value, word in enumerate(_TENS.split(), 2)
}
_SCALES = {"hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9, "k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9}
_PARTS = {"half": 50.0, "third": 100 / 3, "quarter": 25.0, "fifth": 20.0, "tenth": 10.0}
_ORDINAL = {word: value for value, word in enumerate(_ORDINALS.split())}
_WORD = "|".join(sorted(_SMALL, key=len, reverse=True))
_SPELT = rf"(?:{_WORD}|hundred|thousand|million|billion)"

_FIGURE = re.compile(
    rf"""(?:
        (?P<currency>[£$€])?\s?(?P<digits>(?<![\w.,])(?<![^\W\d_]-)[0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]+)?
            |(?<![\w.,])(?<![^\W\d_]-)[0-9]{{1,3}}(?:\ [0-9]{{3}})+(?![0-9])
            |(?<![\w.,])(?<![^\W\d_]-)[0-9]+(?:\.[0-9]+)?)
            (?P<ordinal>st|nd|rd|th)?(?![0-9])
            (?:(?:\s|-)?(?P<scale>hundred|thousand|million|billion|bn|mn|[km](?![\w]))\b)?
      | (?P<part>\b(?:(?:a|one|two|three)[\s-]+)?(?:half|thirds?|quarters?|fifths?|tenths?)\b(?=\s+(?:of|the|these|its))
            |\bhalf\b(?!\s+(?:a|an)\b))
      | (?P<halfscale>\bhalf\s+a\s+(?:million|billion)\b)
      | (?P<spelt>\ba\s+single\b|\b(?:a\s+(?=hundred|thousand|million|billion|dozen))?(?:{_SPELT}|dozen)
            (?:(?:\s+|-)(?:and\s+)?(?:{_SPELT}))*\b)
      | (?P<nth>\b(?:{"|".join(_ORDINAL)})\b)
      | (?P<vague>\b(?:dozens|scores|hundreds|thousands|millions|billions)\b)
    )
    (?P<percent>\s?(?:%|per\s?cent\b|percent\b))?
    (?P<money>\s(?:pounds|euros|dollars)\b)?""",
    re.IGNORECASE | re.VERBOSE,
)
_OVER = re.compile(
    r"(?:(?<!no )(?<!not )more than|over|above|at least|upwards of|in excess of|exceed(?:s|ed|ing)?"
    r"|surpass(?:es|ed|ing)?|pass(?:es|ed|ing)|beyond|no (?:fewer|less) than|greater than|minimum of|topp(?:ed|ing))"
    r"(?: the)?\s*(?:[£$€]\s*)?$",
    re.IGNORECASE,
)
_UNDER = re.compile(
    r"(?:(?<!no )(?:fewer|less|lower) than|under|below|up to|at most|almost|nearly|no more than|not more than|close to"
    r"|approaching|a maximum of|maximum of|just short of|as many as)(?: the)?\s*(?:[£$€]\s*)?$",
    re.IGNORECASE,
)
_PRONOUN_ONE = re.compile(r"\s+(?:of|another|by|day|such|which|who|that|is|was|or)\b|\s*[.,;:)]|\s*$", re.IGNORECASE)
_NOT_ONE = re.compile(r"\b(?:no|any|every|each|the|this|that|some|which|as)\s+$", re.IGNORECASE)
_ENDS_COUNTED = re.compile(
    r"[.,;:()|]|\b(?:in|on|at|of|for|from|to|with|by|as|and|or|but|who|which|that|were|was|is|are|have|has|had|will|a|an|the"
    r"|during|across|between|over|under|since|until|into|through)\b",
    re.IGNORECASE,
)
_TIMES = "second minute hour day week month year decade century night"
_PEOPLE = "people person staff member employee worker patient user client participant visitor individual adult delegate"
PEOPLE = frozenset(stem(word) for word in _PEOPLE.split())
TIMES = frozenset(stem(word) for word in _TIMES.split())


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number stated at `[start, end)` of a text.

    `unit` is "%", "£", "$", "€", "nth", "vague" or "" (a count); a half and 50% are one figure. `bound` says whether it
    is written as a lower ("over") or an upper bound ("under"). `counted` are the stemmed terms of what is counted.
    """

    start: int
    end: int
    value: float
    unit: str
    bound: Bound | None
    counted: tuple[str, ...]

    def same(self, other: "Figure") -> bool:
        """True when both are the same number of the same unit, however they are written."""
        return self.unit == other.unit and abs(self.value - other.value) <= 1e-9 * max(1.0, abs(self.value))


@lru_cache(maxsize=20_000)
def figures_in(text: str) -> tuple[Figure, ...]:
    """Every figure of a text in reading order; a "one" that only points ("one of them") is none."""
    return tuple(_figures(text))


def _figures(text: str) -> Iterator[Figure]:
    for match in _FIGURE.finditer(text):
        if _is_in_a_name(text, match) or ((match["spelt"] or "").lower() == "one" and _only_points(text, match)):
            continue
        value, unit = _value(match)
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        yield Figure(
            start=start,
            end=match.end(),
            value=value,
            unit=unit,
            bound=_bound(text, start, match.end()),
            counted=_counted(text, match.end()),
        )


def _is_in_a_name(text: str, match: re.Match[str]) -> bool:
    """True for a capitalised word beside another one ("No Force First"), unless it is a count that opens a sentence."""
    word = match["spelt"] or match["nth"]
    if not word or not word[0].isupper():
        return False
    before = text[: match.start()].rstrip(" \"'“‘(")
    followed = bool(re.match(r"\s+[A-Z]", text[match.end() :]))
    if before[-1:] in ("", ".", "!", "?", ":", "|"):
        return followed and word in ("Zero", "First")
    return followed or before.split()[-1][0].isupper()


def _only_points(text: str, match: re.Match[str]) -> bool:
    return bool(_PRONOUN_ONE.match(text, match.end()) or _NOT_ONE.search(text[: match.start()]))


def _value(match: re.Match[str]) -> tuple[float, str]:
    group = match.groupdict()
    unit = "%" if group["percent"] else (group["currency"] or ("£" if group["money"] else ""))
    if group["digits"]:
        value = float(re.sub(r"[, ]", "", group["digits"])) * _SCALES.get((group["scale"] or "").lower(), 1)
        return value, "nth" if group["ordinal"] else unit
    if group["part"]:
        return _share(group["part"].lower()), "%"
    if group["halfscale"]:
        return 0.5 * _SCALES[group["halfscale"].lower().split()[-1]], unit
    if group["nth"]:
        return float(_ORDINAL[group["nth"].lower()]), "nth"
    if group["vague"]:
        return float(len(group["vague"])), "vague"
    return _spelt(re.split(r"[\s-]+", group["spelt"].lower())), unit


def _share(words: str) -> float:
    """A part as a percentage: "two thirds" is 66.7."""
    *before, part = re.split(r"[\s-]+", words)
    times = _SMALL.get(before[0], 1) if before else 1
    return times * _PARTS[part.removesuffix("s")]


def _spelt(words: Sequence[str]) -> float:
    """The value of a number in words: "two thousand four hundred and five"."""
    total, current = 0.0, 0.0
    for word in words:
        if word == "hundred":
            current = (current or 1) * 100
        elif word == "dozen":
            current = (current or 1) * 12
        elif word in _SCALES:
            total += (current or 1) * _SCALES[word]
            current = 0.0
        else:
            current += 1 if word == "single" else _SMALL.get(word, 0)
    return total + current


def _bound(text: str, start: int, end: int) -> Bound | None:
    before = text[max(0, start - 40) : start]
    if _OVER.search(before) or re.match(r"\+|\s+(?:or|and)\s+(?:more|over|above|older)\b", text[end : end + 12]):
        return "over"
    return "under" if _UNDER.search(before) else None


def _counted(text: str, end: int) -> tuple[str, ...]:
    """The stemmed terms right behind a figure, up to a preposition or a verb: "123 single beds in" gives two."""
    behind = text[end : end + 60].replace("-", " ", 1)
    stop = _ENDS_COUNTED.search(behind)
    phrase = behind[: stop.start()] if stop else behind
    return tuple(dict.fromkeys(term for term, _ in spelt_terms(plain(phrase))))[:4]
