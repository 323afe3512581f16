"""The adapters that functions use, each made when it is first needed and kept while the process lives.

What every function uses is imported at once, the others by the function that makes them: each brings the part of the domain that it keeps.
"""
# ruff: noqa: PLC0415 - see above: no function uses more than a third of them

from functools import lru_cache
from typing import TYPE_CHECKING

from cx_domain.errors import NotFound
from cx_domain.shops import Shop, ShopId
from infra import clock, settings
from infra.aws import clients
from infra.aws.secrets import Secrets
from infra.aws.shop_table import ShopTable
from infra.aws.survey_table import SurveyTable

if TYPE_CHECKING:
    from infra.aws.api_table import ApiTable
    from infra.aws.changes import ChangeIndex
    from infra.aws.customer_table import CustomerTable
    from infra.aws.delivery_table import DeliveryTable
    from infra.aws.erasure_table import ErasureTable
    from infra.aws.event_tables import FeedbackTable, TicketTable
    from infra.aws.files import Files
    from infra.aws.guess_table import GuessTable
    from infra.aws.incident_table import IncidentTable
    from infra.aws.mailer import Mailer
    from infra.aws.platform_table import PlatformTable
    from infra.aws.queues import Queue
    from infra.aws.reader_table import ReaderTable
    from infra.aws.reconciling_table import ReconcilingTable
    from infra.aws.suppression_list import SuppressionList
    from infra.aws.warm_up_table import WarmUpTable

_shops_in_memory: dict[ShopId, tuple[float, Shop]] = {}


@lru_cache(maxsize=1)
def surveys() -> SurveyTable:
    return SurveyTable(clients.dynamodb(), settings.TABLE.read())


@lru_cache(maxsize=1)
def changes() -> "ChangeIndex":
    from infra.aws.changes import ChangeIndex

    return ChangeIndex(clients.dynamodb(), settings.TABLE.read())


@lru_cache(maxsize=1)
def customers() -> "CustomerTable":
    from infra.aws.customer_table import CustomerTable

    return CustomerTable(clients.dynamodb(), settings.TABLE.read())


@lru_cache(maxsize=1)
def shops() -> ShopTable:
    return ShopTable(clients.dynamodb(), settings.TABLE.read())


@lru_cache(maxsize=1)
def own_platforms() -> "PlatformTable":
    from infra.aws.platform_table import PlatformTable

    return PlatformTable(clients.dynamodb(), settings.TABLE.read())


@lru_cache(maxsize=1)
def warm_ups() -> "WarmUpTable":
    from infra.aws.warm_up_table import WarmUpTable

    return WarmUpTable(clients.dynamodb(), settings.TABLE.read())


@lru_cache(maxsize=1)
def readers() -> "ReaderTable":
    from infra.aws.reader_table import ReaderTable

    return ReaderTable(clients.dynamodb(), settings.TABLE.read())


@lru_cache(maxsize=1)
def guesses() -> "GuessTable":
    from infra.aws.guess_table import GuessTable

    return GuessTable(clients.dynamodb(), settings.TABLE.read())


@lru_cache(maxsize=1)
def reconciling() -> "ReconcilingTable":
    from infra.aws.reconciling_table import ReconcilingTable

    return ReconcilingTable(clients.dynamodb(), settings.TABLE.read())


@lru_cache(maxsize=1)
def suppression_list() -> "SuppressionList":
    from infra.aws.suppression_list import SuppressionList

    return SuppressionList(clients.sesv2_reader())


@lru_cache(maxsize=1)
def tickets() -> "TicketTable":
    from infra.aws.event_tables import TicketTable

    return TicketTable(clients.dynamodb(), settings.TABLE.read())


@lru_cache(maxsize=1)
def feedback() -> "FeedbackTable":
    from infra.aws.event_tables import FeedbackTable

    return FeedbackTable(clients.dynamodb(), settings.TABLE.read())


@lru_cache(maxsize=1)
def erasures() -> "ErasureTable":
    from infra.aws.erasure_table import ErasureTable

    return ErasureTable(clients.dynamodb(), settings.TABLE.read())


@lru_cache(maxsize=1)
def incidents() -> "IncidentTable":
    from infra.aws.incident_table import IncidentTable

    return IncidentTable(clients.dynamodb(), settings.TABLE.read())


@lru_cache(maxsize=1)
def deliveries() -> "DeliveryTable":
    from infra.aws.delivery_table import DeliveryTable

    return DeliveryTable(clients.dynamodb(), settings.TABLE.read())


@lru_cache(maxsize=1)
def apis() -> "ApiTable":
    from infra.aws.api_table import ApiTable

    return ApiTable(clients.dynamodb(), settings.TABLE.read())


@lru_cache(maxsize=1)
def files() -> "Files":
    from infra.aws.files import Files

    return Files(clients.s3(), settings.BUCKET.read())


@lru_cache(maxsize=1)
def send_queue() -> "Queue":
    from infra.aws.queues import Queue

    return Queue(clients.sqs(), settings.SEND_QUEUE.read())


@lru_cache(maxsize=1)
def rollup_queue() -> "Queue":
    from infra.aws.queues import Queue

    return Queue(clients.sqs(), settings.ROLLUP_QUEUE.read())


@lru_cache(maxsize=1)
def fetch_queue() -> "Queue":
    from infra.aws.queues import Queue

    return Queue(clients.sqs(), settings.FETCH_QUEUE.read())


@lru_cache(maxsize=1)
def mailer() -> "Mailer":
    from infra.aws.mailer import Mailer

    return Mailer(clients.sesv2(), settings.CONFIGURATION_SET.read())


@lru_cache(maxsize=1)
def secrets() -> Secrets:
    return Secrets(clients.ssm(), settings.SECRETS_PREFIX.read(), settings.SHOP_CACHE_SECONDS.read_number())


def shop(shop_id: ShopId) -> Shop:
    """Read a shop's file, at most once in SHOP_CACHE_SECONDS; NotFound when there is none."""
    known = _shops_in_memory.get(shop_id)
    if known is not None and clock.seconds() - known[0] < settings.SHOP_CACHE_SECONDS.read_number():
        return known[1]
    found = shops().get(shop_id)
    if found is None:
        raise NotFound(f"there is no shop {shop_id!r}")
    _shops_in_memory[shop_id] = (clock.seconds(), found)
    return found
