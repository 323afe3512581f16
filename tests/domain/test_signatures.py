"""Signatures: the platforms' own vectors verify, everything else is refused in one way."""

import hashlib
import hmac
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_domain.errors import BadField, BadSignature, NotConfigured
from cx_domain.signature_schemes import HmacSha256, KeyInAddress, ShoperSha1, StandardWebhooks, Stripe
from cx_domain.signatures import Delivery, Scheme, verify

SHOPIFY = HmacSha256("x-shopify-hmac-sha256")
SQUARESPACE = HmacSha256("squarespace-signature", encoding="hex", key_form="hex")
ECWID = HmacSha256("x-ecwid-webhook-signature", over=("eventCreated", "eventId"))
STANDARD = StandardWebhooks()
BIGCOMMERCE = StandardWebhooks(key_form="text")
SCHEMES: list[Scheme] = [SHOPIFY, SQUARESPACE, ECWID, STANDARD, BIGCOMMERCE, Stripe(), ShoperSha1(), KeyInAddress()]
AGEING: list[Scheme] = [STANDARD, BIGCOMMERCE, Stripe()]

# The example that the Standard Webhooks libraries are tested with.
VECTOR_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
VECTOR_BODY = b'{"test": 2432232314}'
VECTOR_AT = datetime.fromtimestamp(1614265330, UTC)
VECTOR = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
BODY = b'{"id": 1001, "eventCreated": 1234567, "eventId": "80aece08"}'


def signed(scheme: Scheme, secret: str) -> Delivery:
    return scheme.sign(secret, BODY, message_id="m-1", now=NOW)


def test_the_known_vector_of_standard_webhooks_verifies() -> None:
    verify(STANDARD, [VECTOR_SECRET], Delivery(VECTOR_BODY, VECTOR), VECTOR_AT)


def test_the_known_vector_is_what_we_would_sign() -> None:
    made = STANDARD.sign(VECTOR_SECRET, VECTOR_BODY, message_id=VECTOR["webhook-id"], now=VECTOR_AT)

    assert made == Delivery(VECTOR_BODY, VECTOR)


def test_a_shopify_signature_is_the_base64_of_the_hmac_with_the_secret_as_it_is_written() -> None:
    signature = b64encode(hmac.new("hush żółw".encode(), BODY, hashlib.sha256).digest()).decode()

    verify(SHOPIFY, ["hush żółw"], Delivery(BODY, {"x-shopify-hmac-sha256": signature}), NOW)


def test_a_squarespace_signature_is_hexadecimal_and_its_secret_is_too() -> None:
    signature = hmac.new(b"\x00\xff", BODY, hashlib.sha256).hexdigest()

    for written in (signature, signature.upper()):
        verify(SQUARESPACE, ["00ff"], Delivery(BODY, {"squarespace-signature": written}), NOW)


def test_a_bigcommerce_signature_is_the_standard_one_with_the_characters_of_the_client_secret() -> None:
    message = b"msg_1.1767603600." + BODY
    signature = b64encode(hmac.new(b"client secret", message, hashlib.sha256).digest()).decode()
    headers = {"webhook-id": "msg_1", "webhook-timestamp": "1767603600", "webhook-signature": f"v1,{signature}"}

    verify(BIGCOMMERCE, ["client secret"], Delivery(BODY, headers), NOW)


def test_ecwid_signs_when_and_what_and_nothing_else_of_the_body() -> None:
    signature = b64encode(hmac.new(b"client secret", b"1234567.80aece08", hashlib.sha256).digest()).decode()
    headers = {"x-ecwid-webhook-signature": signature}

    verify(ECWID, ["client secret"], Delivery(BODY.replace(b"1001", b"1002"), headers), NOW)
    with pytest.raises(BadSignature):
        verify(ECWID, ["client secret"], Delivery(BODY.replace(b"80ae", b"80af"), headers), NOW)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"eventCreated": true, "eventId": "x"}', b"[" * 100_000, b"\xff", b'{"eventId": {}}']
)
def test_a_body_without_the_signed_fields_is_signed_by_nobody(body: bytes) -> None:
    with pytest.raises(BadSignature, match="the body lacks"):
        verify(ECWID, ["client secret"], Delivery(body, {"x-ecwid-webhook-signature": "AAAA"}), NOW)


def test_stripe_signs_time_and_body_with_the_whole_secret_in_hexadecimal() -> None:
    expected = hmac.new(b"whsec_test", b"1767603600." + BODY, hashlib.sha256).hexdigest()
    listed = f"t=1767603600,v1={'0' * 64},v1={expected},v0=0000"

    verify(Stripe(), ["whsec_test"], Delivery(BODY, {"stripe-signature": listed}), NOW)


def test_an_old_version_of_stripes_signature_proves_nothing() -> None:
    good = signed(Stripe(), "whsec_test").headers["stripe-signature"]

    with pytest.raises(BadSignature):
        verify(Stripe(), ["whsec_test"], Delivery(BODY, {"stripe-signature": good.replace("v1=", "v0=")}), NOW)


def test_shoper_hashes_number_secret_and_body_with_colons_between() -> None:
    digest = hashlib.sha1(b"17:hush:" + BODY, usedforsecurity=False).hexdigest()

    verify(ShoperSha1(), ["hush"], Delivery(BODY, {"x-webhook-id": "17", "x-webhook-sha1": digest}), NOW)


def test_a_secret_in_the_address_must_be_the_whole_one() -> None:
    secret = "k" * 24

    verify(KeyInAddress(), [secret], Delivery(BODY, {}, {"key": secret}), NOW)
    for wrong in ("", "k", "k" * 23, "k" * 25, "\ud800"):
        with pytest.raises(BadSignature):
            verify(KeyInAddress(), [secret], Delivery(BODY, {}, {"key": wrong}), NOW)


@pytest.mark.parametrize("secret", ["short", "with a blank in it, of more than 24", "ż" * 24, "a&b" * 10])
def test_a_secret_for_an_address_is_long_and_needs_no_escaping(secret: str) -> None:
    with pytest.raises(BadField, match="it stands in an address"):
        KeyInAddress().key(secret)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_both_secrets_are_good_while_a_secret_is_being_replaced(scheme: Scheme) -> None:
    old, new = scheme.new_secret(b"o" * 24), scheme.new_secret(b"n" * 24)

    for secret in (old, new):
        verify(scheme, [old, new], signed(scheme, secret), NOW)


@pytest.mark.parametrize("scheme", [scheme for scheme in SCHEMES if scheme not in {ECWID, KeyInAddress()}])
def test_one_changed_byte_breaks_the_signature(scheme: Scheme) -> None:
    secret = scheme.new_secret(b"s" * 24)
    delivery = signed(scheme, secret)

    with pytest.raises(BadSignature):
        verify(scheme, [secret], replace(delivery, body=BODY.replace(b"1001", b"1002")), NOW)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_shop_trusts_nobody_but_who_has_its_secret(scheme: Scheme, number: int) -> None:
    delivery = signed(scheme, scheme.new_secret(b"s" * 24))
    secrets = [scheme.new_secret(letter * 24) for letter in (b"a", b"b")[:number]]

    with pytest.raises(BadSignature):
        verify(scheme, secrets, delivery, NOW)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("secrets", [[""], ["  ", ""]])
def test_secrets_of_which_none_can_be_used_are_our_trouble_and_not_the_shops(
    scheme: Scheme, secrets: list[str]
) -> None:
    delivery = signed(scheme, scheme.new_secret(b"s" * 24))

    with pytest.raises(NotConfigured, match="connect the shop again"):
        verify(scheme, secrets, delivery, NOW)


def test_beside_a_secret_that_cannot_be_used_the_other_one_is_good() -> None:
    verify(STANDARD, ["whsec_!!!!", VECTOR_SECRET], Delivery(VECTOR_BODY, VECTOR), VECTOR_AT)
    with pytest.raises(BadSignature):
        verify(STANDARD, ["whsec_!!!!", VECTOR_SECRET], Delivery(b"{}", VECTOR), VECTOR_AT)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!!!!abcd"])
def test_an_empty_key_signs_for_nobody(secret: str) -> None:
    forged = b64encode(hmac.new(b"", b"m-1.1767603600." + BODY, hashlib.sha256).digest()).decode()
    headers = {"webhook-id": "m-1", "webhook-timestamp": "1767603600", "webhook-signature": f"v1,{forged}"}

    with pytest.raises(NotConfigured):
        verify(STANDARD, [secret], Delivery(BODY, headers), NOW)


@pytest.mark.parametrize("scheme", AGEING)
@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_webhook_signed_more_than_five_minutes_away_is_a_replay(scheme: Scheme, seconds: int) -> None:
    secret = scheme.new_secret(b"s" * 24)

    with pytest.raises(BadSignature, match="five minutes"):
        verify(scheme, [secret], signed(scheme, secret), NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("scheme", AGEING)
@pytest.mark.parametrize("seconds", [-300, 300])
def test_five_minutes_of_a_wrong_clock_are_forgiven(scheme: Scheme, seconds: int) -> None:
    secret = scheme.new_secret(b"s" * 24)

    verify(scheme, [secret], signed(scheme, secret), NOW + timedelta(seconds=seconds))


def test_one_good_signature_in_the_list_is_enough() -> None:
    listed = f"v1a,ZWQyNTUxOQ== v1,AAAA nonsense {VECTOR['webhook-signature']}"

    verify(STANDARD, [VECTOR_SECRET], Delivery(VECTOR_BODY, {**VECTOR, "webhook-signature": listed}), VECTOR_AT)


@pytest.mark.parametrize("missing", sorted(VECTOR))
def test_each_of_the_three_headers_is_needed(missing: str) -> None:
    headers = {name: value for name, value in VECTOR.items() if name != missing}

    with pytest.raises(BadSignature, match=missing):
        verify(STANDARD, [VECTOR_SECRET], Delivery(VECTOR_BODY, headers), VECTOR_AT)


@pytest.mark.parametrize(
    "signature", ["v1", "v1,", ",", " ", "v1,@@@", "v1,ż", "v1,\ud800", "v2,g0hM9SsE", "\x00", "g0hM9SsE+OTPJTGt"]
)
def test_a_hostile_signature_is_refused_and_nothing_else_happens(signature: str) -> None:
    with pytest.raises(BadSignature):
        verify(STANDARD, [VECTOR_SECRET], Delivery(VECTOR_BODY, {**VECTOR, "webhook-signature": signature}), VECTOR_AT)


@pytest.mark.parametrize(
    "timestamp", ["", "now", "-1614265330", "1614265330.5", "1e9", "\u0661", "9" * 400, " 1614265330"]
)
def test_a_hostile_timestamp_is_refused_and_nothing_else_happens(timestamp: str) -> None:
    with pytest.raises(BadSignature):
        verify(STANDARD, [VECTOR_SECRET], Delivery(VECTOR_BODY, {**VECTOR, "webhook-timestamp": timestamp}), VECTOR_AT)


any_text = st.text(st.characters(codec=None), max_size=60)
PLACES = [
    *VECTOR,
    *("x-shopify-hmac-sha256", "squarespace-signature", "x-ecwid-webhook-signature", "stripe-signature"),
    *("x-webhook-sha1", "x-webhook-id"),
]
any_headers = st.dictionaries(st.sampled_from(PLACES), any_text)


@settings(deadline=None)
@given(st.sampled_from(SCHEMES), st.lists(any_text, max_size=3), any_headers, any_text, st.binary(max_size=60))
def test_no_bytes_lead_to_anything_but_a_refusal(
    scheme: Scheme, secrets: list[str], headers: dict[str, str], key: str, body: bytes
) -> None:
    good = scheme.new_secret(b"s" * 24)
    with pytest.raises(BadSignature):
        verify(scheme, [*secrets, good], Delivery(body, headers, {"key": f"?{key}"}), NOW)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!!!!abcd", "whsec_c2hvcnQ=", "hush"])
def test_a_secret_that_cannot_sign_is_told_to_the_operator(secret: str) -> None:
    with pytest.raises(BadField, match="secret: must be"):
        STANDARD.key(secret)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_secret_is_not_made_of_too_little_chance(scheme: Scheme) -> None:
    with pytest.raises(ValueError, match="too few"):
        scheme.new_secret(b"short")
