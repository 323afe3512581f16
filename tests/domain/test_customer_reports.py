"""A month's report of customers, from histories whose truth is known; and that it fits its schema."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_domain.calendars import parse_period
from cx_domain.customer_reports import customers, customers_json
from cx_domain.histories import History, Purchase
from cx_domain.shops import CustomerRule
from tests.builders import ACME
from tests.customers import bought, history, said

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/report-customers.schema.json").read_text(encoding="utf-8"))
JANUARY = parse_period("2026-01")
SHOP = replace(ACME, customers=CustomerRule(timedelta(days=90), timedelta(days=180)))


def told(histories: Sequence[History]) -> dict[str, Any]:
    found = customers_json(customers(SHOP, JANUARY, lambda: histories), SHOP.reports.hide_below)
    jsonschema.validate(found, SCHEMA)
    return found


def alike(times: int, orders: Sequence[Purchase], answers: Sequence[tuple[int, float]] = ()) -> list[History]:
    given_answers = [said(score, days) for score, days in answers]
    return [history(orders, given_answers, f"{len(orders)}-{answers}-{number}") for number in range(times)]


@pytest.fixture
def january() -> list[History]:
    """Forty customers, in groups of eight."""
    return [
        *alike(8, [bought(10, "100", country="PL")]),
        *alike(8, [bought(300, "100", country="PL"), bought(230, "60", country="PL")], [(10, 290)]),
        *alike(8, [bought(300, "100", country="DE")], [(2, 290)]),
        *alike(8, [bought(150, "40", country="DE"), bought(5, "40", country="DE")], [(9, 140), (3, 3)]),
        *alike(8, [bought(100, "25", "EUR", country="DE")], [(8, 95)]),
    ]


def test_the_customer_base_of_january_is_as_it_was(january: list[History]) -> None:
    whole = told(january)["customer_base"]["whole"]

    assert whole["start"] == {"active": 8, "lost": 16, "not-yet": 8, "sleeping": 8}
    assert whole["end"] == {"lost": 16, "new": 8, "reactivated": 8, "sleeping": 8}


def test_its_countries_are_told_apart(january: list[History]) -> None:
    countries = [one for one in told(january)["customer_base"]["segments"] if one["dimension"] == "country"]

    assert [(one["value"], one["customers"], one["end"].get("lost", 0)) for one in countries] == [
        ("DE", 24, 8),
        ("PL", 16, 8),
    ]


def test_a_segment_is_never_the_customers_being_new_or_returning(january: list[History]) -> None:
    assert "customer" not in {one["dimension"] for one in told(january)["customer_base"]["segments"]}


def test_opinions_turned_as_they_did(january: list[History]) -> None:
    (opinions,) = told(january)["customer_base"]["opinions"]

    assert opinions["whole"]["moves"] == [{"from": "promoter", "to": "detractor", "customers": 8}]
    assert (opinions["whole"]["worse"], opinions["first_answers"]) == (8, 0)


def test_promoters_bought_again_and_detractors_did_not(january: list[History]) -> None:
    (question,) = told(january)["loyalty"]["questions"]

    by_bucket = {
        one["bucket"]: [(again["n"], again["share"]) for again in one["bought_again"]] for one in question["buckets"]
    }
    assert by_bucket == {
        "promoter": [(16, 0.0), (16, 0.5), (8, 1.0)],
        "passive": [(8, 0.0), (8, 0.0), (0, None)],
        "detractor": [(8, 0.0), (8, 0.0), (8, 0.0)],
    }
    assert [one["gone"]["share"] for one in question["buckets"]] == [0.0, None, 1.0]


def test_what_is_at_risk_is_told_by_currency(january: list[History]) -> None:
    risk = {one["currency"]: one for one in told(january)["loyalty"]["revenue_at_risk"]}

    assert (risk["PLN"]["customers"], risk["PLN"]["revenue"]) == (8, "640")
    assert risk["PLN"]["share"] == 640 / (800 + 1280 + 800 + 640)
    assert (risk["EUR"]["customers"], risk["EUR"]["revenue"], risk["EUR"]["share"]) == (0, "0", 0.0)


def test_what_happened_after_the_close_changes_no_report(january: list[History]) -> None:
    # Acme's January closes at midnight in Warsaw, an hour before the moment that the days are counted from.
    later = [replace(one, orders=(*one.orders, bought(-3)), answers=(*one.answers, said(0, -2))) for one in january]

    assert told(later) == told(january)


def test_the_shops_own_rhythm_is_learnt_from_all_its_customers() -> None:
    regulars = [history([bought(10 + wait), bought(10)], customer=f"customer-{wait}") for wait in range(1, 101)]

    found = customers(ACME, JANUARY, lambda: regulars).base.rhythm

    assert (found.sleeping_after, found.lost_after, found.gaps) == (timedelta(days=80), timedelta(days=95), 100)


def test_a_shop_without_customers_has_a_report_that_says_so() -> None:
    found = told([])

    assert (found["customer_base"]["whole"], found["loyalty"]["questions"]) == (None, [])


PASTS = st.builds(
    history,
    st.lists(st.builds(bought, st.floats(0.5, 700), st.sampled_from(["0.10", "99.80", "7.333"])), max_size=4),
    st.lists(st.builds(said, st.integers(0, 10), st.floats(0.5, 700)), max_size=3),
)


@settings(deadline=None)
@given(st.lists(PASTS, max_size=12), st.randoms(use_true_random=False))
def test_in_whatever_order_and_files_customers_come_the_report_is_the_same(pasts: list[History], random: Any) -> None:
    shuffled = list(pasts)
    random.shuffle(shuffled)

    assert json.dumps(told(shuffled)) == json.dumps(told(pasts))
