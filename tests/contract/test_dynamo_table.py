"""What DynamoDB may do on a bad day, which no stand-in does by itself."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from mypy_boto3_dynamodb import DynamoDBClient

from cx_domain.errors import Trouble
from infra.aws.attribute_values import encode
from infra.aws.survey_items import survey_item
from infra.aws.survey_table import SurveyTable
from tests.contract.backends import CONFIG, STAND_IN_KEYS
from tests.contract.examples import MONDAY, planned

TABLE = "afterorder"


@pytest.fixture
def client() -> Iterator[DynamoDBClient]:
    client = boto3.client("dynamodb", config=CONFIG, **STAND_IN_KEYS)
    yield client
    client.close()


def asked_for(*numbers: int) -> dict[str, Any]:
    keys = [{name: encode(survey_item(planned(number)))[name] for name in ("pk", "sk")} for number in numbers]
    return {TABLE: {"Keys": keys, "ConsistentRead": True}}


def answered(*numbers: int) -> dict[str, Any]:
    return {TABLE: [encode(survey_item(planned(number))) for number in numbers]}


def test_keys_that_a_batch_left_unread_are_asked_for_again(client: DynamoDBClient) -> None:
    first = {"Responses": answered(1), "UnprocessedKeys": asked_for(2)}
    second = {"Responses": answered(2), "UnprocessedKeys": {}}
    with Stubber(client) as stubbed:
        stubbed.add_response("batch_get_item", first, {"RequestItems": asked_for(1, 2)})
        stubbed.add_response("batch_get_item", second, {"RequestItems": asked_for(2)})

        read = list(SurveyTable(client, TABLE).get_many([planned(1).id, planned(2).id]))

    assert read == [planned(1), planned(2)]


def test_a_throttled_write_is_trouble_that_names_the_operation(client: DynamoDBClient) -> None:
    with Stubber(client) as stubbed:
        stubbed.add_client_error("put_item", "ThrottlingException", http_status_code=400)

        with pytest.raises(Trouble, match="PutItem: ThrottlingException"):
            SurveyTable(client, TABLE).create(planned(), MONDAY)
