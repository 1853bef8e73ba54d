"""A question is completed from the turns before it; one message may ask several."""

from pathlib import Path

import pytest

from bot.answers import Turn
from bot.threads import parts_of, standing_alone
from ingest.builds import Builds
from ingest.embedding import EmbeddingModel
from ingest.index import Index


@pytest.fixture(scope="module")
def index(corpus_index: Path, model: EmbeddingModel) -> Index:
    builds = Builds(corpus_index)
    return Index(builds, builds.current(), model_digest=model.digest)


def _after(index: Index, earlier: str, text: str, answer: str = "") -> str:
    return standing_alone(text, [Turn(question=earlier, answer=answer)], index)


def test_a_pronoun_takes_the_name_of_the_question_before(index: Index) -> None:
    assert "HOPE(S)" in _after(index, "what is HOPE(S)?", "and who funds it?")


def test_what_about_asks_the_same_of_something_else(index: Index) -> None:
    completed = _after(index, "when did the Southport Life Rooms open?", "what about Bootle?")
    assert completed.startswith("when did the Bootle open") and "Life Rooms" in completed


def test_what_about_asks_of_another_subject_and_not_of_both(index: Index) -> None:
    history = [
        Turn(question="what did the July 2024 update say about bed rails?", answer="Little."),
        Turn(question="and night lights?", answer="More."),
    ]
    completed = standing_alone("what about hand gel?", history, index)
    assert completed == "what did the July 2024 update say about hand gel?"


def _in_turn(index: Index, *asked: str) -> str:
    return standing_alone(asked[-1], [Turn(question=question, answer="So.") for question in asked[:-1]], index)


def test_another_time_takes_the_place_of_the_one_before(index: Index) -> None:
    staff = "how many staff did we have in 2017?"
    assert _in_turn(index, staff, "and in 2023?") == "how many staff did we have in 2023?"
    assert _in_turn(index, staff, "and in 2023?", "and now?") == "how many staff did we have now?"
    assert _in_turn(index, staff, "now?") == "how many staff did we have now?"
    assert _in_turn(index, staff, "and in 2023 and 2024?") == "how many staff did we have in 2023 and 2024?"
    compared = "did visits of 2017 or staff of 2018 count?"
    assert _in_turn(index, compared, "and in 2020?") == "did visits of 2017 or staff count in 2020?"
    assert _in_turn(index, "any news this month?", "and last month?") == "any news last month?"
    assert _in_turn(index, "visits between June 2020 and May 2021?", "and now?") == "visits now?"
    assert _in_turn(index, "how was it rated before 2019?", "and after 2020?") == "how was it rated after 2020?"
    assert _in_turn(index, "how was it rated before the merger with NWB?", "and now?") == "how was it rated now?"


def test_another_thing_takes_the_place_of_the_one_before_whatever_it_is(index: Index) -> None:
    partners = "who are the partners of Brook Place?"
    assert _in_turn(index, partners, "and M-RIC?", "and HOPE(S)?") == "who are the partners of HOPE(S)?"


def test_a_short_question_keeps_the_time_of_the_one_before(index: Index) -> None:
    assert "2023" in _in_turn(index, "What did the CQC find in 2023?", "which service did badly?")
    assert "2015" not in _in_turn(index, "What did the CQC find in 2015?", "and what did it find in 2023?")


def test_names_are_carried_over_several_turns(index: Index) -> None:
    history = [
        Turn(question="what is M-RIC?", answer="A centre."),
        Turn(question="who funds it?", answer="Two bodies."),
    ]
    assert "M-RIC" in standing_alone("and when was it launched?", history, index)


def test_a_question_that_names_its_subject_is_left_alone(index: Index) -> None:
    assert (
        _after(index, "what is HOPE(S)?", "how many beds does Rowan View have?")
        == "how many beds does Rowan View have?"
    )


def test_without_a_thread_a_question_is_left_alone(index: Index) -> None:
    assert standing_alone("who funds it?", [], index) == "who funds it?"


def test_two_questions_in_one_message_are_two_parts_about_the_same_thing(index: Index) -> None:
    first, second = parts_of("how many beds has Rowan View and when did it open?", index)
    assert first == "how many beds has Rowan View"
    assert second.startswith("when did it open") and "Rowan View" in second


def test_a_remark_behind_a_question_is_no_question_of_its_own(index: Index) -> None:
    asked = "which emergency services run triage cars with us? need all of them"
    assert parts_of(asked, index) == [asked]


def test_names_joined_by_and_stay_one_question(index: Index) -> None:
    assert len(parts_of("how do Liaison and Diversion and HOPE(S) differ?", index)) == 1


def test_what_in_another_year_asks_the_same_of_that_year(index: Index) -> None:
    first, second = parts_of("what did we get for caring in the 2015 CQC report, and what in 2023?", index)
    assert first == "what did we get for caring in the 2015 CQC report"
    assert second == "what did we get for caring in the 2023 CQC report?"


def test_another_time_takes_the_place_of_the_one_asked_about_first(index: Index) -> None:
    text = "how big was the workforce when Calderstones joined and how big was it by 2024?"
    assert parts_of(text, index)[1] == "how big was the workforce in 2024?"


def test_the_same_thing_is_asked_of_somebody_else(index: Index) -> None:
    text = "what drop in disciplinaries did the CQC see and what drop did the university see in 2020?"
    assert parts_of(text, index)[1] == "what drop did the university see in 2020 (disciplinaries)?"


def test_a_year_that_comes_with_another_subject_is_a_question_of_its_own(index: Index) -> None:
    _, second = parts_of("how many beds has Rowan View, and which ward closed in 2019?", index)
    assert second.startswith("which ward closed in 2019")


def test_a_question_that_is_whole_by_itself_leaves_the_thread_behind(index: Index) -> None:
    asked = "how much did salary costs fall?"
    assert _after(index, "what is M-RIC?", asked) == asked
    about_all_of_us = "how many members does the trust have?"
    assert _after(index, "what is M-RIC?", about_all_of_us) == about_all_of_us
    assert "M-RIC" in _after(index, "what is M-RIC?", "who are the funders?")


def test_a_part_that_only_names_another_thing_asks_the_same_of_it(index: Index) -> None:
    assert parts_of("who were the builders on Rowan View and who on Aspen Wood?", index)[1] == (
        "who were the builders on Aspen Wood?"
    )
