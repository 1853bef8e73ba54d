"""Indexes of datasets: built once for a dataset and a way of splitting, beside the builds of the corpus."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.datasets import Dataset
from ingest.builds import Builds
from ingest.documents import Document, Passage
from ingest.embedding import EmbeddingModel
from ingest.errors import TrustbotError
from ingest.glossary import Glossary
from ingest.index import FORMAT, Index
from ingest.pipeline import write_build
from ingest.sentences import sentence_spans
from ingest.splitting import PASSAGE_PIECES, embedded_text, split_document

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Splitting:
    """How a dataset is split: by LlamaIndex into `size` tokens with `overlap`, or by our own ingest (size 0).

    Passages of LlamaIndex are embedded as they stand, ours with title and headings.
    """

    size: int = 0
    overlap: int = 0

    @property
    def name(self) -> str:
        """A name for folders and tables: `256-20`, or `own`."""
        return f"{self.size}-{self.overlap}" if self.size else "own"


OWN = Splitting()


def dataset_index(
    dataset: Dataset, splitting: Splitting, home: Path, model: EmbeddingModel, *, progress: Progress | None = None
) -> Path:
    """The index folder of a dataset, split so, below `home`; it is built when absent or out of date.

    `progress` is told (done, of how many texts) while it embeds.
    """
    folder = home / "datasets" / f"{dataset.name}-{splitting.name}"
    builds = Builds(folder)
    digest = _digest(dataset, splitting, model)
    with builds.writing():
        if builds.current_id() is None or builds.current().digest != digest or not _opens(builds, model):
            passages, texts = _split(dataset.documents, splitting, model)
            memory = home / "datasets" / f"{dataset.name}-embeddings"
            build = write_build(
                builds,
                dataset.documents,
                passages,
                texts,
                Glossary(),
                model,
                digest=digest,
                memory=memory,
                progress=progress,
            )
            builds.complete(build)
            builds.promote(build.id)
            builds.prune()
    return folder


def split_by_llama_index(document: Document, splitting: Splitting) -> list[Passage]:
    """The passages of LlamaIndex' SentenceSplitter as spans of the document; they may overlap."""
    from llama_index.core.node_parser import SentenceSplitter

    splitter = SentenceSplitter(chunk_size=splitting.size, chunk_overlap=splitting.overlap)
    passages = []
    position = 0
    for chunk in splitter.split_text(document.text):
        start = document.text.index(chunk, position)
        position = start + 1
        sentences = tuple(sentence_spans(document.text, start, start + len(chunk)))
        passages.append(
            Passage(
                document=document.id,
                start=start,
                end=start + len(chunk),
                headings=(),
                as_of=None,
                sentences=sentences,
            )
        )
    return passages


def _digest(dataset: Dataset, splitting: Splitting, model: EmbeddingModel) -> str:
    made_from = [FORMAT, PASSAGE_PIECES, splitting.name, model.digest, dataset.digest]
    return hashlib.sha256(json.dumps(made_from).encode()).hexdigest()


def _opens(builds: Builds, model: EmbeddingModel) -> bool:
    try:
        Index(builds, builds.current(), model_digest=model.digest).close()
    except TrustbotError:
        return False
    return True


def _split(
    documents: Sequence[Document], splitting: Splitting, model: EmbeddingModel
) -> tuple[list[Passage], list[str]]:
    """The passages of all documents, and what is embedded of each."""
    passages: list[Passage] = []
    texts: list[str] = []
    for document in documents:
        if splitting.size:
            found = split_by_llama_index(document, splitting)
            texts += [document.text[passage.start : passage.end] for passage in found]
        else:
            found = split_document(document, model)
            texts += [embedded_text(document, passage, model) for passage in found]
        passages += found
    return passages, texts
