"""Splitting: passages are exact spans, within one section and one document, and all embedded text fits the window."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.builds import Builds
from ingest.documents import Block, BlockKind, Document, Passage
from ingest.embedding import EmbeddingModel
from ingest.index import Index
from ingest.splitting import PASSAGE_PIECES, embedded_text, lead_in, sentence_texts, split_document

Line = tuple[BlockKind, str, tuple[str, ...]]


def document(*lines: Line, title: str = "Bees", published: str | None = None, as_of: str | None = None) -> Document:
    """A document of paragraphs, items and rows, joined as the readers join them."""
    text, blocks = "", list[Block]()
    for kind, words, headings in lines:
        run = blocks and kind != "paragraph" and blocks[-1].kind == kind and blocks[-1].headings == headings
        text += "" if not blocks else "\n" if run else "\n\n"
        start, text = len(text), text + words
        blocks.append(Block(kind=kind, start=start, end=len(text), headings=headings, as_of=as_of))
    return Document(
        id="bees",
        kind=None,
        title=title,
        author=None,
        publisher=None,
        published=published,
        published_basis=None,
        summary=False,
        url=None,
        programmes=(),
        partners=(),
        embargo_until=None,
        review_by=None,
        path="bees.md",
        text=text,
        blocks=tuple(blocks),
        digest="",
    )


def paragraph(text: str, *headings: str) -> Line:
    return "paragraph", text, headings


def words_of(document: Document, passages: Sequence[Passage]) -> list[str]:
    return [document.text[passage.start : passage.end] for passage in passages]


def check(document: Document, passages: Sequence[Passage], model: EmbeddingModel) -> None:
    """What holds of every split."""
    assert "".join("".join(words_of(document, passages)).split()) == "".join(document.text.split())
    bounds = [bound for passage in passages for bound in (passage.start, passage.end)]
    assert bounds == sorted(bounds)
    for passage in passages:
        text = document.text[passage.start : passage.end]
        assert text == text.strip() != ""
        sections = {
            block.headings for block in document.blocks if block.start < passage.end and passage.start < block.end
        }
        assert sections == {passage.headings}
        assert model.count(embedded_text(document, passage, model)) <= model.window
        assert all(model.count(sentence) <= model.window for sentence in sentence_texts(document, passage, model))
        assert all(passage.start <= start < end <= passage.end for start, end in passage.sentences)
        assert len(sentence_texts(document, passage, model)) == len(passage.sentences) > 0


def test_a_short_section_is_one_passage(model: EmbeddingModel) -> None:
    page = document(paragraph("There are nine hives."), paragraph("They stand in the garden."))
    passages = split_document(page, model)
    assert words_of(page, passages) == ["There are nine hives.\n\nThey stand in the garden."]
    assert passages[0].sentences == ((0, 21), (23, 48))


def test_a_passage_does_not_cross_a_heading(model: EmbeddingModel) -> None:
    page = document(paragraph("Nine hives.", "Hives"), paragraph("Welsh bees.", "Bees"), paragraph("Old.", "Bees"))
    passages = split_document(page, model)
    assert words_of(page, passages) == ["Nine hives.", "Welsh bees.\n\nOld."]
    assert [passage.headings for passage in passages] == [("Hives",), ("Bees",)]


def test_a_passage_does_not_cross_the_date_of_its_section(model: EmbeddingModel) -> None:
    page = document(paragraph("Nine hives.", "Update"), paragraph("Ten hives.", "Update"))
    first, second = page.blocks
    page = replace(page, published="2020", blocks=(first, replace(second, as_of="2024-07")))
    assert [passage.as_of for passage in split_document(page, model)] == ["2020", "2024-07"]


def test_the_label_of_a_digests_paragraph_is_quoted_with_its_first_sentence_and_never_alone(
    model: EmbeddingModel,
) -> None:
    digest = document(paragraph("Parking. A day costs £2 now. Permits are free for volunteers.", "Parking"))
    (passage,) = split_document(digest, model)
    quotable = [digest.text[start:end] for start, end in passage.sentences]
    assert quotable == ["Parking. A day costs £2 now.", "Permits are free for volunteers."]


def test_a_long_section_is_split_between_sentences(model: EmbeddingModel) -> None:
    sentences = [f"Hive number {number} stands under the old pear tree near the wall." for number in range(40)]
    page = document(paragraph(" ".join(sentences)))
    passages = split_document(page, model)
    assert len(passages) > 1
    check(page, passages, model)
    assert all(text.startswith("Hive number") and text.endswith("wall.") for text in words_of(page, passages))
    assert all(model.count(text) <= PASSAGE_PIECES for text in words_of(page, passages))


def test_what_is_embedded_begins_with_title_headings_date_and_programmes(model: EmbeddingModel) -> None:
    page = document(paragraph("Nine hives.", "Hives", "Update (July 2024)"), published="2024", as_of="2024-07")
    page = replace(page, programmes=("Bee Care",))
    (passage,) = split_document(page, model)
    assert embedded_text(page, passage, model) == "Bees – Hives – Update (July 2024) – 2024-07 – Bee Care\nNine hives."


def test_a_list_item_is_embedded_with_the_line_that_leads_into_its_list(model: EmbeddingModel) -> None:
    page = document(paragraph("We look after bees. The aims are:"), ("item", "honey", ()), ("item", "wax", ()))
    (passage,) = split_document(page, model)
    assert sentence_texts(page, passage, model) == [
        "We look after bees.",
        "The aims are:",
        "The aims are: honey",
        "The aims are: wax",
    ]
    assert lead_in(page, page.text.index("wax")) == (20, 33)


def test_a_lead_in_too_long_to_fit_beside_its_item_is_left_out(model: EmbeddingModel) -> None:
    page = document(paragraph("aims " * 150 + "are:"), ("item", "honey " * 150, ()))
    passages = split_document(page, model)
    check(page, passages, model)
    assert sentence_texts(page, passages[-1], model)[-1].startswith("honey")


def test_a_table_row_is_quoted_whole(model: EmbeddingModel) -> None:
    page = document(("row", "Hive | Bees. And wasps", ()), ("row", "One | 400", ()))
    (passage,) = split_document(page, model)
    assert words_of(page, [passage]) == ["Hive | Bees. And wasps\nOne | 400"]
    assert len(passage.sentences) == 2


NASTY: dict[str, tuple[Line, ...]] = {
    "one sentence of 10,000 words": (paragraph("honey " * 9_999 + "bee."),),
    "no spaces": (paragraph("bee" * 3_000),),
    "no spaces, many pieces": (paragraph("bee-hive/2024." * 700),),
    "a script without spaces": (paragraph("蜜蜂在花园里飞来飞去。" * 200),),
    "emoji": (paragraph("🐝" * 900), paragraph("👩‍👩‍👧‍👦 🐝 " * 300)),
    "combining marks": (paragraph("e\u0301\u0302\u0303" * 900),),
    "a long sentence after a short paragraph": (paragraph("Bees."), paragraph("honey " * 900 + "end.")),
    "a long sentence between short ones": (paragraph("Bees. " + "honey " * 900 + "end. Wax."), paragraph("Wax.")),
    "many short paragraphs": tuple(paragraph(f"Hive {number}.") for number in range(300)),
    "the same words again and again": tuple(paragraph("Nine hives. Nine hives.") for _ in range(200)),
    "a long list": tuple(("item", f"hive {number} of the garden", ()) for number in range(300)),
    "a row of 900 cells": (("row", " | ".join(["wax"] * 900), ()),),
    "odd spaces": (paragraph("honey\u2003wax\u00a0" * 400),),
    "long headings": tuple(
        paragraph("honey " * 300, *("A heading of seven words in all " * 9,) * depth) for depth in (1, 4)
    ),
}


@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize("title", ["Bees", "A title of many words " * 40, "bee-" * 240, "蜜蜂" * 400])
def test_nothing_is_lost_and_nothing_is_cut_by_the_window(model: EmbeddingModel, name: str, title: str) -> None:
    page = document(*NASTY[name], title=title)
    check(page, split_document(page, model), model)


@pytest.mark.parametrize("name", NASTY)
def test_it_holds_for_a_model_with_a_window_of_30_pieces_too(tiny_model: Path, name: str) -> None:
    tiny = EmbeddingModel(str(tiny_model))
    some = [(kind, text[:1_500].strip(), headings) for kind, text, headings in NASTY[name][:30]]
    page = document(*some, title="A title of many words " * 40)
    check(page, split_document(page, tiny), tiny)


def test_every_passage_of_the_corpus_fits_the_window_and_is_a_span_of_its_own_page(
    corpus_index: Path, model: EmbeddingModel
) -> None:
    builds = Builds(corpus_index)
    index = Index(builds, builds.current(), model_digest=model.digest)
    assert {passage.document for passage in index.passages} == set(index.documents)
    for page in index.documents.values():
        check(page, [passage for passage in index.passages if passage.document == page.id], model)
    index.close()


lines = st.tuples(
    st.sampled_from(["paragraph", "item", "row"]),
    st.one_of(
        st.text(min_size=1, max_size=400),
        st.lists(
            st.sampled_from(["honey", "Wax.", "bee-keeping", "£2,400", "Prof. B.", "🐝", "(LTS)"]), min_size=1
        ).map(" ".join),
        st.integers(1, 500).map(lambda count: "honey " * count),
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool),
    st.sampled_from([(), ("Hives",), ("Hives", "Update (July 2024)")]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(lines=st.lists(lines, min_size=1, max_size=8), title=st.text(min_size=1, max_size=200).filter(str.strip))
def test_it_holds_for_pages_nobody_thought_of(model: EmbeddingModel, lines: list[Line], title: str) -> None:
    page = document(*lines, title=title)
    check(page, split_document(page, model), model)
