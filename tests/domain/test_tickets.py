"""A support case is heard as an order's news is: it "happens" when it is solved."""

from dataclasses import replace
from datetime import datetime, timedelta

from cx_domain.order_fields import TicketEvent
from cx_domain.tickets import Course, as_order_event
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


MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (FULFILLED_AT + timedelta(days=number) for number in range(4))


def course(openings: tuple[datetime, ...], solvings: tuple[datetime, ...]) -> Course:
    return Course(openings=frozenset(openings), solvings=frozenset(solvings))


def test_a_case_that_came_back_is_solved_when_it_last_was() -> None:
    found = course((MONDAY, WEDNESDAY), (TUESDAY, THURSDAY))

    assert (found.opened_at, found.solved_at, found.reopened) == (MONDAY, THURSDAY, 1)
    assert found.others() == (TUESDAY, WEDNESDAY)


def test_a_case_that_is_open_again_is_not_solved() -> None:
    found = course((MONDAY, WEDNESDAY), (TUESDAY,))

    assert (found.solved_at, found.reopened) == (None, 1)


def test_who_solves_a_case_twice_opened_it_in_between() -> None:
    assert course((MONDAY,), (TUESDAY, THURSDAY)).reopened == 1


def test_a_case_that_was_solved_once_never_came_back() -> None:
    assert course((MONDAY,), (TUESDAY,)).reopened == 0
    assert course((MONDAY,), ()).reopened == 0


def test_the_first_reply_is_the_first() -> None:
    found = Course(frozenset({MONDAY}), frozenset({WEDNESDAY, TUESDAY}), frozenset())

    assert (found.first_reply_at, found.others()) == (TUESDAY, (WEDNESDAY,))
