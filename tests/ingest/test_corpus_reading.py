"""Reading a corpus: which files are documents, what stands beside them, and what becomes of bad ones."""

import json
import os
import unicodedata
from pathlib import Path

import pytest

from ingest.reading import MOST_BYTES, document_paths, read_corpus
from tests.ingest.corpus_files import failure, only, read, write

PAGE = "---\ntitle: The garden\n---\nIt is open.\n"


def test_every_sort_of_file_is_read_in_order_of_its_path(tmp_path: Path) -> None:
    for name in ("news/b.md", "blogs/c.txt", "blogs/deep/a.html", "d.MD"):
        write(tmp_path, name, "<title>T</title><p>It is open.</p>" if name.endswith("html") else PAGE)
    reading = read_corpus(tmp_path)
    assert [(document.id, document.kind) for document in reading.documents] == [
        ("c", "blog"),
        ("a", "blog"),
        ("d", None),
        ("b", "news"),
    ]
    assert reading.failed == ()


def test_files_that_are_no_documents_are_left_alone(tmp_path: Path) -> None:
    for name in (
        "README.md",
        "news/readme.MD",
        "glossary.yaml",
        "sources.yaml",
        ".hidden.md",
        ".git/page.md",
        "_draft.md",
        "_drafts/page.md",
        "news/picture.png",
        "news/no-ending",
    ):
        write(tmp_path, name, PAGE)
    (tmp_path / "folder.md").mkdir()
    os.mkfifo(tmp_path / "pipe.md")
    assert list(document_paths(tmp_path)) == []
    assert read_corpus(tmp_path).failed == ()


def test_a_folder_named_like_a_page_is_looked_into(tmp_path: Path) -> None:
    write(tmp_path, "old.md/page.md", PAGE)
    assert [document.path for document in read_corpus(tmp_path).documents] == ["old.md/page.md"]


def test_links_that_lead_out_of_the_corpus_or_in_a_circle_are_left_alone(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    write(tmp_path, "outside/secret.md", PAGE)
    write(corpus, "page.md", PAGE)
    (corpus / "file.md").symlink_to(tmp_path / "outside" / "secret.md")
    (corpus / "folder").symlink_to(tmp_path / "outside")
    (corpus / "up.md").symlink_to("../outside/secret.md")
    (corpus / "circle.md").symlink_to("circle.md")
    (corpus / "gone.md").symlink_to("nowhere.md")
    (corpus / "within.md").symlink_to("page.md")
    reading = read_corpus(corpus)
    assert [document.id for document in reading.documents] == ["page", "within"]
    assert reading.failed == ()


def test_a_corpus_behind_a_link_is_read(tmp_path: Path) -> None:
    write(tmp_path, "real/page.md", PAGE)
    (tmp_path / "corpus").symlink_to("real")
    assert only(read_corpus(tmp_path / "corpus"))[0].id == "page"


def test_one_id_in_two_folders_is_refused_the_second_time(tmp_path: Path) -> None:
    write(tmp_path, "blogs/garden.md", PAGE)
    write(tmp_path, "news/garden.txt", PAGE)
    reading = read_corpus(tmp_path)
    assert [document.path for document in reading.documents] == ["blogs/garden.md"]
    assert [(failed.path, failed.text) for failed in reading.failed] == [
        ("news/garden.txt", "its id 'garden' is already that of blogs/garden.md: rename one of them")
    ]


def test_the_id_of_a_withdrawn_page_is_still_taken(tmp_path: Path) -> None:
    write(tmp_path, "a/garden.md", "---\ntitle: T\nwithdrawn: true\n---\nIt is open.\n")
    write(tmp_path, "b/garden.md", PAGE)
    reading = read_corpus(tmp_path)
    assert (reading.documents, reading.withdrawn, len(reading.failed)) == ((), ("garden",), 1)


def test_the_id_of_a_page_that_cannot_be_read_is_free(tmp_path: Path) -> None:
    write(tmp_path, "a/garden.md", "")
    write(tmp_path, "b/garden.md", PAGE)
    assert [document.path for document in read_corpus(tmp_path).documents] == ["b/garden.md"]


def test_bad_files_are_reported_by_path_and_reason_and_the_rest_goes_in(tmp_path: Path) -> None:
    write(tmp_path, "a/empty.md", "")
    write(tmp_path, "a/encoding.txt", b"Caf\xe9")
    write(tmp_path, "a/nul.md", b"---\ntitle: T\n---\na\x00b")
    write(tmp_path, "a/open.md", "---\ntitle: T\n")
    write(tmp_path, "a/torn.pdf", b"%PDF-1.7\n")
    write(tmp_path, "a/zip.docx", b"PK")
    write(tmp_path, "good.md", PAGE)
    large = write(tmp_path, "a/large.html", "")
    os.truncate(large, 50_000_000)
    os.truncate(write(tmp_path, "a/long.md", ""), 6_000_000)
    reading = read_corpus(tmp_path)
    assert [document.id for document in reading.documents] == ["good"]
    assert {failed.path: failed.text for failed in reading.failed} == {
        "a/empty.md": "it is empty",
        "a/encoding.txt": "it is not UTF-8 (byte 3): save it as UTF-8",
        "a/large.html": "it is 50 MB; the most is 20 MB",
        "a/long.md": "it is 6 MB; the most is 5 MB",
        "a/nul.md": "it holds NUL characters: save it as UTF-8 text",
        "a/open.md": "its front matter does not end: close it with a line '---'",
        "a/torn.pdf": "it is not a PDF that can be opened (PdfiumError)",
        "a/zip.docx": "it is not a Word file that can be opened (BadZipFile)",
    }


def test_the_largest_file_is_20_mb() -> None:
    assert MOST_BYTES == 20_000_000


@pytest.mark.skipif(os.geteuid() == 0, reason="root may open everything")
def test_a_file_or_folder_that_may_not_be_opened_is_reported(tmp_path: Path) -> None:
    write(tmp_path, "closed/page.md", PAGE)
    write(tmp_path, "listed/page2.md", PAGE)
    write(tmp_path, "locked.md", PAGE).chmod(0)
    write(tmp_path, "good.md", PAGE)
    (tmp_path / "closed").chmod(0)
    (tmp_path / "listed").chmod(0o400)
    try:
        reading = read_corpus(tmp_path)
    finally:
        for name in ("closed", "listed"):
            (tmp_path / name).chmod(0o700)
    assert [document.id for document in reading.documents] == ["good"]
    assert {failed.path: failed.text for failed in reading.failed} == {
        "closed": "the folder cannot be opened",
        "listed/page2.md": "it cannot be opened (Permission denied)",
        "locked.md": "it cannot be opened (Permission denied)",
    }


@pytest.mark.parametrize(
    "stem",
    ["the garden (final) v2", "ann’s garden", "x&y;z$", "-rf", "a.b.c", "🌱", "<!channel>", "ž" * 60, "..garden"[1:]],
)
def test_odd_names_are_ids_like_others(tmp_path: Path, stem: str) -> None:
    name = f"{stem}.md"
    if name.startswith("."):
        assert list(document_paths(write(tmp_path, name, PAGE).parent)) == []
    else:
        assert read(tmp_path, name, PAGE)[0].id == stem


@pytest.mark.parametrize("stem", ["line\nbreak", "bell\a", "escape\x1b[31m", " ", "zero\u200bwidth"])
def test_a_name_that_could_not_be_shown_is_refused(tmp_path: Path, stem: str) -> None:
    write(tmp_path, f"{stem}.md", PAGE)
    (failed,) = read_corpus(tmp_path).failed
    assert failed.path.isprintable()
    assert failed.text == "its name holds characters that an id cannot hold: rename it"


def test_a_name_that_is_not_utf_8_is_refused_and_can_be_printed(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.md")).write_text(PAGE)
    (failed,) = read_corpus(tmp_path).failed
    assert failed.path == "caf\\xe9.md"
    assert failed.text == "its name holds characters that an id cannot hold: rename it"


def test_an_id_is_the_same_however_the_file_system_writes_its_accents(tmp_path: Path) -> None:
    document, _ = read(tmp_path, unicodedata.normalize("NFD", "café.md"), PAGE)
    assert document.id == "café"


@pytest.mark.parametrize(
    ("ending", "content"), [("txt", "A title\n\nIt is open.\n"), ("html", "<title>A title</title><p>It is open.")]
)
def test_metadata_stands_in_a_yaml_file_beside_a_page_that_has_no_front_matter(
    tmp_path: Path, ending: str, content: str
) -> None:
    write(
        tmp_path,
        "page.yaml",
        "title: The garden\nkind: news\npublished: 2024-07-31\npartners: [Bees]\nurl: https://x.org\n",
    )
    document, warnings = read(tmp_path, f"page.{ending}", content)
    assert (document.title, document.kind, document.published) == ("The garden", "news", "2024-07-31")
    assert (document.partners, document.url) == (("Bees",), "https://x.org")
    assert warnings == []


def test_the_file_beside_goes_before_what_the_page_says_of_itself(tmp_path: Path) -> None:
    write(tmp_path, "page.yaml", "published: 2023\nauthor:\n")
    document, _ = read(tmp_path, "page.txt", "A title\nAuthor: Ann Lee\n17 May 2024\n\nIt is open.\n")
    assert (document.title, document.author) == ("A title", None)
    assert (document.published, document.published_basis) == ("2023", None)


def test_a_page_beside_can_be_withdrawn(tmp_path: Path) -> None:
    write(tmp_path, "page.txt", "A title\n\nIt is open.\n")
    write(tmp_path, "page.yaml", "withdrawn: true\n")
    assert read_corpus(tmp_path).withdrawn == ("page",)


@pytest.mark.parametrize(
    ("beside", "reason"),
    [
        ("title: [", "page.yaml beside it: it is not YAML, line 1"),
        ("- a", "page.yaml beside it: it is not a list of 'name: value' lines"),
        ("kind: leaflet", "front matter cannot be used: kind"),
        (b"title: Caf\xe9", "page.yaml beside it: it is not UTF-8 (byte 10)"),
    ],
)
def test_a_broken_file_beside_a_page_fails_the_page(tmp_path: Path, beside: str | bytes, reason: str) -> None:
    write(tmp_path, "page.yaml", beside)
    assert reason in failure(tmp_path, "page.txt", "A title\n\nIt is open.\n")


def test_an_unknown_field_beside_a_page_is_warned_of(tmp_path: Path) -> None:
    write(tmp_path, "page.yaml", "mood: sunny\n")
    assert read(tmp_path, "page.txt", "A title\n\nIt is open.\n")[1] == [
        "front matter has an unknown field 'mood'; it is ignored"
    ]


def test_the_glossary_is_never_taken_for_what_stands_beside_a_page(tmp_path: Path) -> None:
    write(tmp_path, "glossary.yaml", "programmes: [{name: a}]\n")
    assert read(tmp_path, "glossary.txt", "A title\n\nIt is open.\n")[1] == []


def test_a_file_beside_a_page_that_lies_out_of_the_corpus_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, "secret.yaml", "author: Somebody secret\n")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "page.yaml").symlink_to(tmp_path / "secret.yaml")
    assert read(corpus, "page.txt", "A title\n\nIt is open.\n")[0].author is None


def test_two_pages_may_have_one_address(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        write(tmp_path, name, "---\ntitle: T\nurl: https://x.org\n---\nIt is open.\n")
    assert len(read_corpus(tmp_path).documents) == 2


def test_an_id_is_no_evidence_of_a_date(tmp_path: Path) -> None:
    assert read(tmp_path, "garden-2024-05.md", PAGE)[0].published is None


def test_a_digest_changes_with_every_field_and_with_nothing_else(tmp_path: Path) -> None:
    first = read(tmp_path / "a", "news/page.md", PAGE)[0]
    again = read(tmp_path / "b", "news/page.md", PAGE)[0]
    assert again == first
    for changed in (
        PAGE.replace("garden", "ward"),
        PAGE.replace("open", "closed"),
        PAGE.replace("---\nIt", "kind: blog\n---\nIt"),
        PAGE.replace("It is", "## A\n\nIt is"),
    ):
        assert read(tmp_path / "c", "news/page.md", changed)[0].digest != first.digest
    assert read(tmp_path / "d", "blogs/page.md", PAGE)[0].digest != first.digest


def test_a_document_can_be_written_as_utf_8(tmp_path: Path) -> None:
    document, _ = read(tmp_path, "page.md", '---\ntitle: "a\\ud800b"\nauthor: "\\udfff"\n---\nIt is &#xD800; open.\n')
    assert json.dumps([document.title, document.author, document.text], ensure_ascii=False).encode()
    assert document.title == "ab"


def test_the_corpus_of_the_project_is_read_without_a_word() -> None:
    reading = read_corpus(Path(__file__).parents[2] / "corpus")
    assert len(reading.documents) >= 51
    assert (reading.failed, reading.warnings) == ((), ())
