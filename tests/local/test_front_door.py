"""The public port of the local stack, over real connections."""

import http.client
import json
import socket
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from infra.local.front_door import MOST_BYTES, AccessLog, FrontDoor
from infra.local.http_events import Request
from infra.local.runtime_api import Result
from infra.local.stack import Route
from infra.local.virtual_clock import VirtualClock
from infra.local.wire import Reply

ROUTES = (
    Route("POST", "/webhooks/{shop}/{platform}", "OrderWebhookFunction"),
    Route("GET", "/s/{token}/{score}", "SurveyPageFunction"),
    Route("HEAD", "/s/{token}/{score}", "SurveyPageFunction"),
)
Ask = Callable[..., tuple[int, Mapping[str, str], bytes]]


def echo(function: str, event: Mapping[str, Any]) -> Result:
    answer = {"statusCode": 200, "headers": {"x-function": function}, "body": json.dumps(event)}
    return Result(json.dumps(answer).encode())


def local(request: Request) -> Reply:
    return Reply(200, b"the local door at " + request.target.encode())


@pytest.fixture
def front(tmp_path: Path) -> Iterator[FrontDoor]:
    door = FrontDoor(0)
    clock = VirtualClock(tmp_path / "clock", datetime(2026, 1, 5, 9, 0, tzinfo=UTC))
    log = AccessLog(tmp_path / "access.log")
    door.open(ROUTES, echo, local, clock=clock, account="123456789012", log=log, after=lambda: None)
    yield door
    door.close()


@pytest.fixture
def ask(front: FrontDoor) -> Ask:
    def asked(method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", front.port, timeout=60)
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        found = (answer.status, dict(answer.getheaders()), answer.read())
        connection.close()
        return found

    return asked


def test_a_webhook_reaches_its_function_with_every_byte(ask: Ask) -> None:
    status, headers, body = ask("POST", "/webhooks/acme/shopify", b'{"id": 1001}', {"Content-Type": "application/json"})

    assert (status, headers["x-function"]) == (200, "OrderWebhookFunction")
    assert json.loads(body)["body"] == '{"id": 1001}'


def test_a_path_without_a_route_is_not_found(ask: Ask) -> None:
    status, _, body = ask("GET", "/admin")

    assert (status, json.loads(body)) == (404, {"message": "Not Found"})


def test_head_has_the_headers_of_its_answer_and_no_body(ask: Ask) -> None:
    status, headers, body = ask("HEAD", "/s/token/7")

    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) > 0


def test_a_body_beyond_ten_megabytes_is_refused(ask: Ask) -> None:
    status, _, _ = ask("POST", "/webhooks/acme/shopify", b" " * (MOST_BYTES + 1))

    assert status == 413


def test_a_chunked_body_arrives_whole(ask: Ask) -> None:
    parts = iter([b'{"id":', b" 1001}"])

    _, _, body = ask("POST", "/webhooks/acme/shopify", parts, {"Content-Type": "application/json"})

    assert json.loads(body)["body"] == '{"id": 1001}'


def test_a_malformed_length_is_a_bad_request(front: FrontDoor) -> None:
    with socket.create_connection(("127.0.0.1", front.port), timeout=60) as line:
        line.sendall(b"POST /webhooks/acme/shopify HTTP/1.1\r\nHost: localhost\r\nContent-Length: many\r\n\r\n")

        assert line.recv(1024).startswith(b"HTTP/1.1 400")


def test_a_client_that_asks_before_it_sends_is_told_to_go_on(front: FrontDoor) -> None:
    with socket.create_connection(("127.0.0.1", front.port), timeout=60) as line:
        line.sendall(
            b"POST /webhooks/acme/shopify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        )

        assert line.recv(1024).startswith(b"HTTP/1.1 100")


def test_one_connection_takes_many_requests(front: FrontDoor) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", front.port, timeout=60)

    statuses = []
    for _ in range(3):
        connection.request("GET", "/s/token/7")
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()

    assert statuses == [200, 200, 200]


def test_the_local_door_is_not_a_route(ask: Ask) -> None:
    assert ask("GET", "/_local/clock?x=1")[2] == b"the local door at /_local/clock?x=1"


def test_the_access_log_holds_the_routes_key_and_no_token(ask: Ask, tmp_path: Path) -> None:
    ask("GET", "/s/very-secret-token/7")

    [line] = (tmp_path / "access.log").read_text().splitlines()

    assert json.loads(line)["route"] == "GET /s/{token}/{score}"
    assert json.loads(line)["at"] == "2026-01-05T09:00:00Z"
    assert "very-secret-token" not in line
