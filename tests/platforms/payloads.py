"""Payloads as the platforms send them, and short ways to read them."""

import json
from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cx_domain.orders import OrderDetails, OrderEvent
from cx_domain.signatures import Delivery
from infra.platforms import Reading, platform, read

SAMPLES = Path(__file__).parent / "samples"
RECEIVED_AT = datetime(2026, 1, 10, 12, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def sample(path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{path}.json").read_text(encoding="utf-8"))
    return found


def captured(name: str) -> Delivery:
    """A whole request that a real WooCommerce sent."""
    request = sample(f"woocommerce/{name}")
    return Delivery(b64decode(request["body_b64"]), {header.lower(): value for header, value in request["headers"]})


def read_body(name: str, payload: object, topic: str | None = None, headers: dict[str, str] | None = None) -> Reading:
    here = platform(name)
    delivery = Delivery(json.dumps(payload).encode(), {**here.test_headers(topic), **(headers or {})})
    return read(here, delivery, RECEIVED_AT)


def read_order(name: str, payload: object, topic: str | None = None) -> OrderEvent:
    event = read_body(name, payload, topic)
    assert isinstance(event, OrderEvent)
    return event


def details(event: OrderEvent) -> OrderDetails:
    assert event.details is not None
    return event.details


def woocommerce_order(**changes: object) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(captured("order_updated_completed").body)
    return {**body, **changes}
