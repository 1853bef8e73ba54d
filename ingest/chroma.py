"""Chroma, one level below LlamaIndex' wrapper: that one reports exp(-distance), we need the cosine itself."""

import os
import shutil
import weakref
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from ingest.documents import Passage
from ingest.embedding import Vectors

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.types import Where

_COLLECTION = "passages"
_BATCH = 5000  # Chroma refuses more than 5,461 at once
_DATABASE = "chroma.sqlite3"
_OPENING = RLock()  # Chroma counts the clients of a folder, but does not count and open in one step


class ChromaPassages:
    """The passages of one build in an embedded Chroma of their own; passage numbers are their ids.

    Raises ValueError when the folder does not hold them. Its files are let go of when nobody uses it any more.
    """

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        import chromadb
        from chromadb.config import Settings
        from chromadb.errors import ChromaError

        if not create:
            folder = self._openable(folder)
        with _OPENING:
            try:
                client = chromadb.PersistentClient(
                    path=str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False)
                )
            except ChromaError as error:
                raise ValueError(f"Chroma: {error}") from error
        self._close = weakref.finalize(self, _close, cast("Client", client))
        self._close.atexit = False
        if create:
            self._collection = client.create_collection(
                _COLLECTION,
                configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
                embedding_function=None,
            )
            return
        try:
            self._collection = client.get_collection(_COLLECTION, embedding_function=None)
        except ChromaError as error:
            self.close()
            raise ValueError(f"Chroma: {error}") from error

    def _openable(self, folder: Path) -> Path:
        """The folder, or a copy where it may only be read: Chroma writes when it opens (chroma-core/chroma#1438)."""
        if not (folder / _DATABASE).is_file():
            raise ValueError(f"{folder.name}/{_DATABASE} is missing")
        if os.access(folder, os.W_OK) and os.access(folder / _DATABASE, os.W_OK):
            return folder
        self._copy = TemporaryDirectory(prefix="trustbot-")
        shutil.copytree(folder, self._copy.name, dirs_exist_ok=True, copy_function=shutil.copyfile)
        os.chmod(self._copy.name, 0o700)
        return Path(self._copy.name)

    def add(self, passages: Sequence[Passage], vectors: Vectors, embargoes: Sequence[int]) -> None:
        """Store all passages. `embargoes` are days (proleptic ordinals) before which a passage is not answered from."""
        for begin in range(0, len(passages), _BATCH):
            batch = passages[begin : begin + _BATCH]
            self._collection.add(
                ids=[str(begin + offset) for offset in range(len(batch))],
                embeddings=vectors[begin : begin + len(batch)],
                metadatas=[
                    {"document": passage.document, "embargo": embargoes[begin + offset]}
                    for offset, passage in enumerate(batch)
                ],
            )

    def count(self) -> int:
        """How many passages are stored."""
        return int(self._collection.count())

    def nearest(self, vector: Vectors, most: int, *, today: int | None = None) -> tuple[NDArray[np.int64], Vectors]:
        """Numbers and cosines of the passages nearest to a unit vector, best first.

        With `today` (a day's ordinal), only passages whose embargo is over by then.
        """
        found = self._collection.query(
            query_embeddings=vector.reshape(1, -1),
            n_results=most,
            include=["distances"],
            where=None if today is None else _no_longer_embargoed(today),
        )
        distances = found["distances"] or [[]]
        numbers = np.array([int(id_) for id_ in found["ids"][0]], dtype=np.int64)
        return numbers, 1.0 - np.array(distances[0], dtype=np.float32)

    def close(self) -> None:
        """Let go of the files; Chroma would otherwise keep every build it ever opened."""
        self._close()

    def __enter__(self) -> "ChromaPassages":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()


def _close(client: "Client") -> None:
    with _OPENING:
        client.close()


def _no_longer_embargoed(today: int) -> "Where":
    return cast("Where", {"embargo": {"$lte": today}})
