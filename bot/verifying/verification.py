"""Verification: which sentences a language model wrote stand, because code has found what they say in the passages."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.answers import Evidence
from bot.verifying.attribution import figures_stand, moments_stand
from bot.verifying.closeness import Closeness
from bot.verifying.moments import content_of
from bot.verifying.naming import names_belong, names_stand
from bot.verifying.placing import in_place
from bot.verifying.proper_names import ProperName, names_in
from bot.verifying.recency import date_of, is_superseded, tells_another_figure
from bot.verifying.segments import segments_of
from bot.verifying.sources import Source, sources_of
from bot.verifying.stance import stance_differs, sweeps_too_far
from bot.verifying.support import Signals, signals_of
from bot.verifying.wording import wrong_wording
from ingest.embedding import EmbeddingModel
from ingest.index import Index
from ingest.words import terms

Reason = Literal[
    "no marker",
    "unknown marker",
    "link",
    "not an answer",
    "name",
    "figure",
    "date",
    "negation",
    "plan",
    "out of date",
    "unsupported",
]
_MARKER = re.compile(r"\s*\[\s*(\d+(?:\s*[,;]\s*\d+)*)\s*\]")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One sentence that a model wrote, with the numbers of the passages it cites, counted from 1."""

    text: str
    passages: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What was decided of a claim: `reason` is None where it stands, else the first thing that is wrong with it."""

    claim: Claim
    reason: Reason | None

    @property
    def stands(self) -> bool:
        """True when every part of the claim was found in the passages it cites."""
        return self.reason is None


def verify(claims: Sequence[Claim], passages: Sequence[Evidence], index: Index, model: EmbeddingModel) -> list[Ruling]:
    """A ruling for each claim, in order. `passages[n - 1]` is the passage that a claim cites as n.

    The passages' words, headings, titles and dates count as what is cited. Only claims that the other checks leave
    open are embedded, all in one pass.
    """
    examined = [_examined(claim, passages, index) for claim in claims]
    undecided = [one for one in examined if isinstance(one, Signals) and one.undecided]
    vectors = model.embed_question(*(one.text for one in undecided)) if undecided else ()
    cosines = {id(one): one.cosine(vector, index) for one, vector in zip(undecided, vectors, strict=True)}
    return [
        Ruling(claim=claim, reason=_decided(one, cosines.get(id(one))))
        for claim, one in zip(claims, examined, strict=True)
    ]


def examine(text: str, passages: Sequence[Evidence], index: Index) -> Signals | None:
    """The signals of a sentence's support by some passages, whatever else is wrong with it; None where they hold none.

    For fitting: `verify` looks at these last.
    """
    sources = [source for item in passages for source in sources_of(item, index)]
    return _signals(text, sources, index) if sources else None


def _decided(one: Reason | Signals, cosine: float | None) -> Reason | None:
    if not isinstance(one, Signals):
        return one
    return None if one.supported(cosine) else "unsupported"


def _examined(claim: Claim, passages: Sequence[Evidence], index: Index) -> Reason | Signals:
    """The first thing that is wrong with a claim, or the signals of its support."""
    text = unicodedata.normalize("NFKC", _MARKER.sub("", claim.text)).strip()
    wrong = wrong_wording(text, index) or _markers(claim, passages)
    if wrong:
        return wrong
    cited = _cited(claim, passages)
    sources = [source for item in cited for source in sources_of(item, index)]
    if not sources:
        return "unsupported"
    found = _compared(text, sources, index)
    return "out of date" if isinstance(found, Signals) and is_superseded(text, cited, passages) else found


def _markers(claim: Claim, passages: Sequence[Evidence]) -> Reason | None:
    if not claim.passages:
        return "no marker"
    written = {int(number) for listed in _MARKER.findall(claim.text) for number in re.findall(r"\d+", listed)}
    known = all(1 <= number <= len(passages) for number in claim.passages)
    return None if known and written <= set(claim.passages) else "unknown marker"


def _compared(text: str, sources: Sequence[Source], index: Index) -> Reason | Signals:
    """What the sources say against a claim; the checks stand in the order in which a person would make them."""
    segments, names = segments_of(text, index), names_in(text, index)
    closeness = _closeness(text, names, sources, index)
    if not names_stand(names, sources):
        return "name"
    if not (in_place(text, sources) and figures_stand(segments, names, closeness, sources)):
        return "figure"
    if not moments_stand(segments, names, closeness, sources):
        return "date"
    if not names_belong(segments, names, closeness, sources):
        return "name"
    differs = stance_differs(text, closeness, sources, index)
    if differs:
        return differs
    if sweeps_too_far(text, closeness, sources):
        return "unsupported"
    return signals_of(text, names, closeness, sources)


def _signals(text: str, sources: Sequence[Source], index: Index) -> Signals:
    names = names_in(text, index)
    return signals_of(text, names, _closeness(text, names, sources, index), sources)


def _closeness(text: str, names: Sequence[ProperName], sources: Sequence[Source], index: Index) -> Closeness:
    named = frozenset[str]().union(*(name.words for name in names))
    return Closeness(content_of(text) | frozenset(terms(text)), sources, index, names=named)


def newest_first(rulings: Sequence[Ruling], passages: Sequence[Evidence]) -> list[Ruling]:
    """The rulings in the order they are shown: where two tell the same thing at several dates, the newest leads.

    All else stays where the model put it.
    """
    ordered: list[Ruling] = []
    for ruling in rulings:
        place = next((i for i, other in enumerate(ordered) if _is_newer(ruling, other, passages)), len(ordered))
        ordered.insert(place, ruling)
    return ordered


def _is_newer(ruling: Ruling, other: Ruling, passages: Sequence[Evidence]) -> bool:
    """True when two claims that stand give other figures of the same thing, and the first a later one."""
    if not (ruling.stands and other.stands) or not tells_another_figure(ruling.claim.text, other.claim.text):
        return False
    first, second = (date_of(one.claim.text, _cited(one.claim, passages)) for one in (ruling, other))
    return first is not None and (second is None or first > second)


def _cited(claim: Claim, passages: Sequence[Evidence]) -> list[Evidence]:
    return [passages[number - 1] for number in dict.fromkeys(claim.passages)]
