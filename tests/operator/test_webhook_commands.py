"""A webhook is signed as its platform signs, and posted byte for byte."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from typer.testing import Result

from cx_domain.shops import ShopId
from cx_domain.signatures import Delivery, verify
from infra import clock
from infra.aws import keys
from infra.operator.session import Stack
from infra.platforms import platform

Say = Callable[..., Result]


class Endpoint:
    """A shop's webhook address that notes what it is sent, and answers as it is told."""

    def __init__(self) -> None:
        self.status = 200
        self.body = b""
        self.headers: dict[str, str] = {}
        self.path = ""
        noted = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                noted.path = self.path
                noted.headers = {name.lower(): value for name, value in self.headers.items()}
                noted.body = self.rfile.read(int(self.headers["content-length"]))
                self.send_response(noted.status)
                self.end_headers()
                self.wfile.write(b"" if noted.status == 200 else b'{"error": "bad-signature"}')

            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps({"now": clock.now().isoformat()}).encode())

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture
def endpoint(acme: Stack) -> Iterator[Endpoint]:
    """The stack's public address, answering here."""
    made = Endpoint()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    told = json.loads(boto3.client("ssm").get_parameter(Name=keys.operator("afterorder"))["Parameter"].get("Value", ""))
    told["public_url"] = f"http://127.0.0.1:{made.server.server_port}"
    boto3.client("ssm").put_parameter(
        Name=keys.operator("afterorder"), Value=json.dumps(told), Type="String", Overwrite=True
    )
    del acme
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def order(tmp_path: Path) -> Path:
    file = tmp_path / "order.json"
    file.write_bytes(b'{ "id": 1001,\n "note": "z\\u00f3\\u0142ta" }\n')
    return file


@pytest.mark.parametrize("name", ["shopify", "woocommerce", "standard"])
def test_a_sent_webhook_verifies_with_the_shops_secret(
    endpoint: Endpoint, acme: Stack, afterorder: Say, order: Path, name: str
) -> None:
    afterorder("shop", "connect", "acme", name)

    sent = afterorder("webhook", "send", "acme", name, str(order))

    assert (sent.exit_code, sent.stdout) == (0, "200\n")
    assert (endpoint.path, endpoint.body) == (f"/webhooks/acme/{name}", order.read_bytes())
    secrets = acme.secrets.webhook_secrets(ShopId("acme"), name)
    verify(platform(name).scheme, secrets, Delivery(endpoint.body, endpoint.headers), clock.now())


def test_the_topic_goes_into_the_platforms_header(endpoint: Endpoint, afterorder: Say, order: Path) -> None:
    afterorder("shop", "connect", "acme", "shopify")

    afterorder("webhook", "send", "acme", "shopify", str(order), "--topic", "orders/cancelled")

    assert endpoint.headers["x-shopify-topic"] == "orders/cancelled"


def test_a_refused_webhook_ends_with_one_and_says_why(endpoint: Endpoint, afterorder: Say, order: Path) -> None:
    endpoint.status = 401
    afterorder("shop", "connect", "acme", "standard")

    sent = afterorder("webhook", "send", "acme", "standard", str(order))

    assert (sent.exit_code, sent.stdout) == (1, '401\n{"error": "bad-signature"}\n')


def test_a_shop_that_is_not_connected_is_told_how_to(acme: Stack, afterorder: Say, order: Path) -> None:
    del acme

    sent = afterorder("webhook", "send", "acme", "shopify", str(order))

    assert sent.exit_code == 1
    assert "afterorder shop connect acme shopify" in sent.stderr
