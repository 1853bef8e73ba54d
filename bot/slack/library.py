"""The library: what the bot knows, for the Home tab, and where a quote stands on its page."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.answers import Answer, Citation, Question
from ingest.index import Index

_AROUND = 500  # characters before and after a quote
_KINDS = {
    "blog": "blogs",
    "ceo-update": "updates from the chief executive",
    "news": "news pages",
    "programme": "programme pages",
}


class Knowing(Protocol):
    """What answers from the pages. Blocking; safe to call from several threads."""

    def answer(self, question: Question) -> Answer:
        """One answer, whatever was asked."""
        ...

    def current_index(self) -> Index:
        """The index of the current build; opening another one blocks."""
        ...


@dataclass(frozen=True, kw_only=True)
class Holdings:
    """What the pages are: how many of each kind, the newest date printed on one, the build, the programmes."""

    kinds: Mapping[str, int]
    newest: str | None
    build: str
    built: str
    programmes: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class InContext:
    """A quote with the words around it on its page as stored now."""

    before: str
    quote: str
    after: str


def holdings(knowing: Knowing, *, today: date) -> Holdings:
    """What the current build holds; pages under embargo are left out."""
    index = knowing.current_index()
    shown = [document for document in index.documents.values() if not document.is_under_embargo(today)]
    kinds = Counter(_KINDS.get(document.kind or "", "other pages") for document in shown)
    programmes = [name.name for name in index.glossary.names if name.section == "programmes"]
    return Holdings(
        kinds=dict(sorted(kinds.items())),
        newest=max((document.published for document in shown if document.published), default=None),
        build=index.build.id,
        built=index.build.created,
        programmes=programmes,
    )


def in_context(knowing: Knowing, citations: Sequence[Citation]) -> list[InContext | None]:
    """Each citation's quote on its page; None where the page has gone, or no longer says so."""
    documents = knowing.current_index().documents
    found: list[InContext | None] = []
    for citation in citations:
        document = documents.get(citation.document)
        text = document.text if document else ""
        kept = text[citation.start : citation.end] == citation.quote
        start = citation.start if kept else text.find(citation.quote)
        found.append(_around(text, start, start + len(citation.quote)) if document and start >= 0 else None)
    return found


def still_stands(knowing: Knowing, answer: Answer) -> bool:
    """Whether every page an answer quotes or points to is there, and still says what was quoted."""
    documents = knowing.current_index().documents
    return None not in in_context(knowing, answer.citations) and all(
        page.document in documents for page in answer.closest
    )


def _around(text: str, start: int, end: int) -> InContext:
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    if start > _AROUND:
        before = "…" + before[before.find(" ") + 1 :]
    if end + _AROUND < len(text):
        after = after[: after.rfind(" ") + 1].rstrip() + "…"
    return InContext(before=before, quote=text[start:end], after=after)
