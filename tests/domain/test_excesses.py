"""When detractors are more than chance explains: late deliveries at Acme Outdoor, in a week of January."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from cx_domain.excesses import EVERY_DAY, Count, Excess, Ground, Watched, excesses, window_start

SUNDAY = date(2026, 1, 18)
WEEK = timedelta(days=7)
ALL = Watched("nps", "order", "all", "all")
LATE = Watched("nps", "order", "driver", "delivery")
PRICE = Watched("nps", "order", "driver", "price")
WROCLAW = Watched("nps", "order", "tag:store", "wroclaw")

Weeks = Mapping[Watched, tuple[tuple[int, int], tuple[int, int]]]
"""Answers and detractors of an ordinary week, and of the last one."""


def found(weeks: Weeks, surveys: Mapping[Watched, set[str]] | None = None, least_answers: int = 0) -> list[Excess]:
    """What thirteen ordinary weeks and the last one say; who is not named as a detractor is somebody of his own."""
    counts = {
        watched: {SUNDAY: Count(*last)} | {SUNDAY - number * WEEK: Count(*usual) for number in range(1, 14)}
        for watched, (usual, last) in weeks.items()
    }
    named = surveys or {}
    detractors = {
        watched: dict.fromkeys(named.get(watched, {f"{watched.value}-{n}" for n in range(last[1])}), SUNDAY)
        for watched, (_, last) in weeks.items()
    }
    return list(excesses(counts, detractors, SUNDAY, {}, least_answers=least_answers))


def test_a_reason_that_four_times_as_many_name_is_an_excess() -> None:
    (excess,) = found({ALL: ((200, 30), (200, 45)), LATE: ((200, 6), (200, 24))})

    assert (excess.watched, excess.seen, excess.usual) == (LATE, Count(200, 24), Count(2600, 78))
    assert (excess.start, excess.end) == (date(2026, 1, 12), SUNDAY)
    assert excess.p_value < 0.00001


def test_two_detractors_are_bad_luck() -> None:
    assert found({ALL: ((200, 30), (200, 30)), LATE: ((200, 0), (200, 2))}) == []


def test_three_of_whom_nobody_named_it_before_are_not() -> None:
    (excess,) = found({ALL: ((100, 15), (100, 15)), LATE: ((100, 0), (100, 3))})

    assert excess.seen == Count(100, 3)


def test_a_rise_by_a_third_is_none_however_many_answers_prove_it() -> None:
    assert found({ALL: ((20_000, 3000), (20_000, 4000))}) == []


def test_a_shop_that_is_new_has_nothing_to_compare() -> None:
    assert found({ALL: ((3, 0), (100, 60))}) == []


def test_a_detractor_is_told_once() -> None:
    late = {f"order-{number}" for number in range(24)}
    others = {f"other-{number}" for number in range(6)}

    told = found(
        {ALL: ((200, 30), (200, 45)), LATE: ((200, 6), (200, 24)), WROCLAW: ((90, 10), (90, 30))},
        {LATE: late, WROCLAW: late | others},
    )

    assert [excess.watched for excess in told] == [LATE]


def test_where_all_unhappy_ones_give_one_reason_it_is_the_reason_that_is_told() -> None:
    late = {f"order-{number}" for number in range(24)}

    told = found(
        {ALL: ((200, 6), (200, 24)), WROCLAW: ((200, 6), (200, 24)), LATE: ((200, 6), (200, 24))},
        dict.fromkeys((ALL, WROCLAW, LATE), late),
    )

    assert [excess.watched for excess in told] == [LATE]


def test_what_goes_wrong_for_others_is_told_beside_it() -> None:
    late = {f"late-{number}" for number in range(24)}
    dear = {f"dear-{number}" for number in range(26)}

    told = found(
        {ALL: ((200, 30), (200, 55)), LATE: ((200, 6), (200, 24)), PRICE: ((200, 6), (200, 26))},
        {ALL: late | dear | {f"other-{number}" for number in range(5)}, LATE: late, PRICE: dear},
    )

    assert {excess.watched for excess in told} == {LATE, PRICE}


def test_what_a_report_hides_is_not_looked_at() -> None:
    weeks: Weeks = {ALL: ((200, 30), (200, 34)), WROCLAW: ((4, 0), (4, 4))}

    assert [excess.watched for excess in found(weeks)] == [WROCLAW]
    assert found(weeks, least_answers=5) == []


def test_who_cannot_alarm_does_not_make_the_others_prove_more() -> None:
    alone: Weeks = {ALL: ((200, 30), (200, 30)), LATE: ((200, 6), (200, 18))}
    rare = {Watched("nps", "order", "tag:store", f"store-{number}"): ((8, 1), (1, 0)) for number in range(40)}

    (excess,), (among_many,) = found(alone), found({**alone, **rare})

    assert among_many.p_value == excess.p_value


@pytest.mark.parametrize(("a_week", "weeks"), [(500, 1), (100, 1), (60, 2), (30, 4), (10, 4)])
def test_a_small_shop_is_looked_at_over_some_weeks(a_week: int, weeks: int) -> None:
    days = {SUNDAY - number * WEEK: Count(a_week) for number in range(20)}

    assert window_start(days, SUNDAY) == SUNDAY + timedelta(days=1) - weeks * WEEK


def test_the_usual_is_the_quarter_before_the_window() -> None:
    days = {SUNDAY - number * WEEK: Count(100, number) for number in range(30)}

    assert EVERY_DAY.usual(days, date(2026, 1, 12)) == Count(1300, sum(range(1, 14)))


def test_days_can_be_left_out_of_the_usual() -> None:
    days = {SUNDAY - number * WEEK: Count(100, number) for number in range(30)}
    without_the_second = Ground(since=SUNDAY - 3 * WEEK, spans=((SUNDAY - 2 * WEEK, SUNDAY - 2 * WEEK),))

    assert without_the_second.usual(days, date(2026, 1, 12)) == Count(200, 1 + 3)


def test_what_comes_before_the_first_count_is_nothing() -> None:
    assert excesses({}, {}, SUNDAY, {}) == ()
