"""The index of one build: what was written is found again, by meaning and by words, and never before its day."""

import gc
import os
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from ingest.builds import Builds
from ingest.chroma import ChromaPassages
from ingest.errors import TrustbotError
from ingest.index import Index, read_stored
from ingest.pipeline import ingest
from tests.models import WordsModel
from tests.pages import write_page

MODEL = WordsModel()
TODAY = date(2025, 6, 1)


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Builds:
    """Three pages of one passage each: bees, pears, and figs that may not be told of before 2026."""
    folder = tmp_path_factory.mktemp("index")
    write_page(folder / "corpus", "news/bees.md", "There are nine hives. The bees are Welsh.", published="2024-05-01")
    write_page(folder / "corpus", "news/figs.md", "The fig tree bears figs.", embargo_until="2026")
    write_page(folder / "corpus", "news/pears.md", "The pear tree is old.")
    (folder / "corpus" / "glossary.yaml").write_text("acronyms:\n- name: WB\n  means: [Welsh bee]\n")
    ingest(folder / "corpus", folder / "index", MODEL)
    return Builds(folder / "index")


@pytest.fixture(scope="module")
def index(builds: Builds) -> Index:
    return Index(builds, builds.current(), model_digest=MODEL.digest)


def names(index: Index, numbers: np.ndarray) -> list[str]:
    return [index.passages[number].document for number in numbers]


def test_a_build_holds_its_documents_passages_and_glossary(index: Index) -> None:
    assert sorted(index.documents) == ["bees", "figs", "pears"]
    assert index.documents["bees"].published == "2024-05-01"
    assert [passage.document for passage in index.passages] == ["bees", "figs", "pears"]
    assert index.count() == 3
    assert [name.all for name in index.glossary.names] == [("WB", "Welsh bee")]


def test_the_nearest_passage_comes_first_with_its_cosine(index: Index) -> None:
    vector = MODEL.embed_question("pears the pear tree is old")[0]
    numbers, cosines = index.nearest(vector, 2, today=TODAY)
    assert names(index, numbers) == ["pears", "bees"]
    expected = index.passage_vectors(numbers.tolist()) @ vector
    assert np.allclose(cosines, expected, atol=0.01)
    assert cosines[0] > cosines[1]


def test_an_embargoed_passage_is_not_near_anything_before_its_day(index: Index) -> None:
    vector = MODEL.embed_question("the fig tree bears figs")[0]
    assert "figs" not in names(index, index.nearest(vector, 3, today=date(2025, 12, 31))[0])
    assert names(index, index.nearest(vector, 3, today=date(2026, 1, 1))[0])[0] == "figs"


def test_words_score_the_passages_that_hold_them(index: Index) -> None:
    scores = index.words({"tree": 1.0}, today=date(2026, 1, 1))
    assert scores.shape == (3,)
    assert scores[0] == 0
    assert scores[1] > 0
    assert scores[2] > 0
    assert np.allclose(index.words({"tree": 0.5}, today=date(2026, 1, 1)), scores / 2)


def test_words_do_not_find_an_embargoed_passage_before_its_day(index: Index) -> None:
    assert index.words({"fig": 1.0}, today=date(2025, 12, 31)).tolist() == [0, 0, 0]
    assert index.words({"fig": 1.0}, today=date(2026, 1, 1))[1] > 0


def test_a_word_that_no_passage_holds_scores_nothing_and_is_the_rarest(index: Index) -> None:
    assert index.words({"zebra": 1.0}, today=TODAY).tolist() == [0, 0, 0]
    assert index.rarity("zebra") > index.rarity("hive") > index.rarity("tree")


def test_a_passage_has_a_unit_vector_for_each_of_its_sentences(index: Index) -> None:
    vectors = index.sentence_vectors(0)
    assert vectors.shape == (len(index.passages[0].sentences), 24) == (2, 24)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=0.01)
    assert np.allclose(vectors[1], MODEL.embed_question("The bees are Welsh.")[0], atol=0.01)


def test_another_model_is_refused_by_name_and_with_what_to_do(builds: Builds) -> None:
    with pytest.raises(
        TrustbotError, match=r"embedded with 'words', not .+ run `trustbot ingest`, or set TRUSTBOT_MODEL"
    ):
        Index(builds, builds.current(), model_digest="another")


@pytest.mark.parametrize("lost", ["chroma", "chroma/chroma.sqlite3", "documents.jsonl", "words", "glossary.json"])
def test_a_damaged_build_says_so_and_what_to_do(builds: Builds, tmp_path: Path, lost: str) -> None:
    shutil.copytree(builds.index, tmp_path / "index")
    copy = Builds(tmp_path / "index")
    path = copy.path(copy.current().id) / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with pytest.raises(TrustbotError, match=r"is damaged .+ run `trustbot builds rollback`"):
        Index(copy, copy.current(), model_digest=MODEL.digest)
    assert not path.exists()


def test_a_chroma_of_nonsense_is_a_damaged_build(builds: Builds, tmp_path: Path) -> None:
    shutil.copytree(builds.index, tmp_path / "index")
    copy = Builds(tmp_path / "index")
    (copy.path(copy.current().id) / "chroma" / "chroma.sqlite3").write_bytes(b"nonsense" * 1000)
    with pytest.raises(TrustbotError, match="is damaged"):
        Index(copy, copy.current(), model_digest=MODEL.digest)


def test_a_stored_document_is_read_with_its_passages(builds: Builds) -> None:
    document, passages = read_stored(builds, builds.current(), "bees")
    assert document.text == "There are nine hives. The bees are Welsh."
    assert [(passage.start, passage.end, passage.as_of) for passage in passages] == [
        (0, len(document.text), "2024-05-01")
    ]


def test_a_document_that_is_not_there_is_told_with_the_nearest_name(builds: Builds) -> None:
    with pytest.raises(TrustbotError, match=r"holds no document 'pear' \(did you mean pears"):
        read_stored(builds, builds.current(), "pear")


def test_two_opened_at_once_do_not_close_each_other(builds: Builds) -> None:
    first = Index(builds, builds.current(), model_digest=MODEL.digest)
    second = Index(builds, builds.current(), model_digest=MODEL.digest)
    second.close()
    second.close()
    assert first.count() == 3
    first.close()


def test_an_index_that_nobody_uses_any_more_lets_go_of_its_files(builds: Builds, tmp_path: Path) -> None:
    def open_and_forget(number: int) -> None:
        shutil.copytree(builds.index, tmp_path / str(number))
        copy = Builds(tmp_path / str(number))
        index = Index(copy, copy.current(), model_digest=MODEL.digest)
        index.nearest(MODEL.embed_question("bees")[0], 3, today=TODAY)

    def open_files() -> int:
        gc.collect()
        return len(os.listdir("/proc/self/fd"))

    open_and_forget(0)
    before = open_files()
    for number in range(1, 6):
        open_and_forget(number)
    assert open_files() <= before + 2  # Chroma's own threads open one now and then


def test_more_passages_than_chroma_takes_at_once_are_stored(tmp_path: Path) -> None:
    from ingest.documents import Passage

    passages = [
        Passage(document=f"d{number}", start=0, end=1, headings=(), as_of=None, sentences=()) for number in range(5600)
    ]
    vectors = np.random.default_rng(0).standard_normal((5600, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    with ChromaPassages(tmp_path / "chroma", create=True) as chroma:
        chroma.add(passages, vectors, [0] * 5600)
        assert chroma.count() == 5600
        assert chroma.nearest(vectors[5599], 1)[0].tolist() == [5599]
