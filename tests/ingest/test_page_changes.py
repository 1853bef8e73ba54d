"""What changed on a page, sentence by sentence, as comms read it."""

import dataclasses
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.documents import Block, Document
from ingest.reading import read_corpus
from ingest.sources.changes import changes_between, page_change
from ingest.sources.report import PageChange
from tests.ingest.corpus_files import only, write

GARDEN = "The Garden Club has 31 volunteers. It meets in Larkhill. Everybody is welcome."


def page(folder: Path, text: str, name: str = "garden", **known: str) -> Document:
    """A news page as it is stored."""
    fields = {"title": "The Garden Club"} | known
    corpus = folder / "corpus"
    file = write(
        corpus, f"news/{name}.md", "---\n" + "".join(f"{k}: {v}\n" for k, v in fields.items()) + f"---\n\n{text}\n"
    )
    document, _ = only(read_corpus(corpus))
    file.unlink()
    return document


def told(folder: Path, before: str, after: str) -> list[str]:
    """Each change on a line: its headings, then `- before`, `+ after`, or both."""
    return in_lines(page_change(page(folder, before), page(folder, after)))


def in_lines(change: PageChange) -> list[str]:
    return [
        "".join(f"{heading} > " for heading in one.headings)
        + " ".join(f"{sign} {text}" for sign, text in (("-", one.before), ("+", one.after)) if text)
        for one in change.sentences
    ]


def test_a_reworded_sentence_stands_beside_what_it_was_and_the_others_are_not_told(tmp_path: Path) -> None:
    now = "The Garden Club now has 52 volunteers. It meets in Larkhill. Everybody is welcome."
    assert told(tmp_path, GARDEN, now) == [
        "- The Garden Club has 31 volunteers. + The Garden Club now has 52 volunteers."
    ]


def test_a_plan_that_came_true_is_told_as_one_change(tmp_path: Path) -> None:
    before = "Tidewater House is planned to open in spring 2022 with 20 beds."
    after = "Tidewater House opened on 9 November 2022 with 24 beds."
    assert told(tmp_path, before, after) == [f"- {before} + {after}"]


def test_new_and_lost_sentences_are_told_where_they_stand(tmp_path: Path) -> None:
    after = "A greenhouse was put up. The Garden Club has 31 volunteers. Everybody is welcome."
    assert told(tmp_path, GARDEN, after) == ["+ A greenhouse was put up.", "- It meets in Larkhill."]


def test_sentences_that_share_only_little_words_are_no_new_wording_of_each_other(tmp_path: Path) -> None:
    before, after = "It meets in the hall on Tuesdays.", "Seeds for the beds come from a farm in Orrin."
    assert told(tmp_path, before, after) == [f"- {before}", f"+ {after}"]


def test_of_several_sentences_each_is_set_beside_the_one_it_rewords(tmp_path: Path) -> None:
    before = "Walton has 10 rooms. Bootle has 20 rooms in two houses. Southport is planned for 2026."
    after = "Bootle has 25 rooms in two houses. Tea is free. Southport opened in 2026."
    assert told(tmp_path, before, after) == [
        "- Walton has 10 rooms.",
        "- Bootle has 20 rooms in two houses. + Bootle has 25 rooms in two houses.",
        "+ Tea is free.",
        "- Southport is planned for 2026. + Southport opened in 2026.",
    ]


def test_a_heading_that_dates_what_stands_below_it_is_told_once(tmp_path: Path) -> None:
    before = "## Update (July 2024)\n\nTalks began. A site was found."
    after = "## Update (May 2025)\n\nTalks began. A site was found."
    assert told(tmp_path, before, after) == ["- Update (July 2024) + Update (May 2025)"]


def test_a_heading_put_above_sentences_is_told_and_they_are_not(tmp_path: Path) -> None:
    assert told(tmp_path, GARDEN, f"## Who we are\n\n{GARDEN}") == ["+ Who we are"]


def test_sentences_in_another_order_under_the_same_heading_are_no_change(tmp_path: Path) -> None:
    after = "Everybody is welcome. It meets in Larkhill. The Garden Club has 31 volunteers."
    assert told(tmp_path, GARDEN, after) == []


def test_a_sentence_under_another_heading_speaks_of_another_thing_and_is_told(tmp_path: Path) -> None:
    before = "## Bootle\n\nIt has a garden. Waits are seven weeks.\n\n## Walton\n\nIt has a cafe."
    after = "## Bootle\n\nIt has a garden.\n\n## Walton\n\nWaits are seven weeks. It has a cafe."
    assert told(tmp_path, before, after) == [
        "Bootle > - Waits are seven weeks.",
        "Walton > + Waits are seven weeks.",
    ]


def test_a_row_of_a_table_is_told_whole(tmp_path: Path) -> None:
    table = "| Site | Beds |\n|---|---|\n| Orrin | {} |\n| Larkhill | 9 |"
    assert told(tmp_path, table.format("20. More to come"), table.format("24. More to come")) == [
        "- Orrin | 20. More to come + Orrin | 24. More to come"
    ]


def test_the_same_line_many_times_is_told_as_often_as_it_is_new(tmp_path: Path) -> None:
    assert told(tmp_path, "- None\n- None", "- None\n- None\n- None\n- Two") == ["+ None", "+ Two"]


def test_a_page_rewritten_from_top_to_bottom_is_told_as_gone_and_new(tmp_path: Path) -> None:
    before = "\n\n".join(f"In {year} the club of {year} had {year} flowers." for year in range(300))
    after = "\n\n".join(f"Of {year} flowers in {year} none was red, says {year}." for year in range(300))
    lines = told(tmp_path, before, after)
    assert len(lines) == 600
    assert lines[0] == "- In 0 the club of 0 had 0 flowers."
    assert lines[-1] == "+ Of 299 flowers in 299 none was red, says 299."


def test_what_is_known_of_a_page_is_told_by_field(tmp_path: Path) -> None:
    before = page(tmp_path, GARDEN, published="2022-03", url="https://trust.example/garden")
    after = page(tmp_path, GARDEN, published="2022-03", url="https://trust.example/club", programmes="[Larkhill, Bees]")
    change = page_change(before, after)
    assert change.sentences == ()
    assert [(field.name, field.before, field.after) for field in change.fields] == [
        ("url", "https://trust.example/garden", "https://trust.example/club"),
        ("programmes", None, "Larkhill, Bees"),
    ]
    assert (change.document, change.published, change.programmes) == ("garden", "2022-03", ("Larkhill", "Bees"))


def test_a_new_page_is_all_new_and_says_when_it_may_be_answered_from(tmp_path: Path) -> None:
    change = page_change(None, page(tmp_path, "Seeds came. Bees too.", embargo_until="2026-12-01"))
    assert in_lines(change) == ["+ Seeds came.", "+ Bees too."]
    assert change.fields == ()
    assert change.why == "not answered from before 1 December 2026"


def test_a_new_page_is_told_by_its_sentences_each_below_its_headings(tmp_path: Path) -> None:
    change = page_change(None, page(tmp_path, "## Bees\n\nThey came.\n\n## Wasps\n\nThey did not."))
    assert in_lines(change) == ["Bees > + They came.", "Wasps > + They did not."]


def test_a_page_in_neither_version_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="neither version"):
        page_change(None, None)


def test_two_states_of_a_corpus_differ_by_pages_added_changed_and_removed(tmp_path: Path) -> None:
    stays, before, after = page(tmp_path, GARDEN, "stays"), page(tmp_path, GARDEN), page(tmp_path, "It has closed.")
    new, gone = page(tmp_path, "Bees came.", "bees"), page(tmp_path, "Wasps came.", "wasps")
    changes = changes_between([stays, before, gone], [after, stays, new])
    assert [change.document for change in changes.added] == ["bees"]
    assert [change.document for change in changes.changed] == ["garden"]
    assert [change.document for change in changes.removed] == ["wasps"]
    assert in_lines(changes.removed[0]) == ["- Wasps came."]


def test_nothing_differs_between_a_corpus_and_itself(tmp_path: Path) -> None:
    documents = [page(tmp_path, GARDEN), page(tmp_path, "Bees came.", "bees")]
    assert changes_between(documents, documents).all == ()


def stored(lines: list[tuple[str, str]]) -> Document:
    """A page of (heading, sentence) lines, as it is stored."""
    text, blocks = "", []
    for heading, sentence in lines:
        start = len(text) + (2 if text else 0)
        text = f"{text}\n\n{sentence}" if text else sentence
        blocks.append(Block(kind="paragraph", start=start, end=len(text), headings=(heading,) if heading else ()))
    known = dict.fromkeys([field.name for field in dataclasses.fields(Document)])
    fields = known | {"id": "page", "title": "Page", "programmes": (), "partners": (), "summary": False}
    return Document(**fields | {"text": text, "blocks": tuple(blocks), "digest": text})


LINES = st.lists(
    st.tuples(st.sampled_from(["", "Bees", "Wasps"]), st.sampled_from(["It came.", "It went.", "It has 3 wings now."])),
    min_size=1,
    max_size=8,
)


@given(LINES, LINES)
def test_what_was_without_what_is_told_gone_and_with_what_is_told_new_is_what_is(
    before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> None:
    told = page_change(stored(before), stored(after)).sentences
    sentences = {sentence for _, sentence in [*before, *after]}
    was, now = (Counter(sentence for _, sentence in lines) for lines in (before, after))
    was.subtract(change.before for change in told if change.before in sentences)
    was.update(change.after for change in told if change.after in sentences)
    assert {sentence: count for sentence, count in was.items() if count} == dict(now)
    assert all(change.before != change.after for change in told)


@given(LINES)
def test_a_page_does_not_differ_from_itself(lines: list[tuple[str, str]]) -> None:
    assert page_change(stored(lines), stored(lines)).sentences == ()
