"""A stack in memory, as its template would leave it, and the command line that speaks to it."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.moto_api._internal.models import moto_api_backend
from typer.testing import CliRunner, Result

from infra.aws import keys
from infra.local.moto_speed import take_shortcuts
from infra.operator.cli import app
from infra.operator.session import Stack, open_stack

ACME = Path(__file__).parents[1] / "shop_files" / "acme.toml"
TOLD = {
    "table": "afterorder-table",
    "bucket": "afterorder-bucket",
    "public_url": "https://ask.acme.test",
    "rollup_function": "afterorder-rollup",
    "fetch_function": "afterorder-fetch-orders",
    "secrets_prefix": "/afterorder/afterorder",
    "configuration_set": "afterorder",
}


@pytest.fixture(scope="module")
def account() -> Iterator[Callable[..., Any]]:
    """An account for each file of tests, and whoever gives its one client of each service: to make one takes longer than most tests."""
    credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "eu-central-1"}
    with pytest.MonkeyPatch.context() as environ:
        for name, value in credentials.items():
            environ.setenv(name, value)
        for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AFTERORDER_STACK", "AFTERORDER_CLOCK_FILE"):
            environ.delenv(name, raising=False)
        take_shortcuts()
        with mock_aws():
            yield cache(boto3.client)


@pytest.fixture
def aws(account: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty account."""
    monkeypatch.setattr(boto3, "client", account)
    moto_api_backend.reset()


@pytest.fixture
def stack(aws: None) -> Stack:
    """A deployed stack without shops."""
    del aws
    boto3.client("dynamodb").create_table(
        TableName=TOLD["table"],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    boto3.client("s3").create_bucket(
        Bucket=TOLD["bucket"], CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    dead_letters = boto3.client("sqs").create_queue(QueueName="afterorder-mail-events-dead")["QueueUrl"]
    told = json.dumps(TOLD | {"dead_letters": dead_letters})
    boto3.client("ssm").put_parameter(Name=keys.operator("afterorder"), Value=told, Type="String")
    return open_stack()


@pytest.fixture
def acme(stack: Stack, afterorder: Callable[..., Result]) -> Stack:
    """The stack, with Acme Outdoor in it."""
    assert afterorder("shop", "put", str(ACME)).exit_code == 0
    return stack


@pytest.fixture
def afterorder() -> Callable[..., Result]:
    """Say something to the command line."""
    return lambda *words: CliRunner().invoke(app, list(words))
