"""What was written without our hearing of it: a claim is taken back while its process lives, and a mail that SES proves is followed up."""

import pytest
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from functions import mail_events
from tests.functions.envelopes import CONTEXT, batch, mail_event
from tests.functions.week import play, roll_up
from tests.functions.world import DUE, World, order_1001, ses_breaks
from tests.functions.writes import answers_lost

WRITTEN = "2026-01-12T09:00:00.000Z"


@pytest.fixture
def due(world: World) -> World:
    """Order 1001, a week after it was fulfilled."""
    world.order()
    world.at(DUE)
    return world


def delivered(world: World) -> None:
    body = mail_event("mail_delivery", order_1001(), timestamp=WRITTEN)
    mail_events.handler(batch("send_queue", ("event-1", body)), CONTEXT)
    del world


def test_a_claim_whose_answer_was_lost_is_taken_back_and_the_mail_goes_out_once(due: World) -> None:
    with answers_lost("UpdateItem", of="survey#"):
        failed = due.send()["batchItemFailures"]
    due.send()

    assert len(failed) == 1
    assert len(due.mails()) == 1
    assert due.survey().stage == "sent"


def test_a_mail_that_ses_proves_is_reminded_of_like_any_other(due: World) -> None:
    with ses_breaks(ReadTimeoutError(endpoint_url="https://email"), after_taking_the_mail=True):
        due.send()

    delivered(due)

    survey = due.survey()
    assert (survey.stage, survey.reason) == ("sent", None)
    assert survey.due_at is not None
    assert survey.sent_at is not None
    assert (survey.due_at - survey.sent_at).days == 5


def test_a_mail_that_ses_proves_knows_how_many_orders_its_customer_had(due: World) -> None:
    with ses_breaks(ConnectionClosedError(endpoint_url="https://email"), after_taking_the_mail=True):
        due.send()

    delivered(due)

    assert due.survey().customer_orders == 1


def test_a_digest_whose_claim_was_not_heard_of_is_claimed_again(world: World) -> None:
    play(world)
    with answers_lost("UpdateItem", of="digest#"):
        failed = roll_up(world, "2026-01-19T07:00:00Z")["batchItemFailures"]
    roll_up(world, "2026-01-19T07:00:00Z")

    assert len(failed) == 1
    assert [mail["To"] for mail in world.mails()].count("boss@acme.example") == 1
