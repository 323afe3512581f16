"""The exact test against Fisher's own example, and against sums done by hand or in exact fractions."""

import pytest

from cx_domain.exact_tests import chance_of_difference, chance_of_more, least_chance


def test_fishers_lady_who_tasted_tea() -> None:
    assert chance_of_more(3, 4, 1, 4) == pytest.approx((16 / 2 + 1) / 70)


def test_the_lady_if_she_had_twice_the_odds() -> None:
    # 1, 16, 36, 16 and 1 ways, each twice as likely as the one before.
    assert chance_of_more(3, 4, 1, 4, odds=2) == pytest.approx((128 / 2 + 16) / (1 + 32 + 144 + 128 + 16))


def test_the_most_that_the_lady_could_prove() -> None:
    assert least_chance(4, 4, 4) == pytest.approx(1 / 2 / 70)


def test_equal_shares_differ_by_chance_alone() -> None:
    assert chance_of_difference(5, 50, 5, 50) == pytest.approx(1)


def test_both_sides_of_the_test_are_one_doubled() -> None:
    assert chance_of_difference(3, 4, 1, 4) == pytest.approx(2 * 9 / 70)
    assert chance_of_difference(1, 4, 3, 4) == pytest.approx(2 * 9 / 70)


def test_a_difference_that_the_odds_allow_is_none() -> None:
    assert chance_of_difference(120, 1000, 1000, 10_000) < 0.06
    assert chance_of_difference(120, 1000, 1000, 10_000, odds=1.2) == pytest.approx(0.8197226)


@pytest.mark.parametrize(("found", "others"), [(0, 0), (50, 700)])
def test_where_none_or_all_are_found_nothing_can_be_told(found: int, others: int) -> None:
    assert chance_of_more(found, 50, others, 700) == 0.5


def test_a_difference_beyond_all_floats_is_no_chance_and_none_the_other_way() -> None:
    assert chance_of_more(5000, 5000, 0, 100_000) == 0
    assert chance_of_more(0, 100_000, 5000, 5000) == 1
