"""Anchoring: where a gold quote stands in a build's stored text, also after the page was edited a little."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from evaluation.questions import GoldQuote, JudgedQuestion
from ingest.documents import Document
from ingest.sentences import sentence_spans

CLOSE = 90.0  # of 100 (rapidfuzz ratio): a word or two edited in a sentence, not another sentence
_SAME = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "\u00a0": " "})
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """A gold quote and its span `[start, end)` in the stored document; None when it no longer matches."""

    document: str
    quote: str
    start: int | None
    end: int | None

    @property
    def span(self) -> tuple[int, int] | None:
        """The span, if the quote still matches."""
        return None if self.start is None or self.end is None else (self.start, self.end)


def anchor_gold(question: JudgedQuestion, documents: Mapping[str, Document]) -> list[Anchor]:
    """The gold of a question as it stands in a build's documents."""
    return [_anchor(gold, documents) for gold in question.gold]


def find_quote(quote: str, text: str) -> tuple[int, int] | None:
    """The span of `quote` in `text`: word for word, else but for spaces and quote marks, else nearly.

    Nearly means that the sentences are alike (see CLOSE) and hold the same numbers: a page that now says 90
    beds is no place for a quote of 80. None when nothing matches.
    """
    start = text.find(quote)
    if start >= 0:
        return start, start + len(quote)
    return _but_for_spaces(quote, text) or _nearly(quote, text)


def lost_gold(question: JudgedQuestion, anchors: Sequence[Anchor]) -> list[str]:
    """A line for each gold quote that no longer matches its document."""
    return [
        f"{question.id}: gold no longer matches {anchor.document}: “{anchor.quote}”"
        for anchor in anchors
        if anchor.span is None
    ]


def _anchor(gold: GoldQuote, documents: Mapping[str, Document]) -> Anchor:
    document = documents.get(gold.document)
    start, end = (document and find_quote(gold.quote, document.text)) or (None, None)
    return Anchor(document=gold.document, quote=gold.quote, start=start, end=end)


def _but_for_spaces(quote: str, text: str) -> tuple[int, int] | None:
    words = (re.escape(word) for word in _plain(quote).split())
    match = re.search(r"\s+".join(words), _plain(text), re.IGNORECASE)
    return match.span() if match else None


def _nearly(quote: str, text: str) -> tuple[int, int] | None:
    """The run of as many sentences as the quote has that is most like it."""
    spans = list(sentence_spans(text))
    length = len(list(sentence_spans(quote)))
    runs = [(first[0], last[1]) for first, last in zip(spans, spans[length - 1 :], strict=False)]
    alike = [
        (fuzz.ratio(_plain(quote), _plain(text[start:end]), score_cutoff=CLOSE), (start, end))
        for start, end in runs
        if _numbers(text[start:end]) == _numbers(quote)
    ]
    score, span = max(alike, default=(0.0, (0, 0)))
    return span if score else None


def _plain(text: str) -> str:
    """With plain quote marks and dashes; as long as before, so that offsets hold."""
    return text.translate(_SAME)


def _numbers(text: str) -> list[str]:
    return sorted(_NUMBER.findall(text))
