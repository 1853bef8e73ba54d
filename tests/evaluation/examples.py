"""Small documents, questions and answers that the tests of the evaluation share, and a model that counts words."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bot.answers import Answer, Citation, Evidence
from evaluation.questions import JudgedQuestion
from ingest.builds import Build
from ingest.documents import Block, Document, Passage
from ingest.embedding import EmbeddingModel
from ingest.words import terms

LIGHTHOUSE = "The lighthouse was built in 1823.\n\nIts keeper was Tobias Finch."
BAKERY = "The bakery sells rye bread.\n\nIt opens at six."


class WordModel(EmbeddingModel):
    """Stands in for the embedding model: a text is the direction of its words, so like words are near."""

    name = "words"
    digest = "words"
    window = 254  # type: ignore[assignment]
    dimension = 256  # type: ignore[assignment]

    def __init__(self) -> None:
        """Nothing to load."""

    def count(self, text: str) -> int:
        return len(text.split())

    def pieces(self, text: str) -> list[int]:
        return list(range(len(text.split())))

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        return self.embed_question(*texts)

    def embed_question(self, *texts: str) -> np.ndarray:
        vectors = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for vector, text in zip(vectors, texts, strict=True):
            for term in terms(text):
                vector[zlib.crc32(term.encode()) % self.dimension] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A build's documents and passages, without its index."""

    documents: dict[str, Document]
    passages: list[Passage] = field(default_factory=list)
    build: Build = field(
        default_factory=lambda: Build(
            id="b1",
            created="2024-07-31T00:00:00Z",
            digest="d",
            model="words",
            model_digest="words",
            documents=1,
            passages=1,
        )
    )


def make_document(id_: str, text: str, *, title: str = "A page") -> Document:
    return Document(
        id=id_,
        kind="news",
        title=title,
        author=None,
        publisher=None,
        published="2024-07",
        published_basis="stated",
        summary=False,
        url=None,
        programmes=(),
        partners=(),
        embargo_until=None,
        review_by=None,
        path=f"{id_}.md",
        text=text,
        blocks=(Block(kind="paragraph", start=0, end=len(text)),),
        digest=id_,
    )


def make_passage(document: str, start: int, end: int) -> Passage:
    return Passage(document=document, start=start, end=end, headings=(), as_of=None, sentences=((start, end),))


def make_evidence(document: Document, start: int, end: int, *, number: int = 0) -> Evidence:
    passage = make_passage(document.id, start, end)
    return Evidence(number=number, passage=passage, document=document, score=1.0, cosine=1.0, words=1.0)


def make_question(**fields: Any) -> JudgedQuestion:
    """An answerable question about beds, unless said otherwise."""
    known = {"id": "q1", "question": "How many beds?", "kind": "progress", "answerable": True}
    if fields.get("answerable", True):
        known |= {"expect": [["80 beds"]], "sources": ["ward"]}
    else:
        known |= {"expect_status": ["not_found"]}
    return JudgedQuestion.model_validate(known | fields)


def make_answer(text: str = "", *cited: Document, status: str = "answered", **fields: Any) -> Answer:
    """An answer that quotes the whole text of each cited document."""
    said = " ".join([text, *(f"“{page.text}” [{number}]" for number, page in enumerate(cited, 1))]).strip()
    citations = tuple(make_citation(number, page) for number, page in enumerate(cited, 1))
    known = {"id": "q1", "question": "How many beds?", "status": status, "answer": said, "citations": citations}
    return Answer(**(known | {"build": "b1"} | fields))


def make_citation(number: int, document: Document) -> Citation:
    return Citation(
        number=number,
        document=document.id,
        title=document.title,
        kind=document.kind,
        url=None,
        published=document.published,
        as_of=document.published,
        headings=(),
        quote=document.text,
        start=0,
        end=len(document.text),
    )


def write_lines(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
