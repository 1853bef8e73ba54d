"""The ingest: read every document, split, embed what is new, write a new build, check it, make it current, report."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from ingest.builds import Build, Builds
from ingest.documents import Document, Passage
from ingest.embedding import EmbeddingModel
from ingest.errors import TrustbotError
from ingest.glossary import Glossary, read_glossary, unknown_names
from ingest.index import FORMAT, Index, document_digests, vocabulary_of, write_index
from ingest.overlay import Overlay
from ingest.prepared import PreparedFiles, SpeltTerms
from ingest.publishing import Publications
from ingest.reading import Reading, Remark, read_corpus
from ingest.splitting import PASSAGE_PIECES, sentence_texts
from ingest.vectors import embed_with_memory, not_yet_embedded
from ingest.words import spelt_terms

Progress = Callable[[int, int], None]
PREPARED = "prepared.jsonl"
_MEMORY = "embeddings"


@dataclass(frozen=True, kw_only=True)
class DocumentChanges:
    """Ids of documents against the build that was current, and what comms should look at."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    failed: tuple[Remark, ...]
    warnings: tuple[Remark, ...]


@dataclass(frozen=True, kw_only=True)
class PassageCounts:
    """How many passages a build has, how many of them were embedded now, and how many were known."""

    total: int
    embedded: int
    reused: int


@dataclass(frozen=True, kw_only=True)
class IngestReport:
    """What an ingest did, or with `dry_run` would do; `build` is the current build afterwards."""

    build: str | None
    documents: DocumentChanges
    passages: PassageCounts
    seconds: float
    dry_run: bool


def ingest(
    corpus: Path,
    index: Path,
    model: EmbeddingModel,
    *,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> IngestReport:
    """Bring the index up to date with the corpus folder.

    Raises TrustbotError, and leaves the current build as it is, when the folder is missing or holds no
    document that can be read, when somebody else is writing the index, or when the new build fails its check.
    """
    started = time.monotonic()
    builds, prepared = Builds(index), PreparedFiles(index / PREPARED)
    if dry_run:
        contents = read_contents(corpus, prepared=prepared)
        counts = count_passages(builds, contents, model, prepared)
        return _report(builds, contents.reading, counts, builds.current_id(), started, dry_run=True)
    with builds.writing():
        Publications(builds).finish()
        builds.prune()
        contents = read_contents(corpus, prepared=prepared)
        made = make_build(builds, contents, model, prepared, progress=progress)
        report = _report(builds, contents.reading, made.passages, made.build.id, started)
        if made.build.id != builds.current_id():
            builds.promote(made.build.id)
        builds.prune()
        return report


@dataclass(frozen=True, kw_only=True)
class Contents:
    """All that a build is made from, but for the model."""

    reading: Reading
    glossary: Glossary


@dataclass(frozen=True, kw_only=True)
class Made:
    """A complete build of some contents, made now or found; how many of its passages were embedded for it."""

    build: Build
    passages: PassageCounts
    is_new: bool


def make_build(
    builds: Builds,
    contents: Contents,
    model: EmbeddingModel,
    prepared: PreparedFiles,
    *,
    progress: Progress | None = None,
) -> Made:
    """A build of these contents, checked and complete but not yet current; one that is there already is taken.

    Raises TrustbotError, leaving nothing behind, when the new build fails its check.
    """
    digest = _digest(contents.reading.documents, contents.glossary, model)
    same = next((build for build in builds.all() if build.digest == digest and _is_sound(builds, build, model)), None)
    if same:
        prepared.save()
        return Made(build=same, passages=_counts(same.passages, 0), is_new=False)
    passages, texts, spelt, sentences = _split(contents.reading.documents, model, prepared)
    prepared.save()
    embedded = not_yet_embedded(texts, model, builds.index / _MEMORY)
    build = write_build(
        builds,
        contents.reading.documents,
        passages,
        texts,
        contents.glossary,
        model,
        spelt=spelt,
        sentences=sentences,
        digest=digest,
        memory=builds.index / _MEMORY,
        progress=progress,
    )
    try:
        check_build(builds, build, model)
    except TrustbotError:
        builds.prune()
        raise
    builds.complete(build)
    return Made(build=build, passages=_counts(build.passages, embedded), is_new=True)


def count_passages(builds: Builds, contents: Contents, model: EmbeddingModel, prepared: PreparedFiles) -> PassageCounts:
    """How many passages a build of these contents would have, and how many of them would have to be embedded."""
    passages, texts, _, _ = _split(contents.reading.documents, model, prepared)
    return _counts(len(passages), not_yet_embedded(texts, model, builds.index / _MEMORY))


def check_build(builds: Builds, build: Build, model: EmbeddingModel) -> None:
    """Open a build as a bot would and probe it. Raises TrustbotError saying which check failed."""
    index = Index(builds, build, model_digest=model.digest)
    try:
        if index.count() != len(index.passages) or len(index.passages) != build.passages:
            raise TrustbotError(f"the new build holds {index.count()} of {build.passages} passages: run it again")
        for number, passage in enumerate(index.passages):
            document = index.documents.get(passage.document)
            if document is None or not document.text[passage.start : passage.end].strip():
                raise TrustbotError(f"passage {number} of the new build has no text: run it again")
        if not np.isfinite(index.passage_vectors(range(len(index.passages)))).all():
            raise TrustbotError(f"the model '{model.name}' gave vectors that are not finite: use another model")
        for number in _one_per_kind(index):
            _, cosines = index.probe(index.passage_vectors([number])[0])
            if cosines.max(initial=-1.0) < 0.99:  # not by number: another passage may have the same words
                raise TrustbotError(f"the new build does not find its own passage {number}: run it again")
    finally:
        index.close()


def read_contents(corpus: Path, *, overlay: Overlay | None = None, prepared: PreparedFiles | None = None) -> Contents:
    """Read a corpus and its glossary, with the files of an overlay in place of its own.

    Raises TrustbotError when the folder is missing or no document in it can be read.
    """
    if not corpus.is_dir():
        raise TrustbotError(f"there is no folder {corpus}: name one with --corpus")
    reading = read_corpus(corpus, overlay=overlay, prepared=prepared)
    if not reading.documents:
        reasons = "".join(f"; {remark.path}: {remark.text}" for remark in reading.failed[:3])
        raise TrustbotError(f"no document in {corpus} can be read{reasons}: the index stays as it was")
    failed = list(reading.failed)
    try:
        glossary = read_glossary(corpus / "glossary.yaml")
    except TrustbotError as error:
        glossary = Glossary()
        failed.append(Remark(path="glossary.yaml", text=str(error)))
    warnings = (*reading.warnings, *_unknown_names(reading.documents, glossary))
    return Contents(reading=replace(reading, failed=tuple(failed), warnings=warnings), glossary=glossary)


def _unknown_names(documents: Sequence[Document], glossary: Glossary) -> Iterator[Remark]:
    """A warning for each name of a page that the glossary does not know; each set of names is looked up once."""
    warnings: dict[tuple[str, tuple[str, ...]], Sequence[str]] = {}
    for document in documents:
        for section, names in (("programmes", document.programmes), ("partners", document.partners)):
            if (section, names) not in warnings:
                warnings[section, names] = unknown_names(glossary, section, names)
            yield from (Remark(path=document.path, text=text) for text in warnings[section, names])


def _digest(documents: Sequence[Document], glossary: Glossary, model: EmbeddingModel) -> str:
    made_from = [FORMAT, PASSAGE_PIECES, model.digest, [asdict(name) for name in glossary.names]]
    made_from += sorted(document.digest for document in documents)
    return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()


def write_build(
    builds: Builds,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    texts: Sequence[str],
    glossary: Glossary,
    model: EmbeddingModel,
    *,
    digest: str,
    memory: Path,
    spelt: Sequence[SpeltTerms] | None = None,
    sentences: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> Build:
    """Embed what is new and write a build of these passages, not yet complete.

    `texts` are what is embedded of each passage; `spelt` are their terms and `sentences` what is embedded of their
    sentences, where that is known already. Vectors are kept below `memory`; `digest` is that of everything the build
    is made from.
    """
    if sentences is None:
        by_id = {document.id: document for document in documents}
        sentences = [text for passage in passages for text in sentence_texts(by_id[passage.document], passage, model)]
    spelt = [spelt_terms(text) for text in texts] if spelt is None else spelt
    vocabulary = vocabulary_of(spelt)
    to_embed = [*texts, *sentences, *vocabulary.values()]
    vectors = embed_with_memory(to_embed, model, memory, progress=progress)
    build = Build(
        id=builds.new_id(digest),
        created=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        digest=digest,
        model=model.name,
        model_digest=model.digest,
        documents=len(documents),
        passages=len(passages),
    )
    write_index(
        builds.path(build.id),
        documents,
        passages,
        glossary,
        spelt,
        vocabulary,
        *np.split(vectors, [len(texts), len(texts) + len(sentences)]),
    )
    return build


def _split(
    documents: Sequence[Document], model: EmbeddingModel, prepared: PreparedFiles
) -> tuple[list[Passage], list[str], list[SpeltTerms], list[str]]:
    """The passages of all documents, what is embedded of each and its terms, and what of each of their sentences."""
    splits = [prepared.split(document, model) for document in documents]
    return (
        [passage for split in splits for passage in split.passages],
        [text for split in splits for text in split.texts],
        [terms for split in splits for terms in split.spelt],
        [text for split in splits for text in split.sentences],
    )


def _counts(total: int, embedded: int) -> PassageCounts:
    return PassageCounts(total=total, embedded=embedded, reused=total - embedded)


def _is_sound(builds: Builds, build: Build, model: EmbeddingModel) -> bool:
    try:
        Index(builds, build, model_digest=model.digest).close()
    except TrustbotError:
        return False
    return True


def _one_per_kind(index: Index) -> list[int]:
    found: dict[str | None, int] = {}
    for number, passage in enumerate(index.passages):
        found.setdefault(index.documents[passage.document].kind, number)
    return list(found.values())


def _report(
    builds: Builds,
    reading: Reading,
    passages: PassageCounts,
    build: str | None,
    started: float,
    *,
    dry_run: bool = False,
) -> IngestReport:
    """Compare the documents read with those of the build that is current until now."""
    current = builds.current_id()
    before = document_digests(builds, current) if current else {}
    now = {document.id: document.digest for document in reading.documents}
    return IngestReport(
        build=build,
        documents=DocumentChanges(
            added=tuple(sorted(now.keys() - before.keys())),
            changed=tuple(sorted(id_ for id_ in now.keys() & before.keys() if now[id_] != before[id_])),
            removed=tuple(sorted(before.keys() - now.keys())),
            unchanged=tuple(sorted(id_ for id_ in now.keys() & before.keys() if now[id_] == before[id_])),
            failed=reading.failed,
            warnings=reading.warnings,
        ),
        passages=passages,
        seconds=round(time.monotonic() - started, 3),
        dry_run=dry_run,
    )
