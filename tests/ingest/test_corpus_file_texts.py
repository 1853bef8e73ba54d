"""Corpus files: a page written as Markdown with front matter, which the corpus reads as the same words."""

import html
import re
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.documents import Document
from ingest.errors import TrustbotError
from ingest.readers.cleaning import clean_text
from ingest.reading import read_document
from ingest.sources.corpus_files import body_of, corpus_file, fields_of, new_id, plain_text, with_fields
from ingest.sources.declared import Source
from ingest.sources.extraction import Extracted, extract
from tests.ingest.corpus_files import outline, write
from tests.ingest.extraction_measures import extracted, made_pages

URL = "https://www.trust.example/news/garden"
SOURCE = Source(
    name="News",
    pages=(URL,),
    kind="news",
    publisher="Larkhill Trust",
    programmes=("HOPE(S)",),
    partners=("Orrin Council",),
)
GARDEN = Extracted(
    title="The garden: open",
    author="Ann Lee",
    published="2024-05-17",
    published_basis="stated",
    dated_by="json-ld",
    body="It is open.\n",
)
GARDEN_FILE = """---
title: 'The garden: open'
kind: news
author: Ann Lee
publisher: Larkhill Trust
published: '2024-05-17'
published_basis: stated
dated_by: json-ld
url: https://www.trust.example/news/garden
programmes: [HOPE(S)]
partners: [Orrin Council]
---

It is open.
"""
MARKUP = (
    "<p>", "</p>", "<ul>", "<li>", "</ul>", "<ol start=3>", "<table>", "<tr>", "<td>", "</table>", "<a href=/x>",
    "</a>", "<h1>", "<h2>", "</h2>", "<div class=share>", "</div>", "<main>", "</main>", "<article>", "<time>", "<br>",
    "<pre>", "<details><summary>", "<p class=byline>By Ann Lee", "May 2024", "Ward 7 is open. ", "*", "# ", "1. ", "|",
    "<!--", "-->", "&lt;b&gt;", "\u200b", "<tr>word", "<base href='http://[', >", "<script>", "</script>",
)  # fmt: skip
FEW = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def read(folder: Path, text: str) -> Document:
    document, _, remarks = read_document(write(folder, "news/garden.md", text), folder)
    assert remarks == []
    return document


def test_a_page_is_written_with_a_field_a_line_and_read_back_whole(tmp_path: Path) -> None:
    text = corpus_file(GARDEN, source=SOURCE, url=URL)
    assert text == GARDEN_FILE
    document = read(tmp_path, text)
    assert (document.title, document.text, document.published) == ("The garden: open", "It is open.", "2024-05-17")
    assert (document.programmes, document.url) == (("HOPE(S)",), URL)


def test_what_the_page_brings_goes_before_its_source_and_what_comms_keep_before_both() -> None:
    page = Extracted(title="T", body="It is open.\n", known=MappingProxyType({"kind": "blog", "programmes": ["Green"]}))
    fields = fields_of(corpus_file(page, source=SOURCE, url=URL, kept={"programmes": ["Gardens"]}))
    assert (fields["kind"], fields["publisher"], fields["programmes"]) == ("blog", "Larkhill Trust", ["Gardens"])


def test_a_file_of_a_folder_has_no_web_address() -> None:
    assert "url" not in fields_of(corpus_file(GARDEN, source=SOURCE, url="Reports/garden.pdf"))


def test_a_field_is_changed_without_touching_the_body() -> None:
    withdrawn = with_fields(GARDEN_FILE, withdrawn=True, published="2024-06-01")
    assert fields_of(withdrawn)["withdrawn"] is True
    assert body_of(withdrawn) == "It is open."
    assert with_fields(withdrawn, withdrawn=None, published="2024-05-17") == GARDEN_FILE


def test_a_broken_front_matter_is_refused() -> None:
    with pytest.raises(TrustbotError, match="does not end"):
        with_fields("---\ntitle: T\n\nIt is open.\n", withdrawn=True)


def test_plain_text_is_the_same_for_the_same_words_however_they_are_marked() -> None:
    assert plain_text("# A\n\nIt *is* [open](https://x.example).\n\n- b\n") == plain_text(
        "A\n=\n\nIt is open.\n\n1. b\n"
    )


@pytest.mark.parametrize(
    ("url", "title", "id_"),
    [
        ("https://t.example/news/hopes-conference-2024", "x", "hopes-conference-2024"),
        ("https://t.example/News/HOPES%20Conference.aspx", "x", "hopes-conference"),
        ("https://t.example/2024/05/17/caf%C3%A9-opens/", "x", "cafe-opens"),
        ("https://t.example/programmes/garden-club/index.html", "x", "garden-club"),
        ("https://t.example/view?id=123", "The Garden’s café", "the-gardens-cafe"),
        ("https://t.example/node/123", "The garden", "the-garden"),
        ("https://t.example/documents/annual-plan.pdf", None, "annual-plan"),
    ],
)
def test_an_id_is_readable(url: str, title: str | None, id_: str) -> None:
    assert new_id(url, title, ()) == id_


def test_an_id_without_any_words_is_still_one() -> None:
    assert re.fullmatch(r"page-[0-9a-f]{8}", new_id("https://t.example/?p=1", "病院", ()))


def test_a_taken_id_is_set_apart_the_same_whatever_came_before() -> None:
    first, second = "https://t.example/news/garden", "https://t.example/blog/garden"
    assert new_id(first, None, {"garden"}) == new_id(first, None, {"Garden", "other"})
    assert new_id(first, None, {"garden"}) != new_id(second, None, {"garden"}) != "garden"


def test_names_with_a_meaning_in_the_corpus_are_no_ids() -> None:
    assert new_id("https://t.example/readme", None, ()) not in ("readme", "README")


@pytest.mark.parametrize("made", made_pages(), ids=lambda made: made.name)
def test_a_made_page_is_read_back_from_its_file_and_written_the_same_again(made: object, tmp_path: Path) -> None:
    found = extracted(made)  # type: ignore[arg-type]
    text = corpus_file(found, source=SOURCE, url=URL)
    document = read(tmp_path, text)
    assert words(document.text) == words(_said(found))
    again = extract(text.encode(), url=URL, content_type="text/markdown")
    assert again.body == found.body
    assert corpus_file(again, source=SOURCE, url=URL, kept={"dated_by": found.dated_by}) == text


SIGNS = st.sampled_from(list("\\`*_{}[]()#+-.!|~<>&;:=/\"'0123456789 abcXYZ\u200b\u00a0é\u0301’“"))
PIECES = st.text(alphabet=SIGNS | st.characters(blacklist_categories=("Cs", "Cc")), max_size=25)
SENTENCES = st.builds("Ward {} {} was seen by us.".format, st.integers(1, 99), PIECES)
BLOCKS = st.one_of(
    st.builds("<p>{}</p>".format, SENTENCES.map(html.escape)),
    st.builds("<p>{}<br>{}</p>".format, SENTENCES.map(html.escape), SENTENCES.map(html.escape)),
    st.builds("<p>{} <a href='/x'>{}</a></p>".format, SENTENCES.map(html.escape), SENTENCES.map(html.escape)),
    st.builds("<ul><li>{}<ol><li>{}</li></ol></li></ul>".format, *[SENTENCES.map(html.escape)] * 2),
    st.builds("<table><tr><td>{}<td>{}<tr><td>{}</table>".format, *[SENTENCES.map(html.escape)] * 3),
    st.builds("<blockquote><b>{}</b></blockquote>".format, SENTENCES.map(html.escape)),
    st.builds("<dl><dt>{}<dd>{}</dl>".format, *[SENTENCES.map(html.escape)] * 2),
)


@FEW
@given(blocks=st.lists(BLOCKS, min_size=1, max_size=6))
def test_the_words_of_a_page_reach_the_corpus_in_order(blocks: list[str], tmp_path: Path) -> None:
    content = "<meta charset=utf-8><title>The garden</title><main><h1>The garden</h1>" + "".join(blocks) + "</main>"
    found = extract(content.encode(), url=URL, content_type="text/html")
    document = read(tmp_path, corpus_file(found, source=SOURCE, url=URL))
    shown = clean_text(html.unescape(re.sub(r"<[^>]*>", " ", "".join(blocks))))[0]
    assert words(document.text) == words(shown)


@FEW
@given(
    content=st.lists(
        st.sampled_from(MARKUP),
        max_size=40,
    )
)
def test_any_markup_gives_a_file_that_can_be_read_or_a_reason(content: list[str], tmp_path: Path) -> None:
    try:
        found = extract("".join(content).encode(), url=URL, content_type="text/html")
    except TrustbotError as error:
        assert str(error) and "\n" not in str(error)
        return
    text = corpus_file(found, source=SOURCE, url=URL)
    document, _, _ = read_document(write(tmp_path, "news/garden.md", text), tmp_path)
    assert words(document.text) == words(_said(found))
    assert extract(text.encode(), url=URL, content_type="text/markdown").body == found.body


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _said(found: Extracted) -> str:
    """The text of a body without its headings, which a document keeps beside its text."""
    return "\n".join(
        line for line in plain_text(re.sub(r"^#{1,6} .*$", "", found.body, flags=re.MULTILINE)).split("\n") if line
    )


def test_the_outline_of_a_page_is_that_of_its_file(tmp_path: Path) -> None:
    content = (
        "<main><h1>T</h1><h2>A</h2><p>One.</p><ul><li>two<ul><li>three</ul></ul><h3>B</h3><table><tr><td>4<td>5</table>"
    )
    found = extract(content.encode(), url=URL, content_type="text/html")
    document = read(tmp_path, corpus_file(found, source=SOURCE, url=URL))
    assert outline(document) == ["A > One.", "A > • two", "A > • three", "A > B > | 4 | 5"]
