"""Stance: whether a claim affirms, denies and promises what the clauses of its sources affirm, deny and promise."""

from collections.abc import Sequence
from typing import Literal

from bot.verifying.clauses import OPPOSING, Clause, clauses_of, sides
from bot.verifying.closeness import Closeness
from bot.verifying.sources import Source
from ingest.index import Index
from ingest.words import stem, terms

_SAME_CLAUSE = 0.6  # how much two clauses have in common, by rarity, when they say the same
_REPEATED = 0.6  # the share of a clause's words that a claim repeats when it speaks of the same
_FEWEST = 2  # words by which a clause can be told
_NEAR = 0.1  # how much less than the nearest another clause may have in common and still be meant
_SWEEPS = (
    "only sole solely exclusively",
    "all every everyone everybody everywhere whole entire entirely always each",
)
_SWEEPING = tuple(frozenset(map(stem, words.split())) for words in _SWEEPS)


def stance_differs(
    text: str, closeness: Closeness, sources: Sequence[Source], index: Index
) -> Literal["negation", "plan"] | None:
    """Whether a clause affirms what the clause nearest to it denies, or the reverse, or gives a plan as done."""
    said, stated = clauses_of(text), [clause for source in sources for clause in source.clauses]
    if _is_opposed(said, stated, index) or any(_drops_negation(clause, stated, index) for clause in said):
        return "negation"
    for clause in said:
        likes = [(_like(clause.terms, other.terms, closeness), other) for other in stated]
        best = max(like for like, _ in likes)
        near = [other for like, other in likes if like >= best - _NEAR]
        if best < _SAME_CLAUSE:
            if clause.negative and not any(_denies(other, clause, index) for other in stated):
                return "negation"
            continue
        if all(other.negative != clause.negative for other in near):
            return "negation"
        if not clause.planned and all(other.planned for other in near):
            return "plan"
    return None


def _is_opposed(said: Sequence[Clause], stated: Sequence[Clause], index: Index) -> bool:
    """True when a claim says the opposite of a clause whose other words it repeats, and no such clause agrees."""
    for clause in said:
        if not clause.words & OPPOSING:
            continue
        repeated = [
            sides(other.words)
            for other in stated
            if _repeats(clause.words, other, index) or _repeats(other.words, clause, index)
        ]
        for pair, mine in sides(clause.words).items():
            theirs = [other[pair] for other in repeated if pair in other]
            if theirs and not mine <= frozenset[int]().union(*theirs):
                return True
    return False


def _drops_negation(clause: Clause, stated: Sequence[Clause], index: Index) -> bool:
    """True when a claim affirms what a clause denies, and no other clause affirms it."""
    if clause.negative:
        return False
    denied = [other for other in stated if other.negative and _repeats(clause.words, other, index)]
    return bool(denied) and not any(
        not other.negative and any(_repeats(other.words, one, index) for one in denied) for other in stated
    )


def _denies(clause: Clause, said: Clause, index: Index) -> bool:
    """True when a source's clause denies what a claim's clause speaks of."""
    return clause.negative and (_repeats(said.words, clause, index) or _repeats(clause.words, said, index))


def _repeats(words: frozenset[str], clause: Clause, index: Index) -> bool:
    """True when some words hold most of a clause's, opposites aside."""
    others = clause.content - OPPOSING
    if len(others) < _FEWEST:  # "falls at home" is about falls
        others = clause.content
    if len(others) < _FEWEST or not others & words:
        return False
    rarity = {term: index.rarity(term) for term in others}
    return sum(rarity[term] for term in others & words) >= _REPEATED * sum(rarity.values())


def sweeps_too_far(text: str, closeness: Closeness, sources: Sequence[Source]) -> bool:
    """True when a clause says "only" or "all" and no sentence near to it does."""
    for clause in clauses_of(text):
        sweeping = [words for words in _SWEEPING if clause.words & words]
        if not sweeping:
            continue
        shares = [closeness.share(clause.content, column) for column in range(len(sources))]
        near = [source for source, share in zip(sources, shares, strict=True) if share >= max(shares) - _NEAR]
        stated = frozenset(terms(" ".join(source.text for source in near), stop=False))
        if any(not stated & words for words in sweeping):
            return True
    return False


def _like(said: frozenset[str], other: frozenset[str], closeness: Closeness) -> float:
    """How much two clauses have in common, 0 to 1, by the rarity of their words."""
    if not said or not other:
        return 0.0
    weight = dict(zip(closeness.terms, closeness.rarity, strict=True))
    both = sum(float(weight.get(term, 1.0)) for term in said & other)
    own = sum(float(weight.get(term, 1.0)) for term in said)
    rest = len(other - said)
    return 2 * both / (own + both + rest * (own / len(said)) + 1e-9)
