"""Requests become events, and answers become replies, as API Gateway's HTTP APIs make them."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from infra.local.http_events import Request, event, find_route, reply
from infra.local.runtime_api import Result
from infra.local.stack import Route

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
TAP = Route("GET", "/s/{token}/{score}", "SurveyPageFunction")
LOOK = Route("HEAD", "/s/{token}/{score}", "SurveyPageFunction")
ANSWER = Route("POST", "/s/{token}", "SurveyPageFunction")
REPORT = Route("GET", "/r/{token}", "ReportDownloadFunction")
FILE = Route("GET", "/r/{token}/{file}", "ReportDownloadFunction")
ROUTES = (TAP, LOOK, ANSWER, REPORT, FILE)


def request(target: str, method: str = "GET", body: bytes = b"", headers: tuple[tuple[str, str], ...] = ()) -> Request:
    every = (("Host", "127.0.0.1:8000"), ("User-Agent", "Anna's telephone"), *headers)
    return Request(method, target, every, body, "127.0.0.1")


def made(asked: Request) -> dict[str, Any]:
    match = find_route(ROUTES, asked.method, asked.target.partition("?")[0])
    assert match is not None
    return event(asked, match, NOW, "123456789012")


def answered(value: Any) -> Result:
    return Result(json.dumps(value).encode())


def test_a_tap_becomes_an_event_of_payload_2_0() -> None:
    tap = made(request("/s/Tok-en/7?from=mail"))

    assert tap["version"] == "2.0"
    assert tap["routeKey"] == "GET /s/{token}/{score}"
    assert tap["rawPath"] == "/s/Tok-en/7"
    assert tap["pathParameters"] == {"token": "Tok-en", "score": "7"}
    assert (tap["rawQueryString"], tap["queryStringParameters"]) == ("from=mail", {"from": "mail"})
    assert tap["requestContext"]["http"] == {
        "method": "GET",
        "path": "/s/Tok-en/7",
        "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1",
        "userAgent": "Anna's telephone",
    }
    assert tap["requestContext"]["stage"] == "$default"


def test_the_time_of_a_request_is_the_virtual_clocks() -> None:
    context = made(request("/r/token"))["requestContext"]

    assert context["time"] == "05/Jan/2026:09:00:00 +0000"
    assert context["timeEpoch"] == 1767603600000


def test_what_is_empty_is_absent() -> None:
    assert {"body", "cookies", "queryStringParameters"}.isdisjoint(made(request("/r/token")))


def test_header_names_are_lower_case_and_repeated_ones_are_joined() -> None:
    twice = made(request("/r/token", headers=(("Accept-Language", "pl"), ("accept-language", "en"))))

    assert twice["headers"]["accept-language"] == "pl,en"


def test_cookies_leave_the_headers_for_a_list_of_their_own() -> None:
    with_cookies = made(request("/r/token", headers=(("Cookie", "client=anna; tent=green"), ("Cookie", "c=1,2"))))

    assert with_cookies["cookies"] == ["client=anna", "tent=green", "c=1,2"]
    assert "cookie" not in with_cookies["headers"]


def test_repeated_parameters_are_joined_and_decoded() -> None:
    tap = made(request("/s/token/7?driver=price&driver=clear%20words&empty="))

    assert tap["queryStringParameters"] == {"driver": "price,clear words", "empty": ""}


def test_the_first_address_of_x_forwarded_for_is_the_customers() -> None:
    tap = made(request("/s/token/7", headers=(("X-Forwarded-For", "198.51.100.7, 10.0.0.1"),)))

    assert tap["requestContext"]["http"]["sourceIp"] == "198.51.100.7"


def test_path_parameters_and_the_raw_path_arrive_decoded() -> None:
    download = made(request("/r/token/report%20of%20May.xlsx"))

    assert download["pathParameters"]["file"] == "report of May.xlsx"
    assert download["rawPath"] == "/r/token/report of May.xlsx"


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "", "application/octet-stream", "application/ld+json"]
)
def test_a_form_and_an_unnamed_body_arrive_as_base64(content_type: str) -> None:
    headers = (("Content-Type", content_type),) if content_type else ()

    posted = made(request("/s/token", "POST", b"score=7&comment=Za\xc5\xbc", headers))

    assert posted["isBase64Encoded"] is True
    assert base64.b64decode(posted["body"]) == b"score=7&comment=Za\xc5\xbc"


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/json; charset=utf-8", "text/plain", "application/xml"]
)
def test_json_and_text_arrive_as_they_are(content_type: str) -> None:
    posted = made(request("/s/token", "POST", '{"a": "ż"}'.encode(), (("Content-Type", content_type),)))

    assert (posted["body"], posted["isBase64Encoded"]) == ('{"a": "ż"}', False)


@pytest.mark.parametrize(
    ("method", "path", "key"),
    [
        ("GET", "/s/token/7", "GET /s/{token}/{score}"),
        ("HEAD", "/s/token/7", "HEAD /s/{token}/{score}"),
        ("HEAD", "/r/token", None),
        ("DELETE", "/s/token/7", None),
        ("GET", "/s/token", None),
        ("GET", "/s//7", None),
        ("GET", "/s/token/7/", None),
        ("GET", "/", None),
    ],
)
def test_only_the_templates_routes_are_served(method: str, path: str, key: str | None) -> None:
    match = find_route(ROUTES, method, path)

    assert (match.key if match else None) == key


def test_a_fixed_part_wins_over_a_parameter_and_a_parameter_over_a_greedy_one() -> None:
    routes = [Route("ANY", "/{rest+}", "Rest"), Route("GET", "/r/{token}", "Any"), Route("GET", "/r/help", "Help")]

    found = [find_route(routes, "GET", path) for path in ("/r/help", "/r/token", "/r/token/deep%2Fer")]

    assert [match.route.function for match in found if match] == ["Help", "Any", "Rest"]
    assert found[2] is not None
    assert found[2].parameters == {"rest": "r/token/deep/er"}


def test_an_answer_with_cookies_becomes_a_reply_with_cookies() -> None:
    value = {
        "statusCode": 303,
        "headers": {"Location": "/s/token"},
        "cookies": ["client=anna; HttpOnly", "b=2"],
        "body": "",
    }

    answer = reply(answered(value))

    assert answer.status == 303
    assert ("location", "/s/token") in answer.headers
    assert [value for name, value in answer.headers if name == "set-cookie"] == ["client=anna; HttpOnly", "b=2"]


def test_a_base64_answer_is_decoded() -> None:
    value = {"statusCode": 200, "body": base64.b64encode(b"\x89PNG").decode(), "isBase64Encoded": True}

    assert reply(answered(value)).body == b"\x89PNG"


def test_an_answer_without_a_status_is_a_200_with_it_as_json() -> None:
    answer = reply(answered({"tent": "green"}))

    assert (answer.status, json.loads(answer.body)) == (200, {"tent": "green"})


@pytest.mark.parametrize(
    "result",
    [
        Result(b'{"errorType": "ValueError", "errorMessage": "no tent"}', "Unhandled"),
        answered({"statusCode": "many"}),
        answered({"statusCode": 200, "headers": ["not", "a", "mapping"]}),
        answered({"statusCode": 200, "headers": {"location": "/\r\nset-cookie: forged=1"}}),
        answered({"statusCode": 200, "body": "not base64!", "isBase64Encoded": True}),
    ],
)
def test_a_failed_or_shapeless_answer_is_a_500_that_tells_nothing(result: Result) -> None:
    answer = reply(result)

    assert (answer.status, json.loads(answer.body)) == (500, {"message": "Internal Server Error"})
