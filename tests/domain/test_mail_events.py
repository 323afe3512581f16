"""What became of a mail, and what it changes: for this survey, and for whether its customer is ever asked again."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cx_domain import sending
from cx_domain.mail_events import MailEvent, MailEventKind, note, suppression
from cx_domain.surveys import Survey
from tests.builders import NPS_WITH_REMINDER, SENT_AT, claimed, planned, sent

SOON = SENT_AT + timedelta(seconds=2)
LATER = SENT_AT + timedelta(hours=1)
REMIND_AT = SENT_AT + timedelta(days=5)


def event(kind: MailEventKind, **changes: Any) -> MailEvent:
    return replace(MailEvent(kind, planned().id, "0100-tent", SENT_AT, SOON), **changes)


def waiting_for_its_reminder() -> Survey:
    return sent(NPS_WITH_REMINDER)


def reminding() -> Survey:
    survey = waiting_for_its_reminder()
    return sending.claimed(survey, NPS_WITH_REMINDER, claim="message-2", language="pl", now=REMIND_AT)


def test_a_delivery_is_noted_with_its_time() -> None:
    assert note(sent(), event("delivered")).delivered_at == SOON


def test_a_repeated_delivery_keeps_the_first_time() -> None:
    once = note(sent(), event("delivered"))

    assert note(once, event("delivered", at=LATER)) == once


def test_a_bounce_stops_the_reminder() -> None:
    survey = note(waiting_for_its_reminder(), event("bounced-for-good"))

    assert (survey.bounced_at, survey.due_at) == (SOON, None)


def test_a_complaint_stops_the_reminder() -> None:
    survey = note(waiting_for_its_reminder(), event("complained"))

    assert (survey.complained_at, survey.due_at) == (SOON, None)


def test_an_out_of_office_notice_is_no_bounce_of_a_mail_that_was_delivered() -> None:
    delivered = note(waiting_for_its_reminder(), event("delivered"))

    assert note(delivered, event("bounced", at=LATER)) == delivered


def test_a_passing_bounce_of_a_mail_that_nobody_saw_delivered_is_a_bounce() -> None:
    assert note(sent(), event("bounced")).bounced_at == SOON


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("delivered", None), ("bounced", None), ("bounced-for-good", "bounced"), ("complained", "complained")],
)
def test_only_a_final_bounce_and_a_complaint_mean_never_again(kind: MailEventKind, reason: str | None) -> None:
    assert suppression(event(kind)) == reason


@pytest.mark.parametrize("kind", ["delivered", "bounced", "bounced-for-good", "complained"])
def test_any_event_settles_a_mail_whose_outcome_was_unknown(kind: MailEventKind) -> None:
    lost = sending.lost(claimed(), LATER)

    survey = note(lost, event(kind))

    assert (survey.stage, survey.reason, survey.claim, survey.refused_at) == ("sent", None, None, LATER)
    assert (survey.sent_at, survey.message_id) == (SENT_AT, "0100-tent")


def test_an_event_settles_a_reminder_whose_outcome_was_unknown() -> None:
    lost = sending.lost(reminding(), LATER)

    survey = note(lost, event("delivered", message_id="0100-again", sent_at=REMIND_AT))

    assert (survey.stage, survey.reason, survey.reminded_at) == ("reminded", None, REMIND_AT)
    assert (survey.sent_at, survey.message_id) == (SENT_AT, "0100-tent")


def test_a_repeated_event_of_the_first_mail_says_nothing_of_the_reminder() -> None:
    survey = note(reminding(), event("delivered"))

    assert (survey.stage, survey.claim) == ("reminding", "message-2")


@pytest.mark.parametrize("kind", ["delivered", "bounced", "bounced-for-good", "complained"])
def test_a_survey_of_which_no_mail_was_sent_is_still_planned(kind: MailEventKind) -> None:
    assert note(planned(), event(kind)) == planned()


@pytest.mark.parametrize("kind", ["delivered", "bounced", "bounced-for-good", "complained"])
def test_an_erased_survey_remembers_nothing(kind: MailEventKind) -> None:
    tombstone = replace(sent(), stage="erased")

    assert note(tombstone, event(kind)) == tombstone


def test_events_in_any_order_say_the_same_of_a_complaint() -> None:
    forth = note(note(sent(), event("delivered")), event("complained", at=LATER))
    back = note(note(sent(), event("complained", at=LATER)), event("delivered"))

    assert forth == back
