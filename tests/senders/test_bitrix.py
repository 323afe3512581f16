"""The sender for 1C-Bitrix, in a shop of stand-ins (php/bitrix_classes.php), against the real order webhook."""

from pathlib import Path

import pytest

from tests.senders.endpoint import Endpoint
from tests.senders.programs import PLATFORMS, SECRET
from tests.senders.shops import Event, Shop

AGENTS: Event = ("agents", {})
WAITING: Event = ("waiting", {})


def saved(**fields: str) -> Event:
    return "saved", fields


@pytest.fixture
def shop(endpoint: Endpoint, tmp_path: Path) -> Shop:
    settings = {"url": endpoint.url, "secret": SECRET, "country": "KZ"}
    return Shop("bitrix", tmp_path, PLATFORMS, {"afterorder": settings})


def test_an_order_on_its_way_through_the_shop_is_told_step_by_step(shop: Shop, endpoint: Endpoint) -> None:
    shop.request(saved(), AGENTS, saved(PAYED="Y"), AGENTS, saved(DEDUCTED="Y"), AGENTS, saved(STATUS_ID="F"), AGENTS)

    assert list(dict.fromkeys(endpoint.types())) == [
        "order.placed",
        "order.paid",
        "order.fulfilled",
        "order.delivered",
    ]
    assert endpoint.world.survey().stage == "planned"


def test_the_order_is_told_in_the_words_of_the_standard_webhook(shop: Shop, endpoint: Endpoint) -> None:
    shop.request(saved(), AGENTS)

    data = endpoint.posts[0].event["data"]
    assert data.pop("updated_at").endswith("Z")
    assert data == {
        "id": "1001",
        "number": "1001",
        "email": "anna@example.com",
        "first_name": "Анна",
        "language": "ru",
        "country": "KZ",
        "currency": "KZT",
        "total": "99.80",
        "items": [{"title": "Палатка «Сокол»", "quantity": 1}],
        "customer_id": "7",
        "placed_at": "2026-01-03T10:00:00Z",
    }


def test_a_cancelled_order_is_told_as_such(shop: Shop, endpoint: Endpoint) -> None:
    shop.request(saved(PAYED="Y"), saved(CANCELED="Y"), AGENTS)

    assert endpoint.types() == ["order.paid", "order.cancelled"]


def test_a_manager_s_note_is_no_news(shop: Shop, endpoint: Endpoint) -> None:
    shop.request(saved(), AGENTS, saved(COMMENTS="call first"), AGENTS)

    assert endpoint.types() == ["order.placed"]


def test_saving_an_order_waits_for_no_delivery(shop: Shop, endpoint: Endpoint) -> None:
    assert shop.request(saved(), WAITING) == ["1"]
    assert endpoint.posts == []


def test_what_failed_is_tried_again_by_the_next_agents_with_the_same_id(shop: Shop, endpoint: Endpoint) -> None:
    endpoint.troubles += [503]

    said = shop.request(saved(), AGENTS, WAITING, AGENTS, WAITING)

    assert said[1:] == ["1", "0"]
    assert [post.status for post in endpoint.posts] == [503, 200]
    assert len({(post.message_id, post.body) for post in endpoint.posts}) == 1


def test_a_body_that_is_refused_is_logged_and_not_sent_again(shop: Shop, endpoint: Endpoint) -> None:
    endpoint.troubles += [400]

    said = shop.request(saved(), AGENTS, WAITING, AGENTS)

    assert said == ["afterorder: order 1001, order.placed: 400: ", "0"]
    assert len(endpoint.posts) == 1


def test_an_order_that_was_deleted_meanwhile_is_let_go(shop: Shop, endpoint: Endpoint) -> None:
    assert shop.request(saved(), ("deleted", {}), AGENTS, WAITING) == ["0"]
    assert endpoint.posts == []
