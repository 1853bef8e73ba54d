"""Public datasets: pages and questions with gold spans, read from folders that stay outside the repository."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.answers import Question
from evaluation.relevance import HELD, GoldSpan
from ingest.documents import Block, Document
from ingest.errors import TrustbotError

_WHOLE_ANSWER = 1.0  # an answer of a word or two: half of a name is none
_ANY_PART = 0.0
_PARAGRAPH = re.compile(r"\S(?:.*?\S)??(?=\s*\n\s*\n|\s*\Z)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class DatasetQuestion:
    """A question of a dataset and where its answer stands: in any of the spans `gold`.

    There are none when the question is not answerable, or when the dataset does not say.
    """

    id: str
    text: str
    gold: tuple[GoldSpan, ...]
    answerable: bool

    def asked(self) -> Question:
        """The question as somebody asks it."""
        return Question(id=self.id, text=self.text)


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """Pages and questions. A passage is right when it holds `share` of a gold span.

    `held_out` says that these are the questions on the half of the pages that nothing may be fitted on.
    """

    name: str
    documents: tuple[Document, ...]
    questions: tuple[DatasetQuestion, ...]
    share: float
    held_out: bool = False

    @property
    def digest(self) -> str:
        """One digest for all pages, in order."""
        return hashlib.sha256("".join(document.digest for document in self.documents).encode()).hexdigest()


def load_dataset(folder: Path, *, whole: bool = True, held_out: bool = True, most: int | None = None) -> Dataset:
    """Read a dataset's folder: `corpus.jsonl` and `queries.jsonl`, with `articles.jsonl` where there is one.

    Where there are articles, these are the pages; or without `whole` their paragraphs are, and then any passage
    of the right one is right. There, with `held_out`, only the questions on every second article are kept.
    `most` keeps so many questions, spread evenly. Of a conversation only the first turn is kept.
    Raises TrustbotError when a file or field is missing.
    """
    try:
        rows = _read_lines(folder / "corpus.jsonl")
        queries = [row for row in _read_lines(folder / "queries.jsonl") if row.get("first_turn", True)]
        articles = _read_lines(folder / "articles.jsonl") if (folder / "articles.jsonl").is_file() else []
        documents = tuple(_document(row) for row in (articles if articles and whole else rows))
        if articles and held_out:
            reported = {row["id"] for row in articles[1::2]}
            queries = [row for row in queries if row["article"] in reported]
        if articles and whole:
            places = {row["id"]: (row["article"], row["offset"]) for row in rows}
            questions = [_question(row, [_placed(span, places) for span in _spans(row)]) for row in queries]
        else:
            texts = {document.id: document.text for document in documents}
            questions = [_question(row, (not articles and _spans(row)) or _pages(row, texts)) for row in queries]
    except (KeyError, TypeError) as error:
        raise TrustbotError(f"{folder.name} lacks a field ({error}): see the form in docs/evaluation.md") from error
    return Dataset(
        name=f"{folder.name}-{'articles' if whole else 'paragraphs'}" if articles else folder.name,
        documents=documents,
        questions=tuple(_spread(questions, most)),
        share=HELD if not articles else _WHOLE_ANSWER if whole else _ANY_PART,
        held_out=bool(articles) and held_out,
    )


def _spread(questions: Sequence[DatasetQuestion], most: int | None) -> Sequence[DatasetQuestion]:
    if most is None or most >= len(questions):
        return questions
    return [questions[number * len(questions) // most] for number in range(most)]


def _read_lines(path: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    except FileNotFoundError as error:
        raise TrustbotError(f"there is no {path.name} in {path.parent}: name the folder of a dataset") from error
    except ValueError as error:
        raise TrustbotError(f"{path} is not JSON, one object a line: {error}") from error


def _document(row: Mapping[str, Any]) -> Document:
    """A page whose stored text is the dataset's own, so that its offsets hold."""
    text = row["text"]
    digest = hashlib.sha256(f"{row['id']}\n{row['title']}\n{text}".encode()).hexdigest()
    return Document(
        id=row["id"],
        kind=None,
        title=row["title"],
        author=None,
        publisher=None,
        published=None,
        published_basis=None,
        summary=False,
        url=row.get("url"),
        programmes=(),
        partners=(),
        embargo_until=None,
        review_by=None,
        path="corpus.jsonl",
        text=text,
        blocks=tuple(
            Block(kind="paragraph", start=match.start(), end=match.end()) for match in _PARAGRAPH.finditer(text)
        ),
        digest=digest,
    )


def _question(row: Mapping[str, Any], gold: Sequence[GoldSpan]) -> DatasetQuestion:
    text = f"{row['scenario']} {row['text']}" if row.get("scenario") else row["text"]
    right = tuple(gold) if row["answerable"] else ()
    return DatasetQuestion(id=row["id"], text=text, gold=right, answerable=row["answerable"])


def _spans(row: Mapping[str, Any]) -> list[GoldSpan]:
    """The spans of the answer, where they are given."""
    given = row.get("spans") or [(ref["start"], ref["end"]) for ref in row.get("refs", ())]
    return [GoldSpan(document=row["gold"][0], start=start, end=end) for start, end in given]


def _pages(row: Mapping[str, Any], texts: Mapping[str, str]) -> list[GoldSpan]:
    """The whole of each page that holds the answer."""
    return [GoldSpan(document=id_, start=0, end=len(texts[id_])) for id_ in row["gold"]]


def _placed(span: GoldSpan, places: Mapping[str, tuple[str, int]]) -> GoldSpan:
    """A span of a paragraph as a span of the article it stands in."""
    article, offset = places[span.document]
    return replace(span, document=article, start=offset + span.start, end=offset + span.end)
