"""Signatures: the platforms' own vectors verify, everything else is refused in one way."""

import hashlib
import hmac
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_domain.errors import BadField, BadSignature
from cx_domain.signatures import Scheme, check_secret, new_secret, sign, verify

SHOPIFY = Scheme("hmac-sha256-base64", "x-shopify-hmac-sha256")
STANDARD = Scheme("standard-webhooks", "webhook-signature")
SCHEMES = [SHOPIFY, STANDARD]

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
BODY = b'{"id": 1001}'


def test_the_known_vector_of_standard_webhooks_verifies() -> None:
    verify(STANDARD, [VECTOR_SECRET], VECTOR, VECTOR_BODY, VECTOR_AT)


def test_the_known_vector_is_what_we_would_sign() -> None:
    signed = sign(STANDARD, VECTOR_SECRET, VECTOR_BODY, message_id=VECTOR["webhook-id"], now=VECTOR_AT)

    assert signed == VECTOR


def test_a_shopify_signature_is_the_base64_of_the_hmac_with_the_secret_as_it_is_written() -> None:
    signature = b64encode(hmac.new("hush żółw".encode(), BODY, hashlib.sha256).digest()).decode()

    verify(SHOPIFY, ["hush żółw"], {"x-shopify-hmac-sha256": signature}, BODY, NOW)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_both_secrets_are_good_while_a_secret_is_being_replaced(scheme: Scheme) -> None:
    old, new = new_secret(scheme, b"o" * 24), new_secret(scheme, b"n" * 24)

    for secret in (old, new):
        verify(scheme, [old, new], sign(scheme, secret, BODY, message_id="m-1", now=NOW), BODY, NOW)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_one_changed_byte_breaks_the_signature(scheme: Scheme) -> None:
    secret = new_secret(scheme, b"s" * 24)
    headers = sign(scheme, secret, BODY, message_id="m-1", now=NOW)

    with pytest.raises(BadSignature):
        verify(scheme, [secret], headers, BODY.replace(b"1001", b"1002"), NOW)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("secrets", [[], [""], ["  "], ["whsec_"], ["whsec_!!!!abcd"]])
def test_a_shop_without_a_usable_secret_trusts_nobody(scheme: Scheme, secrets: list[str]) -> None:
    forged = b64encode(hmac.new(b"", BODY, hashlib.sha256).digest()).decode()
    headers = {**sign(STANDARD, VECTOR_SECRET, BODY, message_id="m-1", now=NOW), SHOPIFY.header: forged}

    with pytest.raises(BadSignature):
        verify(scheme, secrets, headers, BODY, NOW)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_webhook_signed_more_than_five_minutes_away_is_a_replay(seconds: int) -> None:
    headers = sign(STANDARD, VECTOR_SECRET, BODY, message_id="m-1", now=NOW)

    with pytest.raises(BadSignature, match="five minutes"):
        verify(STANDARD, [VECTOR_SECRET], headers, BODY, NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-300, 300])
def test_five_minutes_of_a_wrong_clock_are_forgiven(seconds: int) -> None:
    headers = sign(STANDARD, VECTOR_SECRET, BODY, message_id="m-1", now=NOW)

    verify(STANDARD, [VECTOR_SECRET], headers, BODY, NOW + timedelta(seconds=seconds))


def test_one_good_signature_in_the_list_is_enough() -> None:
    listed = f"v1a,ZWQyNTUxOQ== v1,AAAA nonsense {VECTOR['webhook-signature']}"

    verify(STANDARD, [VECTOR_SECRET], {**VECTOR, "webhook-signature": listed}, VECTOR_BODY, VECTOR_AT)


@pytest.mark.parametrize("missing", sorted(VECTOR))
def test_each_of_the_three_headers_is_needed(missing: str) -> None:
    headers = {name: value for name, value in VECTOR.items() if name != missing}

    with pytest.raises(BadSignature, match=missing):
        verify(STANDARD, [VECTOR_SECRET], headers, VECTOR_BODY, VECTOR_AT)


@pytest.mark.parametrize(
    "signature", ["v1", "v1,", ",", " ", "v1,@@@", "v1,ż", "v1,\ud800", "v2,g0hM9SsE", "\x00", "g0hM9SsE+OTPJTGt"]
)
def test_a_hostile_signature_is_refused_and_nothing_else_happens(signature: str) -> None:
    with pytest.raises(BadSignature):
        verify(STANDARD, [VECTOR_SECRET], {**VECTOR, "webhook-signature": signature}, VECTOR_BODY, VECTOR_AT)


@pytest.mark.parametrize(
    "timestamp", ["", "now", "-1614265330", "1614265330.5", "1e9", "\u0661", "9" * 400, " 1614265330"]
)
def test_a_hostile_timestamp_is_refused_and_nothing_else_happens(timestamp: str) -> None:
    with pytest.raises(BadSignature):
        verify(STANDARD, [VECTOR_SECRET], {**VECTOR, "webhook-timestamp": timestamp}, VECTOR_BODY, VECTOR_AT)


any_text = st.text(st.characters(codec=None), max_size=60)
any_headers = st.dictionaries(st.sampled_from([*VECTOR, SHOPIFY.header]), any_text)


@settings(deadline=None)
@given(st.sampled_from(SCHEMES), st.lists(any_text, max_size=3), any_headers, st.binary(max_size=60))
def test_no_bytes_lead_to_anything_but_a_refusal(
    scheme: Scheme, secrets: list[str], headers: dict[str, str], body: bytes
) -> None:
    with pytest.raises(BadSignature):
        verify(scheme, secrets, headers, body, NOW)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_!!!!abcd", "whsec_c2hvcnQ=", "hush"])
def test_a_secret_that_cannot_sign_is_told_to_the_operator(secret: str) -> None:
    with pytest.raises(BadField, match="secret: must be"):
        check_secret(STANDARD, secret)


def test_a_secret_is_not_made_of_too_little_chance() -> None:
    with pytest.raises(ValueError, match="too few"):
        new_secret(STANDARD, b"short")
