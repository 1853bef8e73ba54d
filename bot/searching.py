"""Searching: from the parts of a question to what one build holds on each of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.answers import Evidence
from bot.confidence import SURE_ENOUGH, confidence
from bot.events import day_told, event_in
from bot.lookups import look_up, one_of_each
from bot.news import asks_for_news, news
from bot.retrieval import retrieve
from bot.selection import Candidate, by_best_sentence, candidates
from bot.understanding import Unit, Wanted, understand
from ingest.dates import in_words
from ingest.embedding import EmbeddingModel, Vectors
from ingest.index import Index

_SURE_OF_AN_EVENT = 0.2  # confidence from which a date found for an event is believed


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What was found for one part of a question: evidence and sentences, each best first; `confidence` is 0 to 1.

    `looked_up` are the sentences that answer a look-up, best first; none where the question is none.
    """

    wanted: Wanted
    evidence: Sequence[Evidence]
    candidates: Sequence[Candidate]
    confidence: float
    looked_up: Sequence[Candidate] = ()

    @property
    def found(self) -> bool:
        """True when the evidence is good enough to be shown."""
        return bool(self.candidates) and self.confidence >= SURE_ENOUGH


def search(parts: Sequence[str], index: Index, model: EmbeddingModel, *, today: date) -> list[Finding]:
    """Search for each part of a question; all that has to be embedded is embedded in one pass."""
    wanteds = [_understood(part, index, model, today=today) for part in parts]
    findings = []
    for wanted, (vector, words) in zip(wanteds, embedded(wanteds, index, model), strict=True):
        if asks_for_news(wanted):
            findings.append(_news(wanted, index))
            continue
        evidence = retrieve(wanted, vector, index, today=today)
        evidence, ranked = by_best_sentence(evidence, candidates(wanted, vector, words, evidence, index))
        sure = confidence(wanted, ranked)
        found, each = look_up(wanted), []
        if found:
            naming = [item for item in evidence if found.may_be_in(item, index)]
            each = one_of_each(found, wanted, candidates(wanted, vector, words, naming, index), index)
        findings.append(Finding(wanted=wanted, evidence=evidence, candidates=ranked, confidence=sure, looked_up=each))
    return findings


def _understood(part: str, index: Index, model: EmbeddingModel, *, today: date) -> Wanted:
    """A part of a question, with the time of the event that it names, if any: "before the merger".

    The event itself is searched for only where the rest names nothing.
    """
    wanted = understand(part, index, model, today=today)
    event = event_in(part, index)
    if event is None:
        return wanted
    (told,) = search([event.as_question], index, model, today=today)
    day = day_told(event, told.candidates, index, today=today) if told.confidence >= _SURE_OF_AN_EVENT else None
    if day is None:
        return wanted
    rest = understand(event.asked, index, model, today=today)
    wanted = replace(rest, asked=part) if rest.names else wanted
    return replace(wanted, period=event.period(day), event=f"{event.side} {in_words(day)}")


def _news(wanted: Wanted, index: Index) -> Finding:
    """The news of the time asked about; where there is none, the newest pages are the closest."""
    told = news(wanted, index)
    evidence = [one.evidence for one in told or news(replace(wanted, period=None), index)]
    return Finding(wanted=wanted, evidence=evidence, candidates=told, confidence=float(bool(told)), looked_up=told)


def embedded(wanteds: Sequence[Wanted], index: Index, model: EmbeddingModel) -> list[tuple[Vectors, list[Vectors]]]:
    """The vector of each question, and those of its units that have a word, in order; each of shape (dimension,)."""
    new = {unit.word for wanted in wanteds for unit in wanted.units if unit.word and not _known(unit, index)}
    texts = [*(wanted.text for wanted in wanteds), *sorted(new)]
    vectors = dict(zip(texts, model.embed_question(*texts), strict=True))
    return [
        (
            vectors[wanted.text],
            [
                vectors[unit.word] if unit.word in vectors else index.word_vectors(list(unit.ways[0]))[0]
                for unit in wanted.units
                if unit.word
            ],
        )
        for wanted in wanteds
    ]


def _known(unit: Unit, index: Index) -> bool:
    """True when the index holds a vector of the unit's word already."""
    return all(index.holds(term) for term in unit.ways[0])
