"""Faults on demand: which call they strike, and how each looks to botocore."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
from botocore.handlers import BUILTIN_HANDLERS

from infra.local import faults
from infra.local.faults import Faults
from tests.local.clouds import BUCKET, SEND_QUEUE, TABLE, Running, item, running


@pytest.fixture(scope="module")
def armed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A stack in whose process the hook is installed, as it is in each function's, before boto3's session is made."""
    with running(tmp_path_factory.mktemp("data")) as stack, pytest.MonkeyPatch.context() as patch:
        faults.install(stack.cloud.faults.strike)
        patch.setattr(boto3, "DEFAULT_SESSION", None)
        yield stack
    BUILTIN_HANDLERS.pop()


def put(stack: Running, number: int) -> None:
    stack.client("OrderWebhookFunction", "dynamodb").put_item(TableName=TABLE, Item=item(number))


def is_stored(stack: Running, number: int) -> bool:
    return "Item" in stack.cloud.client("dynamodb").get_item(TableName=TABLE, Key=item(number))


def test_the_nth_call_of_the_operation_fails_and_no_other(tmp_path: Path) -> None:
    counting = Faults(tmp_path / "flag")
    counting.arm("PutItem", 3, "after")

    struck = [counting.strike(operation) for operation in ("PutItem", "GetItem", "PutItem", "PutItem", "PutItem")]

    assert struck == [None, None, None, "after", None]


def test_the_flag_is_up_only_while_a_fault_is_armed(tmp_path: Path) -> None:
    counting = Faults(tmp_path / "flag")

    counting.arm("PutItem", 1, "before")
    armed = counting.flag.exists()
    counting.clear()

    assert armed
    assert not counting.flag.exists()
    assert counting.strike("PutItem") is None


def test_before_is_a_refused_connection_and_nothing_is_written(armed: Running) -> None:
    armed.cloud.faults.arm("PutItem", 1, "before")

    with pytest.raises(EndpointConnectionError):
        put(armed, 1)

    assert not is_stored(armed, 1)


def test_after_is_a_broken_connection_and_the_write_is_there(armed: Running) -> None:
    armed.cloud.faults.arm("PutItem", 1, "after")

    with pytest.raises(ConnectionClosedError):
        put(armed, 2)

    assert is_stored(armed, 2)


def test_a_timeout_comes_within_two_seconds(armed: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    armed.cloud.faults.arm("PutItem", 1, "timeout")
    waited: list[float] = []
    monkeypatch.setattr("time.sleep", waited.append)

    with pytest.raises(ReadTimeoutError):
        put(armed, 3)

    assert 0 < sum(waited) < 2


@pytest.mark.parametrize(
    ("service", "operation", "given", "code"),
    [
        ("dynamodb", "PutItem", {"TableName": TABLE, "Item": item(4)}, "ProvisionedThroughputExceededException"),
        ("sqs", "SendMessage", {"QueueUrl": SEND_QUEUE, "MessageBody": "1"}, "ThrottlingException"),
        ("s3", "GetObject", {"Bucket": BUCKET, "Key": "reports/1"}, "SlowDown"),
        ("ssm", "GetParameter", {"Name": "/acme/key"}, "ThrottlingException"),
        ("sesv2", "SendEmail", {"Content": {}}, "TooManyRequestsException"),
    ],
)
def test_throttling_is_the_services_own_error(
    armed: Running, service: str, operation: str, given: dict[str, Any], code: str
) -> None:
    client = armed.cloud.client(service)
    method = {name: each for each, name in client.meta.method_to_api_mapping.items()}[operation]
    armed.cloud.faults.arm(operation, 1, "throttle")

    with pytest.raises(ClientError) as caught:
        getattr(client, method)(**given)

    assert caught.value.response["Error"]["Code"] == code
