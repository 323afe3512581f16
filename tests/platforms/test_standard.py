"""The standard webhook: orders, tickets and ratings as any shop can send them."""

from decimal import Decimal

import pytest

from cx_domain.order_fields import FeedbackEvent, TicketEvent
from cx_domain.orders import Item, OrderDetails, OrderEvent
from cx_domain.tickets import as_order_event
from infra.platforms import Ignored
from tests.platforms.payloads import RECEIVED_AT, at, details, read_body, read_order, sample


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
            consent_source="standard data.consent",
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


@pytest.mark.parametrize(
    ("type_", "refunded", "standing"),
    [
        ("order.refunded", None, "refunded"),
        ("order.refunded", "99.80", "refunded"),
        ("order.refunded", "40.00", "partly-refunded"),
        ("order.delivered", 40, "partly-refunded"),
        ("order.delivered", 99.8, "refunded"),
        ("order.delivered", "0.00", "live"),
        ("order.delivered", {"PLN": 40}, "live"),
        ("order.cancelled", "40.00", "cancelled"),
    ],
)
def test_how_much_was_refunded_says_whether_it_was_all(type_: str, refunded: object, standing: str) -> None:
    body = sample("standard/order_refunded")
    body["type"] = type_
    body["data"]["refunded"] = refunded

    assert read_order("standard", body).standing == standing


@pytest.mark.parametrize(
    ("lines", "gift_cards_only"),
    [
        ([{"title": "Gift card", "gift_card": True}], True),
        ([{"title": "Gift card", "gift_card": True}] * 60 + [{"title": "Tent"}], False),
        ([{"title": "Gift card", "gift_card": True}, {"title": "Tent", "gift_card": False}], False),
        ([{"title": "Tent", "gift_card": None}], False),
        ([], False),
        (None, False),
    ],
)
def test_an_order_is_of_gift_cards_only_if_every_line_of_it_is(lines: object, gift_cards_only: bool) -> None:
    body = sample("standard/order_fulfilled")
    body["data"]["items"] = lines

    assert details(read_order("standard", body)).gift_cards_only == gift_cards_only


def test_consent_is_kept_with_its_time_its_words_and_where_it_was_said() -> None:
    body = sample("standard/order_fulfilled")
    body["data"] |= {"consent_at": "2026-01-03T11:00:00+01:00", "consent_wording": "You may ask me\nabout my order."}

    said = details(read_order("standard", body))

    assert (said.consent, said.consent_source) == (True, "standard data.consent")
    assert (said.consent_at, said.consent_wording) == (at("2026-01-03T10:00:00Z"), "You may ask me about my order.")


def test_where_nobody_said_yes_or_no_there_is_nothing_to_prove() -> None:
    body = sample("standard/order_fulfilled")
    body["data"] |= {"consent": None, "consent_at": "2026-01-03T10:00:00Z", "consent_wording": "You may ask me."}

    said = details(read_order("standard", body))

    assert (said.consent, said.consent_source, said.consent_at, said.consent_wording) == (None, None, None, None)


def test_a_tickets_consent_is_kept_in_the_same_way() -> None:
    body = sample("standard/ticket_solved")
    body["data"] |= {"consent": True, "consent_at": "2026-01-06T08:55:00Z", "consent_wording": "You may ask me."}

    ticket = read_body("standard", body)

    assert isinstance(ticket, TicketEvent)
    said = as_order_event(ticket).details
    assert said is not None
    assert (said.consent, said.consent_source) == (True, "standard data.consent")
    assert (said.consent_at, said.consent_wording) == (at("2026-01-06T08:55:00Z"), "You may ask me.")


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
