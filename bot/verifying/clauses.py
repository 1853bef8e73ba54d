"""Clauses: the parts of a sentence, and whether each says that something is, is not, or is only meant to be."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.verifying.moments import content_of
from ingest.words import stem, terms

_SPLIT = re.compile(
    r"\s*(?:[;:()]|,(?!\d)|\s[–—-]\s)\s*"
    r"|\s+(?=(?:but|while|whereas|although|though|because|so that|which|who|rather than|instead of"
    r"|without|until|once)\b)"
    r"|\s+and\s+(?![A-Z])",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|cannot|without|rather than|instead of|unable|fail(?:s|ed)? to"
    r"|yet to|lack(?:s|ed|ing)?|refus(?:es|ed|ing)|declin(?:es|ed|ing) to|hardly|scarcely|stopped"
    r"|ceased|denie[sd]|false|untrue|incorrect|wrongly|myth)\b|n['’]t\b",
    re.IGNORECASE,
)
_NOT_NEGATIVE = re.compile(
    r"\b(?:not only|not just|no (?:fewer|less|more|later|earlier) than|not (?:fewer|less|more) than|no force first"
    r"|no doubt|not.for.profit|whether or not|if not)\b",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:will|would|shall|should|could|may|might|planned|planning to|plans? (?:to|is|was|are|were)|aim(?:s|ed|ing)?"
    r"|intend(?:s|ed|ing)?|intention|expect(?:s|ed|ing|ation)?|hop(?:e|es|ed|ing)(?! ?\()|propos(?:es?|ed|al)|forecast"
    r"|envisaged|due (?:to|for|in)|scheduled|meant|going to|set to|(?:is|are|was|were)(?: not| also| both)? to|target"
    r"|ambition|want(?:s|ed|ing)?|goal|wish(?:es|ed)?|promis(?:es|ed)|purpose|bidding|on course|exploring"
    r"|being (?:developed|mapped|planned|explored|prepared|standardised|worked up|put in place)|seek(?:s|ing)?"
    r"|working towards|ready for|upcoming|future)\b|^(?:and |or )?to (?!date\b)[a-z]+",
)
_GOES_ON = re.compile(r"(?:is|are|was|were|has|have|had|will|would|can|could|may|should)\b", re.IGNORECASE)
_FEWEST = 3  # terms of a clause; a shorter one belongs to the one before it


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A part of a sentence, and whether it is negated or only planned.

    `terms` are its stemmed terms, `content` those that belong to no figure or date, `words` its stop words too.
    """

    terms: frozenset[str]
    content: frozenset[str]
    words: frozenset[str]
    negative: bool
    planned: bool


@lru_cache(maxsize=20_000)
def clauses_of(text: str) -> tuple[Clause, ...]:
    """The clauses of a sentence in reading order; short ones belong to the one before them."""
    return tuple(_clause(piece) for piece in _joined(_SPLIT.split(text)))


def _clause(text: str) -> Clause:
    bare = _NOT_NEGATIVE.sub(" ", text)
    return Clause(
        terms=frozenset(terms(_NEGATIVE.sub(" ", bare))),
        content=content_of(_NEGATIVE.sub(" ", bare)),
        words=frozenset(terms(text, stop=False)),
        negative=len(_NEGATIVE.findall(bare)) % 2 == 1,
        planned=bool(_PLANNED.search(text)),
    )


def _joined(pieces: Sequence[str]) -> Iterator[str]:
    whole = ""
    for piece in pieces:
        goes_on = _GOES_ON.match(piece) is not None
        if whole and not goes_on and len(terms(piece)) >= _FEWEST and len(terms(whole)) >= _FEWEST:
            yield whole
            whole = piece
        else:
            whole = f"{whole} {piece}".strip()
    if whole:
        yield whole


_OPPOSITES = (
    (
        "rise rising risen rose raise increase grew grow grown up higher gain expand climb double triple longer"
        " lengthen heavier add",
        "fall falling fell fallen drop decrease decline reduce down lower fewer less cut shrink shorter shorten halve"
        " relieve lighten slow rarer",
    ),
    ("more", "fewer"),
    ("above over exceed", "below under"),
    ("open", "close closure shut"),
    ("improve better", "worsen deteriorate worse"),
    ("outstanding good", "inadequate poor"),
    ("internal", "external"),
    ("include", "exclude"),
    ("accept approve agree", "reject refuse"),
    ("join", "leave left"),
    ("easy easier", "harder difficult"),
    ("success successful", "failure"),
    ("severe serious", "mild minor"),
    ("north", "south"),
    ("inpatient", "outpatient"),
    ("before", "after"),
)
_SIDES = {
    stem(word): (number, side)
    for number, pair in enumerate(_OPPOSITES)
    for side, words in enumerate(pair)
    for word in words.split()
}
OPPOSING = frozenset(_SIDES)


def sides(words: frozenset[str]) -> Mapping[int, frozenset[int]]:
    """Of each pair of opposites that some stemmed words speak of, which sides they take."""
    taken: dict[int, frozenset[int]] = {}
    for word in words & OPPOSING:
        number, side = _SIDES[word]
        taken[number] = taken.get(number, frozenset()) | {side}
    return taken
