"""Plain text pages: what stands above the text, headings and lists are recognised where they are clear."""

import textwrap
from pathlib import Path

import pytest

from tests.ingest.corpus_files import failure, outline, read

PROSE = (
    "The garden was opened to everybody last week, and it has been busy ever since then with people who dig and plant."
)


def page(corpus: Path, text: str) -> list[str]:
    document, _ = read(corpus, "page.txt", f"A clear title\n\n{PROSE}\n\n{textwrap.dedent(text)}")
    assert document.title == "A clear title"
    lines = outline(document)
    assert lines[0] == PROSE
    return lines[1:]


def test_a_leading_date_title_and_author_are_not_part_of_the_text(tmp_path: Path) -> None:
    document, warnings = read(
        tmp_path, "page.txt", f"Blog\n\nChange in the garden\n\nAnn Lee\n\nPublish date: 17 May 2024\n\n{PROSE}\n"
    )
    assert (document.kind, document.title, document.author) == ("blog", "Change in the garden", "Ann Lee")
    assert (document.published, document.published_basis) == ("2024-05-17", None)
    assert document.text == PROSE
    assert warnings == []


def test_a_comment_is_removed_and_reported(tmp_path: Path) -> None:
    document, warnings = read(tmp_path, "page.txt", f"A clear title\n\n{PROSE}\n\n<!-- say that all\nis well -->\n")
    assert document.text == PROSE
    assert len(warnings) == 1 and "comment" in warnings[0]


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("Publish date: 17 May 2024", "2024-05-17"),
        ("Published: Friday 17 May 2024", "2024-05-17"),
        ("PUBLISHED ON 17/05/2024", "2024-05-17"),
        ("First published 17 May 2024 at 10:30", "2024-05-17"),
        ("Posted on May 17, 2024", "2024-05-17"),
        ("Publication date: 2024-05", "2024-05"),
        ("Date: May 2024", "2024-05"),
        ("Date published: 2024", "2024"),
    ],
)
def test_the_publish_date_is_recognised_in_many_forms(tmp_path: Path, line: str, published: str) -> None:
    document, _ = read(tmp_path, "page.txt", f"{line}\n\nThe garden\n\n{PROSE}")
    assert (document.published, document.published_basis) == (published, None)
    assert (document.title, document.text) == ("The garden", PROSE)


@pytest.mark.parametrize("line", ["17 May 2024", "Friday, 17 May 2024.", "May 2024"])
def test_a_date_alone_on_a_line_is_taken_for_the_publish_date_with_a_warning(tmp_path: Path, line: str) -> None:
    document, warnings = read(tmp_path, "page.txt", f"The garden\n{line}\n\n{PROSE}")
    assert (document.published or "").startswith("2024-05")
    assert document.published_basis == "inferred"
    assert (document.title, document.text) == ("The garden", PROSE)
    assert warnings == [f"its line “{line}” was taken for its date: write 'Publish date:' before it if it is"]


def test_a_stated_date_is_believed_before_one_that_stands_alone(tmp_path: Path) -> None:
    document, _ = read(tmp_path, "page.txt", f"May 2019\nThe garden\nPublished: May 2024\n\n{PROSE}")
    assert (document.published, document.published_basis) == ("2024-05", None)


def test_a_publish_date_that_is_none_is_warned_of(tmp_path: Path) -> None:
    document, warnings = read(tmp_path, "page.txt", f"Publish date: to follow\nThe garden\n{PROSE}")
    assert (document.published, document.title) == (None, "The garden")
    assert warnings == ["its publish date “to follow” is not a date"]


@pytest.mark.parametrize(
    "line",
    [
        "Published in 2019, the report says that gardens are good for people and for bees.",
        "Date palms were planted in 2019.",
        "2024 was a good year.",
    ],
)
def test_a_sentence_with_a_date_is_text(tmp_path: Path, line: str) -> None:
    document, _ = read(tmp_path, "page.txt", f"The garden\n\n{line}\n\n{PROSE}")
    assert document.published is None
    assert document.text == f"{line}\n\n{PROSE}"


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Author: Dr Ann Lee, Head of Gardens", "Dr Ann Lee, Head of Gardens"),
        ("By Ann Lee", "Ann Lee"),
        ("Written by Sir Joe O’Bright", "Sir Joe O’Bright"),
        ("by: the gardeners", "the gardeners"),
    ],
)
def test_an_author_is_recognised_where_the_line_says_so(tmp_path: Path, line: str, author: str) -> None:
    for text in (f"The garden\n{line}\n\n{PROSE}", f"{line}\n\nThe garden\n\n{PROSE}"):
        document, _ = read(tmp_path, "page.txt", text)
        assert (document.title, document.author, document.text) == ("The garden", author, PROSE)


def test_a_name_below_the_title_is_the_author_of_a_page_that_people_sign(tmp_path: Path) -> None:
    document, _ = read(tmp_path, "blogs/page.txt", f"The garden\n\nProf. Ann Lee\n\n{PROSE}")
    assert (document.author, document.text) == ("Prof. Ann Lee", PROSE)


def test_elsewhere_it_is_a_heading(tmp_path: Path) -> None:
    document, _ = read(tmp_path, "programmes/page.txt", f"The garden\n\nSocial Care\n\n{PROSE}")
    assert document.author is None
    assert outline(document) == [f"Social Care > {PROSE}"]


@pytest.mark.parametrize(
    "line", ["By the end of the year we will open", "By working together", "Author unknown so far."]
)
def test_other_words_that_begin_like_an_author_are_not_one(tmp_path: Path, line: str) -> None:
    document, _ = read(tmp_path, "blogs/page.txt", f"The garden\n\n{line}\n\n{PROSE}")
    assert document.author is None


@pytest.mark.parametrize(
    ("line", "kind"),
    [("Blog", "blog"), ("NEWS", "news"), ("CEO updates", "ceo-update"), ("Kind: programme", "programme")],
)
def test_a_line_may_name_the_kind_of_page(tmp_path: Path, line: str, kind: str) -> None:
    document, _ = read(tmp_path, "page.txt", f"{line}\nThe garden\n{PROSE}")
    assert (document.kind, document.title) == (kind, "The garden")


def test_a_page_outside_the_known_folders_has_no_kind(tmp_path: Path) -> None:
    document, _ = read(tmp_path, "other/page.txt", f"The garden\n{PROSE}")
    assert document.kind is None


@pytest.mark.parametrize(
    "title", ["Ann Lee's Update: Partnerships", "What is the garden for?", "Title: the garden’s new bees."]
)
def test_a_short_first_line_is_the_title(tmp_path: Path, title: str) -> None:
    document, warnings = read(tmp_path, "page.txt", f"{title}\n\n{PROSE}")
    assert (document.title, document.text) == (title.removeprefix("Title: "), PROSE)
    assert warnings == []


def test_without_a_clear_title_the_first_words_serve_with_a_warning(tmp_path: Path) -> None:
    document, warnings = read(tmp_path, "page.txt", f"{PROSE}\n\nMore of it was dug up.")
    assert document.title == "The garden was opened to everybody last week, and it…"
    assert document.text == f"{PROSE}\n\nMore of it was dug up."
    assert warnings == [
        "no clear title: its first words serve (“The garden was opened to everybody last week, and it…”);"
        " set one in page.yaml"
    ]


def test_a_word_without_end_is_cut_to_a_title(tmp_path: Path) -> None:
    document, _ = read(tmp_path, "page.txt", "a" * 5000)
    assert document.title == "a" * 150 + "…"
    assert document.text == "a" * 5000


@pytest.mark.parametrize(
    "first",
    [
        "The trust has three aims:",
        "It opened.",
        "Dear all",
        "Dear colleagues,",
        "the garden",
        "Garden.png",
        "ann.lee@example.org",
        "• The garden",
        "www.example.org",
    ],
)
def test_a_first_line_that_is_no_title_stays_in_the_text(tmp_path: Path, first: str) -> None:
    document, warnings = read(tmp_path, "page.txt", f"{first}\n\n{PROSE}")
    assert len([warning for warning in warnings if "no clear title" in warning]) == 1
    assert document.text.endswith(PROSE)


def test_a_file_of_one_short_line_is_all_text(tmp_path: Path) -> None:
    document, _ = read(tmp_path, "page.txt", "The garden is open")
    assert (document.title, document.text) == ("The garden is open", "The garden is open")


@pytest.mark.parametrize("text", ["", " \n\n", "\ufeff", "----\n====\n"])
def test_a_file_without_words_is_refused(tmp_path: Path, text: str) -> None:
    assert failure(tmp_path, "page.txt", text) in ("it is empty", "it has no text")


def test_a_short_line_above_a_paragraph_or_list_is_a_heading(tmp_path: Path) -> None:
    assert page(tmp_path, f"Social care\n\n{PROSE}\n\nWhat comes next?\n\n• one\n• two\n\n") == [
        f"Social care > {PROSE}",
        "What comes next? > • one",
        "What comes next? > • two",
    ]


def test_two_short_lines_above_a_paragraph_are_a_heading_and_a_lower_one(tmp_path: Path) -> None:
    assert page(tmp_path, f"Our aims\n\nSocial care\n\n{PROSE}\n\nHousing\n\n{PROSE}") == [
        f"Our aims > Social care > {PROSE}",
        f"Housing > {PROSE}",
    ]


@pytest.mark.parametrize(
    "lines",
    [
        "Ann Lee\n\nChief Executive",
        "Prof Ann Lee CBE\nChair",
        "The Garden House\nClock Road\nLarkhill",
        "Thanks to Ann and Joe",
        "We are open again",
        "Please get in touch",
        "It is open.",
        "It is open!",
        "“It is open”",
        "the garden",
        "ann.lee@example.org",
        "Call 0151 000 1234",
        "A line with more words than a heading of a page has",
    ],
)
def test_a_body_line_is_not_mistaken_for_a_heading(tmp_path: Path, lines: str) -> None:
    wanted = [line for line in lines.splitlines() if line]
    assert page(tmp_path, f"{lines}\n\n{PROSE}") == [*wanted, PROSE]


def test_a_short_last_line_is_no_heading_as_nothing_follows_it(tmp_path: Path) -> None:
    assert page(tmp_path, f"{PROSE}\n\nAnn Lee\n\nChief Executive") == [PROSE, "Ann Lee", "Chief Executive"]


@pytest.mark.parametrize(
    "bullet",
    [
        "• ",
        "•\t",
        "●",
        "▪ ",
        "◦ ",
        "‣ ",
        "· ",
        "* ",
        "- ",
        "– ",
        "\uf0b7 ",
        "o  ",
        "➢ ",
        "✓ ",
        "1. ",
        "2) ",
        "(3) ",
        "a) ",
        "(iv) ",
    ],
)
def test_every_sort_of_bullet_begins_an_item(tmp_path: Path, bullet: str) -> None:
    assert page(tmp_path, f"The aims are:\n\n  {bullet}dig\n    {bullet}plant") == ["The aims are:", "• dig", "• plant"]


@pytest.mark.parametrize(
    "line", ["-5 degrees is cold.", "2024. That was good.", "1.5 beds.", "*Terms apply.", "o the trust.", "–", "• "]
)
def test_what_only_begins_like_a_bullet_is_no_item(tmp_path: Path, line: str) -> None:
    assert all("• " not in found for found in page(tmp_path, f"{line}\n{PROSE}"))


def test_rules_of_dashes_are_no_text(tmp_path: Path) -> None:
    assert page(tmp_path, f"Social care\n-----------\n{PROSE}\n\n* * *\n\n=====\n{PROSE}") == [
        f"Social care > {PROSE}",
        f"Social care > {PROSE}",
    ]


def test_lines_broken_to_fit_a_screen_are_joined(tmp_path: Path) -> None:
    text = (
        f"The garden\n\n{textwrap.fill(PROSE, 60)}\n\n{textwrap.fill(PROSE, 60)}\n\n"
        f"The aims are:\n{textwrap.fill(PROSE, 60, initial_indent='* ', subsequent_indent='  ')}\n* plant\n"
    )
    document, _ = read(tmp_path, "page.txt", text)
    assert outline(document) == [PROSE, PROSE, "The aims are:", f"• {PROSE}", "• plant"]


def test_lines_that_were_not_broken_stay_apart(tmp_path: Path) -> None:
    lines = [
        "The garden is open from nine to five on every weekday.",
        "Dogs are welcome.",
        "Bring your own spade, fork and hat.",
    ]
    document, _ = read(tmp_path, "page.txt", "\n".join(["The garden", *lines]))
    assert outline(document) == lines


def test_names_of_pictures_and_placeholders_are_no_text(tmp_path: Path) -> None:
    assert page(tmp_path, f"Ann at the garden 2024.png\n\n{PROSE}\n\nTo find out more, see our website\n") == [PROSE]


def test_form_feeds_and_odd_spaces_are_white_space(tmp_path: Path) -> None:
    assert page(tmp_path, f"{PROSE}\fThe\u00a0garden  is\topen.\r\n") == [PROSE, "The garden is open."]


def test_an_invisible_character_is_removed_and_reported(tmp_path: Path) -> None:
    document, warnings = read(tmp_path, "page.txt", f"\ufeffThe gar\u200bden\n\n{PROSE}\u2060")
    assert (document.title, document.text) == ("The garden", PROSE)
    assert warnings == ["removed 2 invisible characters"]


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    assert failure(tmp_path, "page.txt", "Caf\u00e9".encode("cp1252")) == "it is not UTF-8 (byte 3): save it as UTF-8"


def test_a_file_with_nul_characters_is_refused(tmp_path: Path) -> None:
    assert failure(tmp_path, "page.txt", b"a\x00b") == "it holds NUL characters: save it as UTF-8 text"
