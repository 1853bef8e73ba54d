"""What changes: the newest page that tells who has a role, a cost or a count leads, however it says so."""

from datetime import date

import pytest

from bot.answering import Answerer
from bot.answers import Answer, Question
from ingest.embedding import EmbeddingModel
from ingest.pipeline import ingest
from tests.pages import write_page

PAGES = {
    "mill-plans": (
        "2014-05-01",
        ["Mill House"],
        "Mill House will be a hospital for the valley. It puts the cost of Mill House at £20 million, for 60 beds.",
    ),
    "mill-opens": (
        "2019-03-01",
        ["Mill House"],
        "Mill House has opened its doors to the valley. It cost £27.5 million. The hospital has 54 beds.",
    ),
    "mill-van": ("2020-08-01", ["Mill House"], "A van for Mill House was given by a brewery. The van cost £31,000."),
    "round-up-2015": (
        "2015-06-01",
        [],
        "Greta Holloway, chief nurse, opened the garden. Tom Ferrier leads Lanterns, a night clinic, with six nurses.",
    ),
    "round-up-2022": (
        "2022-06-01",
        [],
        "Six weeks into her job, Odile Marsh says what she found. She began as chief nurse in April. Odile Marsh, chief"
        " nurse, visited each ward.\n\nTom Ferrier has handed the lead of Lanterns to Bess Arkell. It has nine nurses.",
    ),
    "farewell": (
        "2023-02-01",
        [],
        "Greta Holloway, once chief nurse, left for the coast. Hal Penrose is deputy chief nurse.",
    ),
    "digest": (
        "2024-01-10",
        [],
        "Parking. The charge is £2 a day.\n\nKitchen. Its 14 cooks have won a prize for soup.\n\nLibrary. It is open on"
        " Sundays. There are 9,100 books now.",
    ),
    "handover": (
        "2023-05-10",
        [],
        "Who does what:\n\n| Name | Role | When |\n|---|---|---|\n| Una Field | Chair | Until the end of May 2023 |\n"
        "| Ivo Brand | Chair | From 1 June 2023 |",
    ),
    "library": ("2017-01-10", [], "The library of the trust has 6,400 books. A reading room was added by volunteers."),
}
GLOSSARY = "programmes: [{name: Mill House}, {name: Lanterns}]"


@pytest.fixture(scope="module")
def answerer(model: EmbeddingModel, tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    folder = tmp_path_factory.mktemp("current")
    for name, (published, programmes, text) in PAGES.items():
        write_page(folder / "corpus", f"news/{name}.md", text, published=published, programmes=programmes)
    (folder / "corpus" / "glossary.yaml").write_text(GLOSSARY)
    ingest(folder / "corpus", folder / "index", model)
    return Answerer(folder / "index", model, today=lambda: date(2024, 6, 1))


def first(answer: Answer) -> str:
    return answer.citations[0].quote


@pytest.mark.parametrize(
    "asked", ["what did Mill House cost?", "what did mill house set us back in the end", "cost of mill house"]
)
def test_what_it_cost_in_the_end_leads_and_what_it_was_to_cost_is_no_answer_before_it(
    answerer: Answerer, asked: str
) -> None:
    assert "£27.5 million" in first(answerer.answer(Question(text=asked)))


def test_the_cost_of_a_part_is_not_taken_for_that_of_the_whole(answerer: Answerer) -> None:
    answer = answerer.answer(Question(text="what did Mill House cost?"))
    assert "£31,000" not in first(answer)


@pytest.mark.parametrize("asked", ["who is the chief nurse?", "chief nurse?", "who's our chief nurse now"])
def test_who_has_a_role_is_told_from_the_newest_page_that_names_its_holder(answerer: Answerer, asked: str) -> None:
    answer = answerer.answer(Question(text=asked))
    assert "Odile Marsh" in first(answer)
    assert answer.as_of == "2022-06-01"


def test_a_deputy_and_one_who_has_gone_do_not_have_the_role(answerer: Answerer) -> None:
    assert answerer.answer(Question(text="who is the chief nurse?")).citations[0].as_of != "2023-02-01"


def test_one_whose_time_is_over_does_not_lead(answerer: Answerer) -> None:
    answer = answerer.answer(Question(text="who is the chair?"))
    assert "Ivo Brand" in first(answer)
    assert "Una Field" not in first(answer)


def test_who_leads_a_thing_is_told_by_the_page_that_hands_it_over(answerer: Answerer) -> None:
    answer = answerer.answer(Question(text="who runs Lanterns"))
    assert "Bess Arkell" in first(answer)


def test_a_count_told_anew_leads_and_the_earlier_one_stands_below_with_its_date(answerer: Answerer) -> None:
    answer = answerer.answer(Question(text="how many books does the library have?"))
    assert "9,100 books" in first(answer)
    earlier = next(one for one in answer.citations if "6,400 books" in one.quote)
    assert earlier.as_of == "2017-01-10"


def test_where_the_newest_is_asked_for_only_it_is_told(answerer: Answerer) -> None:
    answer = answerer.answer(Question(text="how many books has the library got now?"))
    assert "9,100 books" in first(answer)


def test_how_it_was_at_first_is_not_answered_with_how_it_is(answerer: Answerer) -> None:
    answer = answerer.answer(Question(text="who was chief nurse in 2015?"))
    assert "Greta Holloway" in first(answer)
