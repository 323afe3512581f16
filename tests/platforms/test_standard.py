"""The standard webhook: orders, tickets and ratings as any shop can send them."""

from decimal import Decimal

import pytest

from cx_domain.order_fields import FeedbackEvent, TicketEvent
from cx_domain.orders import Item, OrderDetails, OrderEvent
from infra.platforms import Ignored
from tests.platforms.payloads import RECEIVED_AT, at, read_body, read_order, sample


def test_the_standard_order_is_read_whole() -> None:
    event = read_order("standard", sample("standard/order_fulfilled"))

    assert event == OrderEvent(
        subject_id="1001",
        updated_at=at("2026-01-05T09:00:00Z"),
        happened={"placed": at("2026-01-03T10:00:00Z"), "fulfilled": at("2026-01-05T09:00:00Z")},
        standing="live",
        details=OrderDetails(
            number="1001",
            email="anna@example.com",
            first_name="Anna",
            language="pl",
            country="PL",
            currency="PLN",
            total=Decimal("99.80"),
            items=(Item(title="Tent", sku="T-1", category="tents"),),
            channel="web",
            delivery="courier",
            customer_id="c-7",
            consent=True,
            tags=(("store", "wroclaw"),),
        ),
    )


@pytest.mark.parametrize("happening", ["placed", "paid", "delivered"])
def test_each_standard_happening_has_the_time_of_its_envelope(happening: str) -> None:
    body = sample(f"standard/order_{happening}")

    event = read_order("standard", body)

    assert event.happened == {"placed": at("2026-01-03T10:00:00Z"), happening: at(body["timestamp"])}


@pytest.mark.parametrize("standing", ["cancelled", "refunded"])
def test_a_standard_order_can_be_cancelled_and_refunded(standing: str) -> None:
    assert read_order("standard", sample(f"standard/order_{standing}")).standing == standing


def test_without_any_time_the_time_of_receipt_is_taken() -> None:
    event = read_order("standard", {"type": "order.fulfilled", "data": {"id": 1001}})

    assert (event.updated_at, event.happened) == (RECEIVED_AT, {"fulfilled": RECEIVED_AT})


def test_a_ticket_gathers_its_times() -> None:
    solved = read_body("standard", sample("standard/ticket_solved"))

    assert solved == TicketEvent(
        ticket_id="T-77",
        updated_at=at("2026-01-06T15:00:00Z"),
        email="anna@example.com",
        language="pl",
        country="PL",
        opened_at=at("2026-01-06T08:55:00Z"),
        first_reply_at=at("2026-01-06T10:00:00Z"),
        solved_at=at("2026-01-06T14:58:00Z"),
        agent="Marek",
        topic="delivery",
        order="1001",
    )


def test_a_reply_without_a_time_of_its_own_came_with_its_envelope() -> None:
    replied = read_body("standard", sample("standard/ticket_replied"))

    assert isinstance(replied, TicketEvent)
    assert (replied.first_reply_at, replied.solved_at) == (at("2026-01-06T10:00:00Z"), None)


def test_a_ticket_that_came_back_did_so_with_its_envelope() -> None:
    back = read_body("standard", sample("standard/ticket_reopened"))

    assert isinstance(back, TicketEvent)
    assert (back.opened_at, back.reopened_at) == (at("2026-01-06T08:55:00Z"), at("2026-01-08T11:20:00Z"))
    assert back.solved_at is None


def test_a_rating_from_the_store_has_the_webhooks_id() -> None:
    rated = read_body("standard", sample("standard/feedback_recorded"), headers={"webhook-id": "msg_1"})

    assert rated == FeedbackEvent(
        id="msg_1",
        kind="csat",
        score=4,
        touchpoint="premises",
        source="store",
        recorded_at=at("2026-01-06T17:45:00Z"),
        stage="during",
        comment="Clean, but a long queue.",
    )


def test_a_mention_needs_no_score() -> None:
    mention = read_body("standard", sample("standard/feedback_mention"), headers={"webhook-id": "msg_2"})

    assert isinstance(mention, FeedbackEvent)
    assert mention.score is None


def test_an_unknown_type_is_passed_over() -> None:
    assert read_body("standard", {"type": "order.archived", "data": {}}) == Ignored("topic-ignored")
