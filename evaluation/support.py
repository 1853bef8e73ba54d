"""Support: labelled pairs of sentences and passages, by which the verification is measured."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.answers import Evidence
from bot.verifying.verification import Claim, Ruling, verify
from ingest.embedding import EmbeddingModel
from ingest.errors import TrustbotError
from ingest.index import Index

PAIRS = Path(__file__).parent / "pairs"
STANDS = "stands"
WRONG_PASSAGE = "wrong passage"


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A sentence with the passages it cites, and whether they support it: `kind` is "stands" or how it was altered.

    `entry` names the passages it was written from; `fit` says that its half is fitted on, not reported.
    """

    entry: str
    kind: str
    text: str
    cites: tuple[tuple[str, str], ...]
    fit: bool

    @property
    def supported(self) -> bool:
        """True for a sentence that its passages support."""
        return self.kind == STANDS


def load_pairs(folder: Path = PAIRS) -> list[Pair]:
    """Every labelled pair below a folder. Raises TrustbotError where an entry lacks something."""
    pairs: list[Pair] = []
    for path in sorted(folder.glob("*.yaml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")):
            try:
                pairs += _pairs_of(entry)
            except KeyError as error:
                raise TrustbotError(f"{path.name}, entry '{entry.get('id')}' has no {error}: add it") from error
    return pairs


def _pairs_of(entry: Mapping[str, Any]) -> Iterator[Pair]:
    cites = tuple((cite["document"], cite["holds"]) for cite in entry["cites"])
    fit = is_fitted_on(entry["id"])
    for text in entry["stands"]:
        yield Pair(entry=entry["id"], kind=STANDS, text=text, cites=cites, fit=fit)
    for kind, texts in entry["falls"].items():
        for text in texts:
            yield Pair(entry=entry["id"], kind=kind, text=text, cites=cites, fit=fit)
    if "elsewhere" in entry:
        other = ((entry["elsewhere"]["document"], entry["elsewhere"]["holds"]),)
        yield Pair(entry=entry["id"], kind=WRONG_PASSAGE, text=entry["stands"][0], cites=other, fit=fit)


def is_fitted_on(entry: str) -> bool:
    """True for the half of the entries that thresholds are fitted on, chosen by a digest of the entry's name."""
    return hashlib.sha256(entry.encode()).digest()[0] % 2 == 0


def evidence_of(pair: Pair, index: Index) -> list[Evidence]:
    """The passages a pair cites. Raises TrustbotError when no passage of the build holds a phrase."""
    return [_passage(document, phrase, index) for document, phrase in pair.cites]


def rulings_on(pairs: Sequence[Pair], index: Index, model: EmbeddingModel) -> list[Ruling]:
    """How each pair is ruled, in order."""
    rulings = []
    for pair in pairs:
        evidence = evidence_of(pair, index)
        claim = Claim(text=pair.text, passages=tuple(range(1, len(evidence) + 1)))
        rulings += verify([claim], evidence, index, model)
    return rulings


def _passage(document: str, phrase: str, index: Index) -> Evidence:
    for number, passage in enumerate(index.passages):
        page = index.documents[passage.document]
        if passage.document == document and phrase in page.text[passage.start : passage.end]:
            return Evidence(number=number, passage=passage, document=page, score=0.0, cosine=0.0, words=0.0)
    raise TrustbotError(f"no passage of '{document}' holds “{phrase}”: mend the pair")
