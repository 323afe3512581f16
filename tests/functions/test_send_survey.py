"""One due survey, one mail: claimed, looked at once more, and never sent again when nobody knows whether it was."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from cx_domain import sending
from functions import mail_events, send_survey
from infra import adapters, clock
from tests.functions.envelopes import CONTEXT, batch, mail_event
from tests.functions.world import (
    ACME_FILE,
    ANNA,
    DUE,
    World,
    counted,
    links_in,
    order_1001,
    order_id,
    ses_answers,
    ses_breaks,
    writes_throttled,
)

DUE_AT = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
SES = "https://email.eu-central-1.amazonaws.com"
DONE: dict[str, list[object]] = {"batchItemFailures": []}


@pytest.fixture
def due(world: World) -> World:
    """Order 1001's survey is due now."""
    world.order()
    world.at(DUE)
    return world


# --- the usual ---------------------------------------------------------------------------------------------------------


def test_a_due_survey_is_mailed_to_its_customer(due: World) -> None:
    answer = due.send()

    (mail,) = due.mails()
    assert answer == DONE
    assert mail["To"] == ANNA
    assert due.survey().stage == "sent"


def test_a_sent_survey_knows_when_until_when_and_in_which_language(due: World) -> None:
    due.send()

    survey = due.survey()
    assert (survey.sent_at, survey.expires_at, survey.language) == (DUE_AT, DUE_AT + timedelta(days=30), "pl")


def test_the_reminder_is_planned_when_the_mail_was_taken(due: World) -> None:
    due.send()

    assert due.survey().due_at == DUE_AT + timedelta(days=5)


def test_the_mail_has_one_link_for_each_score_and_one_to_stop(due: World) -> None:
    due.send()

    (mail,) = due.mails()
    base = f"https://ask.acme.example/s/{due.link('rate')}"
    assert [link for link in links_in(mail) if link.startswith(base)]
    assert mail["List-Unsubscribe"] == f"<https://ask.acme.example/u/{due.link('unsubscribe')}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_customers_order_is_counted_as_their_first(due: World) -> None:
    due.send()

    assert due.survey().customer_orders == 1


def test_a_second_message_about_the_same_survey_mails_nobody(due: World) -> None:
    due.send(message="message-1")

    due.send(message="message-2")

    assert len(due.mails()) == 1
    assert due.survey().stage == "sent"


def test_the_same_message_again_after_a_good_end_mails_nobody(due: World) -> None:
    due.send(message="message-1")
    settled = due.survey()

    due.send(message="message-1")

    assert len(due.mails()) == 1
    assert due.survey() == settled


def test_a_reminder_is_mailed_once_to_whoever_did_not_answer(due: World) -> None:
    due.send()
    due.at("2026-01-17T09:00:00Z")

    due.send(message="message-2")
    due.send(message="message-3")

    assert len(due.mails()) == 2
    assert (due.survey().stage, due.survey().due_at) == ("reminded", None)


def test_a_message_about_a_survey_that_is_not_there_is_done_with(world: World) -> None:
    assert world.send(order_id("nobody's")) == DONE


def test_a_broken_message_fails_alone_and_the_others_are_sent(due: World) -> None:
    good = ("message-1", json.dumps({"survey": order_1001()}))

    answer = send_survey.handler(batch("send_queue", ("message-0", "not JSON"), good), CONTEXT)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert len(due.mails()) == 1


def test_the_log_of_a_send_holds_no_address_and_no_link(due: World) -> None:
    due.send()

    assert ANNA not in due.log
    assert due.link() not in due.log


# --- what can have changed since it was planned ------------------------------------------------------------------------


def test_a_cancellation_between_planning_and_sending_stops_the_mail(due: World) -> None:
    due.order("order_cancelled", updated_at="2026-01-12T08:00:00Z")

    due.send()

    assert due.mails() == []
    assert (due.survey().stage, due.survey().reason) == ("refused", "cancelled")


def test_a_survey_that_comes_to_its_turn_at_night_waits_for_the_morning(world: World) -> None:
    world.order()
    world.at("2026-01-12T22:00:00Z")

    world.send()

    assert world.mails() == []
    assert (world.survey().stage, world.survey().due_at) == ("planned", datetime(2026, 1, 13, 7, 0, tzinfo=UTC))


def test_a_customer_who_was_asked_recently_is_not_asked_about_the_next_order(due: World) -> None:
    due.order(id="1002", number="1002")
    due.send()

    due.send(order_id("1002"), message="message-2")

    assert len(due.mails()) == 1
    assert (due.survey("1002").stage, due.survey("1002").reason) == ("refused", "asked-recently")


def test_after_ninety_days_the_same_customer_is_asked_again(due: World) -> None:
    due.send()
    due.at("2026-04-13T09:00:00Z")
    due.order(id="1002", number="1002", timestamp="2026-04-13T09:00:00Z", updated_at="2026-04-13T09:00:00Z")
    due.at("2026-04-20T09:00:00Z")

    due.send(order_id("1002"), message="message-2")

    assert [mail["To"] for mail in due.mails()] == [ANNA, ANNA]


def test_another_customer_is_asked_all_the_same(due: World) -> None:
    due.order(id="1002", number="1002", email="jan@example.com")
    due.send()

    due.send(order_id("1002"), message="message-2")

    assert [mail["To"] for mail in due.mails()] == [ANNA, "jan@example.com"]


def test_whoever_unsubscribed_is_not_asked(due: World) -> None:
    adapters.customers().unsubscribe(due.acme, due.customer_key(), clock.now())

    due.send()

    assert (due.mails(), due.survey().reason) == ([], "unsubscribed")


def test_whose_address_bounced_for_good_is_not_asked(due: World) -> None:
    adapters.customers().suppress(due.acme, due.customer_key(), "bounced", clock.now())

    due.send()

    assert (due.mails(), due.survey().reason) == ([], "suppressed")


def test_a_survey_that_the_shop_took_out_of_its_file_is_refused(due: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AFTERORDER_SHOP_CACHE_SECONDS", "0.000001")
    due.put_shop(ACME_FILE.read_text(encoding="utf-8").replace('kind = "nps"  ', 'kind = "csat"'))

    due.send()

    assert (due.mails(), due.survey().reason) == ([], "survey-removed")


def test_a_refused_survey_leaves_no_address_behind(due: World) -> None:
    due.order("order_cancelled", updated_at="2026-01-12T08:00:00Z")

    due.send()

    assert ANNA not in json.dumps(due.items())


# --- a sender that warms up --------------------------------------------------------------------------------------------

WARM_UP = "warm_up = 200"


@pytest.fixture
def cold(world: World) -> World:
    """Acme may send one mail on its first day, and two surveys are due."""
    world.put_shop(ACME_FILE.read_text(encoding="utf-8").replace(WARM_UP, "warm_up = 1"))
    world.order()
    world.order(id="1002", number="1002", email="jan@example.com")
    world.at(DUE)
    return world


def test_a_sender_that_warms_up_sends_the_days_first_mail_and_puts_the_second_off(cold: World) -> None:
    cold.send()
    cold.send(order_id("1002"), message="message-2")

    assert [mail["To"] for mail in cold.mails()] == [ANNA]
    waiting = cold.survey("1002")
    assert (waiting.stage, waiting.admitted_on) == ("planned", date(2026, 1, 13))
    assert waiting.due_at == datetime(2026, 1, 13, 7, 0, tzinfo=UTC)


def test_a_survey_leaves_at_its_place_and_takes_no_other(cold: World) -> None:
    cold.send()
    cold.send(order_id("1002"), message="message-2")
    places = cold.places_taken()

    cold.at("2026-01-13T07:00:00Z")
    cold.send(order_id("1002"), message="message-3")

    assert [mail["To"] for mail in cold.mails()] == [ANNA, "jan@example.com"]
    assert cold.places_taken() == places


def test_a_mail_that_ses_put_off_keeps_its_place(cold: World) -> None:
    with ses_answers("SendingPausedException"):
        cold.send()
    cold.at("2026-01-12T09:15:00Z")

    cold.send(message="message-2")

    assert (len(cold.mails()), cold.places_taken()) == (1, 1)


def test_a_place_of_a_day_that_is_over_is_not_used_on_top_of_the_next_days(cold: World) -> None:
    with ses_answers("TooManyRequestsException", message="Daily message quota exceeded."):
        cold.send()
    cold.at("2026-01-13T09:00:00Z")

    for number, survey in enumerate([order_1001(), order_id("1002"), order_1001(), order_id("1002")]):
        cold.send(survey, message=f"message-{number + 2}")

    assert (len(cold.mails()), cold.survey().admitted_on) == (1, date(2026, 1, 13))
    assert cold.survey("1002").due_at == datetime(2026, 1, 13, 14, 0, tzinfo=UTC)


def test_a_reminder_takes_a_place_like_any_mail(cold: World) -> None:
    cold.send()
    cold.at("2026-01-17T09:00:00Z")

    cold.send(message="message-2")

    assert (len(cold.mails()), cold.survey().admitted_on) == (2, date(2026, 1, 17))


def test_news_of_an_order_that_waits_for_its_place_does_not_let_it_jump_the_queue(cold: World) -> None:
    cold.send()
    cold.send(order_id("1002"), message="message-2")
    waiting = cold.survey("1002")

    cold.order(id="1002", number="1002", email="jan@example.com", updated_at="2026-01-12T09:00:00Z")

    assert cold.survey("1002").due_at == waiting.due_at


def test_an_order_that_is_cancelled_while_it_waits_for_its_place_is_not_asked_about(cold: World) -> None:
    cold.send()
    cold.send(order_id("1002"), message="message-2")
    cold.at("2026-01-13T07:00:00Z")
    cold.order("order_cancelled", id="1002", number="1002", updated_at="2026-01-12T10:00:00Z")

    cold.send(order_id("1002"), message="message-3")

    assert (len(cold.mails()), cold.survey("1002").reason) == (1, "cancelled")


def test_after_a_fortnight_the_sender_is_warm(cold: World) -> None:
    cold.send()
    cold.at("2026-01-26T09:00:00Z")

    cold.send(order_id("1002"), message="message-2")

    assert (len(cold.mails()), cold.survey("1002").admitted_on) == (2, None)


def test_a_shop_without_a_warm_up_counts_no_places(world: World) -> None:
    world.put_shop(ACME_FILE.read_text(encoding="utf-8").replace(WARM_UP, ""))

    world.mailed()

    assert (len(world.mails()), world.places_taken()) == (1, 0)


# --- one customer, many surveys ----------------------------------------------------------------------------------------


def test_a_customer_is_asked_once_over_all_kinds_and_orders(world: World) -> None:
    csat = '[[surveys]]\nkind = "csat"\non = "fulfilled"\ndelay = "7d"\nexpires = "30d"\n\n[limits]'
    world.put_shop(ACME_FILE.read_text(encoding="utf-8").replace("[limits]", csat))
    world.order()
    world.order(id="1002", number="1002")
    world.at(DUE)

    due = [order_id("1001"), order_id("1001", "csat"), order_id("1002"), order_id("1002", "csat")]
    for number, survey in enumerate(due):
        world.send(survey, message=f"message-{number}")

    found = [adapters.surveys().get(survey) for survey in due]
    assert [survey.reason for survey in found if survey] == [None, *["asked-recently"] * 3]
    assert len(world.mails()) == 1


def test_the_pause_counts_from_the_last_mail_also_if_that_was_the_reminder(due: World) -> None:
    due.send()
    due.at("2026-01-17T09:00:00Z")
    due.send(message="message-2")
    due.at("2026-04-06T09:00:00Z")
    due.order(id="1002", number="1002", timestamp="2026-04-06T09:00:00Z", updated_at="2026-04-06T09:00:00Z")
    due.at("2026-04-13T09:00:00Z")

    due.send(order_id("1002"), message="message-3")

    assert due.survey("1002").reason == "asked-recently"


def test_whoever_unsubscribed_between_mail_and_reminder_is_not_reminded(due: World) -> None:
    due.send()
    adapters.customers().unsubscribe(due.acme, due.customer_key(), clock.now())
    due.at("2026-01-17T09:00:00Z")

    due.send(message="message-2")

    assert (len(due.mails()), due.survey().stage, due.survey().due_at) == (1, "sent", None)


def test_whoever_took_it_back_is_asked_about_the_next_order(due: World) -> None:
    adapters.customers().unsubscribe(due.acme, due.customer_key(), clock.now())
    adapters.customers().resubscribe(due.acme, due.customer_key())

    due.send()

    assert len(due.mails()) == 1


# --- what SES says -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "message", "wait"),
    [
        ("TooManyRequestsException", "Maximum sending rate exceeded.", timedelta(minutes=1)),
        ("TooManyRequestsException", "Daily message quota exceeded.", timedelta(hours=6)),
        ("SendingPausedException", "", timedelta(minutes=15)),
        ("AccountSuspendedException", "", timedelta(minutes=15)),
    ],
)
def test_when_ses_wants_us_to_wait_the_survey_is_due_again_later(
    due: World, code: str, message: str, wait: timedelta
) -> None:
    with ses_answers(code, message=message):
        answer = due.send()

    assert answer == DONE
    assert (due.survey().stage, due.survey().due_at, due.survey().claim) == ("planned", DUE_AT + wait, None)


def test_a_mail_that_never_left_is_sent_a_minute_later(due: World) -> None:
    with ses_breaks(EndpointConnectionError(endpoint_url=SES)):
        due.send()
    due.at("2026-01-12T09:01:00Z")

    due.send(message="message-2")

    assert len(due.mails()) == 1
    assert due.survey().stage == "sent"


def test_a_mail_that_never_left_gives_the_customers_slot_back(due: World) -> None:
    due.order(id="1002", number="1002")
    with ses_breaks(ConnectTimeoutError(endpoint_url=SES)):
        due.send()

    due.send(order_id("1002"), message="message-2")

    assert due.survey("1002").stage == "sent"


def test_a_mail_that_ses_rejects_ends_the_survey_by_name(due: World) -> None:
    with ses_answers("MessageRejected"):
        due.send()

    assert (due.survey().stage, due.survey().reason) == ("refused", "mail-refused")


def test_when_ses_refuses_us_and_not_the_mail_the_survey_waits_until_it_is_mended(due: World) -> None:
    with ses_answers("AccessDeniedException", status=403):
        due.send()
    due.at("2026-01-12T09:15:00Z")

    due.send(message="message-2")

    assert len(due.mails()) == 1
    assert due.survey().stage == "sent"


def test_a_time_out_after_the_mail_left_stands_as_unknown(due: World, capsys: pytest.CaptureFixture[str]) -> None:
    with ses_breaks(ReadTimeoutError(endpoint_url=SES), after_taking_the_mail=True):
        answer = due.send()

    assert answer == DONE
    assert (due.survey().stage, due.survey().reason) == ("sending", "outcome-unknown")
    assert "send-failed" in counted(capsys.readouterr().out)


@pytest.mark.parametrize("message", ["message-1", "message-2"])
def test_a_mail_whose_outcome_is_unknown_is_never_sent_again(due: World, message: str) -> None:
    with ses_breaks(ReadTimeoutError(endpoint_url=SES), after_taking_the_mail=True):
        due.send()
    due.at("2026-01-13T09:00:00Z")

    due.sweep()
    due.send(message=message)

    assert len(due.mails()) == 1
    assert due.survey().reason == "outcome-unknown"


def test_an_internal_error_of_ses_is_unknown_too(due: World) -> None:
    with ses_answers("InternalFailure", status=500):
        due.send()

    assert due.survey().reason == "outcome-unknown"


def test_a_sender_that_died_after_its_claim_comes_back_and_does_not_send(due: World) -> None:
    claimed_and_died(due)

    due.send(message="message-1")

    assert due.mails() == []
    assert (due.survey().stage, due.survey().reason) == ("sending", "outcome-unknown")


def test_another_message_does_not_touch_the_claim_of_a_sender_at_work(due: World) -> None:
    claimed_and_died(due)
    at_work = due.survey()

    due.send(message="message-2")

    assert (due.mails(), due.survey()) == ([], at_work)


def claimed_and_died(world: World) -> None:
    """A sender took message-1, claimed the survey, and was killed before it called SES."""
    before = world.survey()
    rule = adapters.shop(world.acme).surveys[0]
    claimed = sending.claimed(before, rule, claim="message-1", language="pl", now=clock.now())
    adapters.surveys().save(before, claimed, clock.now())


@pytest.mark.parametrize("event", ["mail_delivery", "mail_bounce", "mail_complaint"])
def test_an_event_of_ses_settles_what_was_unknown(due: World, event: str) -> None:
    with ses_breaks(ReadTimeoutError(endpoint_url=SES), after_taking_the_mail=True):
        due.send()

    mail_events.handler(batch(event, ("event-1", mail_event(event, order_1001()))), CONTEXT)

    assert (due.survey().stage, due.survey().reason) == ("sent", None)


def test_the_link_of_an_unknown_mail_works_for_it_may_have_arrived(due: World) -> None:
    with ses_breaks(ReadTimeoutError(endpoint_url=SES), after_taking_the_mail=True):
        due.send()

    assert due.survey().expires_at == DUE_AT + timedelta(days=30)


def test_a_customer_of_an_unknown_mail_is_not_asked_about_the_next_order(due: World) -> None:
    due.order(id="1002", number="1002")
    with ses_breaks(ReadTimeoutError(endpoint_url=SES), after_taking_the_mail=True):
        due.send()

    due.send(order_id("1002"), message="message-2")

    assert due.survey("1002").reason == "asked-recently"


def test_a_reminder_that_never_left_is_due_again_and_keeps_its_slot(due: World) -> None:
    due.send()
    due.at("2026-01-17T09:00:00Z")

    with ses_breaks(EndpointConnectionError(endpoint_url=SES)):
        due.send(message="message-2")

    assert (due.survey().stage, due.survey().due_at) == ("sent", datetime(2026, 1, 17, 9, 1, tzinfo=UTC))
    customer = due.customer()
    assert customer is not None
    assert customer.survey_id == order_1001()


def test_a_store_that_holds_no_keys_is_our_trouble_and_the_survey_stays_due(
    due: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AFTERORDER_SECRETS_PREFIX", "/afterorder/elsewhere")
    adapters.secrets.cache_clear()

    answer = due.send()

    assert answer["batchItemFailures"] == [{"itemIdentifier": "message-1"}]
    assert (due.survey().stage, due.survey().due_at) == ("planned", DUE_AT)


def test_a_slot_that_cannot_be_taken_puts_the_mail_off_for_nothing_was_sent(due: World) -> None:
    with writes_throttled("customer"):
        due.send()

    survey = due.survey()
    assert (survey.stage, survey.reason, survey.claim) == ("planned", None, None)
    assert survey.due_at == DUE_AT + timedelta(minutes=1)
    assert due.mails() == []
