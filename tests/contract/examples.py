"""Anna Kowalska ordered a tent from Acme Outdoor, order 1001, and is asked a week after it left."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any, TypeVar

from cx_domain.orders import Item, OrderDetails, OrderFacts
from cx_domain.shops import ShopId
from cx_domain.surveys import CustomerKey, Survey, SurveyId
from cx_domain.visits import ClientKey, Reply, Visit

ACME = ShopId("acme")
ANNA = CustomerKey("mfrggzdfmztwq2lknnwg23tpoa")
TENT_SURVEY = SurveyId("pn2xkyq7vd5ryfhkz3mtcw6rte")
MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
A_WEEK = timedelta(days=7)
TELEPHONE = ClientKey("geztcnbvgy3tqojq")
LAPTOP = ClientKey("nbswy3dpeb3w64tm")

Result = TypeVar("Result")


def tent_order() -> OrderFacts:
    details = OrderDetails(
        number="1001",
        email="anna@acme-customer.example",
        first_name="Anna",
        language="pl",
        country="PL",
        currency="PLN",
        total=Decimal("99.80"),
        items=(Item("Tent", sku="T-1", category="tents"),),
        consent=True,
    )
    return OrderFacts(happened={"fulfilled": MONDAY}, details=details, details_at=MONDAY)


def waiting() -> Survey:
    return Survey(
        id=TENT_SURVEY,
        shop=ACME,
        kind="nps",
        touchpoint="order",
        subject_type="order",
        subject_id="1001",
        order=tent_order(),
        customer=ANNA,
    )


def planned(number: int = 0, due_at: datetime = MONDAY + A_WEEK) -> Survey:
    survey_id = SurveyId(f"{TENT_SURVEY}{number}") if number else TENT_SURVEY
    return replace(waiting(), id=survey_id, stage="planned", due_at=due_at)


def sent(reminder_at: datetime | None = None) -> Survey:
    sent_at = MONDAY + A_WEEK
    expires_at = sent_at + timedelta(days=30)
    return replace(waiting(), stage="sent", sent_at=sent_at, expires_at=expires_at, due_at=reminder_at, language="pl")


def tap(score: int = 9, at: datetime = MONDAY + A_WEEK, client: ClientKey = TELEPHONE) -> Visit:
    return Visit(at, score, client)


def form(score: int = 9, at: datetime = MONDAY + A_WEEK, client: ClientKey = TELEPHONE) -> tuple[Visit, Reply]:
    return Visit(at, score, client, "POST", evidence="click"), Reply(at, score, client, "Dziękuję!", ("quality",))


def all_at_once(number: int, act: Callable[[int], Result]) -> list[Result]:
    """Have as many threads do it at the same moment."""
    barrier = Barrier(number)

    def run(place: int) -> Result:
        barrier.wait()
        return act(place)

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(run, range(number)))


def raw_item(client: Any, table: str, key: dict[str, str]) -> dict[str, Any]:
    """Read an item as the database has it."""
    found = client.get_item(TableName=table, Key={name: {"S": text} for name, text in key.items()}, ConsistentRead=True)
    item: dict[str, Any] = found["Item"]
    return item
