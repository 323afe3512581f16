"""Student's t against tables, and where it has a closed form."""

from math import atan, exp, log1p, pi, sqrt
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_domain.student_t import quantile, regularised_incomplete_beta, two_sided_p


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [(1, 12.706205), (2, 4.302653), (3, 3.182446), (5, 2.570582), (10, 2.228139), (30, 2.042272), (120, 1.979930)],
)
def test_students_t_as_in_the_tables(degrees: int, expected: float) -> None:
    assert quantile(0.95, degrees) == pytest.approx(expected, abs=5e-7)


@pytest.mark.parametrize("t", [0.01, 0.5, 1.0, 2.0, 7.5, 400.0])
def test_students_t_where_it_has_a_closed_form(t: float) -> None:
    assert two_sided_p(t, 1) == pytest.approx(1 - 2 * atan(t) / pi, rel=1e-9)
    assert two_sided_p(t, 2) == pytest.approx(1 - t / sqrt(2 + t * t), rel=1e-9, abs=1e-15)


def test_students_t_of_very_many_answers_is_the_normal_one() -> None:
    assert quantile(0.95, 1_000_000) == pytest.approx(NormalDist().inv_cdf(0.975), abs=1e-5)


def test_the_incomplete_beta_at_its_ends() -> None:
    assert [regularised_incomplete_beta(2, 3, x) for x in (0.0, 1.0)] == [0.0, 1.0]


@given(st.floats(0.1, 30), st.floats(0.1, 30), st.floats(0.01, 0.99))
def test_the_incomplete_beta_mirrors_itself(a: float, b: float, x: float) -> None:
    one, other = regularised_incomplete_beta(a, b, x), regularised_incomplete_beta(b, a, 1 - x)

    assert one + other == pytest.approx(1.0, abs=1e-10)


def test_the_incomplete_beta_of_one_and_b_is_a_power() -> None:
    assert regularised_incomplete_beta(1, 3, 0.2) == pytest.approx(1 - 0.8**3)
    assert regularised_incomplete_beta(1, 50, 0.001) == pytest.approx(1 - exp(50 * log1p(-0.001)))
