"""The ingest, from a folder of pages to a current build and a report."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest.builds import Builds
from ingest.embedding import Vectors
from ingest.errors import TrustbotError
from ingest.index import Index, read_stored
from ingest.pipeline import IngestReport, check_build, ingest
from tests.models import WordsModel
from tests.pages import write_page


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two pages: one about bees, one about pears."""
    write_page(tmp_path / "corpus", "news/bees.md", "There are nine hives.", published="2024-05-01")
    write_page(tmp_path / "corpus", "blogs/pears.md", "The pear tree is old.")
    return tmp_path / "corpus"


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def stored(index: Path) -> dict[str, str]:
    """The texts of the current build, by document."""
    builds = Builds(index)
    opened = Index(builds, builds.current(), model_digest=WordsModel().digest)
    texts = {document.id: document.text for document in opened.documents.values()}
    opened.close()
    return texts


def everything_in(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below a folder, with when it was written and what it holds."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def failures(report: IngestReport) -> dict[str, str]:
    return {remark.path: remark.text for remark in report.documents.failed}


def test_the_first_ingest_adds_every_page(corpus: Path, index: Path) -> None:
    report = ingest(corpus, index, WordsModel())
    assert report.documents.added == ("bees", "pears")
    assert (report.passages.total, report.passages.embedded, report.passages.reused) == (2, 2, 0)
    assert report.build == Builds(index).current_id()
    assert stored(index) == {"bees": "There are nine hives.", "pears": "The pear tree is old."}


def test_nothing_changed_embeds_nothing_and_keeps_the_build(corpus: Path, index: Path) -> None:
    first = ingest(corpus, index, WordsModel())
    model = WordsModel()
    again = ingest(corpus, index, model)
    assert again.build == first.build
    assert again.documents.unchanged == ("bees", "pears")
    assert (again.documents.added, again.documents.changed, again.documents.removed) == ((), (), ())
    assert (again.passages.total, again.passages.embedded, again.passages.reused) == (2, 0, 2)
    assert model.embedded == []
    assert len(Builds(index).all()) == 1


def test_the_report_lists_what_was_added_changed_removed_and_unchanged(corpus: Path, index: Path) -> None:
    write_page(corpus, "news/figs.md", "Figs are sweet.")
    ingest(corpus, index, WordsModel())
    write_page(corpus, "news/bees.md", "There are ten hives.", published="2024-05-01")
    write_page(corpus, "news/plums.md", "Plums are blue.")
    (corpus / "blogs/pears.md").unlink()
    model = WordsModel()
    report = ingest(corpus, index, model)
    assert report.documents.added == ("plums",)
    assert report.documents.changed == ("bees",)
    assert report.documents.removed == ("pears",)
    assert report.documents.unchanged == ("figs",)
    assert (report.passages.total, report.passages.embedded, report.passages.reused) == (3, 2, 1)
    assert not [text for text in model.embedded if "Figs" in text]
    assert stored(index) == {
        "bees": "There are ten hives.",
        "figs": "Figs are sweet.",
        "plums": "Plums are blue.",
    }


def test_new_metadata_is_a_change_too(corpus: Path, index: Path) -> None:
    ingest(corpus, index, WordsModel())
    write_page(corpus, "blogs/pears.md", "The pear tree is old.", url="https://trust.example/pears")
    report = ingest(corpus, index, WordsModel())
    assert report.documents.changed == ("pears",)
    document, _ = read_stored(Builds(index), Builds(index).current(), "pears")
    assert document.url == "https://trust.example/pears"


def test_a_page_that_comes_back_is_not_embedded_again(corpus: Path, index: Path) -> None:
    ingest(corpus, index, WordsModel())
    text = (corpus / "blogs/pears.md").read_text()
    (corpus / "blogs/pears.md").unlink()
    ingest(corpus, index, WordsModel())
    (corpus / "blogs/pears.md").write_text(text)
    model = WordsModel()
    ingest(corpus, index, model)
    assert model.embedded == []


def test_a_corpus_that_is_as_it_was_gets_the_build_it_had(corpus: Path, index: Path) -> None:
    first = ingest(corpus, index, WordsModel())
    write_page(corpus, "news/figs.md", "Figs are sweet.")
    ingest(corpus, index, WordsModel())
    (corpus / "news/figs.md").unlink()
    report = ingest(corpus, index, WordsModel())
    assert report.build == first.build == Builds(index).current_id()
    assert report.documents.removed == ("figs",)


def test_another_model_makes_another_build(corpus: Path, index: Path) -> None:
    first = ingest(corpus, index, WordsModel())
    report = ingest(corpus, index, WordsModel("other words"))
    assert report.build != first.build
    assert report.documents.unchanged == ("bees", "pears")
    assert report.passages.embedded == 2
    assert Builds(index).current().model == "other words"


def test_a_withdrawn_page_is_removed_from_the_next_build(corpus: Path, index: Path) -> None:
    ingest(corpus, index, WordsModel())
    write_page(corpus, "news/bees.md", "There are nine hives.", published="2024-05-01", withdrawn=True)
    report = ingest(corpus, index, WordsModel())
    assert report.documents.removed == ("bees",)
    assert stored(index) == {"pears": "The pear tree is old."}


def test_bad_files_are_reported_and_the_rest_goes_in(corpus: Path, index: Path) -> None:
    (corpus / "news/empty.md").write_bytes(b"")
    (corpus / "news/latin.md").write_bytes("---\ntitle: Café\n---\n\nA café.".encode("latin-1"))
    (corpus / "news/broken.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    (corpus / "news/broken.docx").write_bytes(b"PK and then nothing")
    (corpus / "news/pears.md").write_text("---\ntitle: Pears again\n---\n\nMore pears.")
    (corpus / "news/colons.md").write_text("---\ntitle: one: two: three\n---\n\nColons.")
    (corpus / "news/open.md").write_text("---\ntitle: Open\n\nThe front matter does not end.")
    (corpus / "news/bare.md").write_text("No title at all.")
    with (corpus / "news/huge.txt").open("wb") as huge:
        huge.truncate(50_000_000)
    report = ingest(corpus, index, WordsModel())
    assert report.documents.added == ("bees", "pears")
    reasons = failures(report)
    assert sorted(reasons) == [
        "news/bare.md",
        "news/broken.docx",
        "news/broken.pdf",
        "news/colons.md",
        "news/empty.md",
        "news/huge.txt",
        "news/latin.md",
        "news/open.md",
        "news/pears.md",
    ]
    assert reasons["news/empty.md"] == "it is empty"
    assert "UTF-8" in reasons["news/latin.md"]
    assert "50 MB" in reasons["news/huge.txt"]
    assert "blogs/pears.md" in reasons["news/pears.md"]
    assert "front matter" in reasons["news/colons.md"]
    assert "title" in reasons["news/bare.md"]
    assert all("\n" not in reason for reason in reasons.values())


def test_a_page_that_can_no_longer_be_read_is_failed_and_removed(corpus: Path, index: Path) -> None:
    ingest(corpus, index, WordsModel())
    (corpus / "news/bees.md").write_bytes(b"")
    report = ingest(corpus, index, WordsModel())
    assert report.documents.removed == ("bees",)
    assert failures(report) == {"news/bees.md": "it is empty"}


def test_no_document_at_all_is_an_error_and_the_old_build_stays(corpus: Path, index: Path) -> None:
    first = ingest(corpus, index, WordsModel())
    (corpus / "news/bees.md").write_bytes(b"")
    (corpus / "blogs/pears.md").unlink()
    with pytest.raises(TrustbotError, match=r"no document in .+ can be read; news/bees.md: it is empty"):
        ingest(corpus, index, WordsModel())
    assert Builds(index).current_id() == first.build
    assert "bees" in stored(index)


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path, index: Path) -> None:
    with pytest.raises(TrustbotError, match=r"no folder .+: name one with --corpus"):
        ingest(tmp_path / "nowhere", index, WordsModel())


def test_a_dry_run_says_what_would_change_and_changes_nothing(corpus: Path, index: Path) -> None:
    first = ingest(corpus, index, WordsModel())
    write_page(corpus, "news/bees.md", "There are ten hives.", published="2024-05-01")
    write_page(corpus, "news/plums.md", "Plums are blue.")
    (corpus / "blogs/pears.md").unlink()
    before = everything_in(index)
    model = WordsModel()
    report = ingest(corpus, index, model, dry_run=True)
    assert report.dry_run
    assert report.build == first.build
    assert report.documents.added == ("plums",)
    assert report.documents.changed == ("bees",)
    assert report.documents.removed == ("pears",)
    assert (report.passages.total, report.passages.embedded) == (2, 2)
    assert model.embedded == []
    assert everything_in(index) == before


def test_a_dry_run_without_an_index_makes_none(corpus: Path, index: Path) -> None:
    report = ingest(corpus, index, WordsModel(), dry_run=True)
    assert report.build is None
    assert report.documents.added == ("bees", "pears")
    assert not index.exists()


def test_a_name_the_glossary_does_not_know_is_a_warning_with_the_nearest(corpus: Path, index: Path) -> None:
    (corpus / "glossary.yaml").write_text("programmes:\n- name: Garden Club\n")
    write_page(corpus, "news/bees.md", "There are nine hives.", programmes=["Garden Clubb"])
    report = ingest(corpus, index, WordsModel())
    assert [(remark.path, remark.text) for remark in report.documents.warnings] == [
        ("news/bees.md", "programme 'Garden Clubb' is not in the glossary; did you mean 'Garden Club'?")
    ]


def test_a_glossary_that_cannot_be_read_is_reported_and_the_pages_go_in(corpus: Path, index: Path) -> None:
    (corpus / "glossary.yaml").write_text("fruits: [pear]")
    report = ingest(corpus, index, WordsModel())
    assert report.documents.added == ("bees", "pears")
    assert "unknown section 'fruits'" in failures(report)["glossary.yaml"]


def test_progress_is_told_where_somebody_listens(corpus: Path, index: Path) -> None:
    told: list[tuple[int, int]] = []
    model = WordsModel()
    ingest(corpus, index, model, progress=lambda done, total: told.append((done, total)))
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1] == len(model.embedded) > 0


def test_a_second_ingest_at_the_same_time_is_refused(corpus: Path, index: Path) -> None:
    first = ingest(corpus, index, WordsModel())
    with Builds(index).writing(), pytest.raises(TrustbotError, match="is being written by process"):
        ingest(corpus, index, WordsModel())
    assert Builds(index).current_id() == first.build


def test_a_model_that_gives_no_numbers_leaves_the_old_build(corpus: Path, index: Path) -> None:
    class BrokenModel(WordsModel):
        def embed(self, texts: Sequence[str]) -> Vectors:
            return np.full((len(texts), 24), np.inf, dtype=np.float32)

    first = ingest(corpus, index, WordsModel())
    for _ in ("once", "and again"):
        with pytest.raises(TrustbotError, match="not finite"):
            ingest(corpus, index, BrokenModel("broken"))
        assert Builds(index).current_id() == first.build
        assert len(Builds(index).all()) == 1


def test_a_build_that_fails_its_check_is_never_current(
    corpus: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ingest(corpus, index, WordsModel())
    write_page(corpus, "news/figs.md", "Figs are sweet.")
    with monkeypatch.context() as patched:
        patched.setattr("ingest.index.ChromaPassages.count", lambda _: 2)
        for _ in ("once", "and again"):
            with pytest.raises(TrustbotError, match="the new build holds 2 of 3 passages"):
                ingest(corpus, index, WordsModel())
            assert Builds(index).current_id() == first.build
            assert [path.name for path in Builds(index).path("").iterdir()] == [first.build]
    assert ingest(corpus, index, WordsModel()).documents.added == ("figs",)


@pytest.mark.parametrize(
    ("file", "damage", "message"),
    [
        ("passages.npy", lambda vectors: np.full_like(vectors, np.nan), "not finite"),
        ("passages.npy", lambda vectors: -vectors, "does not find its own passage"),
    ],
)
def test_the_check_finds_damaged_vectors(corpus: Path, index: Path, file: str, damage: object, message: str) -> None:
    ingest(corpus, index, WordsModel())
    builds = Builds(index)
    path = builds.path(builds.current().id) / file
    assert callable(damage)
    np.save(path, damage(np.load(path)))
    with pytest.raises(TrustbotError, match=message):
        check_build(builds, builds.current(), WordsModel())


def test_the_check_finds_missing_passages(corpus: Path, index: Path) -> None:
    ingest(corpus, index, WordsModel())
    builds = Builds(index)
    lines = builds.path(builds.current().id) / "passages.jsonl"
    lines.write_text(lines.read_text().splitlines()[0] + "\n")
    with pytest.raises(TrustbotError, match="the new build holds 2 of 2 passages"):
        check_build(builds, replace(builds.current(), passages=2), WordsModel())


@pytest.mark.parametrize("lost", ["chroma", "documents.jsonl", "passages.jsonl", "words", "sentences.npy"])
def test_a_damaged_current_build_is_made_anew(corpus: Path, index: Path, lost: str) -> None:
    first = ingest(corpus, index, WordsModel())
    path = Builds(index).path(str(first.build)) / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    report = ingest(corpus, index, WordsModel())
    assert report.build != first.build
    assert report.passages.embedded == 0
    assert stored(index)["bees"] == "There are nine hives."


def test_a_build_of_another_version_is_replaced(corpus: Path, index: Path) -> None:
    first = ingest(corpus, index, WordsModel())
    (Builds(index).path(str(first.build)) / "build.json").write_text('{"id": "old"}')
    report = ingest(corpus, index, WordsModel())
    assert report.build == Builds(index).current().id != first.build


def test_what_a_killed_ingest_left_is_cleaned_up_even_when_nothing_changed(corpus: Path, index: Path) -> None:
    first = ingest(corpus, index, WordsModel())
    half = Builds(index).path("20990101-000000000-half")
    half.mkdir()
    (half / "passages.jsonl").write_text("{}")
    report = ingest(corpus, index, WordsModel())
    assert report.build == first.build
    assert not half.exists()


def test_three_builds_are_kept(corpus: Path, index: Path) -> None:
    made = []
    for count in ("six", "seven", "eight", "nine", "ten"):
        write_page(corpus, "news/bees.md", f"There are {count} hives.")
        made.append(ingest(corpus, index, WordsModel()).build)
    assert [build.id for build in Builds(index).all()] == made[:1:-1]


def test_line_separators_of_unicode_in_metadata_do_no_harm(corpus: Path, index: Path) -> None:
    write_page(corpus, "news/bees.md", "There are nine hives.", author="Ann\u2028Bee\x85Cee")
    ingest(corpus, index, WordsModel())
    again = ingest(corpus, index, WordsModel())
    assert again.documents.unchanged == ("bees", "pears")
    assert stored(index)["bees"] == "There are nine hives."
