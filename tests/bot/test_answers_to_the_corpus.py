"""What somebody sees who asks the project's own pages."""

from datetime import date
from pathlib import Path

import pytest

from bot.answering import Answerer
from bot.answers import REMOVED, Answer, Question, Turn
from ingest.embedding import EmbeddingModel


@pytest.fixture(scope="module")
def answerer(corpus_index: Path, model: EmbeddingModel) -> Answerer:
    return Answerer(corpus_index, model, today=lambda: date(2026, 11, 21))


def _ask(answerer: Answerer, text: str, *history: Turn) -> Answer:
    return answerer.answer(Question(text=text, history=history))


def test_the_newest_figure_leads_and_older_ones_carry_their_date(answerer: Answerer) -> None:
    answer = _ask(answerer, "what is our CQC rating now?")
    assert answer.answer.startswith("As of 14 April 2023")
    assert [c.as_of for c in answer.citations] == sorted((c.as_of or "" for c in answer.citations), reverse=True)


def test_two_values_told_at_different_times_are_two_quotes_the_newer_first(answerer: Answerer) -> None:
    answer = _ask(answerer, "how long do people wait for a first contact with community mental health?")
    assert answer.answer.index("below seven weeks") < answer.answer.index("60 weeks")
    assert "As of September 2020" in answer.answer


def test_a_list_that_was_asked_for_comes_whole(answerer: Answerer) -> None:
    answer = _ask(answerer, "list all the commitments the operational transformation programme makes")
    quote = next(c.quote for c in answer.citations if "commitments" in c.quote)
    assert quote.count("\n") >= 4


def test_progress_on_a_workstream_is_that_workstream_s(answerer: Answerer) -> None:
    answer = _ask(answerer, "what progress on end of life care")
    first = answer.citations[0]
    assert first.headings[0] == "End of life care"
    assert first.as_of == "2024-07"


@pytest.mark.parametrize(
    "text",
    ["how many HOPES staff were traned", "HOW MANY STAFF WERE TRAINED IN HOPE(S)", "hope(s) staff trained how many"],
)
def test_case_typos_and_brackets_find_the_same_page(answerer: Answerer, text: str) -> None:
    answer = _ask(answerer, text)
    assert "2,400" in answer.answer


def test_a_follow_up_is_understood_from_its_thread(answerer: Answerer) -> None:
    answer = _ask(answerer, "and who funds it?", Turn(question="what is M-RIC?", answer="A research centre."))
    assert "Office for Life Sciences" in answer.answer


def test_a_part_that_finds_nothing_is_named(answerer: Answerer) -> None:
    answer = _ask(answerer, "how many partner organisations do the Life Rooms work with and what is its budget?")
    assert answer.status == "partial"
    assert "more than 100 partner organisations" in answer.answer
    assert "I found nothing about this part" in answer.answer


def test_an_amount_of_money_nobody_states_is_not_found(answerer: Answerer) -> None:
    answer = _ask(answerer, "how much did we pay to acquire Calderstones?")
    assert answer.status == "not_found"
    assert answer.closest and not answer.citations
    assert "the communications team" in answer.answer


def test_personal_data_is_not_repeated(answerer: Answerer) -> None:
    answer = _ask(answerer, "NHS number 943 476 5919, known to the Life Rooms?")
    assert (answer.status, answer.question) == ("refused", REMOVED)
    assert "943" not in answer.answer


def test_old_evidence_carries_a_note(answerer: Answerer) -> None:
    notes = " ".join(_ask(answerer, "what is our CQC rating now?").notes)
    assert "14 April 2023" in notes


def test_a_fault_while_answering_is_an_answer_too(
    corpus_index: Path, model: EmbeddingModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    answerer = Answerer(corpus_index, model, today=lambda: date(2026, 11, 21))
    monkeypatch.setattr("bot.searching.retrieve", lambda *_, **__: 1 / 0)
    answer = _ask(answerer, "who funds M-RIC?")
    assert answer.status == "error"
    assert "ask again" in answer.answer


def test_who_it_is_now_is_not_who_it_was_until_a_day_that_is_past(answerer: Answerer) -> None:
    answer = _ask(answerer, "who is the chief executive now?")
    assert answer.answer.index("Trish Bennett") < answer.answer.index("Joe Rafferty")


def test_the_latest_value_comes_before_the_one_it_took_the_place_of(answerer: Answerer) -> None:
    answer = _ask(answerer, "latest on how long brook place has been clear of hep c?")
    assert answer.answer.index("10 months") < answer.answer.index("more than six months")


def test_a_question_about_two_years_is_answered_from_both(answerer: Answerer) -> None:
    answer = _ask(answerer, "what did we get for caring in the 2015 CQC report, and what in 2023?")
    assert {"cqc-2015-blog", "cqc-2023-trust-news"} <= {citation.document for citation in answer.citations}


def test_what_is_of_the_time_asked_about_comes_before_what_is_not(answerer: Answerer) -> None:
    answer = _ask(answerer, "what was said about Mossley Hill in 2022?")
    dates = [citation.as_of or "" for citation in answer.citations]
    of_2022 = [day.startswith("2022") for day in dates]
    assert of_2022[0] and of_2022 == sorted(of_2022, reverse=True) and not all(of_2022)


def test_the_same_is_asked_of_two_buildings_in_one_message(answerer: Answerer) -> None:
    answer = _ask(answerer, "how many beds does Hartley Hospital have and how many at Clock View?")
    assert "40 single bedrooms" in answer.answer and "85 single bedrooms" in answer.answer


def test_thanks_is_no_subject_of_what_is_asked_next(answerer: Answerer) -> None:
    history = [Turn(question="what is HOPE(S)?", answer="A model."), Turn(question="thanks!", answer="Any time.")]
    answer = _ask(answerer, "who funds it?", *history)
    assert any("hopes" in citation.document for citation in answer.citations)


def test_a_figure_from_a_year_is_dated_to_that_year(answerer: Answerer) -> None:
    answer = _ask(answerer, "how many people work for mersey care now")
    said = next(line for line in answer.answer.split("” [") if "11,000 staff" in line)
    assert "About 2024: “" in said


@pytest.mark.parametrize(
    "text", ["who runs the Greenfield dementia cafe?", "when did the Preston hospital open?", "what is Jo Upton paid"]
)
def test_what_has_a_name_that_no_page_holds_is_not_found(answerer: Answerer, text: str) -> None:
    assert _ask(answerer, text).status == "not_found"


@pytest.mark.parametrize(
    "text",
    [
        "How Many Staff Have Been Trained In Hopes",
        "who runs Clock View on a Monday",
        "so what did Emad Lylo do on social care",
    ],
)
def test_capitals_alone_make_nothing_unknown(answerer: Answerer, text: str) -> None:
    assert _ask(answerer, text).status == "answered"
