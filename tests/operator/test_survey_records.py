"""Whoever asks what is kept of them is shown all of it."""

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from cx_domain.orders import Item, OrderDetails, OrderFacts
from cx_domain.surveys import Ruling, Survey
from cx_domain.tickets import Ticket
from cx_domain.visits import Reply, Visit
from infra.aws.customer_table import Customer
from infra.survey_records import customer, record, ticket
from tests.builders import ACME, SENT_AT, answered, sent

OTHERWISE = {
    "subject_id": "order",
    "replies": "answers",
    "details": "buyer",
    "order": "buyer",
    "visible": "visible_seconds",
    "survey_id": "survey",
}
"""What is shown by another name."""
PARTS = {"consent": "said", "consent_at": "at", "consent_source": "source", "consent_wording": "wording"}
OURS = {"shop", "claim", "version"}
"""What says nothing of the person: the shop stands above, the rest is how we write."""
ALL = record(answered(sent(), 9, SENT_AT + timedelta(hours=1)), ACME)


def names(told: Any) -> set[str]:
    """Every name in a record, at whatever depth."""
    match told:
        case dict():
            return set(told).union(*map(names, told.values()))
        case list():
            return set().union(*map(names, told))
        case _:
            return set()


@pytest.mark.parametrize("kept", [Survey, OrderFacts, OrderDetails, Item, Visit, Reply])
def test_everything_that_is_kept_of_a_survey_is_shown(kept: Any) -> None:
    wanted = {OTHERWISE.get(one.name, PARTS.get(one.name, one.name)) for one in fields(kept)} - OURS

    assert wanted - names(ALL) == set()


def test_everything_that_is_kept_of_a_customer_is_shown() -> None:
    shown = customer(Customer())

    assert {OTHERWISE.get(one.name, one.name) for one in fields(Customer)} == set(shown) - {"order_hashes"}


def test_everything_that_is_kept_of_a_support_case_is_shown() -> None:
    assert {one.name for one in fields(Ticket)} == set(ticket(Ticket("T-1", SENT_AT)))


def test_everything_that_is_kept_of_a_ruling_is_shown() -> None:
    ruled = Ruling(counts=True, why="Anna called", at=SENT_AT)
    shown = record(replace(sent(), rulings=(ruled,)), ACME)["rulings"]

    assert [set(one) for one in shown] == [{one.name for one in fields(Ruling)}]
