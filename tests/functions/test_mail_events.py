"""What became of a mail, as SES tells it by SNS and SQS."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from functions import mail_events
from infra import adapters
from tests.functions.envelopes import CONTEXT, batch, mail_event
from tests.functions.world import World, counted, order_1001, order_id

DONE: dict[str, list[object]] = {"batchItemFailures": []}
ARRIVED_AT = datetime(2026, 1, 12, 9, 1, 2, tzinfo=UTC)


def hear(name: str, *bodies: str) -> dict[str, Any]:
    messages = [(f"event-{count}", body) for count, body in enumerate(bodies or [mail_event(name, order_1001())])]
    answer: dict[str, Any] = mail_events.handler(batch(name, *messages), CONTEXT)
    return answer


def changed(name: str, part: str, **changes: object) -> str:
    """An event about order 1001's mail with some of its own part changed."""
    sns = json.loads(mail_event(name, order_1001()))
    event = json.loads(sns["Message"])
    event[part] |= changes
    return json.dumps(sns | {"Message": json.dumps(event)})


@pytest.fixture
def mailed(world: World) -> World:
    """Order 1001's mail has gone out."""
    world.mailed()
    return world


def suppressed(world: World) -> bool:
    customer = world.customer()
    return customer is not None and customer.suppressed_at is not None


def test_a_delivery_is_noted_with_the_time_that_ses_tells(mailed: World) -> None:
    assert hear("mail_delivery") == DONE

    assert mailed.survey().delivered_at == ARRIVED_AT


def test_a_repeated_delivery_changes_nothing(mailed: World) -> None:
    hear("mail_delivery")
    once = mailed.survey()

    hear("mail_delivery")

    assert mailed.survey() == once


def test_a_final_bounce_means_never_again_and_no_reminder(mailed: World) -> None:
    hear("mail_bounce")

    assert (mailed.survey().bounced_at, mailed.survey().due_at) == (ARRIVED_AT, None)
    assert suppressed(mailed)


def test_a_full_mailbox_stops_this_survey_and_not_the_customer(mailed: World) -> None:
    hear("mail_bounce", changed("mail_bounce", "bounce", bounceType="Transient", bounceSubType="MailboxFull"))

    assert mailed.survey().bounced_at == ARRIVED_AT
    assert not suppressed(mailed)


@pytest.mark.parametrize(
    ("kind", "subtype", "is_final"),
    [
        ("Permanent", "NoEmail", True),
        ("Permanent", "Suppressed", True),
        ("Permanent", "OnAccountSuppressionList", True),
        ("Transient", "General", False),
        ("Undetermined", "Undetermined", False),
    ],
)
def test_only_a_permanent_bounce_suppresses_the_customer(
    mailed: World, kind: str, subtype: str, *, is_final: bool
) -> None:
    hear("mail_bounce", changed("mail_bounce", "bounce", bounceType=kind, bounceSubType=subtype))

    assert suppressed(mailed) == is_final


def test_a_complaint_means_never_again(mailed: World, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()

    hear("mail_complaint")

    assert mailed.survey().complained_at == datetime(2026, 1, 12, 10, 30, tzinfo=UTC)
    assert suppressed(mailed)
    assert counted(capsys.readouterr().out) == {"complained"}


def test_who_takes_a_mail_out_of_the_spam_folder_does_not_complain(mailed: World) -> None:
    before = mailed.survey()

    hear("mail_complaint", changed("mail_complaint", "complaint", complaintFeedbackType="not-spam"))

    assert mailed.survey() == before
    assert not suppressed(mailed)


def test_whose_mail_bounced_is_not_asked_about_the_next_order(mailed: World) -> None:
    hear("mail_bounce")
    mailed.at("2026-06-01T09:00:00Z")
    mailed.order(id="1002", number="1002", timestamp="2026-06-01T09:00:00Z", updated_at="2026-06-01T09:00:00Z")
    mailed.at("2026-06-08T09:00:00Z")

    mailed.send(order_id("1002"), message="message-2")

    assert (len(mailed.mails()), mailed.survey("1002").reason) == (1, "suppressed")


def test_an_event_about_a_digest_is_done_with(mailed: World) -> None:
    sns = json.loads(mail_event("mail_delivery", order_1001()))
    event = json.loads(sns["Message"])
    del event["mail"]["tags"]["survey_id"]
    before = mailed.items()

    assert hear("mail_delivery", json.dumps(sns | {"Message": json.dumps(event)})) == DONE

    assert mailed.items() == before


def test_an_event_about_a_survey_that_is_not_there_is_done_with(mailed: World) -> None:
    before = mailed.items()

    assert hear("mail_delivery", mail_event("mail_delivery", "nobodys")) == DONE

    assert mailed.items() == before


@pytest.mark.parametrize("kind", ["Open", "Send", "DeliveryDelay", "Renamed by SES"])
def test_an_event_that_we_do_not_know_is_done_with(mailed: World, kind: str) -> None:
    sns = json.loads(mail_event("mail_delivery", order_1001()))
    event = json.loads(sns["Message"]) | {"eventType": kind}
    before = mailed.survey()

    assert hear("mail_delivery", json.dumps(sns | {"Message": json.dumps(event)})) == DONE

    assert mailed.survey() == before


def test_snss_own_handshake_is_done_with(mailed: World) -> None:
    assert mailed.survey().stage == "sent"
    assert hear("mail_delivery", json.dumps({"Type": "SubscriptionConfirmation", "Token": "x"})) == DONE


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"text"', '{"Message": "not JSON"}', '{"Message": "{}"}'])
def test_what_is_no_event_of_ses_goes_to_the_dead_letters_and_takes_nobody_with_it(mailed: World, body: str) -> None:
    answer = hear("mail_delivery", body, mail_event("mail_delivery", order_1001()))

    assert answer == {"batchItemFailures": [{"itemIdentifier": "event-0"}]}
    assert mailed.survey().delivered_at == ARRIVED_AT


def test_a_delivery_and_a_complaint_in_one_batch_are_both_kept(mailed: World) -> None:
    hear("mail_delivery", mail_event("mail_complaint", order_1001()), mail_event("mail_delivery", order_1001()))

    assert mailed.survey().delivered_at == ARRIVED_AT
    assert mailed.survey().complained_at is not None


def test_the_log_holds_no_address(mailed: World) -> None:
    hear("mail_bounce")

    assert "anna" not in mailed.log


def test_a_bounce_is_kept_although_the_survey_is_closed(mailed: World) -> None:
    before = mailed.survey()
    adapters.surveys().save(before, replace(before, stage="closed"), ARRIVED_AT)

    hear("mail_bounce")

    assert mailed.survey().stage == "closed"
    assert suppressed(mailed)
