"""What comes of each webhook is noted for the shop's developer, and never costs a webhook."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from botocore.exceptions import ReadTimeoutError

from cx_domain.deliveries import DeliveryDay
from infra import adapters
from infra.aws import clients
from tests.functions.envelopes import Event, request
from tests.functions.world import SAMPLES, World, signed

MONDAY = date(2026, 1, 5)
FULFILLED = (SAMPLES / "standard" / "order_fulfilled.json").read_bytes()
A_WRITE_A_MINUTE = 60
OTHER_SECRET = "whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldCwgMzIgYnl0ZXM="


def noted(world: World) -> DeliveryDay:
    (day,) = adapters.deliveries().list(world.acme, MONDAY)
    return day


def forged() -> Event:
    return signed("standard", FULFILLED, secret=OTHER_SECRET)


def without_id() -> Event:
    payload = json.loads(FULFILLED)
    del payload["data"]["id"]
    return signed("standard", json.dumps(payload).encode())


@contextmanager
def notes_failing() -> Iterator[None]:
    """Let DynamoDB not answer when a delivery is noted."""

    def fail(params: dict[str, object], **_: object) -> None:
        if b"deliveries#" in bytes(str(params["body"]), "utf-8"):
            raise ReadTimeoutError(endpoint_url="https://dynamodb.eu-central-1.amazonaws.com")

    events = clients.dynamodb().meta.events
    events.register("before-call.dynamodb.UpdateItem", fail, unique_id="no notes")
    yield
    events.unregister("before-call.dynamodb.UpdateItem", unique_id="no notes")


@contextmanager
def messages_put() -> Iterator[list[tuple[dict[str, object], int]]]:
    """Watch which messages are put on any queue, and after how many seconds each may be received."""
    put: list[tuple[dict[str, object], int]] = []

    def watch(params: dict[str, Any], **_: object) -> None:
        put.extend((json.loads(entry["MessageBody"]), entry["DelaySeconds"]) for entry in params["Entries"])

    events = clients.sqs().meta.events
    events.register("provide-client-params.sqs.SendMessageBatch", watch, unique_id="watch")
    yield put
    events.unregister("provide-client-params.sqs.SendMessageBatch", unique_id="watch")


# --- what is noted -----------------------------------------------------------------------------------------------------


def test_a_taken_webhook_is_noted_with_its_time(world: World) -> None:
    world.order()

    day = noted(world)
    assert (day.day, day.platform, day.outcomes) == (MONDAY, "standard", {"taken": 1})
    assert day.last_at == datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def test_the_day_is_the_shops_own(world: World) -> None:
    world.at("2026-01-05T23:30:00Z")

    world.order(timestamp="2026-01-05T23:30:00Z")

    assert noted(world).day == date(2026, 1, 6)


def test_a_webhook_that_is_passed_over_is_noted_with_its_reason(world: World) -> None:
    payload = json.loads(FULFILLED) | {"type": "order.wrapped"}

    world.post(signed("standard", json.dumps(payload).encode()))

    assert noted(world).outcomes == {"topic-ignored": 1}


def test_a_bad_signature_is_noted_with_what_its_sender_was_told(world: World) -> None:
    answer = world.post(forged())

    (refused,) = noted(world).refused
    assert (refused.why, refused.said) == ("bad-signature", answer["body"])
    assert refused.at == datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def test_a_bad_field_is_noted_by_its_name(world: World) -> None:
    world.post(without_id())

    (refused,) = noted(world).refused
    assert (refused.why, refused.said) == ("bad-input", "data.id: is missing")


def test_a_body_that_is_too_large_is_noted(world: World) -> None:
    world.post(signed("standard", b" " * 1_000_001))

    assert noted(world).outcomes == {"too-large": 1}


def test_nothing_of_the_payload_is_noted(world: World) -> None:
    payload = json.loads(FULFILLED)
    payload["data"]["total"] = "anna@example.com"

    world.post(signed("standard", json.dumps(payload).encode()))

    assert "anna" not in noted(world).refused[0].said


def test_of_a_shop_or_a_connection_that_is_not_there_nothing_is_noted(world: World) -> None:
    adapters.secrets().put_webhook_secrets(world.acme, "shopify", [])
    nobodys = request("webhook", {"shop": "nobody", "platform": "standard"}, body=FULFILLED)

    world.post(nobodys)
    world.post(signed("shopify", FULFILLED))

    assert adapters.deliveries().list(world.acme, MONDAY) == ()


def test_a_ping_is_no_delivery(world: World) -> None:
    world.post(request("webhook", {"shop": "acme", "platform": "woocommerce"}, body=b"webhook_id=3"))

    assert adapters.deliveries().list(world.acme, MONDAY) == ()


# --- what it costs -----------------------------------------------------------------------------------------------------


def test_of_many_good_webhooks_at_once_the_first_five_are_written(world: World) -> None:
    for number in range(12):
        world.order(id=str(number))

    assert noted(world).outcomes == {"taken": 5}


def test_what_was_kept_in_memory_is_written_with_the_next_refusal(world: World) -> None:
    for number in range(8):
        world.order(id=str(number))

    world.post(forged())

    assert noted(world).outcomes == {"taken": 8, "bad-signature": 1}


def test_of_many_refusals_at_once_ten_are_written(world: World) -> None:
    for _ in range(14):
        world.post(forged())

    assert noted(world).outcomes == {"bad-signature": 10}


# --- what it must not cost ---------------------------------------------------------------------------------------------


def test_a_note_that_fails_takes_no_webhook_with_it(world: World) -> None:
    with notes_failing():
        taken, refused = world.order(), world.post(forged())

    assert (taken["statusCode"], refused["statusCode"]) == (200, 401)
    assert world.survey().stage == "planned"


def test_what_could_not_be_written_is_written_with_the_next(world: World) -> None:
    with notes_failing():
        world.order()

    world.order(id="1002")

    assert noted(world).outcomes == {"taken": 2}


# --- signatures that begin to fail -------------------------------------------------------------------------------------


def test_the_third_bad_signature_in_a_row_asks_for_a_second_look(world: World) -> None:
    world.order()

    with messages_put() as asked:
        for _ in range(5):
            world.post(forged())

    ((message, delay),) = asked
    assert message == {"failing": {"shop": "acme", "platform": "standard"}}
    assert delay >= A_WRITE_A_MINUTE


def test_a_good_one_between_them_asks_for_nothing(world: World) -> None:
    with messages_put() as asked:
        for event in (forged(), forged(), signed("standard", FULFILLED), forged(), forged()):
            world.post(event)

    assert asked == []
