"""A survey survives the way to the database and back, and a whole one fits into a single write unit."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_domain.address_kinds import AddressKind
from cx_domain.orders import Happening, Item, OrderDetails, OrderFacts, Standing
from cx_domain.shops import KindName, ShopId, SubjectType
from cx_domain.surveys import CustomerKey, Reason, Ruling, Stage, Survey, SurveyId
from cx_domain.visits import ClientKey, Evidence, Reply, Visit, VisitMethod
from infra.aws import keys
from infra.aws.attribute_values import decode, encode, purge_mark
from infra.aws.order_items import read_order
from infra.aws.sizes import item_size
from infra.aws.survey_items import read_survey, survey_item
from tests.contract.examples import ANNA, MONDAY, sent, tap

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
instants = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  made aware
to_the_second = instants.map(lambda at: at.replace(microsecond=0))
to_the_millisecond = instants.map(lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000))
totals = st.decimals(0, 100_000, places=2, allow_nan=False, allow_infinity=False)
scores = st.integers(0, 10)
clients = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=16, max_size=16).map(ClientKey)
lines = st.builds(Item, texts, texts, texts, st.integers(1, 99))
details_fields: dict[str, st.SearchStrategy[Any]] = {
    "number": texts,
    "email": st.none() | texts,
    "first_name": st.none() | texts,
    "language": st.none() | texts,
    "country": st.none() | texts,
    "currency": st.none() | texts,
    "total": st.none() | totals,
    "items": st.lists(lines, max_size=3).map(tuple),
    "channel": st.none() | texts,
    "delivery": st.none() | texts,
    "customer_id": st.none() | texts,
    "consent": st.none() | st.booleans(),
    "consent_at": st.none() | instants,
    "consent_source": st.none() | texts,
    "consent_wording": st.none() | texts,
    "gift_cards_only": st.booleans(),
    "address_kind": st.none() | st.sampled_from(get_args(AddressKind)),
    "test": st.booleans(),
    "tags": st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
}
details = st.builds(OrderDetails, **details_fields)
orders_fields: dict[str, st.SearchStrategy[Any]] = {
    "happened": st.dictionaries(st.sampled_from(get_args(Happening)), instants),
    "standing": st.sampled_from(get_args(Standing)),
    "standing_at": st.none() | instants,
    "details": st.none() | details,
    "details_at": st.none() | instants,
}
orders = st.builds(OrderFacts, **orders_fields)
visits_fields: dict[str, st.SearchStrategy[Any]] = {
    "at": to_the_millisecond,
    "score": scores,
    "client": clients,
    "method": st.sampled_from(get_args(VisitMethod)),
    "preview": st.booleans(),
    "evidence": st.none() | st.sampled_from(get_args(Evidence)),
    "worded": st.booleans(),
    "visible": st.none() | st.integers(0, 3_600_000).map(lambda milliseconds: timedelta(milliseconds=milliseconds)),
}
visits = st.builds(Visit, **visits_fields)
replies_fields: dict[str, st.SearchStrategy[Any]] = {
    "at": to_the_millisecond,
    "score": scores,
    "client": clients,
    "comment": texts,
    "drivers": st.lists(texts, max_size=3).map(tuple),
    "may_reply": st.booleans(),
}
replies = st.builds(Reply, **replies_fields)
rulings_fields: dict[str, st.SearchStrategy[Any]] = {
    "counts": st.booleans(),
    "why": texts,
    "at": to_the_millisecond,
    "score": st.none() | scores,
}
rulings = st.builds(Ruling, **rulings_fields)
optional_times = st.none() | to_the_second
optional_texts = st.none() | texts
surveys_fields: dict[str, st.SearchStrategy[Any]] = {
    "id": texts.map(SurveyId),
    "shop": texts.map(ShopId),
    "kind": st.sampled_from(get_args(KindName)),
    "touchpoint": texts,
    "subject_type": st.sampled_from(get_args(SubjectType)),
    "subject_id": texts,
    "order": orders,
    "stage": st.sampled_from(get_args(Stage)),
    "reason": st.none() | st.sampled_from(get_args(Reason)),
    "due_at": optional_times,
    "customer": st.none() | texts.map(CustomerKey),
    "customer_orders": st.none() | st.integers(0, 50),
    "language": optional_texts,
    "question": optional_texts,
    "claim": optional_texts,
    "sent_at": optional_times,
    "refused_at": optional_times,
    "reminded_at": optional_times,
    "expires_at": optional_times,
    "message_id": optional_texts,
    "delivered_at": optional_times,
    "bounced_at": optional_times,
    "complained_at": optional_times,
    "unsubscribed_at": optional_times,
    "admitted_on": st.none() | st.dates(),
    "settled_at": optional_times,
    "rulings": st.lists(rulings, max_size=2).map(tuple),
    "visits": st.lists(visits, max_size=4).map(tuple),
    "replies": st.lists(replies, max_size=4, unique_by=lambda reply: reply.client).map(
        lambda found: tuple(sorted(found, key=lambda reply: (reply.at, reply.client)))
    ),
    "version": st.integers(0, 10_000),
}
surveys = st.builds(Survey, **surveys_fields)


@given(surveys)
def test_every_survey_survives_the_database_exactly(survey: Survey) -> None:
    stored = decode(encode(survey_item(survey)))

    assert read_survey(stored) == survey


@pytest.mark.parametrize(
    ("kind", "tried"),
    [
        (Survey, surveys_fields),
        (OrderFacts, orders_fields),
        (OrderDetails, details_fields),
        (Visit, visits_fields),
        (Reply, replies_fields),
        (Ruling, rulings_fields),
    ],
)
def test_no_field_is_left_out_of_the_property_above(kind: Any, tried: dict[str, Any]) -> None:
    assert {field.name for field in fields(kind)} == set(tried)


def test_an_order_whose_times_were_written_as_text_is_read_all_the_same() -> None:
    written = {"happened": {"placed": "2026-01-05T09:00:00.250000Z"}, "standing_at": "2026-01-05T09:00:00Z"}

    known = read_order(written)

    assert known == OrderFacts(happened={"placed": MONDAY + timedelta(milliseconds=250)}, standing_at=MONDAY)


def a_large_survey(lines: int) -> Survey:
    """Cyrillic titles, and every field that a survey has when it was delivered."""
    titles = (
        "Палатка «Байкал» 2 места",
        "Спальный мешок, зимний",
        "Коврик туристический",
        "Горелка газовая",
        "Налобный фонарь",
    )
    order = OrderDetails(
        number="1001",
        email="hanna.kowalska@acme-customer.example",
        first_name="Ганна",
        language="uk",
        country="UA",
        currency="UAH",
        total=Decimal("12499.80"),
        items=tuple(Item(title, sku=f"T-{place}", category="tents") for place, title in enumerate(titles[:lines])),
        channel="web",
        delivery="courier",
        customer_id="c-7",
        consent=True,
        consent_source="shopify buyer_accepts_marketing",
    )
    happened: dict[Happening, datetime] = {"placed": MONDAY, "paid": MONDAY, "fulfilled": MONDAY}
    return replace(
        sent(reminder_at=MONDAY + timedelta(days=12)),
        order=OrderFacts(happened=happened, standing_at=MONDAY, details=order, details_at=MONDAY),
        customer=ANNA,
        customer_orders=3,
        message_id="010701995a1b2c3d-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9-000000",
        delivered_at=MONDAY,
    )


@pytest.mark.parametrize(("titles", "visits"), [(5, 0), (3, 1)])
def test_a_large_survey_fits_into_one_write_unit(titles: int, visits: int) -> None:
    survey = replace(a_large_survey(titles), visits=(tap(10),) * visits)

    bookkeeping = {**keys.changed_at(survey.shop, MONDAY), **purge_mark(MONDAY), "mark": "0a1b2c3d"}
    size = item_size(encode(survey_item(survey) | bookkeeping))

    assert size < 1024
