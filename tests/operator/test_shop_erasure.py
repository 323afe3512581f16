"""A shop that leaves is erased whole, and no other with it."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest
from typer.testing import Result

from cx_domain.orders import OrderFacts
from cx_domain.shops import ShopId
from cx_domain.surveys import CustomerKey, Survey, SurveyId
from infra.operator.session import Stack
from tests.operator.conftest import ACME, TOLD

Say = Callable[..., Result]
NOW = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)


@pytest.fixture
def two_shops(acme: Stack, afterorder: Say, tmp_path: Path) -> Stack:
    """Acme Outdoor, and Acme-2 whose id begins like it, each with something everywhere."""
    other = tmp_path / "other.toml"
    other.write_text(ACME.read_text(encoding="utf-8").replace('shop = "acme"', 'shop = "acme-2"'), encoding="utf-8")
    assert afterorder("shop", "put", str(other)).exit_code == 0
    for name in ("acme", "acme-2"):
        shop = ShopId(name)
        assert afterorder("shop", "connect", name, "standard").exit_code == 0
        acme.surveys.create(
            Survey(SurveyId(f"survey-of-{name}"), shop, "nps", "order", "order", "1001", OrderFacts()), NOW
        )
        acme.customers.unsubscribe(shop, CustomerKey("anna"), NOW)
        acme.secrets.put_api_token(shop, "woocommerce", "token")
        for folder in ("answers", "asked", "tickets", "totals", "histories", "reports", "exports"):
            acme.files.put(f"{folder}/{name}/2026-01/file", b"words", "text/plain")
    return acme


def everything() -> str:
    items = boto3.client("dynamodb").scan(TableName=TOLD["table"])["Items"]
    files = boto3.client("s3").list_objects_v2(Bucket=TOLD["bucket"]).get("Contents", [])
    secrets = boto3.client("ssm").get_parameters_by_path(Path=TOLD["secrets_prefix"], Recursive=True)["Parameters"]
    return json.dumps([items, files, secrets], default=str)


def traces(shop: str) -> list[str]:
    """The names, of items, files and parameters, that hold this shop's id, and the surveys that do."""
    items, files, secrets = json.loads(everything())
    named = [f"{item['pk']['S']}/{item['sk']['S']}/{item.get('shop', {}).get('S')}" for item in items]
    named += [file["Key"] for file in files] + [secret["Name"] for secret in secrets]
    return sorted(name for name in named if shop in re.split(r"[#/]", name))


def test_nothing_of_an_erased_shop_is_left_and_the_other_keeps_everything(two_shops: Stack, afterorder: Say) -> None:
    before = traces("acme-2")

    told = afterorder("shop", "erase", "acme", "--yes", "acme")

    assert told.stdout == "Erased: the shop acme, 2 items and 7 files.\n"
    assert (traces("acme"), traces("acme-2")) == ([], before)
    assert two_shops.shops.ids() == ["acme-2"]


def test_dead_letters_of_an_erased_shop_go_with_it_and_no_others(two_shops: Stack, afterorder: Say) -> None:
    sqs = boto3.client("sqs")
    url = sqs.get_queue_url(QueueName="afterorder-mail-events-dead")["QueueUrl"]
    for shop in ("acme", "acme-2"):
        survey = f"lamp{shop.replace('-', '')}"
        two_shops.surveys.create(
            Survey(SurveyId(survey), ShopId(shop), "nps", "order", "order", "1002", OrderFacts()), NOW
        )
        bounce = {"mail": {"destination": [f"anna@{shop}.example"], "tags": {"survey": [survey]}}}
        for letter in ({"Message": json.dumps(bounce)}, {"shop": shop}, {"failing": {"shop": shop}}):
            sqs.send_message(QueueUrl=url, MessageBody=json.dumps(letter))
    sqs.send_message(QueueUrl=url, MessageBody="no JSON at all")

    told = afterorder("shop", "erase", "acme", "--yes", "acme")

    left = [message["Body"] for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]]
    assert told.stdout.splitlines()[-1] == "Dead letters deleted: 3."
    assert (len(left), [body for body in left if "anna@acme.example" in body]) == (4, [])


def test_nothing_is_erased_before_the_shops_id_is_said_twice(two_shops: Stack, afterorder: Say) -> None:
    before = everything()

    refused = [afterorder("shop", "erase", "acme"), afterorder("shop", "erase", "acme", "--yes", "acme-2")]

    assert [told.exit_code for told in refused] == [1, 1]
    assert "afterorder shop erase acme --yes acme" in refused[0].stderr
    assert everything() == before
    assert two_shops.shops.get(ShopId("acme")) is not None
