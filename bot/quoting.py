"""Quoting: the words of the passages that a written sentence rests on, as the quotes under it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.answers import Citation, Evidence
from bot.composition import cite
from bot.selection import Candidate
from bot.understanding import Wanted
from bot.verifying.verification import Claim
from ingest.index import Index
from ingest.words import terms

_MOST = 2  # sentences of one passage that one written sentence is shown to rest on
_WORTH_QUOTING = 0.25  # the share of what a written sentence has in common with a passage that a second one must add

Part = tuple[Wanted, Sequence[Candidate]]
Marked = tuple[Claim, tuple[int, ...]]


def quote(
    claims: Sequence[Claim],
    passages: Sequence[Evidence],
    parts: Sequence[Part],
    usual: Sequence[Citation],
    index: Index,
) -> tuple[list[Marked], tuple[Citation, ...]]:
    """Each claim with the numbers of its quotes, and all quotes: those of the claims first, then the `usual` others.

    `passages[n - 1]` is what a claim cites as n; `parts` are the parts of the question with their candidates;
    `usual` is what would be quoted without a language model: it is kept, so that nothing is hidden by what
    was written.
    """
    quotes: list[Citation] = []
    marked: list[list[int]] = []
    for claim in claims:
        numbers: list[int] = []
        for number in claim.passages:
            for start, end in _supporting(claim, passages[number - 1], index):
                found = _held(passages[number - 1], start, end, (*quotes, *usual))
                found = found or _quoted(passages[number - 1], start, end, parts)
                if found not in quotes:
                    quotes.append(found)
                numbers.append(quotes.index(found) + 1)
        marked.append(list(dict.fromkeys(numbers)))
    quotes += [other for other in usual if not any(_holds(one, other) for one in quotes)]
    numbered = tuple(replace(one, number=number) for number, one in enumerate(quotes, 1))
    return [(claim, tuple(numbers)) for claim, numbers in zip(claims, marked, strict=True)], numbered


def _supporting(claim: Claim, evidence: Evidence, index: Index) -> list[tuple[int, int]]:
    """The sentences of a passage that have most in common with the claim, in reading order."""
    words = index.sentence_terms(evidence.number)
    left = set(terms(claim.text))
    in_common = _weight(left & frozenset().union(*words), index)
    chosen: list[int] = []
    while words and len(chosen) < _MOST:
        best = max(range(len(words)), key=lambda position: (_weight(left & words[position], index), -position))
        if chosen and _weight(left & words[best], index) < _WORTH_QUOTING * in_common:
            break
        if best in chosen:
            break
        chosen.append(best)
        left -= words[best]
    return [evidence.passage.sentences[position] for position in sorted(chosen)]


def _weight(words: set[str], index: Index) -> float:
    return sum(index.rarity(word) for word in words)


def _held(evidence: Evidence, start: int, end: int, quotes: Sequence[Citation]) -> Citation | None:
    """The quote that has this span already."""
    return next(
        (one for one in quotes if one.document == evidence.document.id and one.start <= start and end <= one.end), None
    )


def _holds(quote: Citation, other: Citation) -> bool:
    return quote.document == other.document and quote.start <= other.start and other.end <= quote.end


def _quoted(evidence: Evidence, start: int, end: int, parts: Sequence[Part]) -> Citation:
    """A new quote of a sentence, with the list it belongs to where that would be quoted too."""
    wanted = next((wanted for wanted, found in parts if _among(evidence, found)), parts[0][0])
    text = evidence.document.text[start:end]
    sentence = Candidate(evidence=evidence, start=start, end=end, text=text, score=0.0, features={})
    return cite([(wanted, [sentence])])[0]


def _among(evidence: Evidence, candidates: Sequence[Candidate]) -> bool:
    return any(one.evidence.number == evidence.number for one in candidates)
