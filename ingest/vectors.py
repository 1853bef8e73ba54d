"""Vectors kept by model and text, so that unchanged text is never embedded twice."""

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from ingest.embedding import EmbeddingModel, Vectors
from ingest.errors import TrustbotError

_SHARD = 1024  # texts; written as soon as embedded, so that a killed ingest carries on where it was
_MOST_UNUSED = 4  # times the vectors in use; beyond that the kept ones are written anew


def embed_with_memory(
    texts: Sequence[str],
    model: EmbeddingModel,
    folder: Path,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Vectors:
    """Unit vectors of `texts`, shape (len(texts), dimension); only those not kept below `folder` are embedded.

    `progress` is told (done, of how many). What this call does not ask for may be forgotten. Raises TrustbotError
    when the model gives vectors that are not finite.
    """
    keys = [_key(text) for text in texts]
    home = _home(folder, model)
    home.mkdir(parents=True, exist_ok=True)
    kept = _load(home)
    wanted = dict(zip(keys, texts, strict=True))
    new = sorted((key for key in wanted if key not in kept), key=lambda key: len(wanted[key]))
    for begin in range(0, len(new), _SHARD):
        if progress:
            progress(begin, len(new))
        shard = new[begin : begin + _SHARD]
        vectors = model.embed([wanted[key] for key in shard])
        if not np.isfinite(vectors).all():
            raise TrustbotError(f"the model '{model.name}' gave vectors that are not finite: use another model")
        _write(home, shard, vectors)
        kept.update(zip(shard, vectors, strict=True))
    if progress:
        progress(len(new), len(new))
    _forget_unused(home, kept, set(keys))
    return np.stack([kept[key] for key in keys]) if keys else np.zeros((0, model.dimension), dtype=np.float32)


def not_yet_embedded(texts: Sequence[str], model: EmbeddingModel, folder: Path) -> int:
    """How many of `texts` have no vector kept below `folder`."""
    kept = _load(_home(folder, model))
    return sum(_key(text) not in kept for text in texts)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _home(folder: Path, model: EmbeddingModel) -> Path:
    return folder / model.digest[:16]


def _load(home: Path) -> dict[bytes, Vectors]:
    kept: dict[bytes, Vectors] = {}
    for path in sorted(home.glob("*.npz")):
        try:
            with np.load(path) as shard:
                keys, vectors = shard["keys"], shard["vectors"]
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            continue  # damaged by something else than us: its texts are embedded anew
        kept.update((key.tobytes(), vector) for key, vector in zip(keys, vectors, strict=True))
    return kept


def _write(home: Path, keys: Sequence[bytes], vectors: Vectors) -> None:
    """One shard, named by its content and complete or absent."""
    name = hashlib.sha256(b"".join(keys)).hexdigest()[:24]
    partial = home / f"{name}.partial"
    with partial.open("wb") as file:
        np.savez(file, keys=np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, 32), vectors=vectors)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(home / f"{name}.npz")


def _forget_unused(home: Path, kept: dict[bytes, Vectors], used: set[bytes]) -> None:
    if len(kept) <= _MOST_UNUSED * max(len(used), _SHARD):
        return
    old = list(home.glob("*.npz"))
    keys = sorted(used)
    _write(home, keys, np.stack([kept[key] for key in keys]))
    current = hashlib.sha256(b"".join(keys)).hexdigest()[:24]
    for path in old:
        if path.stem != current:
            path.unlink(missing_ok=True)
