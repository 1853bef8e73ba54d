"""The index of one build: written once, then only read."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process

from ingest.builds import Build, Builds
from ingest.chroma import ChromaPassages
from ingest.dates import first_day
from ingest.documents import Block, Document, Passage
from ingest.embedding import Vectors
from ingest.errors import TrustbotError
from ingest.glossary import Glossary, Name, mentions, spans_of
from ingest.prepared import SpeltTerms
from ingest.words import plain, spelt_terms, terms

_TERMS_KEPT = 5000  # passages whose sentences' terms are kept in memory, about 10 MB
FORMAT = 3  # part of every build's digest: raised whenever reading, splitting or storing changes
K1, _B = 1.2, 0.75  # of BM25
_BETWEEN = ("of", "and", "for", "the", "in", "to", "at", "on", "with")  # words of a name whose letter may be left out


def vocabulary_of(spelt: Sequence[SpeltTerms]) -> dict[str, str]:
    """Every stemmed term of some texts with the shortest way it is spelt there."""
    vocabulary: dict[str, str] = {}
    for text in spelt:
        for term, word in text:
            if term not in vocabulary or (len(word), word) < (len(vocabulary[term]), vocabulary[term]):
                vocabulary[term] = word
    return vocabulary


def write_index(
    folder: Path,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    glossary: Glossary,
    spelt: Sequence[SpeltTerms],
    vocabulary: Mapping[str, str],
    passage_vectors: Vectors,
    sentence_vectors: Vectors,
    word_vectors: Vectors,
) -> None:
    """Write everything a question needs below `folder`.

    `spelt` are the terms of each passage as BM25 sees them (see `spelt_terms`; in the order of `passages`);
    `sentence_vectors` stand in the order of the passages' sentences, `word_vectors` in that of the `vocabulary` (see
    `vocabulary_of`).
    """
    folder.mkdir(parents=True)
    embargoes = {document.id: _ordinal(document.embargo_until) for document in documents}
    with ChromaPassages(folder / "chroma", create=True) as chroma:
        chroma.add(passages, passage_vectors, [embargoes[passage.document] for passage in passages])
    words = bm25s.BM25(k1=K1, b=_B)
    words.index([[term for term, _ in text] for text in spelt], show_progress=False)
    words.save(str(folder / "words"), show_progress=False)
    np.save(folder / "passages.npy", passage_vectors.astype(np.float16))
    np.save(folder / "sentences.npy", sentence_vectors.astype(np.float16))
    _write_lines(folder / "documents.jsonl", [_row(document) for document in documents])
    _write_lines(folder / "passages.jsonl", [vars(passage) for passage in passages])
    np.save(folder / "words.npy", word_vectors.astype(np.float16))
    (folder / "vocabulary.json").write_text(json.dumps(vocabulary))
    names = [alias for name in glossary.names for alias in name.all]
    spellings = {word for text in [*spelt, *map(spelt_terms, names)] for _, word in text}
    (folder / "spellings.json").write_text(json.dumps(sorted(word for word in spellings if len(word) > 3)))
    (folder / "glossary.json").write_text(json.dumps([asdict(name) for name in glossary.names]))


class Index:
    """One build, open for reading. Never changes; a bot opens another one when the pointer moves.

    Raises TrustbotError when the build was made with another model or is damaged.
    """

    def __init__(self, builds: Builds, build: Build, *, model_digest: str) -> None:
        if build.model_digest != model_digest:
            raise TrustbotError(
                f"build {build.id} was embedded with '{build.model}', not with the model asked for: "
                "run `trustbot ingest`, or set TRUSTBOT_MODEL back"
            )
        self.build = build
        folder = builds.path(build.id)
        try:
            self.documents: Mapping[str, Document] = {
                fields["id"]: _document(fields) for fields in _read_lines(folder / "documents.jsonl")
            }
            self.passages = [_passage(fields) for fields in _read_lines(folder / "passages.jsonl")]
            self.glossary = Glossary(
                names=tuple(
                    Name(**{**name, "aliases": tuple(name["aliases"])})
                    for name in json.loads((folder / "glossary.json").read_text())
                )
            )
            self.aliases = tuple(
                (plain(alias), name) for name in self.glossary.names for alias in name.all if len(plain(alias)) > 1
            )
            self._chroma = ChromaPassages(folder / "chroma")
            self.spellings: Sequence[str] = json.loads((folder / "spellings.json").read_text())
            self.known_words = frozenset(self.spellings)
            self._words = bm25s.BM25.load(str(folder / "words"), mmap=True, show_progress=False)
            self._sentence_vectors = np.load(folder / "sentences.npy", mmap_mode="r")
            self._word_vectors = np.load(folder / "words.npy", mmap_mode="r")
            self._word_numbers = {
                term: number for number, term in enumerate(json.loads((folder / "vocabulary.json").read_text()))
            }
            self._passage_vectors = np.load(folder / "passages.npy", mmap_mode="r")
            self._embargoes = np.array(
                [_ordinal(self.documents[passage.document].embargo_until) for passage in self.passages]
            )
        except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
            raise TrustbotError(f"build {build.id} is damaged ({error}): run `trustbot builds rollback`") from error
        self._ends = self._words.scores["indptr"]
        self._terms: dict[int, tuple[Sequence[frozenset[str]], frozenset[str]]] = {}
        self._spelt_out: dict[str, str | None] = {}
        self._first_sentence = np.cumsum([0, *(len(passage.sentences) for passage in self.passages)])

    def count(self) -> int:
        """How many passages Chroma holds; equal to len(passages) in a sound build."""
        return self._chroma.count()

    def nearest(self, vector: Vectors, most: int, *, today: date) -> tuple[NDArray[np.int64], Vectors]:
        """Numbers and cosines of the passages nearest to a unit vector, best first, embargoed ones left out."""
        if not len(self.passages):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        embargoed = bool((self._embargoes > today.toordinal()).any())
        return self._chroma.nearest(
            vector, min(most, len(self.passages)), today=today.toordinal() if embargoed else None
        )

    def probe(self, vector: Vectors) -> tuple[NDArray[np.int64], Vectors]:
        """The ten nearest passages, embargoed ones too: for the check of a new build."""
        return self._chroma.nearest(vector, min(10, len(self.passages)))

    def words(self, weights: Mapping[str, float], *, today: date) -> Vectors:
        """BM25 of every passage for weighted stemmed terms, shape (len(passages),); zero where embargoed."""
        scores: Vectors = np.zeros(len(self.passages), dtype=np.float32)
        columns = self._words.scores
        for term, weight in weights.items():
            column = self.vocabulary.get(term)
            if column is not None:
                held = slice(self._ends[column], self._ends[column + 1])
                scores[columns["indices"][held]] += weight * columns["data"][held]
        scores[self._embargoes > today.toordinal()] = 0
        return scores

    @property
    def vocabulary(self) -> Mapping[str, int]:
        """Every stemmed term of the corpus, with its column in the word index."""
        vocabulary: Mapping[str, int] = self._words.vocab_dict
        return vocabulary

    def names_in(self, text: str) -> list[tuple[str, Name]]:
        """The glossary's names that a text in plain lower case uses, each with the alias it is used by.

        One that only stands where a longer one does ("the North West" in "the North West Boroughs") is not among them.
        """
        found = [(alias, name) for alias, name in self.aliases if alias in text and mentions(alias, text)]
        spans = {alias: list(spans_of(alias, text)) for alias, _ in found}
        longer = {
            alias: [span for other in spans if len(other) > len(alias) for span in spans[other]] for alias in spans
        }
        return [
            (alias, name)
            for alias, name in found
            if any(all(end <= first or last <= start for first, last in longer[alias]) for start, end in spans[alias])
        ]

    def spelt_out(self, letters: str) -> str | None:
        """The name on the pages whose words begin with these letters, the most frequent one: "GDE" is "Global Digital
        Exemplar", "UoL" the "University of Liverpool"; None when there is none.
        """
        letters = letters.upper()
        if letters not in self._spelt_out:
            pattern = re.compile(_initials(letters))
            found = Counter(name for page in self.documents.values() for name in pattern.findall(page.text))
            self._spelt_out[letters] = found.most_common(1)[0][0] if found else None
        return self._spelt_out[letters]

    def rarity(self, term: str) -> float:
        """How rare a stemmed term is: its inverse document frequency; the highest for a term no passage holds."""
        column = self.vocabulary.get(term)
        held = 0 if column is None else int(self._ends[column + 1] - self._ends[column])
        return float(np.log(1 + (len(self.passages) - held + 0.5) / (held + 0.5)))

    def passage_vectors(self, numbers: Sequence[int]) -> Vectors:
        """Unit vectors of passages, shape (len(numbers), dimension)."""
        return np.asarray(self._passage_vectors[list(numbers)], dtype=np.float32)

    def holds(self, term: str) -> bool:
        """True when some passage holds a stemmed term."""
        return term in self._word_numbers

    def word_vectors(self, terms: Sequence[str]) -> Vectors:
        """Unit vectors of stemmed terms, shape (len(terms), dimension); zeros for one that no passage holds."""
        numbers = [self._word_numbers.get(term, -1) for term in terms]
        vectors = np.asarray(self._word_vectors[numbers], dtype=np.float32)
        vectors[[number < 0 for number in numbers]] = 0
        return vectors

    def sentence_terms(self, number: int) -> Sequence[frozenset[str]]:
        """The stemmed terms of each of a passage's sentences; kept, since a build never changes."""
        return self._terms_of(number)[0]

    def terms_above(self, number: int) -> frozenset[str]:
        """The stemmed terms that stand above a passage: those of its title, headings and programmes."""
        return self._terms_of(number)[1]

    def _terms_of(self, number: int) -> tuple[Sequence[frozenset[str]], frozenset[str]]:
        found = self._terms.get(number)
        if found is None:
            passage = self.passages[number]
            document = self.documents[passage.document]
            above = [document.title, *passage.headings, *document.programmes]
            sentences = [frozenset(terms(document.text[start:end])) for start, end in passage.sentences]
            found = sentences, frozenset(terms(" ".join(above)))
            if len(self._terms) >= _TERMS_KEPT:
                self._terms.clear()
            self._terms[number] = found
        return found

    def sentence_vectors(self, number: int) -> Vectors:
        """Unit vectors of one passage's sentences, shape (sentences, dimension)."""
        first, last = self._first_sentence[number], self._first_sentence[number + 1]
        return np.asarray(self._sentence_vectors[first:last], dtype=np.float32)

    def close(self) -> None:
        """Let go of Chroma's files."""
        self._chroma.close()


def read_stored(builds: Builds, build: Build, document_id: str) -> tuple[Document, list[Passage]]:
    """A stored document of a build and its passages. Raises TrustbotError when the build does not hold it."""
    folder = builds.path(build.id)
    rows = {row["id"]: row for row in _read_lines(folder / "documents.jsonl")}
    if document_id not in rows:
        near = [found[0] for found in process.extract(document_id, list(rows), limit=2, score_cutoff=60)]
        hint = f" (did you mean {' or '.join(near)}?)" if near else ""
        raise TrustbotError(f"build {build.id} holds no document '{document_id}'{hint}")
    passages = [_passage(row) for row in _read_lines(folder / "passages.jsonl") if row["document"] == document_id]
    return _document(rows[document_id]), passages


def stored_documents(builds: Builds, build: Build) -> list[Document]:
    """Every stored document of a build, without opening its vectors. Raises TrustbotError when it is damaged."""
    try:
        return [_document(row) for row in _read_lines(builds.path(build.id) / "documents.jsonl")]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrustbotError(f"build {build.id} is damaged ({error}): run `trustbot builds rollback`") from error


def document_digests(builds: Builds, build_id: str) -> dict[str, str]:
    """The digest of every document a build holds, by id; empty when the build is no longer there."""
    lines = builds.path(build_id) / "documents.jsonl"
    return {row["id"]: row["digest"] for row in _read_lines(lines)} if lines.is_file() else {}


def _initials(letters: str) -> str:
    """The pattern of a name in capitals whose words begin with `letters`."""
    words = [
        "|".join([rf"{letter}\w[\w’'-]*", *(word for word in _BETWEEN if word[0] == letter.lower())])
        for letter in letters
    ]
    left_out = rf"(?:(?:{'|'.join(_BETWEEN)}) )?"
    return rf"\b{letters[0]}\w[\w’'-]*" + "".join(rf" {left_out}(?:{word})" for word in words[1:]) + r"\b"


def _ordinal(day: str | None) -> int:
    """The day an embargo ends, as an ordinal; 0 without one."""
    return first_day(day).toordinal() if day else 0


def _row(document: Document) -> dict[str, Any]:
    return {**vars(document), "blocks": [vars(block) for block in document.blocks]}


def _write_lines(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _read_lines(path: Path) -> list[dict[str, Any]]:
    # not splitlines(): JSON leaves the line separators of Unicode as they are
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def _document(fields: dict[str, Any]) -> Document:
    blocks = tuple(Block(**{**block, "headings": tuple(block["headings"])}) for block in fields["blocks"])
    tuples = {name: tuple(fields[name]) for name in ("programmes", "partners")}
    return Document(**{**fields, **tuples, "blocks": blocks})


def _passage(fields: dict[str, Any]) -> Passage:
    sentences = tuple((start, end) for start, end in fields["sentences"])
    return Passage(**{**fields, "headings": tuple(fields["headings"]), "sentences": sentences})
