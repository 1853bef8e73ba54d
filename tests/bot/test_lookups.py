"""Look-ups: a timeline has every date, partners are all named, work with a partner is told from every page."""

from datetime import date

import pytest

from bot.answering import Answerer
from bot.answers import Answer, Question
from ingest.embedding import EmbeddingModel
from ingest.pipeline import ingest
from tests.pages import write_page

PAGES = {
    "orchard-begins": ("2018-05-01", ["Orchard"], "The first trees of Orchard were planted in May 2018."),
    "orchard-grows": (
        "2020-09-01",
        ["Orchard"],
        "Orchard has 400 trees since September 2020. Everybody is proud of them.\n\nThe cider press was paid for by"
        " Pippin Trust. Plumhill College teaches pruning to the Orchard group.",
    ),
    "orchard-now": (
        "2023-06-01",
        ["Orchard"],
        "A second field was bought in June 2023. Apples of Orchard are eaten on all wards.",
    ),
    "round-up": (
        "2021-11-01",
        ["Orchard", "Weavers"],
        "In this round-up:\n\n- Orchard opened a shop in November 2021.\n- Weavers finished a tapestry of 9 metres.\n"
        "- Plumhill College lent two looms to Weavers.",
    ),
    "weavers": (
        "2019-02-01",
        ["Weavers"],
        "Weavers began in February 2019. Weavers meet at Plumhill College. Its looms are old and its teachers patient.",
    ),
    "reading": ("2022-03-01", [], "The Reader runs two groups for us. The trust's newsletter has more readers now."),
    "circulation": (
        "2022-04-01",
        [],
        "Readers of the ward newspaper like the puzzles. Fellside College prints our song sheets.",
    ),
    "stamps": (
        "2022-02-01",
        ["Stamps"],
        "Stamps is a club.\n\n| Approved by | Date |\n|---|---|\n| The board of Stamps | March 2019 |\n| Pippin Trust |"
        " July 2019 |",
    ),
}
GLOSSARY = """
programmes: [{name: Orchard}, {name: Weavers}, {name: Stamps}]
partners: [{name: Pippin Trust}, {name: Plumhill College}, {name: The Reader}]
"""


@pytest.fixture(scope="module")
def answerer(model: EmbeddingModel, tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    folder = tmp_path_factory.mktemp("lookups")
    for name, (published, programmes, text) in PAGES.items():
        write_page(folder / "corpus", f"news/{name}.md", text, published=published, programmes=programmes)
    (folder / "corpus" / "glossary.yaml").write_text(GLOSSARY)
    ingest(folder / "corpus", folder / "index", model)
    return Answerer(folder / "index", model, today=lambda: date(2024, 1, 1))


def days(answer: Answer) -> list[str]:
    return [citation.as_of or "" for citation in answer.citations]


@pytest.mark.parametrize(
    "asked", ["timeline of orchard", "what's happened with Orchard so far?", "where have we got to with orchard"]
)
def test_a_timeline_tells_every_date_of_its_programme_newest_first_and_nothing_of_another(
    answerer: Answerer, asked: str
) -> None:
    answer = answerer.answer(Question(text=asked))
    assert days(answer) == sorted(days(answer), reverse=True)
    for told in ("June 2023", "November 2021", "September 2020", "May 2018"):
        assert told in answer.answer
    assert "Weavers" not in answer.answer


def test_a_timeline_since_a_day_begins_there(answerer: Answerer) -> None:
    answer = answerer.answer(Question(text="progress on Orchard since January 2021"))
    assert min(days(answer)) >= "2021"


def test_a_table_of_dates_is_quoted_with_its_head(answerer: Answerer) -> None:
    answer = answerer.answer(Question(text="milestones of Stamps"))
    assert "Approved by | Date" in answer.answer and "July 2019" in answer.answer


@pytest.mark.parametrize("asked", ["who are our partners in orchard?", "which organisations are involved in Orchard"])
def test_all_partners_of_a_thing_are_named(answerer: Answerer, asked: str) -> None:
    answer = answerer.answer(Question(text=asked))
    assert "Pippin Trust" in answer.answer and "Plumhill College teaches" in answer.answer


@pytest.mark.parametrize("asked", ["what do we do with plumhill college?", "whats our link with Plumhill College"])
def test_work_with_a_partner_is_told_from_each_page_that_names_it(answerer: Answerer, asked: str) -> None:
    answer = answerer.answer(Question(text=asked))
    assert {citation.document for citation in answer.citations} == {"orchard-grows", "round-up", "weavers"}


def test_a_partner_is_not_every_word_like_its_name(answerer: Answerer) -> None:
    answer = answerer.answer(Question(text="what do we do with The Reader?"))
    assert {citation.document for citation in answer.citations} == {"reading"}


def test_work_with_somebody_the_glossary_lacks_is_told_too(answerer: Answerer) -> None:
    answer = answerer.answer(Question(text="what do we do with Fellside College?"))
    assert [citation.quote for citation in answer.citations] == ["Fellside College prints our song sheets."]


def test_a_question_that_asks_for_one_thing_is_no_look_up(answerer: Answerer) -> None:
    answer = answerer.answer(Question(text="when did the Orchard shop open?"))
    assert answer.citations[0].document == "round-up" and len(answer.citations) <= 4
