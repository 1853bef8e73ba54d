"""The ingest: read every document, split, embed what is new, write a new build, check it, make it current, report."""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from ingest.builds import Build, Builds
from ingest.documents import Document, Passage
from ingest.embedding import EmbeddingModel
from ingest.errors import TrustbotError
from ingest.glossary import Glossary, read_glossary, unknown_names
from ingest.index import FORMAT, Index, document_digests, vocabulary_of, write_index
from ingest.reading import Reading, Remark, read_corpus
from ingest.splitting import PASSAGE_PIECES, embedded_text, sentence_texts, split_document
from ingest.vectors import embed_with_memory, not_yet_embedded

Progress = Callable[[int, int], None]
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
    builds = Builds(index)
    if dry_run:
        reading, _ = _read(corpus)
        passages, texts = _split(reading.documents, model)
        counts = len(passages), not_yet_embedded(texts, model, index / _MEMORY)
        return _report(builds, reading, counts, builds.current_id(), started, dry_run=True)
    with builds.writing():
        builds.prune()
        reading, glossary = _read(corpus)
        digest = _digest(reading.documents, glossary, model)
        before = builds.current_id()
        same = next(
            (build for build in builds.all() if build.digest == digest and _is_sound(builds, build, model)),
            None,
        )
        if same:
            report = _report(builds, reading, (same.passages, 0), same.id, started)
            if same.id != before:
                builds.promote(same.id)
            return report
        passages, texts = _split(reading.documents, model)
        embedded = not_yet_embedded(texts, model, index / _MEMORY)
        build = write_build(
            builds,
            reading.documents,
            passages,
            texts,
            glossary,
            model,
            digest=digest,
            memory=index / _MEMORY,
            progress=progress,
        )
        try:
            check_build(builds, build, model)
        except TrustbotError:
            builds.prune()
            raise
        builds.complete(build)
        report = _report(builds, reading, (build.passages, embedded), build.id, started)
        builds.promote(build.id)
        builds.prune()
        return report


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


def _read(corpus: Path) -> tuple[Reading, Glossary]:
    if not corpus.is_dir():
        raise TrustbotError(f"there is no folder {corpus}: name one with --corpus")
    reading = read_corpus(corpus)
    if not reading.documents:
        reasons = "".join(f"; {remark.path}: {remark.text}" for remark in reading.failed[:3])
        raise TrustbotError(f"no document in {corpus} can be read{reasons}: the index stays as it was")
    failed, warnings = list(reading.failed), list(reading.warnings)
    try:
        glossary = read_glossary(corpus / "glossary.yaml")
    except TrustbotError as error:
        glossary = Glossary()
        failed.append(Remark(path="glossary.yaml", text=str(error)))
    for document in reading.documents:
        for section, names in (("programmes", document.programmes), ("partners", document.partners)):
            warnings += [Remark(path=document.path, text=text) for text in unknown_names(glossary, section, names)]
    return (
        Reading(
            documents=reading.documents,
            withdrawn=reading.withdrawn,
            failed=tuple(failed),
            warnings=tuple(warnings),
        ),
        glossary,
    )


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
    progress: Progress | None = None,
) -> Build:
    """Embed what is new and write a build of these passages, not yet complete.

    `texts` are what is embedded of each passage; vectors are kept below `memory`; `digest` is that of everything
    the build is made from.
    """
    by_id = {document.id: document for document in documents}
    sentences = [text for passage in passages for text in sentence_texts(by_id[passage.document], passage, model)]
    vocabulary = vocabulary_of(texts)
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
        texts,
        vocabulary,
        *np.split(vectors, [len(texts), len(texts) + len(sentences)]),
    )
    return build


def _split(documents: Sequence[Document], model: EmbeddingModel) -> tuple[list[Passage], list[str]]:
    """The passages of all documents, and what is embedded of each."""
    by_id = {document.id: document for document in documents}
    passages = [passage for document in documents for passage in split_document(document, model)]
    return passages, [embedded_text(by_id[passage.document], passage, model) for passage in passages]


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
    passages: tuple[int, int],
    build: str | None,
    started: float,
    *,
    dry_run: bool = False,
) -> IngestReport:
    """Compare the documents read with those of the build that is current until now."""
    current = builds.current_id()
    before = document_digests(builds, current) if current else {}
    now = {document.id: document.digest for document in reading.documents}
    total, embedded = passages
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
        passages=PassageCounts(total=total, embedded=embedded, reused=total - embedded),
        seconds=round(time.monotonic() - started, 3),
        dry_run=dry_run,
    )
