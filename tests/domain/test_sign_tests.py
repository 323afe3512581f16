"""Whether customers moved one way, or as many each way as chance would have it."""

from math import comb

import pytest

from cx_domain.sign_tests import two_sided_p


def test_the_published_example() -> None:
    # Of ten deer eight had hind legs longer than their forelegs (Zar, Biostatistical Analysis; en.wikipedia.org/wiki/Sign_test).
    assert two_sided_p(8, 2) == pytest.approx(0.109375, abs=1e-12)


@pytest.mark.parametrize(("up", "down"), [(1, 0), (0, 7), (3, 9), (5, 5), (60, 40)])
def test_it_is_the_sum_of_the_binomial_distribution(up: int, down: int) -> None:
    n = up + down
    tail = sum(comb(n, k) for k in range(min(up, down) + 1)) / 2**n

    assert two_sided_p(up, down) == pytest.approx(min(1.0, 2 * tail), rel=1e-12)


def test_up_and_down_are_alike() -> None:
    assert two_sided_p(3, 11) == two_sided_p(11, 3)


def test_where_nobody_moved_there_is_nothing_to_test() -> None:
    assert two_sided_p(0, 0) is None


def test_a_million_customers_are_no_trouble() -> None:
    assert two_sided_p(500_000, 501_000) == pytest.approx(0.3178, abs=1e-3)  # by the normal approximation
