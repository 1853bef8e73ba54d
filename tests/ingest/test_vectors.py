"""Vectors are kept by model and text: what was embedded once is not embedded again."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import ingest.vectors
from ingest.embedding import Vectors
from ingest.errors import TrustbotError
from ingest.vectors import embed_with_memory, not_yet_embedded
from tests.models import WordsModel


class Killed(BaseException):
    """What a killed process looks like from inside it."""


class KilledModel(WordsModel):
    """A fake that is killed when it is asked a second time."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        if self.embedded:
            raise Killed
        return super().embed(texts)


def test_vectors_stand_in_the_order_of_the_texts(tmp_path: Path) -> None:
    model = WordsModel()
    texts = ["a long text of many words", "short", "of middle length"]
    vectors = embed_with_memory(texts, model, tmp_path)
    assert vectors.shape == (3, 24)
    assert np.allclose(vectors, WordsModel().embed(texts))
    assert np.allclose(embed_with_memory(texts[::-1], model, tmp_path), vectors[::-1])


def test_no_text_is_embedded_twice(tmp_path: Path) -> None:
    model = WordsModel()
    embed_with_memory(["one", "two", "one"], model, tmp_path)
    assert sorted(model.embedded) == ["one", "two"]
    embed_with_memory(["two", "three"], model, tmp_path)
    assert sorted(model.embedded) == ["one", "three", "two"]


def test_kept_vectors_are_those_of_one_model(tmp_path: Path) -> None:
    embed_with_memory(["one"], WordsModel("words"), tmp_path)
    other = WordsModel("other words")
    assert not_yet_embedded(["one"], other, tmp_path) == 1
    assert np.allclose(embed_with_memory(["one"], other, tmp_path), WordsModel("other words").embed(["one"]))


def test_counting_what_is_not_yet_embedded_writes_nothing(tmp_path: Path) -> None:
    assert not_yet_embedded(["one", "two"], WordsModel(), tmp_path / "none") == 2
    assert not (tmp_path / "none").exists()


def test_no_texts_have_no_vectors(tmp_path: Path) -> None:
    assert embed_with_memory([], WordsModel(), tmp_path).shape == (0, 24)


def test_a_killed_ingest_keeps_what_it_had_embedded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.vectors, "_SHARD", 2)
    texts = ["a", "bb", "ccc", "dddd"]
    with pytest.raises(Killed):
        embed_with_memory(texts, KilledModel(), tmp_path)
    model = WordsModel()
    embed_with_memory(texts, model, tmp_path)
    assert model.embedded == ["ccc", "dddd"]


def test_progress_is_told_from_the_first_text_to_the_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.vectors, "_SHARD", 2)
    told: list[tuple[int, int]] = []
    embed_with_memory(["a", "b", "c"], WordsModel(), tmp_path, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 3), (2, 3), (3, 3)]


def test_a_damaged_file_of_vectors_is_embedded_anew(tmp_path: Path) -> None:
    embed_with_memory(["one"], WordsModel(), tmp_path)
    (damaged,) = tmp_path.rglob("*.npz")
    damaged.write_bytes(damaged.read_bytes()[:100])
    model = WordsModel()
    embed_with_memory(["one"], model, tmp_path)
    assert model.embedded == ["one"]
    assert not_yet_embedded(["one"], model, tmp_path) == 0


def test_vectors_that_are_not_numbers_are_an_error_and_not_kept(tmp_path: Path) -> None:
    class BrokenModel(WordsModel):
        def embed(self, texts: Sequence[str]) -> Vectors:
            return np.full((len(texts), 24), np.nan, dtype=np.float32)

    with pytest.raises(TrustbotError, match="'words' gave vectors that are not finite: use another model"):
        embed_with_memory(["one"], BrokenModel(), tmp_path)
    assert not_yet_embedded(["one"], WordsModel(), tmp_path) == 1


def test_vectors_nobody_asked_for_are_forgotten_when_they_are_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest.vectors, "_SHARD", 1)
    model = WordsModel()
    embed_with_memory(["a", "b", "c", "d", "e"], model, tmp_path)
    embed_with_memory(["a"], model, tmp_path)
    assert not_yet_embedded(["a"], model, tmp_path) == 0
    assert not_yet_embedded(["b", "c", "d", "e"], model, tmp_path) == 4
