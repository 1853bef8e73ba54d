"""Embedding models for tests: a fake without meaning that is quick, and a real one that is random and tiny."""

import hashlib
import re
import string
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ingest.embedding import EmbeddingModel, Vectors


class WordsModel(EmbeddingModel):
    """A fake: every word has a direction of its own, a text is their sum. `embedded` lists the texts it was given."""

    dimension = 24
    window = 100

    def __init__(self, name: str = "words") -> None:
        self.name = name
        self.digest = hashlib.sha256(name.encode()).hexdigest()
        self.embedded: list[str] = []

    def pieces(self, text: str) -> list[int]:
        return [len(word) for word in re.findall(r"\w+|[^\w\s]", text)]

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        vectors = np.array([self._sum(text) for text in texts], dtype=np.float32).reshape(len(texts), -1)
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def embed_question(self, *texts: str) -> Vectors:
        return WordsModel(self.name).embed(texts)

    def _sum(self, text: str) -> Vectors:
        directions = [self._direction(word) for word in ("", *re.findall(r"\w+", text.lower()))]
        return np.asarray(np.sum(directions, axis=0), dtype=np.float32)

    def _direction(self, word: str) -> Vectors:
        seed = int.from_bytes(hashlib.sha256(f"{self.name}:{word}".encode()).digest()[:4])
        return np.random.default_rng(seed).standard_normal(self.dimension, dtype=np.float32)


def save_tiny_model(folder: Path) -> Path:
    """Write a sentence-transformers model with random weights and a vocabulary of letters; returns its folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    letters = string.ascii_lowercase + string.digits + string.punctuation
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    plain = folder.with_name("plain")
    plain.mkdir()
    (plain / "vocab.txt").write_text("\n".join(vocabulary))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=24,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=24,
        max_position_embeddings=32,
    )
    BertModel(config).save_pretrained(plain)
    BertTokenizer(str(plain / "vocab.txt"), model_max_length=32).save_pretrained(plain)
    SentenceTransformer(modules=[Transformer(str(plain)), Pooling(24)], device="cpu").save(str(folder))
    return folder
