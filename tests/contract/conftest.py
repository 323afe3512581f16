"""Each adapter's suite runs on every backend that the adapter must get on with."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from infra.aws.changes import ChangeIndex
from infra.aws.customer_table import CustomerTable
from infra.aws.event_tables import FeedbackTable, TicketTable
from infra.aws.incident_table import IncidentTable
from infra.aws.shop_table import ShopTable
from infra.aws.survey_table import SurveyTable
from infra.aws.warm_up_table import WarmUpTable
from tests.contract import dynamodb_local
from tests.contract.backends import local_client, moto_client, new_table


@dataclass(frozen=True, slots=True)
class Database:
    """An empty table of the template, and the client to it."""

    client: DynamoDBClient
    table: str


@pytest.fixture(scope="session")
def dynamodb_local_address() -> Iterator[str]:
    with dynamodb_local.running() as address:
        yield address


@pytest.fixture(scope="module", params=["moto", "dynamodb-local"])
def dynamodb(request: pytest.FixtureRequest) -> Iterator[DynamoDBClient]:
    backend = (
        moto_client() if request.param == "moto" else local_client(request.getfixturevalue("dynamodb_local_address"))
    )
    with backend as client:
        yield client


@pytest.fixture
def database(dynamodb: DynamoDBClient) -> Database:
    return Database(dynamodb, new_table(dynamodb))


@pytest.fixture
def surveys(database: Database) -> SurveyTable:
    return SurveyTable(database.client, database.table)


@pytest.fixture
def changes(database: Database) -> ChangeIndex:
    return ChangeIndex(database.client, database.table)


@pytest.fixture
def customers(database: Database) -> CustomerTable:
    return CustomerTable(database.client, database.table)


@pytest.fixture
def shops(database: Database) -> ShopTable:
    return ShopTable(database.client, database.table)


@pytest.fixture
def warm_ups(database: Database) -> WarmUpTable:
    return WarmUpTable(database.client, database.table)


@pytest.fixture
def tickets(database: Database) -> TicketTable:
    return TicketTable(database.client, database.table)


@pytest.fixture
def feedback(database: Database) -> FeedbackTable:
    return FeedbackTable(database.client, database.table)


@pytest.fixture
def incidents(database: Database) -> IncidentTable:
    return IncidentTable(database.client, database.table)
