"""An order that ends is not asked about, whenever the news of its end arrives."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any, Literal

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from cx_domain.surveys import Reason, Stage
from infra.aws import clients
from tests.functions.world import ACME_FILE, ANNA, DUE, World, signed

PLACED_AT, FULFILLED_AT, ENDED_AT = "2026-01-03T10:00:00Z", "2026-01-05T09:00:00Z", "2026-01-09T11:00:00Z"
End = Literal["cancelled", "refunded", "partly-refunded", "deleted"]
ENDS: list[tuple[End, Reason]] = [
    ("cancelled", "cancelled"),
    ("refunded", "refunded"),
    ("partly-refunded", "partly-refunded"),
    ("deleted", "cancelled"),
]
SKIPPING = 'ask_again_after = "90d"\npartly_refunded = "skip"'
every_end = pytest.mark.parametrize(("end", "reason"), ENDS)


@pytest.fixture
def picky(world: World) -> World:
    """Acme does not ask about orders of which a part was refunded."""
    toml = ACME_FILE.read_text(encoding="utf-8")
    assert toml.count('ask_again_after = "90d"') == 1
    world.put_shop(toml.replace('ask_again_after = "90d"', SKIPPING))
    return world


def tell(world: World, end: End) -> None:
    """The shop tells that order 1001 ended, on Friday at eleven."""
    match end:
        case "cancelled" | "refunded":
            world.order(f"order_{end}", timestamp=ENDED_AT, updated_at=ENDED_AT)
        case "partly-refunded":
            world.order("order_refunded", timestamp=ENDED_AT, updated_at=ENDED_AT, refunded="40.00")
        case "deleted":
            world.post(signed("woocommerce", json.dumps({"id": 1001}).encode(), topic="order.deleted"))


def outcome(world: World) -> tuple[list[EmailMessage], Stage, Reason | None]:
    """The mails that went out, and where the survey stands and why."""
    survey = world.survey()
    return world.mails(), survey.stage, survey.reason


@contextmanager
def while_ses_takes_the_mail(do: Callable[[], None], *, refuses: bool) -> Iterator[None]:
    """Do something after the claim is written and before SES answers."""
    refusal = {"Error": {"Code": "SendingPausedException"}, "ResponseMetadata": {"HTTPStatusCode": 400}}

    def answer(**_: Any) -> Any:
        do()
        url = "https://email.eu-central-1.amazonaws.com"
        return (AWSResponse(url, 400, HTTPHeaders(), io.BytesIO()), refusal) if refuses else None

    events = clients.sesv2().meta.events
    events.register("before-call.sesv2.SendEmail", answer, unique_id="meanwhile")
    yield
    events.unregister("before-call.sesv2.SendEmail", unique_id="meanwhile")


@every_end
def test_an_end_that_is_told_before_the_order_is_fulfilled_leaves_nothing_to_ask(
    picky: World, end: End, reason: Reason
) -> None:
    picky.order("order_placed", timestamp=PLACED_AT, updated_at=PLACED_AT)
    picky.at(ENDED_AT)
    tell(picky, end)
    picky.order(updated_at=FULFILLED_AT)
    picky.at(DUE)

    picky.send()

    assert outcome(picky) == ([], "refused", reason)


@every_end
def test_an_end_that_is_told_before_anything_else_is_not_forgotten(picky: World, end: End, reason: Reason) -> None:
    picky.at(ENDED_AT)
    tell(picky, end)
    picky.order(updated_at=FULFILLED_AT)
    picky.at(DUE)

    picky.send()

    assert outcome(picky) == ([], "refused", reason)


@every_end
def test_an_end_that_is_told_after_planning_stops_the_mail(picky: World, end: End, reason: Reason) -> None:
    picky.order()
    picky.at(ENDED_AT)
    tell(picky, end)
    picky.at(DUE)

    picky.send()

    assert outcome(picky) == ([], "refused", reason)
    assert ANNA not in json.dumps(picky.items())


@every_end
def test_an_end_that_is_told_while_the_mail_leaves_lets_it_go_and_stops_the_reminder(
    picky: World, end: End, reason: Reason
) -> None:
    del reason
    picky.order()
    picky.at(DUE)

    with while_ses_takes_the_mail(lambda: tell(picky, end), refuses=False):
        picky.send()
    picky.at("2026-01-17T09:00:00Z")
    picky.send(message="message-2")

    assert [mail["To"] for mail in picky.mails()] == [ANNA]
    assert (picky.survey().stage, picky.survey().reminded_at) == ("sent", None)


@every_end
def test_an_end_that_is_told_while_ses_puts_the_mail_off_stops_it(picky: World, end: End, reason: Reason) -> None:
    picky.order()
    picky.at(DUE)

    with while_ses_takes_the_mail(lambda: tell(picky, end), refuses=True):
        picky.send()
    picky.at("2026-01-12T09:15:00Z")
    picky.send(message="message-2")

    assert outcome(picky) == ([], "refused", reason)


def test_a_shop_that_does_not_mind_asks_about_an_order_of_which_a_part_was_refunded(world: World) -> None:
    world.order()
    world.at(ENDED_AT)
    tell(world, "partly-refunded")
    world.at(DUE)

    world.send()

    assert [mail["To"] for mail in world.mails()] == [ANNA]


def test_a_whole_refund_after_a_partial_one_stops_the_mail(world: World) -> None:
    world.order()
    world.at("2026-01-11T11:00:00Z")
    tell(world, "partly-refunded")
    world.order("order_refunded", timestamp="2026-01-10T11:00:00Z", updated_at="2026-01-10T11:00:00Z", refunded="99.80")
    world.at(DUE)

    world.send()

    assert (world.mails(), world.survey().reason) == ([], "refunded")


@pytest.mark.parametrize(
    ("address", "reason"),
    [("8awgqyk6a5+cub31c122@allegromail.pl", "relay-address"), ("no-reply@post.example", "no-reply-address")],
)
def test_nobody_is_asked_at_an_address_that_is_no_customers(world: World, address: str, reason: Reason) -> None:
    world.order(email=address)
    world.order("order_delivered", email=address, updated_at="2026-01-07T09:00:00Z")

    assert (world.survey().stage, world.survey().reason) == ("refused", reason)
    assert address not in json.dumps(world.items())


def test_a_survey_after_delivery_is_sent_by_its_fallback_where_nobody_tells_of_one(world: World) -> None:
    toml = ACME_FILE.read_text(encoding="utf-8")
    world.put_shop(
        toml.replace('on = "fulfilled"', 'on = "delivered"\nfallback = { on = "fulfilled", delay = "14d" }\n#')
    )
    world.order()
    planned = world.survey().due_at
    world.at("2026-01-19T09:00:00Z")

    world.send()

    assert planned == datetime(2026, 1, 19, 9, 0, tzinfo=UTC)
    assert [mail["To"] for mail in world.mails()] == [ANNA]
