"""The two DynamoDBs that the adapters must get on with: moto in this process, and AWS's own engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from threading import RLock
from typing import Any

import boto3
import yaml
from botocore.config import Config
from moto import mock_aws
from mypy_boto3_dynamodb import DynamoDBClient

REGION = "eu-central-1"
TEMPLATE = Path(__file__).parents[2] / "template.yaml"
CONFIG = Config(max_pool_connections=32, retries={"mode": "standard", "total_max_attempts": 1})
STAND_IN_KEYS: dict[str, Any] = {
    "region_name": REGION,
    "aws_access_key_id": "stand-in",
    "aws_secret_access_key": "stand-in",
}

_NUMBERS = count(1)


class _TemplateLoader(yaml.SafeLoader):
    """Reads a template and leaves CloudFormation's own tags (`!Ref`, `!Sub`) alone."""


def _ignore_tag(_loader: yaml.SafeLoader, _suffix: str, _node: yaml.Node) -> None:
    return None


_TemplateLoader.add_multi_constructor("!", _ignore_tag)


@cache
def table_definition() -> dict[str, Any]:
    """Read the table that is deployed, as CreateTable wants it."""
    template = yaml.load(TEMPLATE.read_text(encoding="utf-8"), Loader=_TemplateLoader)  # noqa: S506  a SafeLoader it is
    properties = template["Resources"]["Table"]["Properties"]
    asked = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    return {name: properties[name] for name in asked}


def new_table(client: DynamoDBClient) -> str:
    """Make the table of the template under a name of its own."""
    name = f"afterorder-{next(_NUMBERS)}"
    client.create_table(TableName=name, **table_definition())
    return name


@contextmanager
def moto_client() -> Iterator[DynamoDBClient]:
    with mock_aws():
        client = boto3.client("dynamodb", config=CONFIG, **STAND_IN_KEYS)
        _one_at_a_time(client)
        yield client
        client.close()


def _one_at_a_time(client: DynamoDBClient) -> None:
    """Let one call in at a time, as the local stack does: moto checks a condition and writes in two steps, unguarded."""
    lock = RLock()
    call = client._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001  every operation and paginator passes here

    def guarded(*arguments: Any) -> Any:
        with lock:
            return call(*arguments)

    setattr(client, "_make_api_call", guarded)  # noqa: B010


@contextmanager
def local_client(address: str) -> Iterator[DynamoDBClient]:
    client = boto3.client("dynamodb", endpoint_url=address, config=CONFIG, **STAND_IN_KEYS)
    reader = boto3.client("dynamodb", endpoint_url=address, config=CONFIG, **STAND_IN_KEYS)
    _tell_what_stood_there(client, reader)
    yield client
    client.close()
    reader.close()


def _tell_what_stood_there(client: DynamoDBClient, reader: DynamoDBClient) -> None:
    """Give a failed condition its item: `ReturnValuesOnConditionCheckFailure` came in 2023, the engine here is of 2020."""

    def remember(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        item = params.get("Key") or {name: params["Item"][name] for name in ("pk", "sk")}
        context["stood_there"] = {"TableName": params["TableName"], "Key": item}

    def add(parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        if parsed.get("Error", {}).get("Code") == "ConditionalCheckFailedException":
            found = reader.get_item(**context["stood_there"], ConsistentRead=True)
            parsed.update({"Item": found["Item"]} if "Item" in found else {})

    for operation in ("PutItem", "UpdateItem"):
        client.meta.events.register(f"provide-client-params.dynamodb.{operation}", remember)
        client.meta.events.register(f"after-call.dynamodb.{operation}", add)
