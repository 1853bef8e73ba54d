"""How sure a figure is; every seed is fixed, so a figure does not change between two looks."""

import pytest

from evaluation.intervals import auroc, auroc_interval, mean_interval, median_interval, permutation_p


def test_an_interval_lies_around_its_mean_and_narrows_with_more_questions() -> None:
    few, many = mean_interval([0.0, 1.0] * 10), mean_interval([0.0, 1.0] * 1000)

    assert few.value == many.value == 0.5
    assert few.low < many.low < 0.5 < many.high < few.high
    assert (few.n, many.n) == (20, 2000)


def test_the_interval_of_a_share_is_as_wide_as_theory_says() -> None:
    interval = mean_interval([1.0] * 80 + [0.0] * 20)

    assert (interval.low, interval.high) == pytest.approx((0.72, 0.88), abs=0.02)


def test_equal_values_leave_no_doubt() -> None:
    interval = mean_interval([1.0, 1.0, 1.0])

    assert (interval.low, interval.value, interval.high) == (1.0, 1.0, 1.0)


def test_the_same_values_give_the_same_interval_every_time() -> None:
    assert mean_interval([0.0, 0.3, 1.0]) == mean_interval([0.0, 0.3, 1.0])


def test_a_median_has_an_interval_of_its_own() -> None:
    assert median_interval([1.0, 2.0, 300.0]).value == 2.0


def test_a_difference_that_chance_gives_easily_has_a_large_p() -> None:
    assert permutation_p([1.0, -1.0, 1.0, -1.0]) == 1.0
    assert permutation_p([0.0, 0.0]) == 1.0
    assert permutation_p([1.0]) == 1.0


def test_a_difference_that_chance_hardly_gives_has_a_small_p() -> None:
    assert permutation_p([1.0] * 10 + [0.0] * 90) == pytest.approx(2 / 1024, abs=0.002)


def test_auroc_is_the_share_of_pairs_in_the_right_order() -> None:
    assert auroc([3.0, 4.0], [1.0, 2.0]) == 1.0
    assert auroc([1.0, 2.0], [3.0, 4.0]) == 0.0
    assert auroc([1.0, 3.0], [2.0]) == 0.5
    assert auroc([1.0], [1.0]) == 0.5
    assert auroc_interval([3.0, 4.0], [1.0, 2.0]).high == 1.0
