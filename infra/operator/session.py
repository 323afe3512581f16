"""The stack that a command speaks to: found by one SSM parameter, with the operator's own credentials."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from cx_domain.errors import NotConfigured, NotFound, Trouble
from infra import clock, settings
from infra.aws import keys
from infra.aws.api_table import ApiTable
from infra.aws.customer_table import CustomerTable
from infra.aws.dead_letters import DeadLetters
from infra.aws.delivery_table import DeliveryTable
from infra.aws.erasure_table import ErasureTable
from infra.aws.event_tables import FeedbackTable, TicketTable
from infra.aws.files import Files
from infra.aws.incident_table import IncidentTable
from infra.aws.mailer import Mailer
from infra.aws.platform_table import PlatformTable
from infra.aws.reader_table import ReaderTable
from infra.aws.secrets import Secrets
from infra.aws.shop_table import ShopTable
from infra.aws.shop_traces import ShopTraces
from infra.aws.survey_table import SurveyTable
from infra.operator.http import Http
from infra.operator.local_doors import LocalDoors
from infra.platforms import platform, platforms, read_platform

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_ssm import SSMClient

    from cx_domain.shops import Shop, ShopId
    from infra.platforms import Platform

_PATIENCE = Config(connect_timeout=3, read_timeout=30)
_ONCE = Config(connect_timeout=3, read_timeout=30, retries={"total_max_attempts": 1})
"""For SendEmail, which knows no repetition: each call may be a mail."""
_LAMBDA_PATIENCE = Config(connect_timeout=3, read_timeout=900, retries={"total_max_attempts": 1})
"""A function may take fifteen minutes, and a rollup that is still running must not be started again."""


@dataclass(frozen=True, slots=True)
class Stack:
    """One stack's adapters, and where the world reaches it."""

    surveys: SurveyTable
    tickets: TicketTable
    feedback: FeedbackTable
    customers: CustomerTable
    erasures: ErasureTable
    shops: ShopTable
    platforms: PlatformTable
    readers: ReaderTable
    incidents: IncidentTable
    deliveries: DeliveryTable
    apis: ApiTable
    files: Files
    dead_letters: tuple[DeadLetters, ...]
    traces: ShopTraces
    secrets: Secrets
    mailer: Mailer
    public_url: str
    rollup_function: str
    fetch_function: str
    functions: LambdaClient

    def shop(self, shop: ShopId) -> Shop:
        """Read a shop; NotFound says which there are."""
        found = self.shops.get(shop)
        if found is None:
            known = ", ".join(sorted(self.shops.ids())) or "none yet; `afterorder shop put` makes one"
            raise NotFound(f"There is no shop {shop!r} in this stack. Shops: {known}.")
        return found

    def platform(self, shop: ShopId, name: str) -> Platform:
        """Find a platform that we know, or one of the shop's own; NotFound names both."""
        if name in platforms():
            return platform(name)
        text = self.platforms.text(shop, name)
        if text is None:
            own = ", ".join(self.platforms.names(shop)) or "none"
            raise NotFound(
                f"There is no platform {name[:40]!r}. There are {', '.join(platforms())}; of {shop}'s own: {own}."
            )
        return read_platform(text)

    def now(self) -> datetime:
        """Tell the stack's time: the virtual one of a local stack, which alone is reached by plain HTTP."""
        if not self.public_url.startswith("http://"):
            return clock.now()
        with Http(self.public_url) as http:
            return LocalDoors(http).now()

    def rollup(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Have the rollup function do something for one shop, and wait for it; Trouble says what it failed at."""
        return self._invoke("rollup", self.rollup_function, order)

    def fetch(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Have the function that reads orders begin to do so; NotConfigured where the stack has none yet."""
        if not self.fetch_function:
            raise NotConfigured("This stack was deployed before orders could be read: deploy it again.")
        return self._invoke("order-reading", self.fetch_function, order)

    def _invoke(self, what: str, function: str, order: Mapping[str, Any]) -> dict[str, Any]:
        answer = self.functions.invoke(FunctionName=function, Payload=json.dumps(dict(order)).encode())
        told = json.loads(answer["Payload"].read() or b"null")
        if answer.get("FunctionError"):
            why = told.get("errorMessage", told) if isinstance(told, dict) else told
            raise Trouble(f"The {what} function failed: {why}")
        return told if isinstance(told, dict) else {}


class _Later:
    """A client that is made when it is first asked: a command needs few of them, and a service's description is long to read."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._client = cache(make)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client(), name)


def open_stack(session: boto3.Session | None = None, endpoint: str | None = None, name: str | None = None) -> Stack:
    """Find the stack; by default with the standard credentials and the name in AFTERORDER_STACK."""
    # The default session reads each service's description once, however many commands one process runs.
    client = boto3.client if session is None else session.client

    def later(service: Any, config: Config = _PATIENCE) -> Any:
        return _Later(lambda: client(service, endpoint_url=endpoint, config=config))

    ssm, dynamodb, sqs = (later(service) for service in ("ssm", "dynamodb", "sqs"))
    told = _operator_parameter(ssm, name or settings.STACK.read())
    files = Files(later("s3"), told["bucket"])
    return Stack(
        surveys=SurveyTable(dynamodb, told["table"]),
        tickets=TicketTable(dynamodb, told["table"]),
        feedback=FeedbackTable(dynamodb, told["table"]),
        customers=CustomerTable(dynamodb, told["table"]),
        erasures=ErasureTable(dynamodb, told["table"]),
        shops=ShopTable(dynamodb, told["table"]),
        platforms=PlatformTable(dynamodb, told["table"]),
        readers=ReaderTable(dynamodb, told["table"]),
        incidents=IncidentTable(dynamodb, told["table"]),
        deliveries=DeliveryTable(dynamodb, told["table"]),
        apis=ApiTable(dynamodb, told["table"]),
        files=files,
        dead_letters=tuple(DeadLetters(sqs, url) for url in told.get("dead_letters", "").split()),
        traces=ShopTraces(dynamodb, told["table"], files),
        secrets=Secrets(ssm, told["secrets_prefix"]),
        mailer=Mailer(later("sesv2", _ONCE), told["configuration_set"]),
        public_url=told["public_url"].rstrip("/"),
        rollup_function=told["rollup_function"],
        fetch_function=told.get("fetch_function", ""),
        functions=later("lambda", _LAMBDA_PATIENCE),
    )


def _operator_parameter(ssm: SSMClient, name: str) -> dict[str, str]:
    try:
        value = ssm.get_parameter(Name=keys.operator(name))["Parameter"].get("Value", "")
    except ssm.exceptions.ParameterNotFound:
        where = f"account and region ({ssm.meta.region_name})"
        raise NotConfigured(
            f"There is no stack {name!r} in this {where}: deploy it first, or set AFTERORDER_STACK to its name."
        ) from None
    told: dict[str, str] = json.loads(value)
    return told
