"""The figures against published numbers, and against numbers worked out by another route."""

from decimal import Decimal
from fractions import Fraction
from math import sqrt
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_domain import student_t
from cx_domain.histograms import ZERO, Histogram
from cx_domain.kinds import Kind, kind, kinds
from cx_domain.statistics import (
    Change,
    Headline,
    change,
    headline,
    holm,
    mean_interval,
    nps,
    nps_interval,
    nps_z,
    rounded,
    score,
    wilson,
)

NPS, CSAT, CES, YES_NO = kind("nps"), kind("csat"), kind("ces"), kind("yes-no")
CSAT_OF_DELIGHTED = Histogram({5: 42, 4: 32, 3: 10, 2: 9, 1: 14})  # help.delighted.com/article/240
CES_OF_CYS = Histogram({1: 80, 2: 210, 3: 140, 4: 110, 5: 160, 6: 180, 7: 120})  # support.cys.group 3000095529


def answers(promoters: int, passives: int, detractors: int) -> Histogram:
    return Histogram({10: promoters, 8: passives, 3: detractors})


@pytest.mark.parametrize(
    ("split", "points", "low", "high"),
    [
        ((10, 5, 5), 0.250000, -0.117161, 0.551944),
        ((32, 13, 6), 0.509804, 0.292949, 0.670014),
        ((15, 13, 8), 0.194444, -0.062803, 0.421777),
        ((250, 675, 75), 0.175000, 0.140859, 0.208094),
        ((162, 108, 54), 0.333333, 0.249453, 0.411098),
        ((200, 150, 150), 0.100000, 0.026868, 0.171939),
        ((50, 30, 20), 0.300000, 0.140511, 0.442013),
        ((9, 0, 2), 0.636364, 0.080008, 0.919992),
        ((7, 1, 1), 0.666667, 0.083588, 0.916412),
        ((10, 0, 0), 1.000000, 0.475036, 1.0),
        ((0, 0, 5), -1.000000, -1.0, -0.174915),
        ((1, 0, 0), 1.000000, -0.484986, 0.984986),
    ],
)
def test_nps_and_its_adjusted_wald_interval(
    split: tuple[int, int, int], points: float, low: float, high: float
) -> None:
    figure = headline(NPS, answers(*split))

    assert figure.n == sum(split)
    assert figure.score == pytest.approx(100 * points, abs=5e-5)
    assert figure.interval == pytest.approx((100 * low, 100 * high), abs=5e-5)


def test_five_points_have_their_own_promoters() -> None:
    figure = headline(kind("nps5"), Histogram({5: 10, 4: 5, 3: 2, 2: 2, 1: 1}))

    assert figure == headline(NPS, answers(10, 5, 5))


def test_the_interval_of_equal_answers_is_not_a_point() -> None:
    interval = nps_interval(answers(10, 0, 0), NPS)

    assert interval is not None
    assert interval[1] - interval[0] > 50


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_an_nps_interval_stays_on_the_scale_and_has_a_width(promoters: int, passives: int, detractors: int) -> None:
    interval = nps_interval(answers(promoters, passives, detractors), NPS)

    assert (interval is None) == (promoters + passives + detractors == 0)
    assert interval is None or -100 <= interval[0] < interval[1] <= 100


@pytest.mark.parametrize("known", kinds(), ids=lambda known: known.name)
def test_no_answers_have_no_score_and_no_interval(known: Kind) -> None:
    assert headline(known, ZERO) == Headline(n=0, score=None, interval=None)


def test_no_answers_have_no_nps() -> None:
    assert nps(ZERO, NPS) is None


def test_an_nps_of_72_is_impossible_with_nine_answers() -> None:
    splits = [
        (promoters, 9 - promoters - detractors, detractors)
        for promoters in range(10)
        for detractors in range(10 - promoters)
    ]

    shown = {rounded(exact) for split in splits if (exact := score(NPS, answers(*split))) is not None}

    assert Decimal(72) not in shown
    assert {Decimal(67), Decimal(78)} <= shown


def test_the_top_two_box_of_delighteds_example_is_69_percent() -> None:
    figure = headline(CSAT, CSAT_OF_DELIGHTED)

    assert figure.score == pytest.approx(100 * 74 / 107)
    assert figure.interval == pytest.approx((59.87, 77.12), abs=0.005)
    assert rounded(Fraction(7400, 107)) == 69


def test_the_mean_effort_of_the_published_example_is_4_08() -> None:
    figure = headline(CES, CES_OF_CYS)

    assert figure.score == pytest.approx(4.08)
    assert figure.top == pytest.approx(46.0)


def test_three_of_four_thumbs_are_75_percent() -> None:
    figure = headline(YES_NO, Histogram({0: 1, 1: 3}))

    assert figure.score == 75.0
    assert figure.interval is not None


def test_wilsons_interval_for_four_of_five() -> None:
    assert wilson(4, 5) == pytest.approx((0.375535, 0.963776), abs=5e-7)


@given(st.integers(0, 500), st.integers(0, 500))
def test_wilsons_interval_holds_the_share_and_stays_a_share(yes: int, no: int) -> None:
    interval = wilson(yes, yes + no)

    assert (interval is None) == (yes + no == 0)
    assert interval is None or 0 <= interval[0] <= yes / (yes + no) + 1e-12
    assert interval is None or yes / (yes + no) - 1e-12 <= interval[1] <= 1


def test_the_t_interval_of_six_efforts() -> None:
    # 2, 3, 4, 5, 6, 7: mean 4.5, s squared 3.5, t(0.975; 5) = 2.570582
    reach = 2.570582 * sqrt(3.5 / 6)

    interval = mean_interval(Histogram.of(range(2, 8), CES.scale), CES.scale)

    assert interval == pytest.approx((4.5 - reach, 4.5 + reach), abs=5e-7)


def test_the_interval_of_a_mean_stays_on_its_scale() -> None:
    interval = mean_interval(Histogram({7: 2, 6: 1}), CES.scale)

    assert interval is not None
    assert interval[1] == 7.0


@pytest.mark.parametrize("few", [Histogram({7: 1}), Histogram({7: 5})], ids=["one answer", "all alike"])
def test_a_mean_that_tells_nothing_of_its_spread_has_no_interval(few: Histogram) -> None:
    figure = headline(CES, few)

    assert (figure.score, figure.interval) == (7.0, None)


@pytest.mark.parametrize(
    ("before", "now", "z", "p"),
    [
        ((50, 30, 20), (60, 25, 15), 1.371583, 0.170193),
        ((500, 300, 200), (600, 250, 150), 4.401544, 1.1e-5),
    ],
)
def test_a_change_of_nps_by_the_adjusted_test(
    before: tuple[int, int, int], now: tuple[int, int, int], z: float, p: float
) -> None:
    moved = change(NPS, answers(*before), answers(*now))

    assert moved is not None
    assert moved.difference == pytest.approx(15.0)
    assert nps_z(NPS, answers(*before), answers(*now)) == pytest.approx(z, abs=5e-7)
    assert moved.p_value == pytest.approx(p, abs=5e-7)


@pytest.mark.parametrize("known", kinds(), ids=lambda known: known.name)
def test_the_same_answers_as_before_are_no_change(known: Kind) -> None:
    week = Histogram.of([*known.scale, known.scale[0]], known.scale)

    moved = change(known, week, week)

    assert moved is not None
    assert moved.difference == 0.0
    assert moved.p_value == pytest.approx(1.0)


@pytest.mark.parametrize("known", kinds(), ids=lambda known: known.name)
def test_nothing_is_compared_with_a_period_without_answers(known: Kind) -> None:
    week = Histogram.of(known.scale, known.scale)

    assert change(known, ZERO, week) is None
    assert change(known, week, ZERO) is None


def test_a_change_of_satisfaction_by_the_pooled_test_of_two_shares() -> None:
    # 60 of 100 against 75 of 100: pooled 0.675, standard error 0.0662382, z 2.264554
    moved = change(CSAT, Histogram({5: 60, 1: 40}), Histogram({4: 75, 2: 25}))

    assert moved is not None
    assert moved.difference == 15.0
    assert moved.p_value == pytest.approx(2 * NormalDist().cdf(-2.264554), abs=5e-7)


def test_satisfied_one_and_all_twice_is_no_change() -> None:
    assert change(CSAT, Histogram({5: 3}), Histogram({4: 9})) == Change(difference=0.0, p_value=1.0)


def test_a_change_of_effort_by_welchs_test() -> None:
    # 1 and 3 against 5 and 7: means 2 and 6, both variances 2, t = 4 / sqrt(2), two degrees of freedom
    moved = change(CES, Histogram({1: 1, 3: 1}), Histogram({5: 1, 7: 1}))

    assert moved is not None
    assert moved.difference == 4.0
    assert moved.p_value == pytest.approx(1 - (4 / sqrt(2)) / sqrt(2 + 8), abs=5e-7)


def test_welchs_degrees_of_freedom_are_not_whole() -> None:
    # mean 1.5, variance 0.5, two answers; mean 4.2, variance 9.2, five answers: squared errors 0.25 and 1.84
    moved = change(CES, Histogram({1: 1, 2: 1}), Histogram.of([1, 1, 5, 7, 7], CES.scale))
    degrees = (0.25 + 1.84) ** 2 / (0.25**2 + 1.84**2 / 4)

    assert moved is not None
    assert moved.p_value == pytest.approx(student_t.two_sided_p(2.7 / sqrt(0.25 + 1.84), degrees))


def test_one_effort_against_another_proves_nothing() -> None:
    assert change(CES, Histogram({1: 1}), Histogram({7: 1})) == Change(difference=6.0, p_value=None)


def test_holms_correction_of_four_segments() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))


def test_a_corrected_p_value_is_never_above_one() -> None:
    assert holm([0.9, 0.8]) == (1.0, 1.0)


def test_no_segments_need_no_correction() -> None:
    assert holm([]) == ()


@pytest.mark.parametrize(
    ("exact", "places", "shown"),
    [
        (Fraction(100 * (10 - 3), 21), 0, "33"),  # and not 48 - 14
        (Fraction(100 * (18 - 10), 51), 0, "16"),  # and not 35 - 20
        (Fraction(2600, 51), 0, "51"),  # Delighted's metrics example, 32 promoters and 6 detractors
        (Fraction(25, 2), 0, "13"),
        (Fraction(-25, 2), 0, "-13"),
        (Fraction(1, 2), 0, "1"),
        (Fraction(-1, 2), 0, "-1"),
        (Fraction(-1, 3), 0, "0"),
        (Fraction(15, 4), 1, "3.8"),  # Delighted's five stars, 450 of 120
        (Fraction(4), 2, "4.00"),
    ],
)
def test_a_figure_is_rounded_once_from_its_counts(exact: Fraction, places: int, shown: str) -> None:
    assert str(rounded(exact, places)) == shown


def test_a_float_is_rounded_as_the_fraction_it_came_from() -> None:
    assert [str(rounded(value, 1)) for value in (87 / 20, 69 / 20, 15 / 4)] == ["4.4", "3.5", "3.8"]


@given(st.integers(0, 400), st.integers(0, 400), st.integers(1, 400), st.integers(0, 2))
def test_a_float_rounds_as_its_counts_do(promoters: int, detractors: int, passives: int, places: int) -> None:
    exact = score(NPS, answers(promoters, passives, detractors))

    assert exact is not None
    assert rounded(float(exact), places) == rounded(exact, places)
