"""Chroma, one level below LlamaIndex' wrapper: that one reports exp(-distance), we need the cosine itself."""

import os
from collections.abc import Sequence
from pathlib import Path
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


class ChromaPassages:
    """The passages of one build in an embedded Chroma of their own; passage numbers are their ids."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
        import chromadb
        from chromadb.config import Settings

        self._client = chromadb.PersistentClient(
            path=str(folder), settings=Settings(anonymized_telemetry=False, allow_reset=False)
        )
        if create:
            self._collection = self._client.create_collection(
                _COLLECTION,
                configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
                embedding_function=None,
            )
        else:
            self._collection = self._client.get_collection(_COLLECTION, embedding_function=None)

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

    def nearest(
        self, vector: Vectors, most: int, *, today: int | None = None
    ) -> tuple[NDArray[np.int64], Vectors]:
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
        cast("Client", self._client).close()

    def __enter__(self) -> "ChromaPassages":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()


def _no_longer_embargoed(today: int) -> "Where":
    return cast("Where", {"embargo": {"$lte": today}})
