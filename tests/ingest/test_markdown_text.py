"""Markdown text: whatever words a page holds, its Markdown reads as the same words, and looks like Markdown."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.cleaning import clean_text
from ingest.readers.markdown import parts_of_markdown
from ingest.readers.pages import Link, Part
from ingest.sources.markdown_text import markdown_of

SIGNS = st.sampled_from(list("\\`*_{}[]()#+-.!|~<>&;:=/\"'0123456789 abcXYZ\n\t"))
TEXTS = st.text(alphabet=SIGNS | st.characters(), min_size=1, max_size=30)
LINES = TEXTS.map(lambda text: clean_text(text)[0]).filter(bool)
TARGETS = st.sampled_from(["https://x.example/a_b?c=1&copy=2", "mailto:a@b.example"])


@st.composite
def parts(draw: st.DrawFn) -> Part:
    kind = draw(st.sampled_from(["heading", "paragraph", "item", "row"]))
    text = draw(LINES)
    if kind == "row":
        text = clean_text(" | ".join(draw(st.lists(LINES | st.just(""), min_size=1, max_size=4))))[0] or "x"
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    is_link = draw(st.booleans()) and not text[start].isspace() and not text[end - 1].isspace()
    return Part(
        kind=kind,
        text=text,
        level=draw(st.integers(1, 6)) if kind == "heading" else 0,
        depth=draw(st.integers(0, 8)),
        number=draw(st.integers(0, 12)),
        links=(Link(start=start, end=end, target=draw(TARGETS)),) if is_link else (),
    )


def words(part: Part) -> tuple[str, str, int]:
    """What a part says; of a row without its bars, since rows are filled up to the width of their table."""
    text = re.sub(r"[\s|]+", "", part.text) if part.kind == "row" else part.text
    return part.kind, text, part.level


@settings(max_examples=200, deadline=None)
@given(st.lists(parts(), min_size=1, max_size=8))
def test_the_words_of_every_part_come_back_with_their_kind(written: list[Part]) -> None:
    read = [Part(kind=part.kind, text=clean_text(part.text)[0], level=part.level) for part in _read(written)]
    assert [words(part) for part in read if words(part)[1]] == [words(part) for part in written if words(part)[1]]


@settings(max_examples=200, deadline=None)
@given(st.lists(parts(), min_size=1, max_size=4))
def test_every_link_comes_back_on_its_words(written: list[Part]) -> None:
    assert [link for part in _read(written) for link in _linked(part)] == [
        link for part in written for link in _linked(part)
    ]


def _read(written: list[Part]) -> list[Part]:
    return parts_of_markdown(markdown_of(written))


def _linked(part: Part) -> list[tuple[str, str]]:
    """The words and targets of links; in a row a link over several cells comes back as one in each."""
    found = []
    for link in part.links:
        for text in (
            part.text[link.start : link.end].split("|") if part.kind == "row" else [part.text[link.start : link.end]]
        ):
            if text.strip():
                found.append((" ".join(text.split()), link.target))
    return found


def paragraph(text: str) -> str:
    return markdown_of([Part(kind="paragraph", text=text)]).rstrip("\n")


def test_plain_sentences_are_written_as_they_are() -> None:
    for text in (
        "HOPE(S) cost £1,200 in 2023-24; it is 50% done!",
        "Ask m_s_smith@trust.example, or see R&D and AT&T (from ~10 to 20).",
        "2024 was good - better than 2023. #hopes #1",
        "“Yes,” he said: 3 + 4 = 7/1.",
    ):
        assert paragraph(text) == text


def test_what_markdown_would_eat_is_escaped() -> None:
    assert paragraph("1. not a list") == "1\\. not a list"
    assert paragraph("# not a heading") == "\\# not a heading"
    assert paragraph("- not an item") == "\\- not an item"
    assert paragraph("a *b* _c_ `d` [e] <f> &amp; ~~g~~ \\h") == (
        "a \\*b\\* \\_c\\_ \\`d\\` \\[e\\] \\<f> \\&amp; \\~\\~g\\~\\~ \\\\h"
    )


def test_lists_within_lists_are_indented_and_numbered() -> None:
    items = [("one", 1, 1), ("a", 2, 0), ("b", 2, 0), ("two", 1, 2), ("three", 1, 3)]
    assert markdown_of([Part(kind="item", text=text, depth=depth, number=number) for text, depth, number in items]) == (
        "1. one\n   - a\n   - b\n2. two\n3. three\n"
    )


def test_two_tables_in_a_row_stay_two() -> None:
    rows = [("a | b", 1), ("1 | 2", 2), ("c", 1), ("3", 2)]
    assert markdown_of([Part(kind="row", text=text, number=number) for text, number in rows]) == (
        "| a | b |\n| --- | --- |\n| 1 | 2 |\n\n| c |\n| --- |\n| 3 |\n"
    )


def test_a_short_row_is_filled_up() -> None:
    assert markdown_of([Part(kind="row", text="a | b | c"), Part(kind="row", text="1 | 2")]) == (
        "| a | b | c |\n| --- | --- | --- |\n| 1 | 2 |  |\n"
    )
