"""Files as read and split before: nothing differs from reading them anew, and what changed is never overlooked."""

from pathlib import Path

import pytest

from ingest.pipeline import PREPARED, ingest
from ingest.prepared import PreparedFiles, split_now
from ingest.reading import Reading, read_corpus
from tests.ingest.corpus_files import write
from tests.models import WordsModel
from tests.pages import write_page


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A page in Markdown with a list and a hidden remark, one withdrawn, and a text with what is known beside it."""
    corpus = tmp_path / "corpus"
    text = "The Garden Club has **31** volunteers.\n\n## Aims\n\nIt wants:\n\n- a pond\n- a\u200b hedge"
    write_page(corpus, "news/garden.md", text, published="2024-05", programmes=["Garden Club"])
    write_page(corpus, "news/bus.md", "The bus costs £3.", withdrawn=True)
    write(corpus, "blogs/pears.txt", "The pear tree is old.")
    write(corpus, "blogs/pears.yaml", "title: Pears\n")
    return corpus


def prepared(tmp_path: Path, corpus: Path) -> PreparedFiles:
    """What is known once the corpus was ingested."""
    ingest(corpus, tmp_path / "index", WordsModel())
    return PreparedFiles(tmp_path / "index" / PREPARED)


def titles(reading: Reading) -> list[str]:
    return [document.title for document in reading.documents]


def test_what_was_read_before_is_what_would_be_read_now(tmp_path: Path, corpus: Path) -> None:
    known = prepared(tmp_path, corpus)
    again, anew = read_corpus(corpus, prepared=known), read_corpus(corpus)
    assert again == anew
    assert [remark.text for remark in again.warnings if "invisible" in remark.text]
    for document in anew.documents:
        assert known.split(document, WordsModel()) == split_now(document, WordsModel())


def test_a_file_that_changed_is_read_anew(tmp_path: Path, corpus: Path) -> None:
    known = prepared(tmp_path, corpus)
    write_page(corpus, "news/garden.md", "The Garden Club has 52 volunteers.")
    write(corpus, "blogs/pears.yaml", "title: Old pears\n")
    reading = read_corpus(corpus, prepared=known)
    assert reading == read_corpus(corpus)
    assert titles(reading) == ["Old pears", "Garden"]


def test_a_file_that_took_anothers_place_is_read_anew(tmp_path: Path, corpus: Path) -> None:
    known = prepared(tmp_path, corpus)
    (corpus / "news/garden.md").rename(corpus / "news/club.md")
    assert [document.id for document in read_corpus(corpus, prepared=known).documents] == ["pears", "club"]


def test_another_model_splits_anew(tmp_path: Path, corpus: Path) -> None:
    class Narrow(WordsModel):
        window = 12

    known = prepared(tmp_path, corpus)
    _, garden = read_corpus(corpus).documents
    assert len(known.split(garden, Narrow("narrow")).passages) > len(known.split(garden, WordsModel()).passages)
    assert known.split(garden, WordsModel()) == split_now(garden, WordsModel())


@pytest.mark.parametrize("damage", ["", "{", '["another version", "words"]\n', "[1]\n\n", '["x"'])
def test_a_damaged_memory_costs_only_reading(tmp_path: Path, corpus: Path, damage: str) -> None:
    prepared(tmp_path, corpus)
    path = tmp_path / "index" / PREPARED
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n" + damage if damage else "")
    assert read_corpus(corpus, prepared=PreparedFiles(path)) == read_corpus(corpus)
    assert ingest(corpus, tmp_path / "index", WordsModel()).passages.embedded == 0


def test_what_is_no_longer_there_is_forgotten(tmp_path: Path, corpus: Path) -> None:
    prepared(tmp_path, corpus)
    (corpus / "news/garden.md").unlink()
    write_page(corpus, "news/pond.md", "The pond has frogs.")
    prepared(tmp_path, corpus)
    kept = (tmp_path / "index" / PREPARED).read_text(encoding="utf-8")
    assert "pond" in kept
    assert "volunteers" not in kept
