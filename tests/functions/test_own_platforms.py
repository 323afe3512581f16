"""A shop's own platform is read as ours are, and a platform that asks whether the address is ours gets its challenge back."""

import json
from typing import Any

import pytest

from infra import adapters, clock
from infra.aws import clients
from infra.platforms import read_platform
from tests.functions.envelopes import request
from tests.functions.world import World

TILL = """
name = "acme-till"
title = "The till of Acme"

[signature]
scheme = "hmac-sha256"
header = "x-till-signature"
encoding = "hex"

[topic]
field = "event"
example = "handed-over"

[topics]
"handed-over" = { shape = "order", means = "fulfilled" }

[shapes.order]
becomes = "order"

[shapes.order.fields]
id = "receipt"
updated_at = "at"
email = "buyer.mail"
country = "buyer.from"

[shapes.order.item]
title = "what"
"""
BODY = {
    "event": "handed-over",
    "receipt": 1001,
    "at": "2026-01-05T09:00:00Z",
    "buyer": {"mail": "anna@example.com", "from": "PL"},
}
SECRET = "the till's secret"


@pytest.fixture
def till(world: World) -> World:
    """Acme has told us of its till, and connected it."""
    adapters.own_platforms().put(world.acme, "acme-till", TILL, clock.now())
    adapters.secrets().put_webhook_secrets(world.acme, "acme-till", [SECRET])
    return world


def rung_up(shop: str = "acme", **changes: object) -> dict[str, Any]:
    body = json.dumps(BODY | changes).encode()
    signed = read_platform(TILL).scheme.sign(SECRET, body, message_id="1", now=clock.now())
    return request("webhook", {"shop": shop, "platform": "acme-till"}, headers=signed.headers, body=body)


def test_an_order_from_the_shops_own_till_is_planned(till: World) -> None:
    answer = till.post(rung_up())

    assert answer["statusCode"] == 200
    assert (till.survey().stage, till.survey().reason) == ("planned", None)


def test_a_mistake_is_told_by_the_tills_own_path(till: World) -> None:
    answer = till.post(rung_up(buyer={"mail": 5}))

    assert (answer["statusCode"], answer["body"]) == (400, "buyer.mail: must be text")


def test_another_shop_knows_nothing_of_the_till(till: World) -> None:
    answer = till.post(rung_up(shop="brook"))

    assert answer["statusCode"] == 404


def test_a_new_file_is_read_within_a_minute(till: World, monkeypatch: pytest.MonkeyPatch) -> None:
    till.post(rung_up())
    adapters.own_platforms().put(till.acme, "acme-till", TILL.replace('"receipt"', '"number"'), clock.now())
    at_once = till.post(rung_up())
    monkeypatch.setenv("AFTERORDER_SHOP_CACHE_SECONDS", "0.0001")

    later = till.post(rung_up())

    assert (at_once["statusCode"], later["statusCode"], later["body"]) == (200, 400, "number: is missing")


def test_a_file_that_reads_no_more_is_our_trouble_so_that_the_till_tries_again(till: World) -> None:
    adapters.own_platforms().put(till.acme, "acme-till", "title = 5", clock.now())

    answer = till.post(rung_up())

    assert answer["statusCode"] == 503


@pytest.mark.parametrize("name", ["", "..", "acme till", "acme-till#x", "A", "x" * 41])
def test_a_name_that_no_platform_can_have_is_404(till: World, name: str) -> None:
    event = rung_up()
    event["pathParameters"]["platform"] = name

    assert till.post(event)["statusCode"] == 404


# --- the challenge ----------------------------------------------------------------------------------------------------


def asked(challenge: str | None, platform: str = "adobe-commerce") -> dict[str, Any]:
    query = {} if challenge is None else {"challenge": challenge}
    event = request("challenge", {"shop": "acme", "platform": platform}, query=query)
    return event if query else event | {"queryStringParameters": None}


def test_adobe_gets_its_challenge_back_and_nothing_else(world: World) -> None:
    answer = world.post(asked("8ec8d794-e0ab-42df-9017-e3dada8e84f7"))

    assert (answer["statusCode"], answer["body"]) == (200, "8ec8d794-e0ab-42df-9017-e3dada8e84f7")
    assert answer["headers"]["content-type"] == "text/plain; charset=utf-8"
    assert answer["headers"]["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("challenge", [None, "", "<script>", "a b", "a\n", "é", "x" * 201])
def test_what_is_no_challenge_is_not_said_back(world: World, challenge: str | None) -> None:
    answer = world.post(asked(challenge))

    assert answer["statusCode"] == 404
    assert not challenge or challenge not in answer["body"]


@pytest.mark.parametrize("platform", ["standard", "shopify", "nobody"])
def test_a_platform_that_asks_for_no_challenge_gets_none(world: World, platform: str) -> None:
    assert world.post(asked("8ec8d794", platform))["statusCode"] == 404


# --- our own trouble ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kept", ["no JSON", "{}", "[5]"])
def test_a_secret_that_cannot_be_read_is_503_for_saleor_never_repeats_after_a_4xx(world: World, kept: str) -> None:
    name = "/afterorder/afterorder/webhooks/acme/saleor"
    clients.ssm().put_parameter(Name=name, Value=kept, Type="SecureString", Overwrite=True)
    event = request("webhook", {"shop": "acme", "platform": "saleor"}, headers={"saleor-signature": "a..b"}, body=b"{}")

    answer = world.post(event)

    assert (answer["statusCode"], world.items()) == (503, [])
