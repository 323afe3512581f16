"""What a survey keeps of "do not ask me again"."""

from dataclasses import replace
from datetime import timedelta

from cx_domain import sending
from cx_domain.unsubscribing import note
from tests.builders import NPS_WITH_REMINDER, SENT_AT, claimed, planned, sent

LATER = SENT_AT + timedelta(hours=3)


def test_whoever_unsubscribes_is_counted_with_the_survey_that_they_did_it_by() -> None:
    assert note(sent(), LATER).unsubscribed_at == LATER


def test_unsubscribing_twice_is_unsubscribing_once() -> None:
    once = note(sent(), LATER)

    assert note(once, LATER + timedelta(days=1)) == once


def test_no_reminder_follows() -> None:
    assert note(sent(NPS_WITH_REMINDER), LATER).due_at is None


def test_a_link_that_was_used_proves_that_the_lost_mail_arrived() -> None:
    lost = sending.lost(claimed(), SENT_AT)

    survey = note(lost, LATER)

    assert (survey.stage, survey.reason, survey.claim) == ("sent", None, None)
    assert survey.sent_at == survey.refused_at == SENT_AT


def test_a_survey_that_nobody_was_mailed_about_stays_planned() -> None:
    assert note(planned(), LATER) == planned()


def test_an_erased_survey_remembers_nothing() -> None:
    tombstone = replace(sent(), stage="erased")

    assert note(tombstone, LATER) == tombstone
