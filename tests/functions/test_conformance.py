"""Every platform goes through the same cases, from its signature to the survey. `make conformance` prints them as a table."""

import json
import tomllib
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from infra import clock
from infra.local import http_events
from infra.local.stack import Route
from infra.platforms import platforms
from tests.functions.conformance import Conformance, Part, conforming
from tests.functions.world import SAMPLES, World

Case = Callable[[Conformance], None]
Event = dict[str, Any]


def good_signature(shop: Conformance) -> None:
    answer = shop.post("sent")

    assert (answer["statusCode"], answer["body"]) == (200, "")
    assert shop.survey().stage == "planned"


def each_secret_of_two(shop: Conformance) -> None:
    answers = [shop.post("sent", secret) for secret in (0, 1)]

    assert [answer["statusCode"] for answer in answers] == [200, 200]
    assert shop.survey().stage == "planned"


def flipped_byte(shop: Conformance) -> None:
    event = shop.event(shop.part("sent"))
    as_it_was = shop.signed(shop.part("sent").body).body
    flipped = bytearray(as_it_was)
    flipped[len(flipped) // 2] ^= 1

    answer = shop.world.post(_with_body(event, bytes(flipped)))

    assert (answer["statusCode"], shop.kept()) == (401, [])


def missing_header(shop: Conformance) -> None:
    event = shop.event(shop.part("sent"))
    made = shop.signed(shop.part("sent").body)
    event["headers"] = {name: value for name, value in event["headers"].items() if name not in made.headers}
    event["queryStringParameters"] = {}

    answer = shop.world.post(event)

    assert (answer["statusCode"], shop.kept()) == (401, [])
    assert "missing" in answer["body"] or "lacks" in answer["body"]


def base64_body(shop: Conformance) -> None:
    event = shop.event(shop.part("sent"))
    as_text = event | {"body": shop.signed(shop.part("sent").body).body.decode(), "isBase64Encoded": False}

    answers = [shop.world.post(each) for each in (event, as_text)]

    assert event["isBase64Encoded"] is True
    assert [answer["statusCode"] for answer in answers] == [200, 200]


def header_case(shop: Conformance) -> None:
    event = shop.event(shop.part("sent"))
    capitals: Mapping[str, str] = {name.lower(): name for name in shop.told["headers"]}
    assert set(capitals) <= set(event["headers"])
    sent = [(capitals.get(name, name), value) for name, value in event["headers"].items()]
    body = shop.signed(shop.part("sent").body).body
    asked = http_events.Request("POST", event["rawPath"], sent, body, "198.51.100.20")
    route = http_events.Match(Route("POST", "/webhooks/{shop}/{platform}", "f"), event["pathParameters"])

    answer = shop.world.post(http_events.event(asked, route, clock.now(), "123456789012"))

    assert answer["statusCode"] == 200


def unicode_(shop: Conformance) -> None:
    shop.post("unicode")

    assert "Палатка «Ætna» 🏕 帐篷" in repr(shop.details())


def duplicate(shop: Conformance) -> None:
    shop.post("sent")
    kept = shop.kept()

    answer = shop.post("sent")

    assert (answer["statusCode"], shop.kept()) == (200, kept)


def out_of_order(shop: Conformance) -> None:
    shop.post("sent")
    planned = shop.survey()
    older = shop.part("created")
    assert "anna.before@example.com" in f"{older.body!r} {older.shown}", "what would come back must differ"

    answer = shop.post(older)

    now = shop.survey()
    assert answer["statusCode"] == 200
    assert (now.stage, now.due_at, now.order.details) == ("planned", planned.due_at, planned.order.details)


def cancelled_before_created(shop: Conformance) -> None:
    shop.post("cancelled")

    shop.post("created")
    shop.post("sent")

    assert (shop.survey().stage, shop.survey().reason) == ("refused", "cancelled")


def refund_after_planning(shop: Conformance) -> None:
    shop.post("sent")
    planned = shop.survey().stage

    shop.post("refunded")

    assert (planned, shop.survey().stage, shop.survey().reason) == ("planned", "refused", "refunded")


def test_order(shop: Conformance) -> None:
    answer = shop.post("test")

    assert (answer["statusCode"], shop.survey().stage, shop.survey().reason) == (200, "refused", "test-order")


def no_address(shop: Conformance) -> None:
    answer = shop.post("no_address")

    assert (answer["statusCode"], shop.survey().stage, shop.survey().reason) == (200, "refused", "no-address")


def huge_body(shop: Conformance) -> None:
    part = shop.part("sent")
    huge = replace(part, body=part.body + b" " * (1_000_001 - len(part.body)))

    answer = shop.post(huge)

    assert (answer["statusCode"], shop.kept()) == (413, [])


def hostile_bodies(shop: Conformance) -> None:
    part = shop.part("sent")

    answers = {body[:60]: shop.post(replace(part, body=body))["statusCode"] for body in _hostile(part)}

    assert set(answers.values()) <= {200, 400, 401}, answers
    assert 400 in answers.values(), answers


CASES: Mapping[str, Case] = {
    "good signature": good_signature,
    "each secret of two": each_secret_of_two,
    "flipped byte": flipped_byte,
    "missing header": missing_header,
    "base64 body": base64_body,
    "header case": header_case,
    "unicode": unicode_,
    "duplicate": duplicate,
    "out of order": out_of_order,
    "cancelled before created": cancelled_before_created,
    "refund after planning": refund_after_planning,
    "test order": test_order,
    "no address": no_address,
    "huge body": huge_body,
    "hostile bodies": hostile_bodies,
}
test_order.__test__ = False  # type: ignore[attr-defined]  # a case, as the others


def cannot(name: str) -> dict[str, str]:
    """What a platform cannot express, by case, and why."""
    told = tomllib.loads((SAMPLES / name / "conformance.toml").read_text(encoding="utf-8"))
    return {case: str(why) for case, why in told.get("cannot", {}).items()}


POSSIBLE = [(name, case) for name in platforms() for case in CASES if case not in cannot(name)]


@pytest.mark.parametrize(("name", "case"), POSSIBLE)
def test_a_platform_conforms(name: str, case: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with conforming(name, world, monkeypatch.setenv) as shop:
        CASES[case](shop)


@pytest.mark.parametrize("name", platforms())
def test_what_a_platform_cannot_express_is_a_case_and_has_a_reason(name: str) -> None:
    reasons = cannot(name)

    assert set(reasons) <= set(CASES)
    assert all(len(why.split()) > 3 for why in reasons.values())


@pytest.mark.parametrize("name", [name for name in platforms() if "flipped byte" in cannot(name)])
def test_where_the_body_is_not_signed_a_flipped_proof_is_refused(
    name: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with conforming(name, world, monkeypatch.setenv) as shop:
        event = shop.event(shop.part("sent"))
        made = shop.signed(shop.part("sent").body)
        event["headers"] |= {header: f"{value[:-2]}//" for header, value in made.headers.items()}
        event["queryStringParameters"] = {key: f"{value}x" for key, value in made.query.items()}

        answer = world.post(event)

        assert (answer["statusCode"], shop.kept()) == (401, [])


def _with_body(event: Event, body: bytes) -> Event:
    return event | {"body": b64encode(body).decode(), "isBase64Encoded": True}


def _hostile(part: Part) -> Iterator[bytes]:
    """Bodies that nobody sends in earnest: none may be answered 5xx."""
    payload = json.loads(part.body)
    start, rest = part.body.rstrip()[:-1], b"}"
    yield start + b', "deep": ' + b"[" * 100_000 + b"]" * 100_000 + rest
    yield start + b', "long": ' + b"9" * 5000 + rest
    yield start + b', "none": NaN' + rest
    yield start + b', "bytes": "\xff\xfe"' + rest
    yield start
    yield b"[" + part.body + b"]"
    yield b""
    strange: object
    for strange in (None, True, -1, 1e300, "\ud800", [], [[]], {}, {"a": {"b": []}}, "x" * 5000):
        yield json.dumps(_everywhere(payload, strange)).encode()


def _everywhere(payload: Any, strange: object) -> Any:
    """The payload with every value of its own replaced, but for what says what it is and for whom."""
    if isinstance(payload, dict):
        kept = {"type", "scope", "topic", "eventType", "recipient_client_id", "eventCreated", "eventId"}
        return {name: each if name in kept else _everywhere(each, strange) for name, each in payload.items()}
    if isinstance(payload, list):
        return [_everywhere(each, strange) for each in payload] or strange
    return strange
