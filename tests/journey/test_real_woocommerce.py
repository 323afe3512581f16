"""Requests that a real WooCommerce 9.9.5 sent, posted byte for byte to a running stack."""

import base64
import json
from pathlib import Path

import pytest

from tests.journey.stack import HOME, Stack

SECRET = """it's "a" <secret> & co"""
CAPTURES = sorted((HOME / "tests" / "platforms" / "samples" / "woocommerce").glob("*.json"))
_CONNECTION = {"host", "connection", "content-length", "accept-encoding"}


def send(stack: Stack, capture: Path) -> int:
    request = json.loads(capture.read_text())
    headers = {name: value for name, value in request["headers"] if name.lower() not in _CONNECTION}
    url = f"{stack.url}/webhooks/brook/woocommerce"
    answer = stack.http.post(url, data=base64.b64decode(request["body_b64"]), headers=headers)
    assert answer.text == "" or answer.status_code != 200
    return answer.status_code


@pytest.fixture
def connected(stack: Stack) -> Stack:
    stack.run("shop", "put", HOME / "tests" / "shop_files" / "brook.toml")
    stack.run("shop", "connect", "brook", "woocommerce", "--secret", SECRET)
    return stack


def test_every_request_of_a_real_woocommerce_is_accepted_and_becomes_one_survey(connected: Stack) -> None:
    assert [send(connected, capture) for capture in CAPTURES] == [200] * len(CAPTURES)
    assert [send(connected, capture) for capture in reversed(CAPTURES)] == [200] * len(CAPTURES)

    surveys = connected.surveys("brook")
    assert [(survey["order"], survey["stage"]) for survey in surveys] == [("11", "planned")]


def test_the_ping_is_answered_whatever_the_shop(stack: Stack) -> None:
    ping = next(capture for capture in CAPTURES if "ping" in capture.name)

    assert send(stack, ping) == 200
