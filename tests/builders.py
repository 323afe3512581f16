"""Anna Kowalska buys a tent from Acme Outdoor, order 1001; what tests say of them when they say nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from cx_domain import planning, sending
from cx_domain.orders import Happening, Item, OrderDetails, OrderEvent, Standing
from cx_domain.shops import Legal, Limits, Shop, ShopId, SurveyRule
from cx_domain.surveys import Survey
from cx_domain.visits import ClientKey, Reply, Visit

KEY = b"a key that only this test knows."
WARSAW = ZoneInfo("Europe/Warsaw")

PLACED_AT = datetime(2026, 1, 3, 10, 0, tzinfo=UTC)
FULFILLED_AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
DUE_AT = FULFILLED_AT + timedelta(days=7)
SENT_AT = DUE_AT + timedelta(minutes=1)

TELEPHONE = ClientKey("geztcnbvgy3tqojq")

NPS = SurveyRule(kind="nps", touchpoint="order", on="fulfilled", delay=timedelta(days=7), expires=timedelta(days=30))
NPS_WITH_REMINDER = replace(NPS, reminder=timedelta(days=5))

ACME = Shop(
    id=ShopId("acme"),
    name="Acme Outdoor",
    zone=WARSAW,
    languages=("pl", "en"),
    sender="Acme Outdoor <hello@acme.example>",
    consent_required=("DE",),
    surveys=(NPS,),
    legal=Legal("Acme sp. z o.o.", "Teczowa 7, Wroclaw"),
    managers=("boss@acme.example",),
    limits=Limits(quiet_hours=(time(21), time(8))),
)

TENT_ORDER = OrderDetails(
    number="1001",
    email="anna@kowalska.example",
    first_name="Anna",
    language="pl",
    country="PL",
    currency="PLN",
    total=Decimal("99.80"),
    items=(Item("Tent", sku="T-1", category="tents"),),
    consent=True,
)


def acme(**limits: Any) -> Shop:
    """Acme Outdoor, with other limits."""
    return replace(ACME, limits=replace(ACME.limits, **limits))


def news(
    updated_at: datetime = FULFILLED_AT,
    happened: Mapping[Happening, datetime] | None = None,
    standing: Standing | None = "live",
    **details: Any,
) -> OrderEvent:
    """What a webhook tells of order 1001; `details` are those of the tent's order, changed."""
    return OrderEvent("1001", updated_at, happened or {}, standing, replace(TENT_ORDER, **details))


def placed(**details: Any) -> OrderEvent:
    return news(PLACED_AT, {"placed": PLACED_AT}, **details)


def fulfilled(at: datetime = FULFILLED_AT, **details: Any) -> OrderEvent:
    return news(at, {"placed": PLACED_AT, "fulfilled": at}, **details)


def heard(*events: OrderEvent, rule: SurveyRule = NPS, shop: Shop = ACME, now: datetime = FULFILLED_AT) -> Survey:
    """The survey of order 1001 after this news."""
    survey = planning.begin(KEY, shop, rule, "1001")
    for event in events:
        survey = planning.hear(survey, event, rule, shop, key=KEY, now=now)
    return survey


def planned(rule: SurveyRule = NPS, shop: Shop = ACME) -> Survey:
    return heard(fulfilled(), rule=rule, shop=shop)


def claimed(rule: SurveyRule = NPS, shop: Shop = ACME) -> Survey:
    return sending.claimed(planned(rule, shop), rule, claim="message-1", language="pl", now=SENT_AT)


def sent(rule: SurveyRule = NPS, shop: Shop = ACME) -> Survey:
    return sending.accepted(claimed(rule, shop), rule, shop, message_id="0100-tent", now=SENT_AT)


def tap(score: int, at: datetime, client: ClientKey = TELEPHONE) -> Visit:
    return Visit(at, score, client)


def answered(survey: Survey, score: int, at: datetime) -> Survey:
    """The survey after Anna tapped a number and sent the form with it."""
    form = Visit(at + timedelta(seconds=20), score, TELEPHONE, "POST", evidence="form")
    return replace(survey, visits=(tap(score, at), form), replies=(Reply(form.at, score, TELEPHONE),))
