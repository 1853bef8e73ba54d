"""What a question asks for: its words, its names, the kind of answer, and its time."""

from datetime import date
from pathlib import Path

import pytest

from bot.spelling import correct_spelling
from bot.understanding import Period, Wanted, period_of, understand
from ingest.builds import Builds
from ingest.embedding import EmbeddingModel
from ingest.index import Index

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def index(corpus_index: Path, model: EmbeddingModel) -> Index:
    builds = Builds(corpus_index)
    return Index(builds, builds.current(), model_digest=model.digest)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("what happened in 2018?", Period(start=date(2018, 1, 1), end=date(2018, 12, 31))),
        ("news since June 2023", Period(start=date(2023, 6, 1), end=None)),
        ("anything before May 2019?", Period(start=None, end=date(2019, 4, 30))),
        ("done by March 2020?", Period(start=None, end=date(2020, 3, 31))),
        ("between 2016 and 2018", Period(start=date(2016, 1, 1), end=date(2018, 12, 31))),
        ("in the last two weeks", Period(start=date(2026, 11, 7), end=None)),
        ("this month", Period(start=date(2026, 10, 21), end=None)),
        ("over the past few years", Period(start=date(2023, 11, 19), end=None)),
        ("in the last month of 2018", Period(start=date(2018, 1, 1), end=date(2018, 12, 31))),
        ("last year", Period(start=date(2025, 1, 1), end=date(2025, 12, 31))),
        ("who funds it?", None),
    ],
)
def test_the_time_asked_about_is_read(text: str, period: Period | None) -> None:
    assert period_of(text, today=TODAY) == period


def test_a_typing_error_in_a_name_is_mended_and_english_words_are_not(index: Index, model: EmbeddingModel) -> None:
    assert correct_spelling("did raferty open hartlley hospital in a green coat", index, model) == (
        "did rafferty open hartley hospital in a green coat"
    )


def test_a_clipped_word_is_written_out_as_the_pages_write_it(index: Index, model: EmbeddingModel) -> None:
    assert correct_spelling("where is the ortho pathway", index, model) == "where is the orthopaedic pathway"


def _wanted(text: str, index: Index, model: EmbeddingModel) -> Wanted:
    return understand(text, index, model, today=TODAY)


def test_an_acronym_is_one_thing_under_all_its_names(index: Index, model: EmbeddingModel) -> None:
    short, long = (
        _wanted("who chairs the ZSA", index, model),
        _wanted("who chairs the Zero Suicide Alliance", index, model),
    )
    named = [unit for unit in short.units if unit.word is None]
    assert len(named) == 1
    assert named[0].stands_in({"zero", "suicid", "allianc"}) and named[0].stands_in({"zsa"})
    assert [unit.ways for unit in long.units if unit.word is None] == [named[0].ways]
    assert "Zero Suicide Alliance" in short.text


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("how many staff were trained", {"number"}),
        ("who leads it", {"person"}),
        ("what did it cost to build", {"money"}),
        ("how long did it take", {"number", "duration"}),
        ("which company built it", {"organisation"}),
        ("where is it", {"place"}),
    ],
)
def test_the_kind_of_answer_is_read(text: str, kinds: set[str], index: Index, model: EmbeddingModel) -> None:
    assert kinds <= _wanted(text, index, model).asks


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("when did it open", True),
        ("wen was it opened?", True),
        ("which year, and since when?", True),
        ("what do you ask when somebody calls", False),
        ("when people are waiting, who helps them", False),
    ],
)
def test_when_asks_for_a_date_only_where_it_asks(text: str, asks: bool, index: Index, model: EmbeddingModel) -> None:
    assert ("date" in _wanted(text, index, model).asks) == asks


def test_the_trust_itself_is_not_searched_for(index: Index, model: EmbeddingModel) -> None:
    assert list(_wanted("what is the trust's mission", index, model).terms) == ["mission"]


def test_words_that_say_how_to_answer_are_not_searched_for(index: Index, model: EmbeddingModel) -> None:
    assert "day" not in _wanted("what is the trust's mission these days", index, model).terms


def test_an_acronym_that_no_glossary_holds_is_read_by_the_first_letters_of_a_name(
    index: Index, model: EmbeddingModel
) -> None:
    assert index.spelt_out("UoL") == "University of Liverpool" and index.spelt_out("QQZ") is None
    assert "Manchester Metropolitan University" in _wanted("what's MMU's part in HOPES", index, model).text
    assert "Manchester Metropolitan University" in _wanted("whats mmu doing for hopes", index, model).text
    assert "(" not in _wanted("did the new unit open", index, model).text


def test_words_typed_without_their_apostrophe_are_no_typing_errors(index: Index, model: EmbeddingModel) -> None:
    asked = understand("whats the name of the ceo", index, model, today=TODAY)
    assert asked.text.startswith("whats the name")
    assert not {unit.word for unit in asked.units} & {"whats", "wants"}
