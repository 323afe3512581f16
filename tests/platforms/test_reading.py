"""Whatever is sent leads to a declared refusal, in words that its sender knows; and every platform's file is complete."""

import json
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_domain.errors import BadField, BadInput, NotFound
from cx_domain.order_fields import FeedbackEvent, TicketEvent
from cx_domain.orders import OrderEvent
from cx_domain.signatures import Delivery, verify
from infra.platforms import Ignored, platform, platforms, read
from tests.platforms.payloads import RECEIVED_AT, read_body, sample, woocommerce_order


@pytest.mark.parametrize(
    ("name", "changes", "told"),
    [
        ("standard", {"type": None}, "type: is missing"),
        ("standard", {"type": 5}, "type: must be text"),
        ("standard", {"data": {}}, "data.id: is missing"),
        ("standard", {"data": []}, "data.id: is missing"),
        ("standard", {"data": {"id": True}}, "data.id: must be text or a whole number"),
        ("standard", {"data": {"id": 10.5}}, "data.id: must be text or a whole number"),
        ("standard", {"data": {"id": "1", "items": {}}}, "data.items: must be a list"),
        ("standard", {"data": {"id": "1", "items": ["Tent"]}}, r"data.items\[0\]: must be an object"),
        ("standard", {"data": {"id": "1", "items": [{"title": 5}]}}, r"data.items\[0\].title: must be text"),
        ("standard", {"data": {"id": "1", "consent": "yes"}}, "data.consent: must be true, false or null"),
        ("standard", {"data": {"id": "1", "tags": {"store": 5}}}, "data.tags.store: must be text"),
        ("standard", {"data": {"id": "1", "total": "-1.00"}}, "data.total: must be an amount"),
        ("standard", {"data": {"id": "1", "placed_at": "yesterday"}}, "data.placed_at: must be a time"),
        ("standard", {"timestamp": "2026-01-05T09:00:00", "data": {"id": "1"}}, "timestamp: must say its offset"),
        ("shopify", {"line_items": [{"title": 5}]}, r"line_items\[0\].title: must be text"),
        ("shopify", {"email": 5}, "email: must be text"),
        ("shopify", {"email": None, "contact_email": 5}, "contact_email: must be text"),
        ("woocommerce", {"billing": {"email": ["x"]}}, "billing.email: must be text"),
        ("woocommerce", {"line_items": [{"name": 5}]}, r"line_items\[0\].name: must be text"),
        ("woocommerce", {"date_modified_gmt": "now"}, "date_modified_gmt: must be a time"),
    ],
)
def test_a_wrong_field_is_told_by_the_path_that_its_sender_knows(
    name: str, changes: dict[str, object], told: str
) -> None:
    whole = {
        "standard": sample("standard/order_fulfilled"),
        "shopify": sample("shopify/orders_create"),
        "woocommerce": woocommerce_order(),
    }

    with pytest.raises(BadField, match=f"^{told}"):
        read_body(name, whole[name] | changes)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"score": 6}, "data.score: must be a whole number from 1 to 5, or null"),
        ({"score": 4.0}, "data.score"),
        ({"score": True}, "data.score"),
        ({"kind": "stars"}, "data.kind: must be one of nps"),
        ({"kind": None}, "data.kind: is missing"),
        ({"stage": "later"}, "data.stage: must be one of before, during, after"),
    ],
)
def test_a_rating_off_its_scale_is_refused(changes: dict[str, object], told: str) -> None:
    body = sample("standard/feedback_recorded")
    body["data"] |= changes

    with pytest.raises(BadField, match=f"^{told}"):
        read_body("standard", body, headers={"webhook-id": "msg_1"})


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "Expecting value at line 1 column 1"),
        (b'{"type": "order.paid",\n "data" }', "Expecting ':' delimiter at line 2 column 9"),
        (b"[1001]", "it must be an object"),
        (b'{"id": NaN}', "NaN is no number"),
        (b'{"id": -Infinity}', "-Infinity is no number"),
        (b"\xff\xfe", "not UTF-8 at byte 1"),
        (b'{"id": ' + b"9" * 5000 + b"}", "a number is too long"),
        (b"[" * 200_000, "nests too deeply"),
    ],
)
def test_what_is_not_a_json_object_is_told_where_it_goes_wrong(body: bytes, told: str) -> None:
    with pytest.raises(BadInput, match=f"^malformed JSON: .*{told}"):
        read(platform("standard"), Delivery(body), RECEIVED_AT)


@pytest.mark.parametrize("name", ["shopify", "woocommerce"])
def test_a_missing_topic_is_told_by_its_header(name: str) -> None:
    here = platform(name)

    with pytest.raises(BadField, match=f"^{here.topic.header}: is missing"):
        read(here, Delivery(b'{"id": 1}'), RECEIVED_AT)


def test_an_unknown_platform_is_told_with_those_that_are_known() -> None:
    with pytest.raises(NotFound, match=f"there are {', '.join(platforms())}$"):
        platform("../shopify")


@pytest.mark.parametrize("name", platforms())
def test_a_platform_file_is_complete(name: str) -> None:
    here = platform(name)

    assert here.name == name
    assert here.topic.example in here.topics
    assert any(not isinstance(shape, Ignored) for shape in here.topics.values())


@pytest.mark.parametrize("name", platforms())
def test_the_steps_say_where_to_send_and_with_which_secret(name: str) -> None:
    here = platform(name)

    assert "{url}" in here.steps
    assert ("{secret}" in here.steps) == (here.secret_from == "us")


@pytest.mark.parametrize("name", platforms())
def test_the_steps_leave_the_shops_name_to_be_filled_in(name: str) -> None:
    assert "SHOP" not in platform(name).steps.replace("YOUR-SHOP", "")


@pytest.mark.parametrize("name", [name for name in platforms() if platform(name).scheme.can_sign])
def test_what_we_sign_for_a_test_verifies(name: str) -> None:
    scheme = platform(name).scheme
    secret = scheme.new_secret(b"r" * 32)
    body = b'{"eventCreated": 1767603600, "eventId": "7"}'  # Ecwid signs these two, the others all

    delivery = scheme.sign(secret, body, message_id="msg_1", now=RECEIVED_AT)

    verify(scheme, [secret], delivery, RECEIVED_AT + timedelta(minutes=5))


any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def replaced(payload: Any, path: list[Any], value: object) -> Any:
    """The same payload with one place in it replaced."""
    if not path or not isinstance(payload, (dict, list)):
        return value
    copy = payload.copy()
    copy[path[0]] = replaced(payload[path[0]], path[1:], value)
    return copy


def places(payload: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = payload.items() if isinstance(payload, dict) else enumerate(payload) if isinstance(payload, list) else ()
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]


WHOLE = [
    ("standard", "order.fulfilled", sample("standard/order_fulfilled")),
    ("standard", "ticket.solved", sample("standard/ticket_solved")),
    ("standard", "feedback.recorded", sample("standard/feedback_recorded")),
    ("shopify", "orders/updated", sample("shopify/orders_updated_delivered")),
    ("shopify", "fulfillment_events/create", sample("shopify/fulfillment_events_create_delivered")),
    ("woocommerce", "order.updated", woocommerce_order()),
]


@settings(deadline=None)
@given(
    st.sampled_from(WHOLE).flatmap(lambda whole: st.tuples(st.just(whole), st.sampled_from(places(whole[2])), any_json))
)
def test_one_strange_value_anywhere_is_read_or_refused_by_name(
    drawn: tuple[tuple[str, str, Any], tuple[Any, ...], object],
) -> None:
    (name, topic, payload), place, value = drawn

    with suppress(BadInput):
        reading = read_body(name, replaced(payload, list(place), value), topic, {"webhook-id": "msg_1"})
        assert isinstance(reading, OrderEvent | TicketEvent | FeedbackEvent | Ignored)
        assert json.dumps(asdict(reading), default=str, ensure_ascii=False).encode()  # no lone surrogate is left in it


@settings(deadline=None)
@given(st.sampled_from(platforms()), st.binary(max_size=80))
def test_no_bytes_are_refused_in_any_other_way(name: str, body: bytes) -> None:
    here = platform(name)

    with pytest.raises(BadInput):
        read(here, Delivery(body, here.test_headers()), RECEIVED_AT)
