"""The events that AWS hands to functions: real envelopes in files, addressed to what a test is about."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

EVENTS = Path(__file__).parent / "events"
Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Invocation:
    function_name: str = "afterorder"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:123456789012:function:afterorder"
    aws_request_id: str = "52fdfc07-2182-454f-963f-5f0f9a621d72"


CONTEXT = cast("LambdaContext", _Invocation())


@cache
def _read(name: str) -> Event:
    event: Event = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return event


def envelope(name: str) -> Event:
    return deepcopy(_read(name))


def request(
    name: str,
    path: Mapping[str, str],
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    cookies: Sequence[str] = (),
    address: str | None = None,
    query: Mapping[str, str] | None = None,
) -> Event:
    """A request with these path parameters; a body goes as base64, as API Gateway hands on all but a few content types.

    It asks for no packed answer, so that a test can read it, unless `headers` do.
    """
    event = envelope(name)
    http = event["requestContext"]["http"]
    template = event["routeKey"].split(" ")[1]
    event["rawPath"] = http["path"] = template.format(**path)
    event["pathParameters"] = dict(path)
    event["headers"].pop("accept-encoding", None)
    event["headers"] |= headers or {}
    http["userAgent"] = event["headers"]["user-agent"]
    http["sourceIp"] = address or http["sourceIp"]
    if body is not None:
        event |= {"body": b64encode(body).decode(), "isBase64Encoded": True}
    if query:
        event |= {"queryStringParameters": dict(query), "rawQueryString": urlencode(query)}
    if cookies:
        event["cookies"] = list(cookies)
    return event


def form(*fields: tuple[str, str]) -> bytes:
    return urlencode(fields).encode()


def batch(name: str, *messages: tuple[str, str]) -> Event:
    """A batch of queue messages, each its id and body, in the envelope of the one in the file."""
    record = envelope(name)["Records"][0]
    return {"Records": [{**deepcopy(record), "messageId": id_, "body": body} for id_, body in messages]}


def mail_event(name: str, survey: str, **mail: str) -> str:
    """A queue message's body: SNS's envelope around an event of SES about this survey's mail."""
    sns = json.loads(envelope(name)["Records"][0]["body"])
    event = json.loads(sns["Message"])
    event["mail"]["tags"]["survey_id"] = [survey]
    event["mail"] |= mail
    return json.dumps(sns | {"Message": json.dumps(event)})
