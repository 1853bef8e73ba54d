"""Promise 3: the newest evidence leads, each value carries its date, and what is not known of a date is said."""

from pathlib import Path

import pytest

from bot.answering import Answerer
from bot.answers import Answer, Question
from ingest.embedding import EmbeddingModel
from tests.commands import Command
from tests.pages import GARDEN, PARTNERS, QUIET_ROOM, TIDEWATER, write_page


@pytest.fixture(scope="module")
def answerer(trust_index: Path, model: EmbeddingModel) -> Answerer:
    return Answerer(trust_index, model)


def ask(answerer: Answerer, question: str) -> Answer:
    answer = answerer.answer(Question(text=question))
    assert answer.status == "answered"
    return answer


def said_of(answer: Answer, quoted: str) -> str:
    """The line of the answer that quotes something."""
    (line,) = [line for line in answer.answer.splitlines() if quoted in line]
    return line


def test_of_two_values_the_newer_leads_and_both_carry_their_dates(answerer: Answerer) -> None:
    answer = ask(answerer, GARDEN)
    assert [citation.document for citation in answer.citations] == ["garden-club-grows", "garden-club"]
    assert answer.answer.index("52 volunteers") < answer.answer.index("31 volunteers")
    assert "2 June 2024" in said_of(answer, "52 volunteers")
    assert "10 March 2022" in said_of(answer, "31 volunteers")
    assert answer.as_of == "2024-06-02"


def test_an_outcome_leads_and_the_plan_keeps_the_date_it_was_made(answerer: Answerer) -> None:
    answer = ask(answerer, TIDEWATER)
    assert answer.citations[0].document == "tidewater-opens"
    for citation in answer.citations[1:]:
        assert citation.document == "tidewater-plans"
        assert citation.as_of == "2021-02"
        line = said_of(answer, "planned to open")
        assert "February 2021" in line.split("“")[0]


def test_a_plan_without_an_outcome_is_said_as_planned_at_its_date(command: Command, tmp_path: Path) -> None:
    write_page(
        tmp_path / "corpus",
        "news/plans.md",
        "Tidewater House is planned to open in spring 2022 with 20 beds.",
        published="2021-02",
    )
    command("ingest")
    answer = command("ask", TIDEWATER, "--json", "--today", "2025-06-01").json
    assert answer["status"] == "answered"
    assert answer["as_of"] == "2021-02"
    assert "February 2021" in answer["answer"].split("“")[0]
    assert "planned" in answer["answer"]


def test_undated_evidence_is_said_to_be_undated(answerer: Answerer) -> None:
    answer = ask(answerer, PARTNERS)
    assert answer.citations[0].as_of is None
    assert "undated" in " ".join([answer.answer, *answer.notes]).lower()


def test_an_inferred_date_is_said_to_be_about_right(answerer: Answerer) -> None:
    answer = ask(answerer, QUIET_ROOM)
    assert "about january 2019" in " ".join([answer.answer, *answer.notes]).lower()


def test_undated_evidence_comes_after_dated_evidence_of_the_same_thing(command: Command, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    write_page(corpus, "news/a.md", "The Garden Club has 31 volunteers.", title="The Garden Club")
    write_page(corpus, "news/b.md", "The Garden Club has 52 volunteers.", title="The Garden Club", published="2024")
    command("ingest")
    answer = command("ask", GARDEN, "--json").json
    assert [citation["document"] for citation in answer["citations"]] == ["b", "a"]


def test_an_undated_page_comes_before_one_that_is_older_than_what_it_tells(command: Command, tmp_path: Path) -> None:
    told = "The Garden Club has 52 volunteers. Its shed was opened in March 2024."
    write_page(tmp_path / "corpus", "news/a.md", told, title="The Garden Club")
    write_page(
        tmp_path / "corpus",
        "news/b.md",
        "The Garden Club has 31 volunteers.",
        title="The Garden Club",
        published="2016",
    )
    command("ingest")
    answer = command("ask", GARDEN, "--json", "--today", "2025-01-01").json
    assert [citation["document"] for citation in answer["citations"]][:2] == ["a", "b"]
    assert answer["answer"].startswith("Undated page")


def test_a_date_that_the_sentence_calls_probable_is_said_to_be_about_right(command: Command, tmp_path: Path) -> None:
    told = "The Garden Club had 52 volunteers, probably in March 2022."
    write_page(tmp_path / "corpus", "news/a.md", told, title="The Garden Club", published="2023-05-01")
    command("ingest")
    answer = command("ask", GARDEN, "--json").json
    assert answer["answer"].startswith("About March 2022")
    assert "The date of [1] is worked out" in " ".join(answer["notes"])


def test_a_section_of_a_page_has_the_date_that_its_heading_states(command: Command, tmp_path: Path) -> None:
    write_page(
        tmp_path / "corpus",
        "programmes/garden-club.md",
        "# Update (July 2023)\n\nThe Garden Club has 31 volunteers.\n\n"
        "# Update (July 2024)\n\nThe Garden Club has 52 volunteers.",
        published="2022-01-01",
    )
    command("ingest")
    answer = command("ask", GARDEN, "--json").json
    assert [(citation["as_of"], citation["headings"]) for citation in answer["citations"]] == [
        ("2024-07", ["Update (July 2024)"]),
        ("2023-07", ["Update (July 2023)"]),
    ]
