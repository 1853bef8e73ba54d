"""The same number is the same figure, and the same day the same date, however it is written."""

import pytest

from bot.verifying.figures import figures_in
from bot.verifying.moments import figures_and_moments, moments_in, states


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("2,400 people", 2400, ""),
        ("two thousand four hundred people", 2400, ""),
        ("2.4k people", 2400, ""),
        ("2.4 thousand people", 2400, ""),
        ("2 400 people", 2400, ""),
        ("£1.2m", 1_200_000, "£"),
        ("£1,200,000", 1_200_000, "£"),
        ("1.2 million pounds", 1_200_000, "£"),
        ("half a million visits", 500_000, ""),
        ("50% of them", 50, "%"),
        ("fifty per cent of them", 50, "%"),
        ("half of them", 50, "%"),
        ("the third site", 3, "nth"),
        ("the 3rd site", 3, "nth"),
        ("a 90-bed clinic", 90, ""),
        ("twenty-four hours", 24, ""),
        ("a single model", 1, ""),
    ],
)
def test_a_number_is_read_however_it_is_written(text: str, value: float, unit: str) -> None:
    (figure,) = figures_in(text)
    assert (figure.value, figure.unit) == (value, unit)


@pytest.mark.parametrize(
    "text",
    ["COVID-19", "M-RIC and S136", "No Force First", "Zero Suicide Alliance", "one of them", "no one", "this one."],
)
def test_names_and_pronouns_are_no_figures(text: str) -> None:
    assert figures_in(text) == ()


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("more than 50 beds", "over"),
        ("no fewer than 50 beds", "over"),
        ("50 beds or more", None),
        ("aged 50 or over", "over"),
        ("fewer than 50 beds", "under"),
        ("up to 50 beds", "under"),
        ("no more than 50 beds", "under"),
        ("about 50 beds", None),
    ],
)
def test_a_bound_is_told_from_a_number(text: str, bound: str | None) -> None:
    assert [figure.bound for figure in figures_in(text)] == [bound]


def test_what_a_figure_counts_ends_at_the_next_preposition() -> None:
    beds, wards = figures_in("123 single beds in eight wards")
    assert beds.counted == ("singl", "bed")
    assert wards.counted == ("ward",)


@pytest.mark.parametrize(
    ("stated", "claimed", "same"),
    [
        ("on 17 May 2024", "on 2024-05-17", True),
        ("on 17 May 2024", "in May 2024", True),
        ("on 17 May 2024", "in 2024", True),
        ("on 17 May 2024", "on 17 May", True),
        ("in May 2024", "on 17 May 2024", False),
        ("on 17 May 2024", "on 18 May 2024", False),
        ("on 17 May 2024", "in June", False),
        ("from 1 August", "on 1 August 2024", True),
        ("from 1 August", "on 1 August 2023", False),
        ("in autumn 2023", "in spring 2023", False),
        ("in autumn 2023", "in 2023", True),
        ("until the end of October 2024", "from October 2024", False),
        ("18 to 24 May 2020", "from 18 May 2020", True),
        ("May or June 2020", "in May 2020", True),
        ("in 2016-17", "in 2016", True),
    ],
)
def test_a_date_covers_itself_and_what_it_lies_in(stated: str, claimed: str, same: bool) -> None:
    (claim,) = moments_in(claimed)
    assert states(moments_in(stated), claim, year="2024") is same


def test_the_numbers_of_a_date_are_no_figures() -> None:
    figures, moments = figures_and_moments("On 3 March 2022 it had 40 beds, and people may march in 12 streets.")
    assert [figure.value for figure in figures] == [40, 12]
    assert [moment.value for moment in moments] == ["2022-03-03"]
