"""A mail of unknown outcome is settled by an operator, where no event of SES does it."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import Result

from cx_domain.identities import survey_id
from cx_domain.orders import OrderDetails, OrderFacts
from cx_domain.shops import ShopId
from cx_domain.surveys import Survey
from infra import clock
from infra.operator.session import Stack

Say = Callable[..., Result]
ACME = ShopId("acme")
LOST_AT = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
ANNA = OrderDetails(number="1001", email="anna@example.test", first_name="Anna", country="PL")


@pytest.fixture
def unknown(acme: Stack) -> Survey:
    """Anna's tent: nobody knows whether SES took the mail about it."""
    named = survey_id(acme.secrets.key_ring().identity, ACME, "nps", "order", "1001")
    facts = OrderFacts(happened={"fulfilled": LOST_AT - timedelta(days=7)}, details=ANNA)
    planned = Survey(named, ACME, "nps", "order", "order", "1001", facts)
    lost = replace(planned, stage="sending", claim="message-1", reason="outcome-unknown", refused_at=LOST_AT)
    made = replace(lost, expires_at=clock.now() + timedelta(days=30))
    acme.surveys.create(made, LOST_AT)
    return made


def known(stack: Stack, survey: Survey) -> Survey:
    found = stack.surveys.get(survey.id)
    assert found is not None
    return found


@pytest.mark.parametrize("word", ["sending", "outcome-unknown"])
def test_unknown_mails_are_listed(unknown: Survey, afterorder: Say, word: str) -> None:
    listed = json.loads(afterorder("survey", "list", "acme", "--stage", word, "--json").stdout)

    assert [(one["id"], one["reason"]) for one in listed] == [(unknown.id, "outcome-unknown")]


def test_a_mail_that_was_sent_after_all_counts_from_when_it_was_lost_and_is_reminded_of(
    acme: Stack, unknown: Survey, afterorder: Say
) -> None:
    told = afterorder("survey", "settle", "acme", "1001", "--sent")

    after = known(acme, unknown)
    assert told.exit_code == 0
    assert (after.stage, after.reason, after.claim, after.sent_at) == ("sent", None, None, LOST_AT)
    assert after.due_at is not None
    assert (after.due_at - LOST_AT).days == 5


def test_a_mail_that_never_left_is_due_again_at_once(acme: Stack, unknown: Survey, afterorder: Say) -> None:
    told = afterorder("survey", "settle", "acme", "1001", "--not-sent")

    after = known(acme, unknown)
    assert told.exit_code == 0
    assert (after.stage, after.reason, after.claim) == ("planned", None, None)
    assert after.due_at is not None
    assert after.due_at <= clock.now()


def test_what_is_known_is_not_settled(acme: Stack, unknown: Survey, afterorder: Say) -> None:
    afterorder("survey", "settle", "acme", "1001", "--sent")

    again = afterorder("survey", "settle", "acme", "1001", "--not-sent")

    assert again.exit_code == 1
    assert "no mail of unknown outcome about '1001'" in again.stderr
    assert known(acme, unknown).stage == "sent"


def test_nothing_is_settled_without_a_word_on_what_became_of_it(acme: Stack, unknown: Survey, afterorder: Say) -> None:
    told = afterorder("survey", "settle", "acme", "1001")

    assert (told.exit_code, known(acme, unknown).stage) == (1, "sending")
