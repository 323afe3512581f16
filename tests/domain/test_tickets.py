"""A support case is heard as an order's news is: it "happens" when it is solved."""

from dataclasses import replace
from datetime import timedelta

from cx_domain.order_fields import TicketEvent
from cx_domain.tickets import as_order_event
from tests.builders import ACME, FULFILLED_AT, NPS, heard

ABOUT_CASES = replace(NPS, kind="csat", touchpoint="support", on="ticket-solved", delay=timedelta(hours=1))
SOLVED = TicketEvent(
    ticket_id="T-77",
    updated_at=FULFILLED_AT,
    email="anna@kowalska.example",
    first_name="Anna",
    language="pl",
    country="PL",
    opened_at=FULFILLED_AT - timedelta(hours=5),
    solved_at=FULFILLED_AT,
    agent="Jan",
    topic="a torn tent",
    order="1001",
)


def test_a_solved_case_is_asked_about_after_the_shops_delay() -> None:
    survey = heard(as_order_event(SOLVED), rule=ABOUT_CASES)

    assert (survey.subject_type, survey.stage) == ("ticket", "planned")
    assert survey.due_at == FULFILLED_AT + timedelta(hours=1)


def test_an_open_case_waits() -> None:
    survey = heard(as_order_event(replace(SOLVED, solved_at=None)), rule=ABOUT_CASES)

    assert survey.stage == "waiting"


def test_a_case_without_an_address_is_refused_by_name() -> None:
    survey = heard(as_order_event(replace(SOLVED, email=None)), rule=ABOUT_CASES)

    assert survey.reason == "no-address"


def test_a_case_carries_who_worked_on_it_and_what_it_was_about() -> None:
    details = as_order_event(SOLVED).details

    assert details is not None
    assert details.tags == (("agent", "Jan"), ("topic", "a torn tent"))


def test_a_case_of_nobody_in_particular_has_no_empty_tags() -> None:
    details = as_order_event(replace(SOLVED, agent=None, topic=None)).details

    assert details is not None
    assert details.tags == ()


def test_a_case_is_known_to_people_by_its_own_number() -> None:
    details = as_order_event(SOLVED).details

    assert details is not None
    assert details.number == "T-77"


def test_consent_is_asked_for_in_the_customers_country_for_cases_too() -> None:
    german = as_order_event(replace(SOLVED, country="DE", consent=None))

    assert heard(german, rule=ABOUT_CASES, shop=ACME).reason == "no-consent"
