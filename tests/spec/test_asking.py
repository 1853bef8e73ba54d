"""Asking: other names find the page, neighbours are one quote, and a list or a row comes whole."""

import pytest

from bot.answering import Answerer
from bot.answers import Answer, Question
from ingest.embedding import EmbeddingModel
from ingest.pipeline import ingest
from tests.pages import write_page

GLOSSARY = """
programmes:
- name: Saltmarsh
  aliases: [the wading birds scheme]
acronyms:
- name: KVQ
  means: [Kittiwake Voluntary Quarter]
"""


@pytest.fixture(scope="module")
def answerer(model: EmbeddingModel, tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    folder = tmp_path_factory.mktemp("asking")
    corpus = folder / "corpus"
    write_page(corpus, "programmes/saltmarsh.md", "Saltmarsh is led by Nora Fenwick.", programmes=["Saltmarsh"])
    write_page(
        corpus,
        "news/kittiwake.md",
        "The Kittiwake Voluntary Quarter is funded by the Harrow Trust. It is paid in May.",
    )
    write_page(corpus, "news/kitchen.md", "The kitchen is led by Bo Lind. It is funded by nobody.")
    write_page(
        corpus,
        "news/priorities.md",
        "The priorities of the kitchen are:\n\n- fewer knives\n- warmer soup\n- quieter pans\n- open doors\n- no music",
    )
    write_page(
        corpus,
        "news/opening-hours.md",
        "| Day | Open |\n|---|---|\n| Monday | 9 to 5 |\n| Sunday | closed |",
        title="Opening hours of the library",
    )
    (corpus / "glossary.yaml").write_text(GLOSSARY)
    ingest(corpus, folder / "index", model)
    return Answerer(folder / "index", model)


def ask(answerer: Answerer, question: str) -> Answer:
    answer = answerer.answer(Question(text=question))
    assert answer.status == "answered"
    return answer


def test_an_acronym_finds_what_it_stands_for(answerer: Answerer) -> None:
    answer = ask(answerer, "Who funds the KVQ?")
    assert answer.citations[0].document == "kittiwake"
    assert "the Harrow Trust" in answer.citations[0].quote


def test_another_name_finds_the_programme(answerer: Answerer) -> None:
    answer = ask(answerer, "Who leads the wading birds scheme?")
    assert "Nora Fenwick" in answer.citations[0].quote


def test_a_name_with_a_slip_of_the_finger_finds_the_page(answerer: Answerer) -> None:
    assert ask(answerer, "who leads saltmrash").citations[0].document == "saltmarsh"


def test_sentences_beside_each_other_are_one_quote(answerer: Answerer) -> None:
    answer = ask(answerer, "Who funds the Kittiwake Voluntary Quarter and when is it paid?")
    quotes = [citation.quote for citation in answer.citations if citation.document == "kittiwake"]
    assert quotes == ["The Kittiwake Voluntary Quarter is funded by the Harrow Trust. It is paid in May."]


@pytest.mark.parametrize("question", ["What are the priorities of the kitchen?", "list all priorities of the kitchen"])
def test_a_list_comes_whole(answerer: Answerer, question: str) -> None:
    (citation,) = [one for one in ask(answerer, question).citations if one.document == "priorities"]
    for item in ("fewer knives", "warmer soup", "quieter pans", "open doors", "no music"):
        assert item in citation.quote


def test_a_row_of_a_table_is_quoted_with_its_cells(answerer: Answerer) -> None:
    assert "Sunday | closed" in ask(answerer, "When is the library open on Sunday?").answer
