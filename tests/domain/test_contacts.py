"""What customers write about, and how often for each hundred orders."""

from dataclasses import replace
from math import exp, factorial
from typing import Any

import pytest

from cx_domain.backgrounds import Background
from cx_domain.calendars import parse_period
from cx_domain.contacts import contact_rate, contacts_json, poisson_interval, topics
from cx_domain.shops import Shop
from cx_domain.totals import DayTotal, day_total
from tests.builders import ACME
from tests.domain.support_cases import case

WEEK = parse_period("2026-W02")


def asked(kind: str = "nps", subject: str = "order", reason: str | None = None) -> dict[str, Any]:
    quiet = dict.fromkeys(("delivered", "bounced", "complained", "unsubscribed", "reminded", "answered"), False)
    sent_at = None if reason else "2026-01-05T09:00:00Z"
    return {"kind": kind, "subject": subject, "reason": reason, "sent_at": sent_at, **quiet}


def support(*cases: dict[str, Any], shop: Shop = ACME) -> DayTotal:
    return day_total([], [], shop, cases)


def of(topic: str, number: int) -> list[dict[str, Any]]:
    return [case(topic)] * number


def test_three_cases_on_two_hundred_orders_are_one_and_a_half_in_a_hundred() -> None:
    total = day_total([], [asked()] * 200, ACME, [case()] * 3)

    rate = contact_rate(total)

    assert (rate.opened, rate.orders, rate.per_hundred) == (3, 200, 1.5)


def test_an_order_that_is_asked_about_twice_is_one_order() -> None:
    total = day_total([], [asked("nps"), asked("csat"), asked("csat", subject="ticket")], ACME, [case()])

    assert contact_rate(total).orders == 1


@pytest.mark.parametrize(
    ("reason", "orders"),
    [("cancelled", 1), ("no-consent", 1), ("asked-recently", 1), ("test-order", 0), ("too-old", 0)],
)
def test_an_order_counts_whatever_came_of_its_survey_unless_it_was_none_of_the_period(reason: str, orders: int) -> None:
    assert contact_rate(day_total([], [asked(reason=reason)], ACME)).orders == orders


def test_without_orders_there_is_no_rate() -> None:
    rate = contact_rate(support(case()))

    assert (rate.opened, rate.orders, rate.per_hundred, rate.interval) == (1, 0, None, None)


@pytest.mark.parametrize(
    ("count", "exact"),
    [(0, (0, 3.689)), (1, (0.0253, 5.572)), (3, (0.6187, 8.767)), (10, (4.795, 18.39)), (100, (81.36, 121.6))],
)
def test_the_interval_of_a_count_is_near_the_exact_one(count: int, exact: tuple[float, float]) -> None:
    assert poisson_interval(count) == pytest.approx(exact, rel=0.01, abs=0.05)


@pytest.mark.parametrize("count", [10, 25, 60])
def test_at_the_intervals_ends_the_count_is_one_in_forty(count: int) -> None:
    low, high = poisson_interval(count)

    at_most = sum(exp(-high) * high**k / factorial(k) for k in range(count + 1))
    at_least = 1 - sum(exp(-low) * low**k / factorial(k) for k in range(count))

    assert (at_most, at_least) == pytest.approx((0.025, 0.025), abs=0.0005)


def test_topics_stand_by_how_often_they_come_with_their_share_of_all_cases() -> None:
    total = support(*of("returns", 3), *of("late", 6), case(topic=None))

    found = topics(WEEK, total, DayTotal())

    assert [(topic.topic, topic.cases.opened, topic.share) for topic in found] == [("late", 6, 60), ("returns", 3, 30)]
    assert [topic.change for topic in found] == [None, None]


def test_a_topic_that_doubled_is_told_with_its_change() -> None:
    now, then = support(*of("late", 40), *of("returns", 40)), support(*of("late", 20), *of("returns", 60))

    late = next(topic for topic in topics(WEEK, now, then) if topic.topic == "late")

    assert late.change is not None
    assert (late.change.period, late.change.difference) == ("2026-W01", 25)
    assert late.change.p_value is not None
    assert late.change.p_value < 0.01


def test_among_many_topics_a_change_needs_more_to_be_told_from_chance() -> None:
    others = [one for place in range(8) for one in of(f"topic-{place}", 10)]
    now, then = [*of("late", 30), *of("returns", 20)], [*of("late", 15), *of("returns", 35)]

    few = topics(WEEK, support(*now), support(*then))
    many = topics(WEEK, support(*now, *others), support(*then, *others))

    alone, among = (next(topic.change for topic in found if topic.topic == "late") for found in (few, many))
    assert alone is not None
    assert among is not None
    assert (alone.p_value or 0) < 0.01
    assert (among.p_value or 0) > 0.05


def test_of_sixty_topics_forty_nine_are_told_apart() -> None:
    total = support(*(one for place in range(60) for one in of(f"topic-{place:02}", 60 - place)))

    found = topics(WEEK, total, DayTotal())

    assert len(found) == 50
    assert found[-1].topic == "other"
    assert sum(topic.cases.opened for topic in found) == sum(range(1, 61))


def test_contacts_in_the_report() -> None:
    total = day_total([], [asked()] * 50, ACME, [*of("late", 5), case("returns", minutes=None)])

    found = contacts_json(WEEK, total, Background(rolling=total), 5)

    assert (found["opened"], found["orders"], found["per_hundred_orders"]) == (6, 50, 12)
    assert found["rolling"] == {name: found[name] for name in ("opened", "orders", "per_hundred_orders", "interval")}
    late, returns = found["topics"]
    assert (late["topic"], late["n"], late["solved"], late["median_hours"]) == ("late", 5, 5, 1)
    assert (returns["n"], returns["solved"], returns["median_hours"]) == (1, 0, None)


def test_a_topic_of_few_cases_tells_how_many_and_not_how_long() -> None:
    found = contacts_json(WEEK, support(*of("late", 4)), Background(), 5)

    assert [(topic["n"], topic["median_hours"], topic["median_first_reply_hours"]) for topic in found["topics"]] == [
        (4, None, None)
    ]


def test_a_shop_that_does_not_measure_its_people_counts_topics_all_the_same() -> None:
    quiet = replace(ACME, support=replace(ACME.support, staff=False))

    total = support(*of("late", 5), shop=quiet)

    assert (set(total.support.by("topic")), total.support.by("agent")) == ({"late"}, {})
