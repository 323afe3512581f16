"""From an order's news to a planned or refused survey, in whatever order and however often the news comes."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_domain import identities, sending
from cx_domain.eligibility import Refuse
from cx_domain.orders import Happening, OrderDetails, OrderEvent, Standing
from cx_domain.planning import begin, hear, is_open, kept_until
from cx_domain.shops import Fallback, Shop, SurveyRule
from cx_domain.surveys import Reason, Survey
from tests.builders import (
    ACME,
    DUE_AT,
    FULFILLED_AT,
    KEY,
    NPS,
    NPS_WITH_REMINDER,
    PLACED_AT,
    SENT_AT,
    TENT_ORDER,
    acme,
    claimed,
    fulfilled,
    heard,
    news,
    placed,
    planned,
    sent,
)

LATER = FULFILLED_AT + timedelta(hours=1)
CANCELLED = OrderEvent("1001", LATER, standing="cancelled")
REFUNDED = OrderEvent("1001", LATER, standing="refunded")


def email(survey: Survey) -> str | None:
    return survey.order.details.email if survey.order.details else None


def test_a_placed_order_waits_for_its_fulfilment() -> None:
    survey = heard(placed())

    assert (survey.stage, survey.due_at) == ("waiting", None)


def test_a_fulfilled_order_is_planned_for_a_week_later() -> None:
    survey = heard(placed(), fulfilled())

    assert (survey.stage, survey.due_at) == ("planned", DUE_AT)


def test_the_customer_is_known_by_a_name_without_an_address() -> None:
    survey = heard(fulfilled())

    assert survey.customer == identities.customer_key(KEY, ACME.id, "anna@kowalska.example")


def test_a_repeated_webhook_changes_nothing() -> None:
    once = heard(fulfilled())

    assert heard(fulfilled(), fulfilled()) == once


def test_a_late_placed_event_does_not_undo_the_fulfilment() -> None:
    assert heard(fulfilled(), placed()) == heard(placed(), fulfilled())


def test_a_refund_after_planning_cancels_the_survey() -> None:
    survey = heard(fulfilled(), REFUNDED)

    assert (survey.stage, survey.reason, survey.due_at) == ("refused", "refunded", None)


def test_a_cancellation_before_its_order_is_not_forgotten() -> None:
    survey = heard(CANCELLED, fulfilled())

    assert (survey.stage, survey.reason) == ("refused", "cancelled")


def test_an_order_that_is_live_again_is_planned_again() -> None:
    again = news(LATER + timedelta(hours=1), {"fulfilled": FULFILLED_AT})

    survey = heard(fulfilled(), CANCELLED, again, now=LATER + timedelta(hours=2))

    assert (survey.stage, survey.reason, survey.due_at) == ("planned", None, DUE_AT)


def test_when_it_was_first_refused_is_remembered_so_that_the_day_file_can_drop_its_line() -> None:
    again = news(LATER + timedelta(hours=1), {"fulfilled": FULFILLED_AT})

    survey = heard(fulfilled(), CANCELLED, again, now=LATER)

    assert survey.refused_at == LATER


def test_the_address_of_a_refused_survey_leaves() -> None:
    survey = heard(fulfilled(), CANCELLED)

    assert survey.order.details == replace(TENT_ORDER, email=None, first_name=None)


def test_a_survey_that_is_refused_twice_was_refused_at_the_first_time() -> None:
    refused = heard(fulfilled(), CANCELLED, now=LATER)

    again = hear(refused, REFUNDED, NPS, ACME, key=KEY, now=LATER + timedelta(days=1))

    assert again.refused_at == LATER


def test_a_corrected_address_is_where_the_mail_will_go() -> None:
    corrected = news(LATER, email="anna.kowalska@post.example")

    survey = heard(fulfilled(), corrected)

    assert email(survey) == "anna.kowalska@post.example"
    assert survey.customer == identities.customer_key(KEY, ACME.id, "anna.kowalska@post.example")


def test_an_address_that_the_shop_took_away_is_gone_whichever_came_first() -> None:
    redacted = news(LATER, {"fulfilled": FULFILLED_AT}, email=None)

    orders = [heard(fulfilled(), redacted), heard(redacted, fulfilled())]

    assert [(survey.stage, survey.reason, survey.customer) for survey in orders] == [
        ("refused", "no-address", None)
    ] * 2


def test_a_refused_survey_heard_again_is_still_refused_for_the_same_reason() -> None:
    without_consent = fulfilled(country="DE", consent=False)

    survey = heard(without_consent, without_consent)

    assert (survey.stage, survey.reason) == ("refused", "no-consent")


def test_consent_that_is_given_later_makes_the_survey_planned() -> None:
    consented = news(LATER, country="DE", consent=True)

    survey = heard(fulfilled(country="DE", consent=False), consented)

    assert (survey.stage, survey.due_at) == ("planned", DUE_AT)


def test_a_shops_wrong_clock_does_not_win_every_later_event() -> None:
    next_year = news(FULFILLED_AT + timedelta(days=365), standing="cancelled")
    an_hour_later = news(LATER, {"fulfilled": FULFILLED_AT})

    refused = heard(fulfilled(), next_year)
    survey = hear(refused, an_hour_later, NPS, ACME, key=KEY, now=LATER)

    assert survey.stage == "planned"


def test_a_cancellation_after_the_mail_is_noted_and_stops_nothing() -> None:
    survey = hear(sent(), CANCELLED, NPS, ACME, key=KEY, now=SENT_AT + timedelta(days=1))

    assert (survey.stage, survey.order.standing) == ("sent", "cancelled")


def test_what_was_asked_stays_as_it_was_asked() -> None:
    renamed = news(LATER, first_name="Maria", email="maria@kowalska.example")

    survey = hear(claimed(), renamed, NPS, ACME, key=KEY, now=SENT_AT)

    assert survey.order.details == TENT_ORDER


def test_consent_that_is_taken_back_after_the_mail_stops_the_reminder_and_stays_proof_of_the_mail() -> None:
    asked = heard(fulfilled(country="DE"), rule=NPS_WITH_REMINDER)
    mailed = sending.accepted(
        sending.claimed(asked, NPS_WITH_REMINDER, claim="message-1", language="de", now=SENT_AT),
        *(NPS_WITH_REMINDER, ACME),
        message_id="0100-tent",
        now=SENT_AT,
    )

    older = hear(mailed, news(PLACED_AT, country="DE", consent=False), NPS_WITH_REMINDER, ACME, key=KEY, now=SENT_AT)
    newer = hear(mailed, news(LATER, country="DE", consent=False), NPS_WITH_REMINDER, ACME, key=KEY, now=SENT_AT)

    assert (mailed.due_at is None, older.due_at, newer.due_at) == (False, mailed.due_at, None)
    assert newer.order.details == mailed.order.details


@pytest.mark.parametrize(("country", "reason"), [("DE", "no-consent"), ("PL", None)])
def test_consent_that_is_taken_back_while_the_mail_leaves_holds_if_it_did_not(
    country: str, reason: Reason | None
) -> None:
    in_flight = sending.claimed(heard(fulfilled(country=country)), NPS, claim="message-1", language="de", now=SENT_AT)

    told = hear(in_flight, news(LATER, country=country, consent=None), NPS, ACME, key=KEY, now=SENT_AT)
    checked = sending.check(sending.put_off(told, SENT_AT), NPS, ACME, SENT_AT)

    assert checked == (sending.Go(NPS) if reason is None else Refuse(reason))


def test_a_survey_refused_when_its_mail_was_due_is_not_planned_by_later_news() -> None:
    asked_recently = sending.turned_down(claimed(), "asked-recently", SENT_AT)

    survey = hear(asked_recently, news(LATER), NPS, ACME, key=KEY, now=SENT_AT)

    assert (survey.stage, survey.reason) == ("refused", "asked-recently")
    assert not is_open(survey)


def test_nothing_of_an_erased_survey_comes_back() -> None:
    tombstone = replace(begin(KEY, ACME, NPS, "1001"), stage="erased")

    assert hear(tombstone, fulfilled(), NPS, ACME, key=KEY, now=LATER) == tombstone


def test_news_that_changes_nothing_leaves_nothing_to_write() -> None:
    survey = planned()

    assert hear(survey, OrderEvent("1001", LATER), NPS, ACME, key=KEY, now=LATER) == survey


def test_a_partial_refund_is_asked_about_unless_the_shop_says_no() -> None:
    partly = news(LATER, {"fulfilled": FULFILLED_AT}, "partly-refunded")

    asking, skipping = (heard(fulfilled(), partly, shop=acme(partly_refunded=choice)) for choice in ("ask", "skip"))

    assert (asking.stage, asking.due_at) == ("planned", DUE_AT)
    assert (skipping.stage, skipping.reason) == ("refused", "partly-refunded")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("8awgqyk6a5+cub31c122@allegromail.pl", "relay-address"),
        ("no-reply@post.example", "no-reply-address"),
        ("piotr@acme.example", "staff-address"),
    ],
)
def test_what_was_decided_by_an_address_stays_decided_when_the_address_has_left(address: str, reason: Reason) -> None:
    shop = acme(staff_domains=("acme.example",))
    parcel = OrderEvent("1001", LATER, {"delivered": LATER})

    survey = heard(fulfilled(email=address), parcel, shop=shop)

    assert (survey.stage, survey.reason, email(survey)) == ("refused", reason, None)


def test_a_domain_that_the_shop_calls_its_own_later_stays_refused_when_the_address_has_left() -> None:
    before = heard(fulfilled(email="piotr@acme.example"))
    now_staff = acme(staff_domains=("acme.example",))

    once = hear(before, fulfilled(email="piotr@acme.example"), NPS, now_staff, key=KEY, now=LATER)
    twice = hear(once, OrderEvent("1001", LATER, {"delivered": LATER}), NPS, now_staff, key=KEY, now=LATER)

    assert (once.reason, twice.reason) == ("staff-address", "staff-address")


def test_a_colleagues_order_that_is_refused_when_its_mail_is_due_is_not_planned_by_later_news() -> None:
    before = heard(fulfilled(email="piotr@acme.example"))
    now_staff = acme(staff_domains=("acme.example",))

    found = sending.check(before, NPS, now_staff, SENT_AT)
    refused = sending.turned_down(before, "staff-address", SENT_AT)
    again = hear(refused, OrderEvent("1001", LATER, {"delivered": LATER}), NPS, now_staff, key=KEY, now=SENT_AT)

    assert found == Refuse("staff-address")
    assert (again.stage, again.reason, email(again)) == ("refused", "staff-address", None)


def test_a_repeated_webhook_of_a_colleagues_refunded_order_changes_nothing() -> None:
    shop = acme(staff_domains=("acme.example",))
    ordered = fulfilled(email="piotr@acme.example")
    refunded = heard(ordered, REFUNDED, shop=shop, now=LATER)

    assert hear(refunded, ordered, NPS, shop, key=KEY, now=LATER) == refunded


def test_a_corrected_address_of_a_person_makes_the_survey_planned() -> None:
    corrected = news(LATER, {"fulfilled": FULFILLED_AT})

    survey = heard(fulfilled(email="noreply@post.example"), corrected)

    assert (survey.stage, email(survey)) == ("planned", "anna@kowalska.example")


def test_a_delivery_that_is_told_after_the_fallback_planned_moves_the_survey() -> None:
    delivered = OrderEvent("1001", LATER, {"delivered": LATER})

    without, moved = (heard(fulfilled(), *more, rule=PATIENT, now=LATER) for more in ([], [delivered]))

    assert without.due_at == FULFILLED_AT + timedelta(days=2)
    assert moved.due_at == LATER + timedelta(days=1)


# --- however it comes --------------------------------------------------------------------------------------------------

HAPPENINGS: tuple[Happening, ...] = ("placed", "paid", "fulfilled", "delivered")
STANDINGS: tuple[Standing, ...] = ("live", "partly-refunded", "refunded", "cancelled")
STILL_STANDING: tuple[Standing, ...] = ("live", "partly-refunded")
PICKY = acme(minimum_total=Decimal(20), staff_domains=("acme.example",), partly_refunded="skip")
PATIENT = replace(NPS, on="delivered", delay=timedelta(days=1), fallback=Fallback("fulfilled", timedelta(days=2)))
MINUTES = st.integers(min_value=0, max_value=3 * 24 * 60)
DETAILS = st.builds(
    OrderDetails,
    number=st.just("1001"),
    email=st.sampled_from(
        ["anna@kowalska.example", "piotr@acme.example", "8aw+cub3@allegromail.pl", "noreply@post.example", None]
    ),
    first_name=st.just("Anna"),
    country=st.sampled_from(["PL", "DE", None]),
    consent=st.sampled_from([True, False, None]),
    total=st.sampled_from([None, Decimal("99.80"), Decimal("5.00")]),
    gift_cards_only=st.booleans(),
    test=st.booleans(),
)


@st.composite
def events_of_an_order(draw: st.DrawFn) -> list[OrderEvent]:
    """One order's news: whoever tells that it stands also tells what was bought; no two tell that at the same time."""
    minutes = draw(st.lists(MINUTES, min_size=1, max_size=6, unique=True))
    return [draw(event_at(minute)) for minute in minutes]


@st.composite
def event_at(draw: st.DrawFn, minute: int) -> OrderEvent:
    standing = draw(st.sampled_from([*STANDINGS, None]))
    happened = draw(st.dictionaries(st.sampled_from(HAPPENINGS), MINUTES, max_size=3))
    details = draw(DETAILS if standing in STILL_STANDING else st.none() | DETAILS)
    times = {name: PLACED_AT + timedelta(minutes=at) for name, at in happened.items()}
    return OrderEvent("1001", PLACED_AT + timedelta(minutes=minute), times, standing, details)


def end(events: list[OrderEvent], rule: SurveyRule, shop: Shop) -> tuple[str, Reason | None, Any, Any, Any]:
    survey = heard(*events, rule=rule, shop=shop, now=PLACED_AT + timedelta(days=4))
    return survey.stage, survey.reason, survey.due_at, survey.customer, email(survey)


@settings(deadline=None)
@given(
    events=events_of_an_order(),
    rule=st.sampled_from([NPS, PATIENT]),
    shop=st.sampled_from([PICKY, ACME]),
    data=st.data(),
)
def test_any_order_and_any_repetition_of_an_orders_news_leads_to_the_same_end(
    events: list[OrderEvent], rule: SurveyRule, shop: Shop, data: st.DataObject
) -> None:
    repeated = events + data.draw(st.lists(st.sampled_from(events), max_size=4))

    shuffled = data.draw(st.permutations(repeated))

    assert end(shuffled, rule, shop) == end(events, rule, shop)


@settings(deadline=None)
@given(events=events_of_an_order(), data=st.data())
def test_hearing_everything_once_more_changes_nothing(events: list[OrderEvent], data: st.DataObject) -> None:
    survey = heard(*events, shop=PICKY, now=PLACED_AT + timedelta(days=4))

    again = hear(survey, data.draw(st.sampled_from(events)), NPS, PICKY, key=KEY, now=PLACED_AT + timedelta(days=4))

    assert again == survey


def test_an_order_of_which_nothing_more_is_heard_is_forgotten_after_half_a_year() -> None:
    waiting, planned_survey = heard(placed()), heard(placed(), fulfilled())

    assert kept_until(waiting, ACME, FULFILLED_AT) == FULFILLED_AT + timedelta(days=180)
    assert kept_until(planned_survey, ACME, FULFILLED_AT) == FULFILLED_AT + ACME.reports.retention


def test_a_shop_that_keeps_answers_for_less_keeps_waiting_orders_no_longer() -> None:
    shop = replace(ACME, reports=replace(ACME.reports, retention=timedelta(days=60)))

    assert kept_until(heard(placed()), shop, FULFILLED_AT) == FULFILLED_AT + timedelta(days=60)


def test_an_order_that_is_said_to_live_again_without_its_address_is_turned_down_for_want_of_it() -> None:
    at = FULFILLED_AT + timedelta(hours=1)
    cancelled = heard(fulfilled(), news(at, standing="cancelled"))
    live = OrderEvent("1001", at + timedelta(hours=1), {}, "live", None)

    revived = hear(cancelled, live, NPS, ACME, key=KEY, now=at)

    assert (cancelled.address, revived.address) == (None, None)
    assert sending.check(revived, NPS, ACME, SENT_AT) == Refuse("no-address")
