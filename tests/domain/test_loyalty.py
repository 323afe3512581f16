"""What promoters, passives and detractors did after they had answered, as of one moment."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from cx_domain.histories import History, Purchase, Question
from cx_domain.kinds import Bucket
from cx_domain.loyalty import Deeds, Loyalty, loyalty_json
from tests.customers import CLOSE, CSAT, NPS, RHYTHM, bought, history, said


def loyalty(*histories: History) -> Loyalty:
    found = Loyalty(CLOSE, RHYTHM)
    for one in histories:
        found.add(one)
    return found


def deeds(bucket: Bucket, *histories: History, question: Question = NPS) -> Deeds:
    return loyalty(*histories).deeds[question][bucket]


def bought_again(bucket: Bucket, *histories: History) -> list[tuple[int, int]]:
    """Of 30, 90 and 180 days: how many it can be said of, and how many bought."""
    return [(share.n, share.hits) for share in deeds(bucket, *histories).bought_again]


def gone(bucket: Bucket, *histories: History) -> tuple[int, int]:
    share = deeds(bucket, *histories).gone
    return share.n, share.hits


def told(*histories: History, hide_below: int = 1) -> dict[str, Any]:
    return loyalty_json(loyalty(*histories), hide_below)


# --- who bought again --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days_later", "hits"), [(1, [1, 1, 1]), (30, [1, 1, 1]), (30.1, [0, 1, 1]), (90.1, [0, 0, 1]), (180.1, [0, 0, 0])]
)
def test_a_customer_bought_again_within_so_many_days_of_the_answer(days_later: float, hits: list[int]) -> None:
    anna = history([bought(320), bought(300 - days_later)], [said(9, 300)])

    assert bought_again("promoter", anna) == [(1, hit) for hit in hits]


def test_the_order_that_was_asked_about_is_not_bought_again() -> None:
    assert bought_again("promoter", history([bought(210)], [said(9, 200)])) == [(1, 0), (1, 0), (1, 0)]


def test_who_answered_a_week_ago_has_not_had_the_time() -> None:
    assert bought_again("promoter", history([bought(10)], [said(9, 7)])) == [(0, 0), (0, 0), (0, 0)]


def test_who_bought_at_once_does_not_count_before_the_others_have_had_the_time() -> None:
    # Else the quick would be counted and the slow would not, and every share would be too high.
    assert bought_again("promoter", history([bought(10), bought(3)], [said(9, 7)])) == [(0, 0), (0, 0), (0, 0)]


@pytest.mark.parametrize(("answered", "ns"), [(29.9, [0, 0, 0]), (30, [1, 0, 0]), (90, [1, 1, 0]), (180, [1, 1, 1])])
def test_an_answer_is_judged_when_it_has_had_all_its_time(answered: float, ns: list[int]) -> None:
    assert [n for n, _ in bought_again("promoter", history([bought(200)], [said(9, answered)]))] == ns


def test_a_customer_counts_once_by_the_newest_answer_that_is_old_enough() -> None:
    anna = history([bought(250), bought(150)], [said(3, 240), said(9, 200), said(8, 40)])

    assert bought_again("detractor", anna) == [(0, 0), (0, 0), (0, 0)]
    assert bought_again("promoter", anna) == [(0, 0), (1, 1), (1, 1)]
    assert bought_again("passive", anna) == [(1, 0), (0, 0), (0, 0)]


def test_kinds_and_touchpoints_stay_apart() -> None:
    anna = history([bought(250), bought(150)], [said(9, 200), said(1, 200, CSAT)])

    assert deeds("promoter", anna).bought_again[1].n == 1
    assert deeds("detractor", anna, question=CSAT).bought_again[1].n == 1
    assert deeds("detractor", anna).bought_again[1].n == 0


# --- who is gone -------------------------------------------------------------------------------------------------------


def test_who_did_not_buy_within_the_shops_time_after_a_bad_experience_is_gone() -> None:
    assert gone("detractor", history([bought(210)], [said(2, 200)])) == (1, 1)
    assert gone("detractor", history([bought(210), bought(21)], [said(2, 200)])) == (1, 0)


def test_who_came_back_only_after_that_time_was_gone() -> None:
    assert gone("detractor", history([bought(400), bought(5)], [said(2, 390)])) == (1, 1)


def test_of_a_fresh_bad_experience_nobody_can_say() -> None:
    assert gone("detractor", history([bought(180)], [said(2, 179)])) == (0, 0)


def test_the_first_bad_experience_counts_and_no_later_one() -> None:
    anna = history([bought(600), bought(500)], [said(2, 590), said(2, 490)])

    assert gone("detractor", anna) == (1, 0)


def test_a_fresh_first_bad_experience_is_not_replaced_by_none() -> None:
    anna = history([bought(600)], [said(2, 100), said(3, 50)])

    assert gone("detractor", anna) == (0, 0)


# --- what they are worth -----------------------------------------------------------------------------------------------


def test_orders_and_revenue_of_the_last_year_go_to_the_newest_answer() -> None:
    anna = history([bought(400, "500"), bought(300, "100"), bought(20, "50.50")], [said(3, 290), said(10, 10)])

    found = deeds("promoter", anna)

    assert (found.orders.n, found.orders.total) == (1, Decimal(2))
    assert found.revenue["PLN"].total == Decimal("150.50")
    assert deeds("detractor", anna).orders.n == 0


def test_currencies_are_never_mixed() -> None:
    anna = history([bought(20, "100"), bought(30, "9", "EUR")], [said(9, 10)])
    jan = history([bought(20, "50")], [said(9, 10)], "jan")

    revenue = deeds("promoter", anna, jan).revenue

    assert {name: (sums.n, sums.total) for name, sums in revenue.items()} == {
        "PLN": (2, Decimal(150)),
        "EUR": (1, Decimal(9)),
    }


def test_who_bought_nothing_in_the_last_year_counts_as_nought() -> None:
    anna = history([bought(20, "100")], [said(9, 10)])
    jan = history([bought(500, "70")], [said(9, 490)], "jan")

    found = deeds("promoter", anna, jan)

    assert (found.orders.mean(), found.revenue["PLN"].mean()) == (0.5, 50)


def test_an_order_without_an_amount_counts_as_an_order_only() -> None:
    found = deeds("promoter", history([bought(20, None)], [said(9, 10)]))

    assert found.orders.total == 1
    assert not found.revenue


def test_of_whom_no_order_is_known_nothing_is_said_of_their_orders() -> None:
    assert deeds("promoter", history([], [said(9, 10)])).orders.n == 0


# --- what is at risk ---------------------------------------------------------------------------------------------------


def test_revenue_is_at_risk_whose_customer_was_unhappy_last_and_is_not_lost() -> None:
    unhappy = history([bought(100, "80"), bought(400, "999")], [said(9, 300), said(4, 90)])
    reconciled = history([bought(100, "70")], [said(2, 300), said(9, 90)], "jan")
    silent = history([bought(100, "50")], (), "ewa")

    (found,) = told(unhappy, reconciled, silent)["revenue_at_risk"]

    assert found == {"currency": "PLN", "customers": 1, "revenue": "80", "share": 0.4}


def test_what_is_lost_is_at_risk_no_more() -> None:
    (found,) = told(history([bought(200, "80")], [said(4, 190)]))["revenue_at_risk"]

    assert (found["customers"], found["revenue"]) == (0, "0")


@pytest.mark.parametrize(("scores", "at_risk"), [((9, 1), 1), ((2, 5), 0)])
def test_the_newest_answer_counts_whatever_was_asked(scores: tuple[int, int], at_risk: int) -> None:
    anna = history([bought(100)], [said(scores[0], 90), said(scores[1], 80, CSAT)])

    assert told(anna)["revenue_at_risk"][0]["customers"] == at_risk


# --- what is told ------------------------------------------------------------------------------------------------------


def customers(buyers: int, of: int) -> list[History]:
    again: list[Purchase] = [bought(195)]
    return [
        history([bought(210), *(again if number < buyers else [])], [said(10, 200)], f"customer-{number}")
        for number in range(of)
    ]


def test_a_share_has_its_n_and_wilsons_interval() -> None:
    (question,) = told(*customers(4, 5))["questions"]

    month = question["buckets"][0]["bought_again"][0]
    assert (month["days"], month["n"], month["share"]) == (30, 5, 0.8)
    assert month["interval"] == pytest.approx((0.3755, 0.9638), abs=1e-4)


def test_a_figure_of_few_customers_is_not_told() -> None:
    (question,) = told(*customers(4, 4), hide_below=5)["questions"]

    promoters = question["buckets"][0]
    assert promoters["bought_again"][0] == {"days": 30, "n": 4, "share": None, "interval": None}
    assert promoters["gone"] == {"n": 4, "share": None, "interval": None}
    assert promoters["orders_last_year"] == {"n": 4, "mean": None, "interval": None}
    assert promoters["revenue_last_year"] == [{"currency": "PLN", "n": 4, "mean": None, "interval": None}]


def test_revenue_at_risk_of_few_customers_is_not_told() -> None:
    unhappy = [history([bought(20)], [said(0, 10)], f"customer-{number}") for number in range(4)]

    (found,) = told(*unhappy, hide_below=5)["revenue_at_risk"]

    assert found == {"currency": "PLN", "customers": 4, "revenue": None, "share": None}


def test_the_revenue_of_the_few_who_are_not_at_risk_cannot_be_worked_out() -> None:
    unhappy = [history([bought(20, "50")], [said(0, 10)], f"customer-{number}") for number in range(5)]
    happy = history([bought(20, "777")], [said(10, 10)], "anna")

    (found,) = told(*unhappy, happy, hide_below=5)["revenue_at_risk"]

    assert found == {"currency": "PLN", "customers": 5, "revenue": "250", "share": None}


def test_without_answers_there_is_nothing_to_tell() -> None:
    assert told(history([bought(20, None)])) == {
        "lost_after_days": RHYTHM.lost_after / timedelta(days=1),
        "questions": [],
        "revenue_at_risk": [],
    }
