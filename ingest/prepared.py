"""What reading and splitting made of every file, kept beside the index, so that an unchanged one is not read again."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ingest.documents import Block, Document, Passage
from ingest.embedding import EmbeddingModel
from ingest.splitting import embedded_text, sentence_texts, split_document
from ingest.words import spelt_terms

SpeltTerms = Sequence[tuple[str, str]]
_WHAT_READS = ("markdown-it-py", "lxml", "mammoth", "pdfplumber", "trafilatura", "PyYAML", "llama-index-core")


@dataclass(frozen=True, kw_only=True)
class ReadFile:
    """A file as read: its document, whether it is withdrawn, and the remarks on it."""

    document: Document
    is_withdrawn: bool
    remarks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Split:
    """A document's passages, what is embedded of each and its terms (see `spelt_terms`), and what is embedded of each
    of their sentences; all in order.
    """

    passages: tuple[Passage, ...]
    texts: tuple[str, ...]
    spelt: tuple[SpeltTerms, ...]
    sentences: tuple[str, ...]


class PreparedFiles:
    """The files of a corpus as read and split; what is damaged, or of another version, counts as not there.

    A file is known by its path and digest, a split document by its own digest and the model's.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._read: dict[tuple[str, str], ReadFile] = {}
        self._split: dict[str, Split] = {}
        self._used: set[tuple[str, str]] = set()
        self._model = ""
        self._changed = False
        if path:
            self._load(path)

    def read(self, path: str, digest: str) -> ReadFile | None:
        """A file as it was read when it had this digest."""
        self._used.add((path, digest))
        return self._read.get((path, digest))

    def keep(self, path: str, digest: str, read: ReadFile) -> None:
        """Remember a file as read."""
        self._read[path, digest] = read
        self._changed = True

    def split(self, document: Document, model: EmbeddingModel) -> Split:
        """A document split, now or before."""
        if model.digest != self._model:
            self._model, self._split = model.digest, {}
        split = self._split.get(document.digest)
        if split is None:
            split = self._split[document.digest] = split_now(document, model)
            self._changed = True
        return split

    def save(self) -> None:
        """Write down what is known of the files that were asked for, and forget the rest."""
        if not self._path or not self._changed:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_name(f"{self._path.name}.partial")
        with partial.open("w", encoding="utf-8") as file:
            file.write(json.dumps([_version(), self._model]) + "\n")
            for path, digest in sorted(self._used & self._read.keys()):
                read = self._read[path, digest]
                split = self._split.get(read.document.digest)
                file.write(json.dumps([path, digest, _row(read), _split_row(read.document, split)]) + "\n")
        partial.replace(self._path)
        self._changed = False

    def _load(self, path: Path) -> None:
        try:
            with path.open(encoding="utf-8") as file:
                made_by, self._model = json.loads(next(file))
                if made_by != _version():
                    return
                for line in file:
                    name, digest, row, split = json.loads(line)
                    read = _read_file(row)
                    self._read[name, digest] = read
                    if split is not None:
                        self._split[read.document.digest] = _split(read.document, split)
        except (OSError, ValueError, TypeError, KeyError, StopIteration):
            self._read, self._split, self._model = {}, {}, ""


def split_now(document: Document, model: EmbeddingModel) -> Split:
    """Split a document."""
    passages = split_document(document, model)
    texts = tuple(embedded_text(document, passage, model) for passage in passages)
    return Split(
        passages=tuple(passages),
        texts=texts,
        spelt=tuple(spelt_terms(text) for text in texts),
        sentences=tuple(text for passage in passages for text in sentence_texts(document, passage, model)),
    )


@cache
def _version() -> str:
    """One for the code that reads and splits, and for the libraries it does so with."""
    here = Path(__file__).parent
    code = [path.read_bytes() for path in sorted([*here.glob("*.py"), *(here / "readers").glob("*.py")])]
    libraries = " ".join(f"{name} {version(name)}" for name in _WHAT_READS)
    return hashlib.sha256(b"".join(code) + libraries.encode()).hexdigest()


def _row(read: ReadFile) -> dict[str, Any]:
    document = {**vars(read.document), "blocks": [list(vars(block).values()) for block in read.document.blocks]}
    return {"document": document, "is_withdrawn": read.is_withdrawn, "remarks": read.remarks}


def _read_file(row: Mapping[str, Any]) -> ReadFile:
    fields = row["document"]
    blocks = tuple(
        Block(kind=kind, start=start, end=end, headings=tuple(headings), as_of=as_of)
        for kind, start, end, headings, as_of in fields["blocks"]
    )
    tuples = {name: tuple(fields[name]) for name in ("programmes", "partners")}
    return ReadFile(
        document=Document(**{**fields, **tuples, "blocks": blocks}),
        is_withdrawn=row["is_withdrawn"],
        remarks=tuple(row["remarks"]),
    )


def _split_row(document: Document, split: Split | None) -> dict[str, Any] | None:
    """Texts without the words of the document itself, which stand there already."""
    if split is None:
        return None
    words = [document.text[passage.start : passage.end] for passage in split.passages]
    sentences = _sentences_of(document, split.passages)
    return {
        "passages": [vars(passage) for passage in split.passages],
        "above": [text.removesuffix(own) for text, own in zip(split.texts, words, strict=True)],
        "spelt": split.spelt,
        "sentences": [None if text == own else text for text, own in zip(split.sentences, sentences, strict=True)],
    }


def _split(document: Document, row: Mapping[str, Any]) -> Split:
    passages = tuple(_passage(fields) for fields in row["passages"])
    sentences = _sentences_of(document, passages)
    return Split(
        passages=passages,
        texts=tuple(
            above + document.text[passage.start : passage.end]
            for above, passage in zip(row["above"], passages, strict=True)
        ),
        spelt=tuple([(term, word) for term, word in terms] for terms in row["spelt"]),
        sentences=tuple(text or own for text, own in zip(row["sentences"], sentences, strict=True)),
    )


def _sentences_of(document: Document, passages: Sequence[Passage]) -> list[str]:
    return [document.text[start:end] for passage in passages for start, end in passage.sentences]


def _passage(fields: Mapping[str, Any]) -> Passage:
    sentences = tuple((start, end) for start, end in fields["sentences"])
    return Passage(**{**fields, "headings": tuple(fields["headings"]), "sentences": sentences})
