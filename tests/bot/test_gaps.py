"""Gaps: what a page lacks is not found, however much it says of the thing; what it holds is answered."""

from datetime import date
from pathlib import Path

import pytest

from bot.answering import Answerer
from bot.answers import Question
from bot.dating import is_planned
from ingest.embedding import EmbeddingModel
from ingest.pipeline import ingest
from tests.pages import write_page

PAGES = {
    "heron-clinic": "The Heron Clinic in Fell Street treats leg wounds. Ring the Heron Clinic on 01632 960 551."
    " The Heron Clinic is led by Ingrid Solberg. A place at the Heron Clinic costs £40.",
    "otter-team": "The Otter Team sees children at home. The Otter Team was named after a story. Families of the Otter"
    " Team get a box of toys. The manager of the Otter Team began as a porter.",
    "sundial": "The Sundial scheme trained 310 porters in 2019. The Sundial scheme has four strands. Porters said that"
    " the Sundial scheme had changed their work.",
    "moonwell": "The Moonwell scheme trained 95 cooks in 2021. The Moonwell scheme has three strands: bread, soup and"
    " cake. The Moonwell kitchen reopened in May 2022.",
    "stride": "Stride is open to anyone over sixteen. Stride lasts a fortnight. Stride has had 900 walkers since it"
    " began in 2015, and 210 of them in 2021. To address delays, Stride took on a second guide.",
    "barn": "The Barn will be turned into a gym by spring 2023. Its new roof is planned for the summer.",
    "lark-house": "Lark House has 52 single bedrooms. It opened in 2018. Among the ten aims of Lark House are:\n\n"
    "- rest\n- sunlight\n- company",
    "granary": "The Granary was to be turned into a library. The Granary opened as a library on 3 June 2023.",
}
GLOSSARY = "programmes:\n" + "".join(
    f"- name: {name}\n" for name in ("Otter Team", "Heron Clinic", "Sundial", "Moonwell", "Stride", "Lark House")
)


@pytest.fixture(scope="module")
def answerer(model: EmbeddingModel, tmp_path_factory: pytest.TempPathFactory) -> Answerer:
    folder = tmp_path_factory.mktemp("gaps")
    for name, text in PAGES.items():
        write_page(folder / "corpus", f"programmes/{name}.md", text, published="2022-03-01")
    (folder / "corpus" / "glossary.yaml").write_text(GLOSSARY)
    ingest(folder / "corpus", folder / "index", model)
    return Answerer(folder / "index", model, today=lambda: date(2024, 1, 1))


@pytest.mark.parametrize(
    ("missing", "held", "said"),
    [
        ("what is the phone number of the otter team", "what is the phone number of the heron clinic", "01632 960 551"),
        ("who is the manager of the otter team", "who is in charge of the heron clinic", "Ingrid Solberg"),
        ("how much does a place in the otter team cost", "how much does a place at the heron clinic cost", "£40"),
        ("how many porters did sundial train in 2023", "how many porters did sundial train in 2019", "310"),
        ("what are the four strands of sundial", "what are the three strands of moonwell", "bread, soup and cake"),
        ("what did cooks say about moonwell", "what did porters say about sundial", "changed their work"),
    ],
)
def test_what_was_asked_for_is_answered_only_from_a_page_that_holds_it(
    answerer: Answerer, missing: str, held: str, said: str
) -> None:
    assert answerer.answer(Question(text=missing)).status == "not_found"

    found = answerer.answer(Question(text=held))
    assert found.status == "answered"
    assert said in found.answer


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("who can join stride", "anyone over sixteen"),
        ("how long does stride last", "a fortnight"),
        ("how many walkers has stride had since 2020", "210 of them in 2021"),
        ("how did stride address delays", "a second guide"),
        ("how many beds does Lark House have", "52 single bedrooms"),
        ("what's the number of bedrooms at Lark House", "52 single bedrooms"),
        ("what are the ten aims of Lark House", "sunlight"),
        ("how much bigger is stride by 2021", "210 of them in 2021"),
        ("Hi Sam, how long does stride last? Cheers, Dave", "a fortnight"),
    ],
)
def test_what_a_page_says_in_its_own_way_is_answered(answerer: Answerer, question: str, said: str) -> None:
    answer = answerer.answer(Question(text=question))

    assert answer.status == "answered"
    assert said in answer.answer


@pytest.mark.parametrize(
    ("says", "status"),
    [("The Teal Bus is a third cheaper than the old bus.", "answered"), ("The Teal Bus costs little.", "not_found")],
)
def test_a_comparison_is_answered_only_where_one_is_made(
    says: str, status: str, model: EmbeddingModel, tmp_path: Path
) -> None:
    write_page(tmp_path / "corpus", "news/teal-bus.md", f"The Teal Bus has eight seats. {says}")
    ingest(tmp_path / "corpus", tmp_path / "index", model)

    answer = Answerer(tmp_path / "index", model).answer(Question(text="is the teal bus cheaper than the old bus"))

    assert answer.status == status


def test_plans_do_not_pass_for_what_came_of_them(answerer: Answerer) -> None:
    planned = answerer.answer(Question(text="did the barn ever become a gym"))

    assert planned.status == "partial"
    assert planned.answer.startswith("No page that I found tells the outcome: what comes nearest to it are plans.")
    assert "The Barn will be turned into a gym by spring 2023." in planned.citations[0].quote


def test_an_outcome_is_told_without_a_warning(answerer: Answerer) -> None:
    came_of_it = answerer.answer(Question(text="did the granary ever become a library"))

    assert came_of_it.status == "answered"
    assert "opened as a library on 3 June 2023" in came_of_it.answer


def test_a_plan_is_no_warning_where_the_plan_was_asked_for(answerer: Answerer) -> None:
    assert answerer.answer(Question(text="what will the barn be turned into")).status == "answered"


def test_the_name_of_a_programme_is_no_plan() -> None:
    assert not is_planned("HOPE(S) reached 2,400 staff.")
    assert is_planned("The team hopes to open a second HOPE(S) hub.")
    assert not is_planned("The opening was planned for April and happened in June.")
