"""The last look before a mail, and what becomes of the survey by what SES says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cx_domain.eligibility import Refuse
from cx_domain.mail_events import MailEvent
from cx_domain.mail_events import note as note_event
from cx_domain.sending import (
    Go,
    Leave,
    PutOff,
    accepted,
    awaits_reply,
    check,
    claimed,
    closed,
    is_reminder,
    lost,
    put_off,
    settled,
    turned_down,
)
from cx_domain.surveys import Survey
from tests import builders
from tests.builders import ACME, DUE_AT, NPS, NPS_WITH_REMINDER, SENT_AT, answered, planned, sent, tap

REMIND_AT = SENT_AT + timedelta(days=5)
DELIVERED = MailEvent("delivered", planned().id, "0100-tent", SENT_AT, SENT_AT + timedelta(seconds=2))


def sending() -> Survey:
    return builders.claimed()


def waiting_for_its_reminder() -> Survey:
    return sent(NPS_WITH_REMINDER)


def reminding() -> Survey:
    return claimed(waiting_for_its_reminder(), NPS_WITH_REMINDER, claim="message-2", language="pl", now=REMIND_AT)


def with_details(survey: Survey, **changes: Any) -> Survey:
    details = survey.order.details
    assert details is not None
    return replace(survey, order=replace(survey.order, details=replace(details, **changes)))


# --- the check ---------------------------------------------------------------------------------------------------------


def test_a_planned_survey_that_is_due_may_go() -> None:
    assert check(planned(), NPS, ACME, DUE_AT) == Go(NPS)


def test_a_survey_that_another_sender_claimed_is_left_alone() -> None:
    assert isinstance(check(sending(), NPS, ACME, SENT_AT), Leave)


def test_a_survey_that_was_planned_anew_for_later_is_left_alone() -> None:
    assert isinstance(check(planned(), NPS, ACME, DUE_AT - timedelta(seconds=1)), Leave)


def test_a_cancellation_between_planning_and_sending_is_found() -> None:
    survey = planned()
    cancelled = replace(survey, order=replace(survey.order, standing="cancelled"))

    assert check(cancelled, NPS, ACME, DUE_AT) == Refuse("cancelled")


def test_a_survey_that_the_shop_took_out_of_its_file_is_refused() -> None:
    assert check(planned(), None, ACME, DUE_AT) == Refuse("survey-removed")


def test_a_survey_whose_address_has_left_is_refused() -> None:
    assert check(with_details(planned(), email=None), NPS, ACME, DUE_AT) == Refuse("no-address")


def test_a_country_that_came_to_want_consent_since_planning_is_heard() -> None:
    stricter = replace(ACME, consent_required=("*",))

    assert check(with_details(planned(), consent=None), NPS, stricter, DUE_AT) == Refuse("no-consent")


def test_a_survey_that_could_not_be_sent_for_a_month_is_too_old() -> None:
    after_an_outage = DUE_AT + NPS.expires + timedelta(seconds=1)

    assert check(planned(), NPS, ACME, after_an_outage) == Refuse("too-old")


def test_a_survey_that_comes_to_its_turn_at_night_is_put_off_until_morning() -> None:
    at_night = datetime(2026, 1, 12, 22, 0, tzinfo=UTC)

    assert check(planned(), NPS, ACME, at_night) == PutOff(datetime(2026, 1, 13, 7, 0, tzinfo=UTC))


def test_a_reminder_goes_to_whoever_has_not_answered() -> None:
    assert check(waiting_for_its_reminder(), NPS_WITH_REMINDER, ACME, REMIND_AT) == Go(NPS_WITH_REMINDER)


def test_whoever_answered_is_not_reminded() -> None:
    survey = answered(waiting_for_its_reminder(), 9, SENT_AT + timedelta(days=1))

    assert check(survey, NPS_WITH_REMINDER, ACME, REMIND_AT) == Refuse("answered")


def test_nobody_is_reminded_of_a_survey_whose_links_are_dead_by_now() -> None:
    after_an_outage = SENT_AT + NPS_WITH_REMINDER.expires

    assert check(waiting_for_its_reminder(), NPS_WITH_REMINDER, ACME, after_an_outage) == Refuse("too-old")


def test_a_scanner_is_no_answer_and_the_person_is_reminded() -> None:
    on_delivery = SENT_AT + timedelta(seconds=3)
    survey = replace(waiting_for_its_reminder(), visits=(tap(0, on_delivery), tap(1, on_delivery)))

    assert check(survey, NPS_WITH_REMINDER, ACME, REMIND_AT) == Go(NPS_WITH_REMINDER)


def test_whoever_unsubscribed_is_not_reminded() -> None:
    survey = replace(waiting_for_its_reminder(), unsubscribed_at=SENT_AT)

    assert check(survey, NPS_WITH_REMINDER, ACME, REMIND_AT) == Refuse("unsubscribed")


@pytest.mark.parametrize("event", ["bounced_at", "complained_at"])
def test_whose_mail_bounced_or_who_complained_is_not_reminded(event: str) -> None:
    survey = replace(waiting_for_its_reminder(), **{event: SENT_AT})  # type: ignore[arg-type]

    assert check(survey, NPS_WITH_REMINDER, ACME, REMIND_AT) == Refuse("suppressed")


def test_a_reminded_survey_is_never_due_again() -> None:
    reminded = accepted(reminding(), NPS_WITH_REMINDER, ACME, message_id="0100-again", now=REMIND_AT)

    assert isinstance(check(reminded, NPS_WITH_REMINDER, ACME, REMIND_AT), Leave)


# --- the claim ---------------------------------------------------------------------------------------------------------


def test_a_claim_takes_the_survey_out_of_what_is_due() -> None:
    assert (sending().stage, sending().claim, sending().due_at) == ("sending", "message-1", None)


def test_from_the_claim_on_the_link_works_for_thirty_days() -> None:
    assert sending().expires_at == SENT_AT + timedelta(days=30)


def test_the_reminder_does_not_make_the_link_live_longer() -> None:
    assert reminding().expires_at == waiting_for_its_reminder().expires_at


def test_an_answer_belongs_to_the_words_in_which_the_survey_is_sent() -> None:
    reworded = replace(NPS, series="2026-01-10")

    survey = claimed(planned(), reworded, claim="message-1", language="pl", now=SENT_AT)

    assert survey.question == "2026-01-10"


def test_a_reminder_in_new_words_keeps_the_series_of_the_first_mail() -> None:
    reworded = replace(NPS_WITH_REMINDER, series="2026-01-15")

    survey = claimed(waiting_for_its_reminder(), reworded, claim="message-2", language="pl", now=REMIND_AT)

    assert survey.question is None


def test_the_next_mail_about_a_planned_survey_is_its_first_and_about_a_sent_one_its_reminder() -> None:
    assert not is_reminder(planned())
    assert not is_reminder(sending())
    assert is_reminder(waiting_for_its_reminder())
    assert is_reminder(reminding())


# --- what SES says -----------------------------------------------------------------------------------------------------


def test_an_accepted_mail_is_sent_and_no_claim_is_left() -> None:
    survey = sent()

    assert (survey.stage, survey.sent_at, survey.message_id, survey.claim) == ("sent", SENT_AT, "0100-tent", None)


def test_a_shop_with_a_reminder_plans_it_when_the_mail_is_accepted() -> None:
    assert waiting_for_its_reminder().due_at == REMIND_AT


def test_a_shop_without_a_reminder_plans_nothing_more() -> None:
    assert sent().due_at is None


def test_an_accepted_reminder_leaves_the_time_of_the_first_mail() -> None:
    survey = accepted(reminding(), NPS_WITH_REMINDER, ACME, message_id="0100-again", now=REMIND_AT)

    assert (survey.stage, survey.sent_at, survey.reminded_at) == ("reminded", SENT_AT, REMIND_AT)
    assert survey.message_id == "0100-tent"


def test_a_delivery_event_that_overtakes_its_own_acceptance_still_leaves_one_reminder() -> None:
    overtaken = note_event(builders.claimed(NPS_WITH_REMINDER), DELIVERED)

    survey = accepted(overtaken, NPS_WITH_REMINDER, ACME, message_id="0100-tent", now=SENT_AT)

    assert (survey.stage, survey.reminded_at, survey.due_at) == ("sent", None, REMIND_AT)
    assert survey.delivered_at == DELIVERED.at


def test_a_bounce_that_overtakes_its_own_acceptance_leaves_no_reminder() -> None:
    overtaken = note_event(builders.claimed(NPS_WITH_REMINDER), replace(DELIVERED, kind="bounced-for-good"))

    survey = accepted(overtaken, NPS_WITH_REMINDER, ACME, message_id="0100-tent", now=SENT_AT)

    assert (survey.stage, survey.due_at) == ("sent", None)


def test_a_delivery_event_that_overtakes_the_reminders_acceptance_plans_no_third_mail() -> None:
    overtaken = note_event(reminding(), replace(DELIVERED, message_id="0100-again", sent_at=REMIND_AT))

    survey = accepted(overtaken, NPS_WITH_REMINDER, ACME, message_id="0100-again", now=REMIND_AT)

    assert (survey.stage, survey.sent_at, survey.due_at) == ("reminded", SENT_AT, None)


def test_an_acceptance_brings_nothing_back_to_an_erased_survey() -> None:
    tombstone = replace(sending(), stage="erased")

    assert accepted(tombstone, NPS, ACME, message_id="0100-tent", now=SENT_AT) == tombstone


def test_a_mail_that_never_left_is_due_again_and_anybody_may_claim_it() -> None:
    survey = put_off(sending(), SENT_AT + timedelta(minutes=1))

    assert (survey.stage, survey.claim, survey.due_at) == ("planned", None, SENT_AT + timedelta(minutes=1))


def test_a_reminder_that_never_left_is_due_again() -> None:
    survey = put_off(reminding(), REMIND_AT + timedelta(minutes=1))

    assert (survey.stage, survey.claim, survey.due_at) == ("sent", None, REMIND_AT + timedelta(minutes=1))


@pytest.mark.parametrize("stage", ["closed", "erased"])
def test_what_is_over_is_not_put_off(stage: Any) -> None:
    over = replace(sending(), stage=stage)

    assert put_off(over, REMIND_AT) == over


def test_a_mail_that_ses_refuses_ends_the_survey_and_the_address_leaves() -> None:
    survey = turned_down(sending(), "mail-refused", SENT_AT)

    assert (survey.stage, survey.reason, survey.refused_at, survey.claim) == (
        "refused",
        "mail-refused",
        SENT_AT,
        None,
    )
    assert survey.order.details is not None
    assert (survey.order.details.email, survey.order.details.first_name) == (None, None)


def test_the_link_of_a_refused_survey_is_worth_nothing() -> None:
    assert turned_down(sending(), "asked-recently", SENT_AT).expires_at is None


def test_a_reminder_that_is_turned_down_leaves_the_survey_as_it_was_sent() -> None:
    survey = turned_down(reminding(), "unsubscribed", REMIND_AT)

    assert (survey.stage, survey.reason, survey.due_at, survey.sent_at) == ("sent", None, None, SENT_AT)


def test_a_mail_whose_outcome_is_unknown_stands_so_and_is_not_due() -> None:
    survey = lost(sending(), SENT_AT)

    assert (survey.stage, survey.reason, survey.due_at) == ("sending", "outcome-unknown", None)
    assert survey.refused_at == SENT_AT


def test_its_link_works_all_the_same_for_the_mail_may_have_arrived() -> None:
    assert lost(sending(), SENT_AT).expires_at == sending().expires_at


def test_what_was_settled_meanwhile_is_not_lost_again() -> None:
    assert lost(sent(), SENT_AT) == sent()


# --- the end -----------------------------------------------------------------------------------------------------------

EXPIRED_AT = SENT_AT + timedelta(days=30)


def answered_with(*, may_reply: bool) -> Survey:
    """Anna rated 3, and said whether Acme may write back."""
    survey = answered(sent(), 3, SENT_AT + timedelta(days=1))
    return replace(survey, replies=(replace(survey.replies[0], may_reply=may_reply),))


def person(survey: Survey) -> tuple[str | None, str | None]:
    details = survey.order.details
    assert details is not None
    return details.email, details.first_name


ANNA = ("anna@kowalska.example", "Anna")
NOBODY = (None, None)


def test_the_address_leaves_when_the_survey_has_expired() -> None:
    survey = closed(sent(), "balanced", EXPIRED_AT)

    assert (survey.stage, person(survey)) == ("closed", NOBODY)


def test_a_survey_that_can_still_be_answered_stays_open() -> None:
    assert closed(sent(), "balanced", EXPIRED_AT - timedelta(days=1)) == sent()


def test_whoever_may_be_written_back_to_keeps_the_address_there_when_the_survey_closes() -> None:
    survey = closed(answered_with(may_reply=True), "balanced", EXPIRED_AT)

    assert (survey.stage, person(survey)) == ("closed", ANNA)


def test_whoever_wants_no_reply_is_forgotten_at_expiry() -> None:
    survey = closed(answered_with(may_reply=False), "balanced", EXPIRED_AT)

    assert (survey.stage, person(survey)) == ("closed", NOBODY)


def test_nobody_waits_longer_than_ninety_days_for_a_reply() -> None:
    waiting = closed(answered_with(may_reply=True), "balanced", EXPIRED_AT)

    assert person(closed(waiting, "balanced", EXPIRED_AT + timedelta(days=90, seconds=-1))) == ANNA
    assert person(closed(waiting, "balanced", EXPIRED_AT + timedelta(days=90))) == NOBODY


def test_a_matter_that_was_settled_before_expiry_lets_the_address_leave_with_it() -> None:
    survey = settled(answered_with(may_reply=True), SENT_AT + timedelta(days=2))

    assert person(survey) == ANNA
    assert person(closed(survey, "balanced", EXPIRED_AT)) == NOBODY


def test_a_matter_that_is_settled_later_lets_the_address_leave_at_once() -> None:
    waiting = closed(answered_with(may_reply=True), "balanced", EXPIRED_AT)

    survey = settled(waiting, EXPIRED_AT + timedelta(days=3))

    assert (survey.settled_at, person(survey)) == (EXPIRED_AT + timedelta(days=3), NOBODY)


def test_a_customer_who_writes_again_after_the_matter_was_settled_waits_again() -> None:
    before_the_answer = SENT_AT + timedelta(hours=1)

    assert awaits_reply(settled(answered_with(may_reply=True), before_the_answer), "balanced")


@pytest.mark.parametrize("stage", ["planned", "refused", "erased"])
def test_what_was_never_sent_or_is_erased_is_not_closed(stage: Any) -> None:
    survey = replace(sent(), stage=stage)

    assert closed(survey, "balanced", EXPIRED_AT).stage == stage
