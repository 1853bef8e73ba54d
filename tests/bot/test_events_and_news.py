"""Time without a date: "before the merger" is a day the pages tell, and "what's new?" is what the newest pages say."""

from datetime import date

import pytest

from bot.answering import Answerer
from bot.answers import Question
from ingest.embedding import EmbeddingModel
from ingest.pipeline import ingest
from tests.pages import write_page

PAGES = {
    "merger-plan": ("2019-01-10", "Fernhill and Oakley plan to merge. The merger is to take place on 1 April 2020."),
    "merger": ("2020-07-02", "Fernhill and Oakley merged on 1 July 2020. The merger brought 800 staff to Fernhill."),
    "rating-old": ("2018-03-05", "The inspectors rated the Fernhill kitchens as good in March 2018."),
    "rating-new": ("2022-05-20", "The inspectors rated the Fernhill kitchens as outstanding in May 2022."),
    "pond": (
        "2023-11-01",
        "A pond was dug behind the Fernhill library. The frogs came by themselves on 3 August 2023.",
    ),
    "secret": ("2023-12-01", "A heated footbath was ordered for the Fernhill board."),
}
GLOSSARY = "partners: [{name: Oakley}]\nplaces: [{name: Fernhill kitchens}]\n"


@pytest.fixture(scope="module")
def answerer(model: EmbeddingModel, tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    folder = tmp_path_factory.mktemp("events")
    for name, (published, text) in PAGES.items():
        embargo = {"embargo_until": "2030-01-01"} if name == "secret" else {}
        write_page(folder / "corpus", f"news/{name}.md", text, published=published, **embargo)
    (folder / "corpus" / "glossary.yaml").write_text(GLOSSARY)
    ingest(folder / "corpus", folder / "index", model)
    return Answerer(folder / "index", model, today=lambda: date(2024, 1, 1))


def ask(answerer: Answerer, text: str) -> tuple[str, list[str], tuple[str, ...]]:
    answer = answerer.answer(Question(text=text))
    return answer.status, [citation.document for citation in answer.citations], answer.notes


@pytest.mark.parametrize(
    ("asked", "first", "read_as"),
    [
        ("how were the Fernhill kitchens rated before the merger with Oakley?", "rating-old", "before 1 July 2020"),
        ("how were the Fernhill kitchens rated after the merger with Oakley?", "rating-new", "after 1 July 2020"),
    ],
)
def test_an_event_stands_for_the_day_it_happened_and_not_for_the_day_it_was_planned(
    answerer: Answerer, asked: str, first: str, read_as: str
) -> None:
    status, cited, notes = ask(answerer, asked)
    assert status == "answered" and cited[0] == first
    assert f"The time asked about was read as: {read_as}." in notes


def test_an_event_no_page_dates_leaves_the_question_as_it_is(answerer: Answerer) -> None:
    _, cited, notes = ask(answerer, "how were the Fernhill kitchens rated before the launch of the balloon?")
    assert cited[0] == "rating-new" and not any("read as" in note for note in notes)


@pytest.mark.parametrize("asked", ["what's new?", "whats the latest news", "any updates?", "what is going on"])
def test_what_is_new_is_what_the_newest_pages_say_newest_first(answerer: Answerer, asked: str) -> None:
    _, cited, _ = ask(answerer, asked)
    assert cited == ["pond", "rating-new", "merger", "merger-plan", "rating-old"]


@pytest.mark.parametrize(
    ("asked", "cited"),
    [
        ("what happened in 2020?", ["merger"]),
        ("any news since 2022?", ["pond", "rating-new"]),
        ("what was announced in March 2018", ["rating-old"]),
        ("what happened on 3 August 2023?", ["pond"]),
        ("news of the last 3 months", ["pond"]),
    ],
)
def test_news_of_a_time_is_of_that_time_alone(answerer: Answerer, asked: str, cited: list[str]) -> None:
    assert ask(answerer, asked)[1] == cited


@pytest.mark.parametrize(
    "asked", ["what happened to him?", "is this happening?", "what happened in '23?", "what happens after the merger?"]
)
def test_what_asks_for_something_else_gets_no_news(answerer: Answerer, asked: str) -> None:
    assert "pond" not in ask(answerer, asked)[1]


@pytest.mark.parametrize("asked", ["what happened in 1998?", "what happened last week?", "any news this year?"])
def test_of_a_time_without_news_none_is_found_and_the_newest_pages_are_named(answerer: Answerer, asked: str) -> None:
    answer = answerer.answer(Question(text=asked))
    assert answer.status == "not_found"
    assert [page.document for page in answer.closest] == ["pond", "rating-new", "merger"]


def test_a_question_that_says_of_what_is_no_question_for_news(answerer: Answerer) -> None:
    assert ask(answerer, "any news of the frogs?")[1] == ["pond"]
