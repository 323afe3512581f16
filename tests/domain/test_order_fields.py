"""The raw fields of a webhook: read strictly by type, never refused for the words in them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_domain.errors import BadField
from cx_domain.order_fields import feedback_event, order_event, ticket_event
from cx_domain.orders import OrderDetails
from cx_domain.raw_fields import RawFields

RECEIVED_AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def details_of(**raw: object) -> OrderDetails:
    event = order_event(RawFields({"id": "1001", **raw}), standing="live", has_details=True, received_at=RECEIVED_AT)
    assert event.details is not None
    return event.details


def refusal_of(**raw: object) -> str:
    with pytest.raises(BadField) as refused:
        details_of(**raw)
    return refused.value.field


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Anna", "Anna"),
        ("  Anna \n\r Maria\t", "Anna Maria"),
        ("Anna\x00\x1b[31m", "Anna [31m"),
        ("Anna\u202eKowalska", "AnnaKowalska"),
        ("Anna\ud800", "Anna"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("A" * 61, "A" * 59 + "…"),
        ("\n", None),
        ("", None),
        (None, None),
    ],
)
def test_a_name_is_made_harmless_and_never_refused(written: str | None, shown: str | None) -> None:
    assert details_of(first_name=written).first_name == shown


def test_an_items_title_is_one_line_of_eighty_characters() -> None:
    (item,) = details_of(items=[{"title": "Tent\r\nBcc: all@acme.example " + "x" * 100}]).items

    assert item.title.startswith("Tent Bcc: all@acme.example x")
    assert len(item.title) == 80


def test_five_items_are_kept_and_those_without_a_word_are_not() -> None:
    raw = [{"title": None, "sku": ""}, *({"title": f"Tent {n}", "quantity": n} for n in range(1, 9))]

    assert [item.title for item in details_of(items=raw).items] == ["Tent 1", "Tent 2", "Tent 3", "Tent 4", "Tent 5"]


@pytest.mark.parametrize(
    ("raw", "kept"), [(None, 1), (3, 3), (0, 1), (-2, 1), (0.25, 1), (2.5, 2), (10**400, 1_000_000)]
)
def test_a_quantity_is_at_least_one(raw: object, kept: int) -> None:
    assert details_of(items=[{"title": "Tent", "quantity": raw}]).items[0].quantity == kept


def test_an_order_whose_address_no_mail_reaches_has_none() -> None:
    assert details_of(email="anna at example.com").email is None


@pytest.mark.parametrize(
    ("raw", "total"),
    [
        ("99.80", Decimal("99.80")),
        (99.8, Decimal("99.8")),
        (100, Decimal(100)),
        ("0", Decimal(0)),
        (1e-9, Decimal("0.000000001")),
        (None, None),
        ("", None),
    ],
)
def test_a_total_is_an_exact_decimal(raw: object, total: Decimal | None) -> None:
    assert details_of(total=raw).total == total


@pytest.mark.parametrize(
    "raw", ["-1", "1e3", "NaN", "Infinity", "12,50", "9" * 13, float("nan"), float("inf"), -0.5, 10**400, True, [1]]
)
def test_a_total_that_is_none_is_refused(raw: object) -> None:
    assert refusal_of(total=raw) == "total"


@pytest.mark.parametrize(
    ("raw", "read"), [("pl", "pl"), ("pl_PL", "pl"), ("PL-pl", "pl"), ("pol", None), ("", None), ("1", None)]
)
def test_a_language_is_two_letters(raw: str, read: str | None) -> None:
    assert details_of(language=raw).language == read


@pytest.mark.parametrize(("raw", "read"), [("PL", "PL"), ("pl", "PL"), ("Poland", None), ("", None), ("P1", None)])
def test_a_country_is_two_letters(raw: str, read: str | None) -> None:
    assert details_of(country=raw).country == read


@pytest.mark.parametrize(("raw", "read"), [(1001, "1001"), ("A-1", "A-1"), (2**80, str(2**80)), ("x" * 128, "x" * 128)])
def test_an_id_is_text_or_a_whole_number(raw: object, read: str) -> None:
    assert (
        order_event(RawFields({"id": raw}), standing=None, has_details=False, received_at=RECEIVED_AT).subject_id
        == read
    )


@pytest.mark.parametrize("raw", [None, "", " ", True, 10.0, [], {}, "x" * 129, "a\nb", "a\x00", "\ud800", 10**200])
def test_what_is_no_id_is_refused(raw: object) -> None:
    assert refusal_of(id=raw) == "id"


def test_an_order_without_a_number_goes_by_its_id() -> None:
    assert details_of(number=None).number == "1001"


@pytest.mark.parametrize(("raw", "read"), [(True, True), (False, False), (None, None)])
def test_consent_is_given_or_refused_or_unknown(raw: bool | None, read: bool | None) -> None:
    assert details_of(consent=raw).consent is read


@pytest.mark.parametrize(
    "raw",
    [
        {"first_name": 5},
        {"email": ["anna@example.com"]},
        {"language": 5},
        {"country": True},
        {"consent": "true"},
        {"consent": 1},
        {"test": "no"},
        {"tags": ["a"]},
        {"items": "Tent"},
        {"channel": {}},
        {"customer_id": 1.5},
    ],
)
def test_a_value_of_the_wrong_type_is_refused_by_its_name(raw: dict[str, Any]) -> None:
    assert refusal_of(**raw) == next(iter(raw))


def test_tags_are_ten_short_pairs_in_order() -> None:
    raw = {f"tag{n:02}": "x" * 100 for n in range(12, 0, -1)} | {"empty": "", "none": None}

    tags = details_of(tags=raw).tags

    assert [tag for tag, _ in tags] == [f"tag{n:02}" for n in range(1, 11)]
    assert {len(value) for _, value in tags} == {60}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = [
    "id",
    "updated_at",
    "placed",
    "solved_at",
    "email",
    "total",
    "items",
    "tags",
    "number",
    "consent",
    "kind",
    "score",
    "stage",
    "order",
]


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), anything))
def test_no_value_leads_to_anything_but_news_or_a_named_refusal(raw: dict[str, object]) -> None:
    fields = RawFields(raw)

    for read in (
        lambda: order_event(fields, standing=None, has_details=True, received_at=RECEIVED_AT),
        lambda: ticket_event(fields, received_at=RECEIVED_AT),
        lambda: feedback_event(fields, received_at=RECEIVED_AT),
    ):
        try:
            news: object = read()
        except BadField as refusal:
            news = refusal.field
        assert news
