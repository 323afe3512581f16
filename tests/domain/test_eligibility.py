"""Whom we do not ask: every refusal has the name that the report counts it by."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from cx_domain.eligibility import Plan, Refuse, Wait, decide, in_sample, needs_consent
from cx_domain.orders import OrderDetails, OrderFacts
from cx_domain.shops import Shop
from cx_domain.surveys import CustomerKey, Reason, Survey, SurveyId
from tests.builders import ACME, DUE_AT, FULFILLED_AT, NPS, PLACED_AT, TENT_ORDER, acme

FULFILLED = OrderFacts(
    happened={"placed": PLACED_AT, "fulfilled": FULFILLED_AT}, details=TENT_ORDER, details_at=FULFILLED_AT
)


def survey(order: OrderFacts = FULFILLED, **changes: Any) -> Survey:
    tent = Survey(
        id=SurveyId("pn2xkyq7vd5ryfhkz3mtcw6rte"),
        shop=ACME.id,
        kind="nps",
        touchpoint="order",
        subject_type="order",
        subject_id="1001",
        order=order,
    )
    return replace(tent, **changes)


def bought(**details: Any) -> OrderFacts:
    return replace(FULFILLED, details=replace(TENT_ORDER, **details))


def refusal(order: OrderFacts, shop: Shop = ACME) -> Reason | None:
    decision = decide(survey(order), NPS, shop)
    return decision.reason if isinstance(decision, Refuse) else None


def consenting_in(*countries: str) -> Shop:
    return replace(ACME, consent_required=countries)


def test_a_fulfilled_order_of_somebody_we_may_ask_is_planned_for_a_week_later() -> None:
    assert decide(survey(), NPS, ACME) == Plan(DUE_AT)


def test_an_order_that_was_only_placed_waits() -> None:
    placed = replace(FULFILLED, happened={"placed": PLACED_AT})

    assert decide(survey(placed), NPS, ACME) == Wait()


def test_an_order_of_which_only_the_parcel_is_known_waits_for_its_buyer() -> None:
    parcel = OrderFacts(happened={"delivered": FULFILLED_AT})

    assert decide(survey(parcel), NPS, ACME) == Wait()


def test_an_order_without_an_address_is_refused() -> None:
    assert refusal(bought(email=None)) == "no-address"


def test_an_address_that_left_with_its_purpose_is_no_missing_address() -> None:
    known = survey(bought(email=None), customer=CustomerKey("mfrggzdfmztwq2lknnwg23tpoa"))

    assert decide(known, NPS, ACME) == Plan(DUE_AT)


def test_a_test_order_is_refused() -> None:
    assert refusal(bought(test=True)) == "test-order"


def test_a_cancelled_order_is_refused() -> None:
    assert refusal(replace(FULFILLED, standing="cancelled")) == "cancelled"


def test_a_cancellation_that_comes_before_its_order_is_refused_too() -> None:
    assert refusal(OrderFacts(standing="cancelled")) == "cancelled"


def test_a_refunded_order_is_refused() -> None:
    assert refusal(replace(FULFILLED, standing="refunded")) == "refunded"


def test_a_partly_refunded_order_is_asked_about_unless_the_shop_says_no() -> None:
    partly = replace(FULFILLED, standing="partly-refunded")

    assert refusal(partly) is None
    assert refusal(partly, acme(partly_refunded="skip")) == "partly-refunded"


def test_an_order_of_nothing_but_gift_cards_is_refused_unless_the_shop_wants_it() -> None:
    gift = bought(gift_cards_only=True)

    assert refusal(gift) == "gift-card"
    assert refusal(gift, acme(gift_cards=True)) is None


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("8awgqyk6a5+cub31c122@allegromail.pl", "relay-address"),
        ("do_not.reply@post.example", "no-reply-address"),
        ("piotr@warehouse.acme.example", "staff-address"),
    ],
)
def test_an_address_that_is_no_customers_is_refused_by_its_kind(address: str, reason: Reason) -> None:
    assert refusal(bought(email=address), acme(staff_domains=("acme.example",))) == reason


def test_the_kind_of_an_address_that_has_left_is_remembered() -> None:
    left = bought(email=None, address_kind="relay-address")

    decision = decide(survey(left, customer=CustomerKey("mfrggzdfmztwq2lknnwg23tpoa")), NPS, ACME)

    assert decision == Refuse("relay-address")


def test_a_customer_in_a_country_that_wants_consent_is_refused_without_it() -> None:
    assert refusal(bought(country="DE", consent=False)) == "no-consent"


def test_silence_is_no_consent() -> None:
    assert refusal(bought(country="DE", consent=None)) == "no-consent"


def test_a_customer_who_consented_is_asked_in_every_country() -> None:
    assert refusal(bought(country="DE", consent=True)) is None


def test_an_order_below_the_shops_minimum_is_refused() -> None:
    assert refusal(bought(total=Decimal("19.99")), acme(minimum_total=Decimal("20.00"))) == "below-minimum"


def test_an_order_of_exactly_the_minimum_is_asked_about() -> None:
    assert refusal(bought(total=Decimal("20.00")), acme(minimum_total=Decimal("20.00"))) is None


def test_an_order_whose_total_is_unknown_is_not_below_the_minimum() -> None:
    assert refusal(bought(total=None), acme(minimum_total=Decimal("20.00"))) is None


def test_an_order_outside_the_sample_is_refused() -> None:
    assert refusal(FULFILLED, acme(sample=0.0)) == "not-in-sample"


@pytest.mark.parametrize(
    ("details", "first"),
    [
        ({"test": True, "email": None}, "test-order"),
        ({"email": None, "country": "DE", "consent": None}, "no-address"),
        ({"email": "noreply@post.example", "country": "DE", "consent": None}, "no-reply-address"),
        ({"country": "DE", "consent": None, "total": Decimal(0), "gift_cards_only": True}, "no-consent"),
        ({"gift_cards_only": True, "total": Decimal(0)}, "gift-card"),
    ],
)
def test_of_several_reasons_the_one_is_counted_that_the_shop_can_do_least_about(
    details: dict[str, Any], first: Reason
) -> None:
    assert refusal(bought(**details), acme(minimum_total=Decimal(20))) == first


def test_a_refusal_is_said_at_once_and_not_only_when_the_order_is_fulfilled() -> None:
    placed_without_address = replace(bought(email=None), happened={"placed": PLACED_AT})

    assert refusal(placed_without_address) == "no-address"


def test_the_listed_countries_want_consent_and_the_others_do_not() -> None:
    assert needs_consent("DE", consenting_in("DE", "AT"))
    assert not needs_consent("PL", consenting_in("DE", "AT"))


def test_where_the_country_is_unknown_the_strictest_rule_holds() -> None:
    assert needs_consent(None, consenting_in("DE"))


@pytest.mark.parametrize("country", ["PL", "DE", None])
def test_a_star_wants_consent_everywhere(country: str | None) -> None:
    assert needs_consent(country, consenting_in("*"))


@pytest.mark.parametrize("country", ["PL", "DE", None])
def test_a_shop_that_lists_no_country_never_wants_consent(country: str | None) -> None:
    assert not needs_consent(country, consenting_in())


def test_the_sample_draws_each_order_always_the_same_way() -> None:
    drawn = [in_sample(survey().id, 0.5) for _ in range(3)]

    assert len(set(drawn)) == 1


def test_a_larger_sample_holds_whoever_was_in_the_smaller_one() -> None:
    ids = [SurveyId(f"{letter}n2xkyq7vd5ryfhkz3mtcw6rte") for letter in "abcdefghijklmnopqrstuvwxyz234567"]

    tenth = {id_ for id_ in ids if in_sample(id_, 0.1)}
    half = {id_ for id_ in ids if in_sample(id_, 0.5)}

    assert tenth < half
    assert len(half) == 16


@pytest.mark.parametrize("id_", ["aaaaaaaaaaaaaaaaaaaaaaaaaa", "77777777777777777777777777"])
def test_a_sample_of_all_leaves_nobody_out_and_a_sample_of_none_takes_nobody(id_: str) -> None:
    assert in_sample(SurveyId(id_), 1.0)
    assert not in_sample(SurveyId(id_), 0.0)


def test_a_plan_does_not_depend_on_what_was_bought() -> None:
    anything = OrderDetails(number="1001", email="anna@kowalska.example", country="PL")

    assert decide(survey(replace(FULFILLED, details=anything)), NPS, ACME) == Plan(DUE_AT)
