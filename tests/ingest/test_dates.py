"""Dates: found as pages write them, and valued as partial ISO dates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dates import dates_in, first_date, first_day, in_words, is_partial_date, last_day


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("17 May 2024", "2024-05-17"),
        ("17th May 2024", "2024-05-17"),
        ("the 1st of March, 2019", "2019-03-01"),
        ("Friday 17 May 2024", "2024-05-17"),
        ("Friday, 17 May 2024", "2024-05-17"),
        ("MAY 17, 2024", "2024-05-17"),
        ("May 17th 2024", "2024-05-17"),
        ("17-May-2024", "2024-05-17"),
        ("17/05/2024", "2024-05-17"),
        ("7.5.2024", "2024-05-07"),
        ("17-05-2024", "2024-05-17"),
        ("17/05/24", "2024-05-17"),
        ("2024/05/17", "2024-05-17"),
        ("2024-05-17", "2024-05-17"),
        ("2024-05-17T10:30:00Z", "2024-05-17"),
        ("2024-05", "2024-05"),
        ("July 2024", "2024-07"),
        ("july 2024", "2024-07"),
        ("Sept 2020", "2020-09"),
        ("Dec. 2023", "2023-12"),
        ("(to Oct 23)", "2023-10"),
        ("Oct '23", "2023-10"),
        ("Oct ’23", "2023-10"),
        ("Jul-24", "2024-07"),
        ("12 Oct 23.", "2023-10-12"),
        ("by the spring of 2019", "2019"),
        ("in 2019, when", "2019"),
        ("July\u00a02024", "2024-07"),
        ("17–19 May 2024", "2024-05-19"),
    ],
)
def test_a_date_is_valued_as_precisely_as_it_is_written(text: str, value: str) -> None:
    assert [mention.value for mention in dates_in(text)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "17 May",
        "on Tuesday",
        "31 February 2024",
        "05/17/2024",
        "2024-02-30",
        "may 20 people come?",
        "they may 10 times",
        "march 12 miles",
        "more than 2000 staff",
        "at least 1950 beds",
        "£2024",
        "2,024 people",
        "20.24",
        "2024%",
        "2024m",
        "the 1990s",
        "ward B2024",
        "1066",
        "version 10.11.12",
        "from 10 May 10:30",
        "２０２４",
        "on 17 May 24 people came",
    ],
)
def test_what_only_looks_like_a_date_is_passed_over(text: str) -> None:
    assert first_date(text) is None


def test_dates_are_found_in_reading_order_with_their_places() -> None:
    text = "From circa 60 weeks (Sept 2020) to under seven (Oct 23)."
    assert [text[mention.start : mention.end] for mention in dates_in(text)] == ["Sept 2020", "Oct 23"]


def test_the_weekday_belongs_to_the_date() -> None:
    text = "It opens on Monday 3 June 2024."
    assert [text[mention.start : mention.end] for mention in dates_in(text)] == ["Monday 3 June 2024"]


def test_two_years_of_one_are_a_year_and_not_a_month() -> None:
    assert [mention.value for mention in dates_in("in 2010-11, 2011/12 and 2023-24")] == ["2010", "2011", "2023"]


def test_a_span_of_years_gives_both() -> None:
    assert [mention.value for mention in dates_in("from 2018–2021 and 2024-2028")] == ["2018", "2021", "2024", "2028"]


@pytest.mark.parametrize("value", ["2024", "2024-02", "2024-02-29", "0001", "9999-12-31"])
def test_a_date_of_the_calendar_is_a_partial_date(value: str) -> None:
    assert is_partial_date(value)


@pytest.mark.parametrize(
    "value",
    ["", "24", "2024-2", "2024-13", "2023-02-29", "2024-02-29T10:00", "0000", "2024-02-29\n", "２０２４", "May 2024"],
)
def test_anything_else_is_not(value: str) -> None:
    assert not is_partial_date(value)


@pytest.mark.parametrize(
    ("value", "first", "last", "words"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31), "2024"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "February 2024"),
        ("2024-05-07", date(2024, 5, 7), date(2024, 5, 7), "7 May 2024"),
    ],
)
def test_a_partial_date_covers_days_and_can_be_said_in_words(value: str, first: date, last: date, words: str) -> None:
    assert (first_day(value), last_day(value), in_words(value)) == (first, last, words)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_a_date_in_words_is_read_back_as_the_same_date(day: date) -> None:
    for value in (day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]):
        assert first_date(in_words(value)) == value


@given(st.text(alphabet="0123456789 -/.,MayJulytohf'’\n", max_size=60))
def test_every_date_found_is_of_the_calendar_and_stands_where_it_is_said_to(text: str) -> None:
    end = 0
    for mention in dates_in(text):
        assert is_partial_date(mention.value)
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end
