"""Markdown pages: front matter, and the text as a reader of the page sees it."""

import textwrap
from pathlib import Path

import pytest

from tests.ingest.corpus_files import failure, outline, read


def body(corpus: Path, markdown: str) -> list[str]:
    document, _ = read(corpus, "page.md", "---\ntitle: T\n---\n" + textwrap.dedent(markdown))
    return outline(document)


def remarks(corpus: Path, markdown: str) -> list[str]:
    return read(corpus, "page.md", "---\ntitle: T\n---\n" + textwrap.dedent(markdown))[1]


def test_every_field_of_the_front_matter_is_read(tmp_path: Path) -> None:
    document, warnings = read(
        tmp_path,
        "news/opening.md",
        """---
title: 'The opening: a report'
kind: blog
author: Ann Lee
publisher: The Trust
published: '2024-07'
published_basis: inferred
summary: true
url: https://www.example.org/opening?a=1
programmes: [HOPE(S), "Life Rooms, Walton"]
partners:
- NHS England
embargo_until: 2026-01-31
review_by: 2026-06
---
It opened.
""",
    )
    assert warnings == []
    assert (document.id, document.title, document.kind) == ("opening", "The opening: a report", "blog")
    assert (document.author, document.publisher) == ("Ann Lee", "The Trust")
    assert (document.published, document.published_basis, document.summary) == ("2024-07", "inferred", True)
    assert document.url == "https://www.example.org/opening?a=1"
    assert document.programmes == ("HOPE(S)", "Life Rooms, Walton")
    assert document.partners == ("NHS England",)
    assert (document.embargo_until, document.review_by) == ("2026-01-31", "2026-06")
    assert (document.path, document.text) == ("news/opening.md", "It opened.")


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("2024", "2024"),
        ("2024-07", "2024-07"),
        ("2024-07-31", "2024-07-31"),
        ("'2024-07-31'", "2024-07-31"),
        ("2024-07-31T10:00:00Z", "2024-07-31"),
        ("2024-07-31 10:00:00", "2024-07-31"),
        ("", None),
        ("null", None),
        ("''", None),
    ],
)
def test_a_date_may_be_a_yaml_date_a_number_or_text(tmp_path: Path, written: str, published: str | None) -> None:
    document, _ = read(tmp_path, "page.md", f"---\ntitle: T\npublished: {written}\n---\nWords.\n")
    assert document.published == published


@pytest.mark.parametrize(
    "written", ["31/07/2024", "2024-02-30", "July 2024", "2024-7", "20240731", "yes", "[2024]", "20.24"]
)
def test_another_date_is_refused(tmp_path: Path, written: str) -> None:
    reason = failure(tmp_path, "page.md", f"---\ntitle: T\npublished: {written}\n---\nWords.\n")
    assert "published" in reason or "day is out of range" in reason


def test_the_basis_of_a_date_means_nothing_without_one(tmp_path: Path) -> None:
    document, _ = read(tmp_path, "page.md", "---\ntitle: T\npublished_basis: inferred\n---\nWords.\n")
    assert document.published_basis is None


def test_a_single_programme_may_stand_without_a_list(tmp_path: Path) -> None:
    document, _ = read(tmp_path, "page.md", "---\ntitle: T\nprogrammes: HOPE(S)\npartners:\n---\nWords.\n")
    assert (document.programmes, document.partners) == (("HOPE(S)",), ())


def test_an_unknown_field_is_warned_of_with_the_nearest_one(tmp_path: Path) -> None:
    _, warnings = read(tmp_path, "page.md", "---\ntitle: T\npublised: 2024\nmood: sunny\n---\nWords.\n")
    assert warnings == [
        "front matter has an unknown field 'mood'; it is ignored",
        "front matter has an unknown field 'publised'; it is ignored; did you mean 'published'?",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "---\ntitle: T\n---\nWords.",
        "\ufeff---\ntitle: T\n---\nWords.",
        "---\r\ntitle: T\r\n---\r\nWords.\r\n",
        "\n\n--- \ntitle: T\n---  \n\nWords.",
        "---\ntitle: T\n...\nWords.",
        "---\n# a comment\ntitle: T # another\n---\nWords.",
        "---\nnote: |\n  a --- b\n  ----\ntitle: T\n---\nWords.",
    ],
)
def test_front_matter_is_read_however_it_is_written(tmp_path: Path, source: str) -> None:
    document, _ = read(tmp_path, "page.md", source)
    assert (document.title, document.text) == ("T", "Words.")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("---\ntitle: [T\nkind: blog\n---\nWords.", "its front matter is not YAML, line 3"),
        ("\n\n---\ntitle: T\n\tkind: blog\n---\nWords.", "its front matter is not YAML, line 5"),
        ("---\ntitle: The opening: a report\n---\nWords.", "its front matter is not YAML, line 2: mapping values"),
        ("---\ntitle: T\nkind: *blog\n---\nWords.", "line 3: '*' begins an alias: write it in quotes"),
        ("---\ntitle: T\ntitle: U\n---\nWords.", "its front matter is not YAML, line 3: 'title' is given twice"),
        ("---\ntitle: T\nx: !!python/object:os.system y\n---\nWords.", "line 3: could not determine a constructor"),
        ("---\ntitle: T\x01\n---\nWords.", "its front matter is not YAML: unacceptable character #x0001"),
        ("---\ntitle: T\nWords.", "its front matter does not end: close it with a line '---'"),
        ("---\n- title\n---\nWords.", "its front matter is not a list of 'name: value' lines"),
        ("---\ntitle: T\n2024: x\n---\nWords.", "its front matter has a field whose name is not text"),
        ("---\ntitle: [a, b]\n---\nWords.", "front matter cannot be used: title: Input should be a valid string"),
        ("---\ntitle: T\nkind: leaflet\n---\nWords.", "front matter cannot be used: kind: Input should be 'blog'"),
        ("---\ntitle: T\nsummary: perhaps\n---\nWords.", "front matter cannot be used: summary"),
        ("---\ntitle: T\nurl: www.example.org\n---\nWords.", "url must begin with https:// or http://"),
        ("---\ntitle: T\nurl: 'https://a b'\n---\nWords.", "url must not hold spaces"),
        ("---\ntitle: T\nurl: 'https://<!channel>'\n---\nWords.", "url must not hold spaces, '<', '>'"),
        ("---\ntitle: T\nurl: 'https:///a'\n---\nWords.", "url names no site"),
        (
            f"---\ntitle: {'T' * 1001}\n---\nWords.",
            "front matter cannot be used: title: String should have at most 1000 characters",
        ),
        ("---\nkind: blog\n---\nWords.", "it has no title: add a front matter with a line 'title: …'"),
        ("Words.", "it has no title: add a front matter with a line 'title: …'"),
        ("---\ntitle: T\n---\n", "it has no text"),
        ("---\ntitle: T\n---\n# Only\n\n## headings\n", "it has no text"),
        ("---\ntitle: T\n---\n![only a picture](a.png)\n", "it has no text"),
        ("---\ntitle: T\na: " + "[" * 9_000 + "\n---\nWords.", "its front matter is nested too deeply"),
        ("---\ntitle: T\na: '" + "a" * 250_000 + "'\n---\nWords.", "its front matter is longer than 250000 characters"),
    ],
)
def test_front_matter_that_cannot_be_used_is_refused_with_the_reason(tmp_path: Path, source: str, reason: str) -> None:
    assert reason in failure(tmp_path, "page.md", source)


def test_two_faults_are_reported_at_once(tmp_path: Path) -> None:
    reason = failure(tmp_path, "page.md", "---\ntitle: T\nkind: leaflet\npublished: soon\n---\nWords.")
    assert "kind: " in reason
    assert "published: 'soon' is not a date: write YYYY-MM-DD, YYYY-MM or YYYY" in reason


@pytest.mark.parametrize("front_matter", ["", "---\nkind: blog\n---\n", "---\ntitle:\n---\n"])
def test_the_first_heading_serves_as_a_title_with_a_warning(tmp_path: Path, front_matter: str) -> None:
    document, warnings = read(tmp_path, "page.md", f"{front_matter}# The *new* ward\n\nIt opened.\n")
    assert (document.title, outline(document)) == ("The new ward", ["It opened."])
    assert warnings == ["the title is the first heading: give the page a front matter with a title"]


def test_a_heading_that_repeats_the_title_is_no_heading_of_the_text(tmp_path: Path) -> None:
    document, _ = read(
        tmp_path, "page.md", "---\ntitle: The ward\n---\n# The Ward\n\nIt opened.\n\n# The ward\n\nMore."
    )
    assert outline(document) == ["It opened.", "The ward > More."]


def test_headings_stand_beside_the_text_by_their_levels(tmp_path: Path) -> None:
    assert body(tmp_path, "a\n\n## One\n\nb\n\n### Deep\n\nc\n\nTwo\n---\n\nd\n\n#### Deeper\n\ne\n") == [
        "a",
        "One > b",
        "One > Deep > c",
        "Two > d",
        "Two > Deeper > e",
    ]


def test_emphasis_links_and_code_are_their_words(tmp_path: Path) -> None:
    assert body(
        tmp_path,
        "Some *plain*, **bold**, ***both***, `code`, [a link](https://example.org 'title'), [another][1],\n"
        "<https://example.org>, \\*stars\\* and<br>a break.\n\n[1]: https://example.org\n",
    ) == ["Some plain, bold, both, code, a link, another, https://example.org, *stars* and a break."]


def test_pictures_are_left_out(tmp_path: Path) -> None:
    assert body(tmp_path, "One ![a *picture*](a.png 'title') two.\n\n![alone](b.png)\n\nThe ward.jpg\n") == ["One two."]


def test_entities_and_odd_spaces_are_plain_characters(tmp_path: Path) -> None:
    assert body(tmp_path, "L&amp;D&nbsp;costs &pound;5&#8212;or\u00a06 &lt;b&gt;\u2009kg.\n") == [
        "L&D costs £5—or 6 <b> kg."
    ]


def test_text_is_stored_in_nfc(tmp_path: Path) -> None:
    assert body(tmp_path, "Cafe\u0301 Cafe&#x301;\n") == ["Café Café"]


def test_one_list_item_is_one_line_however_deep(tmp_path: Path) -> None:
    document, _ = read(
        tmp_path,
        "page.md",
        "# T\nThe aims are:\n\n- first\n  goes on\n- second\n  - inner\n    1. innermost\n\n"
        "  tail of second\n- third\n\n1. one\n2) two\n\nAfter.\n",
    )
    assert outline(document) == [
        "The aims are:",
        "• first goes on",
        "• second",
        "• inner",
        "• innermost",
        "• tail of second",
        "• third",
        "• one",
        "• two",
        "After.",
    ]
    assert document.text == (
        "The aims are:\n\nfirst goes on\nsecond\ninner\ninnermost\ntail of second\nthird\none\ntwo\n\nAfter."
    )


def test_two_paragraphs_of_one_item_are_one_line(tmp_path: Path) -> None:
    assert body(tmp_path, "- first\n\n  and more of it\n\n- second\n") == ["• first and more of it", "• second"]


def test_one_row_of_a_table_is_one_line(tmp_path: Path) -> None:
    document, _ = read(
        tmp_path, "page.md", "# T\n| Year | *Visits* |\n|---|--:|\n| 2021 | 1,200 |\n| 2022 | [1,500](x) |\n\nAfter.\n"
    )
    assert document.text == "Year | Visits\n2021 | 1,200\n2022 | 1,500\n\nAfter."
    assert [block.kind for block in document.blocks] == ["row", "row", "row", "paragraph"]


def test_code_and_quotations_are_text(tmp_path: Path) -> None:
    assert body(
        tmp_path, "```sh\nmake  run\nmake test\n\nmake check\n```\n\n    indented <b>\n\n> quoted\n> words\n"
    ) == [
        "make run make test",
        "make check",
        "indented <b>",
        "quoted words",
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "<!-- secret -->",
        "<!--\n\nsecret\n\n-->",
        "<div hidden>\n\nsecret\n\n- secret\n\n</div>",
        "<div style='display:none'>\n\n## secret\n\nsecret\n\n</div>",
        "<span style='font-size:0'>secret</span>",
        "<font color='white'>secret</font>",
        "<p hidden>secret</p>",
        "[//]: # (secret)",
        "[comment]: <> (secret)",
        "\u200b",
        "&#8203;",
        "\U000e0073\U000e0065",
    ],
)
def test_hidden_text_put_there_by_hand_is_removed_and_reported(tmp_path: Path, hidden: str) -> None:
    assert body(tmp_path, f"Before.\n\n{hidden}\n\nAfter.\n") == ["Before.", "After."]
    assert len(remarks(tmp_path, f"Before.\n\n{hidden}\n\nAfter.\n")) == 1


def test_hidden_text_within_a_sentence_leaves_the_sentence_whole(tmp_path: Path) -> None:
    assert body(tmp_path, "The ward<!-- not --> has <span hidden>no </span>24\u200b beds.\n") == [
        "The ward has 24 beds."
    ]


def test_struck_out_words_are_no_evidence(tmp_path: Path) -> None:
    assert body(tmp_path, "It costs ~~£5~~ £6.\n") == ["It costs £6."]


def test_html_in_a_page_is_read_as_html(tmp_path: Path) -> None:
    assert body(
        tmp_path, "<table><tr><td>a<p>b</td><td>c</td></tr></table>\n\n<ul><li>one<li>two</ul>\n\n<b>bold</b>\n"
    ) == [
        "| a b | c",
        "• one",
        "• two",
        "bold",
    ]


def test_hidden_characters_in_the_front_matter_are_removed_and_reported(tmp_path: Path) -> None:
    document, warnings = read(
        tmp_path,
        "page.md",
        "---\ntitle: The\u200b ward\nauthor: '\u200b'\nprogrammes: [\"HO\\u200BPE(S)\"]\n---\nWords.\n",
    )
    assert (document.title, document.author, document.programmes) == ("The ward", None, ("HOPE(S)",))
    assert warnings == ["removed 3 invisible characters"]
