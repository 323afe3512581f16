"""What an AWS request asks for: who calls, which operation, and which permissions it needs."""

import json
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email import policy
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from typing import Any
from urllib.parse import parse_qsl, unquote
from xml.etree.ElementTree import fromstring

from infra.local.rest_calls import rest_call

Need = tuple[str, ...]
"""An action, and the ARN of what it is done to; where there are several ARNs, a permission for one of them is enough."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request to the endpoint; header names are lower-case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def credential(self) -> list[str]:
        """Give the credential scope: access key, day, region, service; empty when the request is not signed."""
        scope = self.query.get("X-Amz-Credential", "")
        authorization = self.headers.get("authorization", "")
        if "Credential=" in authorization:
            scope = authorization.partition("Credential=")[2].partition(",")[0]
        return scope.split("/") if scope else []


@dataclass(frozen=True, slots=True)
class Call:
    """One AWS call: `parameters` are its members as botocore names them, as far as they are needed here."""

    service: str
    operation: str
    access_key: str
    parameters: Mapping[str, Any]
    needs: tuple[Need, ...]


def read_request(environ: Mapping[str, Any], body: bytes) -> Request:
    headers = {name[5:].replace("_", "-").lower(): str(value) for name, value in environ.items() if name[:5] == "HTTP_"}
    headers["content-type"] = str(environ.get("CONTENT_TYPE", ""))
    path = str(environ.get("PATH_INFO", "")).encode("latin-1").decode()
    query = dict(parse_qsl(str(environ.get("QUERY_STRING", "")), keep_blank_values=True))
    return Request(str(environ["REQUEST_METHOD"]), path, query, headers, body)


@dataclass(frozen=True, slots=True)
class CallReader:
    """Reads requests into calls, for one region and account."""

    region: str
    account: str

    def read(self, request: Request) -> Call | None:
        """Return None for what is no call to a service that the template uses."""
        scope = request.credential
        access_key, service = (scope[0], scope[3]) if len(scope) > 3 else ("", "s3")  # noqa: PLR2004 - key/day/region/service
        readers: dict[str, Callable[[Request], tuple[str, Mapping[str, Any]] | None]] = {
            "dynamodb": _target,
            "sqs": _target,
            "ssm": _target,
            "sns": _form,
            "ses": lambda request: self._rest("sesv2", request),
            "lambda": lambda request: self._rest("lambda", request),
            "s3": lambda request: self._rest("s3", request),
        }
        read = readers[service](request) if service in readers else None
        if read is None:
            return None
        operation, parameters = read
        needs = tuple(self._needs(service, operation, parameters))
        return Call(service, operation, access_key, parameters, needs)

    def _rest(self, service: str, request: Request) -> tuple[str, Mapping[str, Any]] | None:
        found = rest_call(service, request.method, request.path, request.query, request.headers)
        if found is None:
            return None
        parameters: dict[str, Any] = dict(found.path_parameters)
        if service == "sesv2":
            parameters |= request.query
            parameters |= json.loads(request.body or b"{}")
        if service == "s3" and "prefix" in request.query:
            parameters["Prefix"] = request.query["prefix"]
        if found.operation == "DeleteObjects":
            # It comes from this machine, through botocore.
            elements = fromstring(request.body).iter()  # noqa: S314
            parameters["Keys"] = [each.text for each in elements if each.tag.endswith("}Key")]
        if "x-amz-copy-source" in request.headers:
            parameters["CopySource"] = unquote(request.headers["x-amz-copy-source"]).lstrip("/").partition("?")[0]
        return found.operation, parameters

    def _needs(self, service: str, operation: str, given: Mapping[str, Any]) -> Iterator[Need]:
        match service:
            case "dynamodb":
                yield from self._dynamodb_needs(operation, given)
            case "sqs":
                queue = str(given.get("QueueUrl", given.get("QueueName", "*"))).rpartition("/")[2]
                yield f"sqs:{operation.removesuffix('Batch')}", self.arn("sqs", queue)
            case "sns":
                action = operation.removesuffix("Batch")
                yield f"sns:{action}", str(given.get("TopicArn", given.get("TargetArn", "*")))
            case "ssm":
                yield from self._ssm_needs(operation, given)
            case "ses":
                yield from self._ses_needs(operation, given)
            case "lambda":
                action = "lambda:InvokeFunction" if operation == "Invoke" else f"lambda:{operation}"
                yield action, self.function_arn(str(given.get("FunctionName", "*")))
            case _:
                yield from _s3_needs(operation, given)

    def arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"

    def function_arn(self, name: str) -> str:
        return name if name.startswith("arn:") else self.arn("lambda", f"function:{name}")

    def _dynamodb_needs(self, operation: str, given: Mapping[str, Any]) -> Iterator[Need]:
        if operation in ("TransactWriteItems", "TransactGetItems"):
            for each in given["TransactItems"]:
                for part, detail in each.items():
                    action = "ConditionCheckItem" if part == "ConditionCheck" else f"{part}Item"
                    yield f"dynamodb:{action}", self._table_arn(detail["TableName"])
        elif operation in ("BatchGetItem", "BatchWriteItem"):
            for table in given["RequestItems"]:
                yield f"dynamodb:{operation}", self._table_arn(table)
        else:
            arn = self._table_arn(str(given.get("TableName", "*")))
            yield f"dynamodb:{operation}", f"{arn}/index/{given['IndexName']}" if "IndexName" in given else arn

    def _table_arn(self, name: str) -> str:
        return name if name.startswith("arn:") else self.arn("dynamodb", f"table/{name}")

    def _ssm_needs(self, operation: str, given: Mapping[str, Any]) -> Iterator[Need]:
        names = given.get("Names") or [given.get("Name", given.get("Path"))]
        for name in names:
            resource = "*" if name is None else f"parameter/{str(name).lstrip('/')}"
            yield f"ssm:{operation}", name if str(name).startswith("arn:") else self.arn("ssm", resource)

    def _ses_needs(self, operation: str, given: Mapping[str, Any]) -> Iterator[Need]:
        if operation != "SendEmail":
            yield f"ses:{operation}", "*"
            return
        # SES asks for SendRawEmail when the message is raw, in version 2 of its API too (django-anymail issue 384).
        action = "ses:SendRawEmail" if "Raw" in given.get("Content", {}) else "ses:SendEmail"
        # SES looks at the most specific verified identity; which of the two that is, an account decides, not a template.
        address = sender_address(given)
        yield action, *(self.arn("ses", f"identity/{each}") for each in (address, address.rpartition("@")[2]))
        if "ConfigurationSetName" in given:
            yield action, self.arn("ses", f"configuration-set/{given['ConfigurationSetName']}")


def sender_address(given: Mapping[str, Any]) -> str:
    """Give the bare From address of a SendEmail, from its parameter or from its raw message."""
    sender = given.get("FromEmailAddress")
    if sender is None and "Raw" in given.get("Content", {}):
        message = BytesHeaderParser(policy=policy.SMTP).parsebytes(b64decode(given["Content"]["Raw"]["Data"]))
        sender = str(message["From"])
    return parseaddr(str(sender or ""))[1]


def _target(request: Request) -> tuple[str, Mapping[str, Any]] | None:
    operation = request.headers.get("x-amz-target", "").rpartition(".")[2]
    return (operation, json.loads(request.body or b"{}")) if operation else None


def _form(request: Request) -> tuple[str, Mapping[str, Any]] | None:
    fields = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    return (fields["Action"], fields) if "Action" in fields else None


# S3's operations whose permission has another name (Service Authorization Reference, "Amazon S3").
_S3_ACTION = {
    "HeadObject": "GetObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "DeleteObjects": "DeleteObject",
    "HeadBucket": "ListBucket",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListBuckets": "ListAllMyBuckets",
}


def _s3_needs(operation: str, given: Mapping[str, Any]) -> Iterator[Need]:
    action = f"s3:{_S3_ACTION.get(operation, operation)}"
    bucket = f"arn:aws:s3:::{given.get('Bucket', '*')}"
    keys = given.get("Keys") or ([given["Key"]] if "Key" in given else [])
    yield from ((action, f"{bucket}/{key}") for key in keys)
    if not keys:
        yield action, bucket
    if "CopySource" in given:
        yield "s3:GetObject", f"arn:aws:s3:::{given['CopySource']}"
