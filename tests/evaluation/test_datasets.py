"""Datasets in their documented form, made up here: no text of a public one stands in the repository."""

from itertools import pairwise
from pathlib import Path

import pytest

from evaluation.dataset_indexes import OWN, Splitting, dataset_index, split_by_llama_index
from evaluation.datasets import Dataset, load_dataset
from ingest.builds import Builds
from ingest.errors import TrustbotError
from ingest.index import Index
from tests.evaluation.examples import BAKERY, LIGHTHOUSE, WordModel, make_document, write_lines


def _gold_texts(dataset: Dataset) -> list[list[str]]:
    texts = {document.id: document.text for document in dataset.documents}
    return [[texts[gold.document][gold.start : gold.end] for gold in one.gold] for one in dataset.questions]


def test_spans_and_references_are_read_and_later_turns_are_left_out(spans: Path) -> None:
    dataset = load_dataset(spans)

    assert [question.id for question in dataset.questions] == ["keeper", "bread", "owner"]
    assert _gold_texts(dataset) == [["Its keeper was Tobias Finch."], ["The bakery sells rye bread."], []]
    assert [question.answerable for question in dataset.questions] == [True, True, False]


def test_the_stored_text_is_the_datasets_own(spans: Path) -> None:
    page = load_dataset(spans).documents[0]

    assert page.text == LIGHTHOUSE
    assert [page.text[block.start : block.end] for block in page.blocks] == LIGHTHOUSE.split("\n\n")


def test_a_span_of_a_paragraph_is_placed_in_its_article(articles: Path) -> None:
    dataset = load_dataset(articles, held_out=False)

    assert (dataset.name, dataset.share) == ("articles-articles", 1.0)
    assert _gold_texts(dataset) == [["Tobias Finch"], ["six"]]


def test_where_paragraphs_are_the_pages_any_passage_of_the_right_one_is_right(articles: Path) -> None:
    dataset = load_dataset(articles, whole=False, held_out=False)

    assert (dataset.name, dataset.share) == ("articles-paragraphs", 0.0)
    assert _gold_texts(dataset) == [["Its keeper was Tobias Finch."], ["It opens at six."]]


def test_only_questions_on_every_second_article_are_reported(articles: Path) -> None:
    dataset = load_dataset(articles)

    assert dataset.held_out
    assert [question.id for question in dataset.questions] == ["q2"]
    assert len(dataset.documents) == 2


def test_where_only_pages_are_gold_each_whole_page_is(tmp_path: Path) -> None:
    folder = tmp_path / "pool"
    write_lines(folder, "corpus.jsonl", [{"id": id_, "title": "", "text": id_ * 3} for id_ in ("ab", "cd")])
    question = {"id": "q", "text": "Can I?", "scenario": "I am 14.", "gold": ["ab", "cd"], "answerable": True}
    write_lines(folder, "queries.jsonl", [question, question | {"id": "none", "gold": []}])

    dataset = load_dataset(folder)

    assert dataset.questions[0].text == "I am 14. Can I?"
    assert _gold_texts(dataset) == [["ababab", "cdcdcd"], []]


def test_a_quick_run_takes_questions_spread_evenly(spans: Path) -> None:
    assert [question.id for question in load_dataset(spans, most=2).questions] == ["keeper", "bread"]
    assert len(load_dataset(spans, most=9).questions) == 3


def test_a_folder_that_is_no_dataset_is_refused(tmp_path: Path, spans: Path) -> None:
    with pytest.raises(TrustbotError, match=r"no corpus\.jsonl"):
        load_dataset(tmp_path)
    (spans / "queries.jsonl").write_text('{"id": "q"}\n')
    with pytest.raises(TrustbotError, match="spans lacks a field"):
        load_dataset(spans)
    (spans / "queries.jsonl").write_text("{\n")
    with pytest.raises(TrustbotError, match="is not JSON"):
        load_dataset(spans)


def test_passages_of_llama_index_are_spans_of_the_page() -> None:
    text = " ".join(f"Sentence number {number} is here." for number in range(40))

    passages = split_by_llama_index(make_document("page", text), Splitting(size=64, overlap=16))

    assert len(passages) > 3
    assert passages[0].start == 0
    assert passages[-1].end == len(text)
    assert all(before.start < after.start < before.end for before, after in pairwise(passages))


def test_an_index_is_built_once_for_a_dataset_and_a_splitting(spans: Path, tmp_path: Path) -> None:
    dataset = load_dataset(spans)
    told: list[tuple[int, int]] = []

    first = dataset_index(dataset, OWN, tmp_path, WordModel(), progress=lambda *done: told.append(done))
    build, told_once = Builds(first).current_id(), len(told)
    again = dataset_index(dataset, OWN, tmp_path, WordModel(), progress=lambda *done: told.append(done))
    other = dataset_index(dataset, Splitting(size=64, overlap=8), tmp_path, WordModel())

    assert (again, Builds(again).current_id(), len(told)) == (first, build, told_once)
    assert other != first


def test_an_index_is_built_anew_when_the_pages_change(spans: Path, tmp_path: Path) -> None:
    folder = dataset_index(load_dataset(spans), OWN, tmp_path, WordModel())
    page = {"id": "light#1 a", "title": "Lighthouse", "text": "It fell down."}
    write_lines(spans, "corpus.jsonl", [page, {"id": "bakery", "title": "Bakery", "text": BAKERY}])
    write_lines(spans, "queries.jsonl", [{"id": "q", "text": "?", "gold": ["bakery"], "answerable": True}])

    dataset_index(load_dataset(spans), OWN, tmp_path, WordModel())

    builds = Builds(folder)
    index = Index(builds, builds.current(), model_digest=WordModel.digest)
    assert index.documents["light#1 a"].text == "It fell down."
    index.close()
