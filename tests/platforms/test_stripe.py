"""Stripe Checkout: a session that was paid is an order, and a refund finds it by its payment."""

from decimal import Decimal

import pytest

from cx_domain.errors import BadField
from cx_domain.orders import OrderDetails, OrderEvent
from infra.platforms import Ignored
from tests.platforms.payloads import at, details, read_body, read_order, sample

PAID_LATER = "stripe/checkout_session_async_payment_succeeded"


def test_a_paid_session_is_an_order_by_its_payment() -> None:
    event = read_order("stripe", sample("stripe/checkout_session_completed"))

    assert event.subject_id == "pi_3PabcdEF1001"
    assert event.happened == {"placed": at("2026-01-03T10:00:00Z"), "paid": at("2026-01-03T10:01:00Z")}
    assert event.standing == "live"
    assert event.details == OrderDetails(
        number="1001",
        email="anna@example.com",
        language="pl",
        country="PL",
        currency="PLN",
        total=Decimal("99.80"),
        consent=True,
        consent_source="stripe data.object.consent.promotions",
    )


def test_a_session_that_is_to_be_paid_later_is_placed_and_not_paid() -> None:
    event = read_order("stripe", sample("stripe/checkout_session_completed_unpaid"))

    assert set(event.happened) == {"placed"}


def test_the_payment_that_came_later_is_of_the_same_order() -> None:
    event = read_order("stripe", sample(PAID_LATER))

    assert event.subject_id == "pi_3PabcdEF1001"
    assert event.happened["paid"] == at("2026-01-05T08:50:00Z")


def test_a_payment_that_failed_later_cancels_the_order() -> None:
    event = read_order("stripe", sample("stripe/checkout_session_async_payment_failed"))

    assert (event.subject_id, event.standing) == ("pi_3PabcdEF1001", "cancelled")


def test_a_session_that_expired_is_no_order() -> None:
    body = sample("stripe/checkout_session_completed") | {"type": "checkout.session.expired"}

    assert read_body("stripe", body) == Ignored("draft-order")


def test_a_card_that_was_saved_is_no_order() -> None:
    body = sample("stripe/checkout_session_completed")
    saved = {"mode": "setup", "payment_intent": None, "payment_status": "no_payment_required", "amount_total": None}
    body["data"]["object"] |= saved

    assert read_body("stripe", body) == Ignored("draft-order")


@pytest.mark.parametrize(
    ("charge", "standing"),
    [
        ({}, "refunded"),
        ({"refunded": False, "amount_refunded": 4990}, "partly-refunded"),
        ({"refunded": False, "amount_refunded": 0}, "live"),
    ],
)
def test_a_refund_belongs_to_the_order_by_its_payment(charge: dict[str, object], standing: str) -> None:
    body = sample("stripe/charge_refunded")
    body["data"]["object"] |= charge

    assert read_order("stripe", body) == OrderEvent("pi_3PabcdEF1001", at("2026-01-05T09:00:00Z"), {}, standing, None)  # type: ignore[arg-type]


def test_a_free_session_has_no_payment_and_is_known_by_itself() -> None:
    body = sample("stripe/checkout_session_completed")
    body["data"]["object"] |= {"payment_intent": None, "payment_status": "no_payment_required", "amount_total": 0}

    event = read_order("stripe", body)

    assert (event.subject_id, details(event).total) == ("cs_live_a1b2c3d4", Decimal("0.00"))
    assert "paid" in event.happened


@pytest.mark.parametrize(("said", "consent"), [("opt_in", True), ("opt_out", False), (None, None)])
def test_consent_is_what_the_customer_said_of_promotions(said: str | None, consent: bool | None) -> None:
    body = sample("stripe/checkout_session_completed")
    body["data"]["object"]["consent"] = {"promotions": said}

    assert details(read_order("stripe", body)).consent is consent


@pytest.mark.parametrize(
    ("currency", "total"), [("jpy", "9980"), ("kwd", "9.980"), ("eur", "99.80"), ("isk", "99.80"), ("mga", "9980")]
)
def test_an_amount_has_as_many_digits_as_stripe_gives_the_currency(currency: str, total: str) -> None:
    body = sample("stripe/checkout_session_completed")
    body["data"]["object"]["currency"] = currency

    assert details(read_order("stripe", body)).total == Decimal(total)


@pytest.mark.parametrize("locale", ["auto", None])
def test_a_locale_that_stripe_chose_itself_is_no_language(locale: str | None) -> None:
    body = sample("stripe/checkout_session_completed")
    body["data"]["object"]["locale"] = locale

    assert details(read_order("stripe", body)).language is None


def test_what_was_not_paid_for_in_earnest_is_a_test() -> None:
    assert details(read_order("stripe", sample("stripe/checkout_session_completed") | {"livemode": False})).test


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"created": "2026-01-03T10:00:00Z"}, "created: must be seconds since 1970"),
        ({"created": 1767434460000}, "created: must be seconds since 1970"),
        ({"created": True}, "created: must be seconds since 1970"),
    ],
)
def test_a_time_that_is_not_in_seconds_is_told_by_its_path(changes: dict[str, object], told: str) -> None:
    with pytest.raises(BadField, match=f"^{told}"):
        read_body("stripe", sample("stripe/checkout_session_completed") | changes)


def test_an_amount_that_is_no_number_is_told_by_its_path() -> None:
    body = sample("stripe/checkout_session_completed")
    body["data"]["object"]["amount_total"] = "99.80"

    with pytest.raises(BadField, match=r"^data\.object\.amount_total: must be an amount"):
        read_body("stripe", body)
