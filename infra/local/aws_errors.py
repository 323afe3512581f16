"""How each service says no, in its own protocol, so that botocore raises what it would raise on AWS."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def error(service: str, status: int, code: str, message: str) -> Answer:
    """Say no as `service` (its signing name) does."""
    match service:
        case "dynamodb" | "sqs" | "ssm":
            headers = {"Content-Type": "application/x-amz-json-1.0", "x-amzn-query-error": f"{code};Sender"}
            return Answer(status, headers, json.dumps({"__type": code, "message": message}).encode())
        case "ses" | "lambda":
            headers = {"Content-Type": "application/json", "x-amzn-ErrorType": code}
            return Answer(status, headers, json.dumps({"message": message}).encode())
        case "s3":
            inside = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
            return _xml(status, f"<Error>{inside}</Error>")
        case _:
            inside = f"<Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message>"
            return _xml(status, f"<ErrorResponse><Error>{inside}</Error></ErrorResponse>")


# The name of "you may not" and its status, where they differ from AccessDeniedException and 400.
_DENIED = {
    "s3": (403, "AccessDenied"),
    "ses": (403, "AccessDeniedException"),
    "lambda": (403, "AccessDeniedException"),
    "sns": (403, "AuthorizationError"),
}


def denied(service: str, message: str) -> Answer:
    status, code = _DENIED.get(service, (400, "AccessDeniedException"))
    return error(service, status, code, message)


# Each service's own word for "too fast" (SES: docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html).
_THROTTLED = {
    "dynamodb": (400, "ProvisionedThroughputExceededException", "The level of configured throughput was exceeded."),
    "s3": (503, "SlowDown", "Please reduce your request rate."),
    "ses": (429, "TooManyRequestsException", "Maximum sending rate exceeded."),
    "lambda": (429, "TooManyRequestsException", "Rate exceeded"),
}


def throttled(service: str) -> Answer:
    return error(service, *_THROTTLED.get(service, (400, "ThrottlingException", "Rate exceeded")))


def _xml(status: int, body: str) -> Answer:
    return Answer(status, {"Content-Type": "application/xml"}, f'<?xml version="1.0" encoding="UTF-8"?>{body}'.encode())
