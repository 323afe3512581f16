"""The week of the 12th of January: two mails, one answer of 9 with a comment, and one order that was cancelled."""

import json
from typing import Any

from functions import rollup, survey_page
from infra import adapters
from tests.functions.envelopes import CONTEXT, batch, form, request
from tests.functions.world import World, order_1001, order_id

SUNDAY_MIDNIGHT = "2026-01-18T23:00:00Z"
WEEK = "reports/acme/2026-W03"


def play(world: World) -> None:
    """Let the week happen, until the answer has come."""
    world.order()
    world.order(id="1002", number="1002", email="jan@example.com")
    world.order(id="1003", number="1003", email="ewa@example.com")
    world.order("order_cancelled", id="1003", number="1003", email="ewa@example.com", updated_at="2026-01-05T09:03:00Z")
    world.at("2026-01-12T09:00:00Z")
    world.send(order_1001())
    world.send(order_id("1002"), message="message-2")
    world.at("2026-01-12T18:20:00Z")
    answer(world, "9", "Świetny namiot!")


def answer(world: World, score: str, comment: str = "", order: str = "1001") -> None:
    """Somebody taps a number in the mail about an order, and sends the form."""
    token = world.link(order=order)
    survey_page.handler(request("tap", {"token": token, "score": score}), CONTEXT)
    body = form(("score", score), ("comment", comment), ("driver", "quality"))
    survey_page.handler(request("answer", {"token": token}, body=body), CONTEXT)


def roll_up(world: World, moment: str, shop: str = "acme") -> dict[str, Any]:
    world.at(moment)
    told: dict[str, Any] = rollup.handler(batch("rollup_queue", ("m-1", json.dumps({"shop": shop}))), CONTEXT)
    return told


def read(key: str) -> bytes:
    stored = adapters.files().read(key)
    assert stored is not None, key
    return stored.body
