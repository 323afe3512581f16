"""Saleor signs with its own private key: only the shop's pinned public key says so, and nothing that a request brings along."""

import hashlib
import hmac
import json
from datetime import UTC, datetime

import jwt
import pytest

from cx_domain.errors import BadField, BadSignature
from cx_domain.signatures import Delivery, verify
from infra.platforms.saleor import SaleorSignature
from tests.platforms.sealing import jwk, jwks, private_key, sealed

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
BODY = '{"order": {"number": "1001", "userEmail": "anna@example.com", "title": "Namiot Ætna"}}'.encode()
SALEOR = SaleorSignature()


def delivery(signature: str, body: bytes = BODY, header: str = "saleor-signature") -> Delivery:
    return Delivery(body, {header: signature})


@pytest.mark.parametrize("header", ["saleor-signature", "x-saleor-signature"])
def test_what_the_shops_own_key_sealed_is_taken_by_either_header(header: str) -> None:
    verify(SALEOR, [jwks("saleor")], delivery(sealed("saleor", BODY), header=header), NOW)


def test_a_shop_may_pin_the_old_keys_beside_the_new_ones() -> None:
    verify(SALEOR, [jwks("older"), jwks("saleor")], delivery(sealed("saleor", BODY)), NOW)
    verify(SALEOR, [jwks("older", "saleor")], delivery(sealed("saleor", BODY)), NOW)


def test_another_shops_key_seals_nothing_here() -> None:
    with pytest.raises(BadSignature):
        verify(SALEOR, [jwks("saleor")], delivery(sealed("another shop", BODY)), NOW)


def test_a_flipped_byte_breaks_the_seal() -> None:
    with pytest.raises(BadSignature):
        verify(SALEOR, [jwks("saleor")], delivery(sealed("saleor", BODY), BODY.replace(b"anna", b"anne")), NOW)


def test_a_customers_access_token_is_no_seal_though_the_same_key_made_it() -> None:
    token = jwt.encode({"email": "mallory@example.com"}, private_key("saleor"), algorithm="RS256", headers={"kid": "1"})

    with pytest.raises(BadSignature):
        verify(SALEOR, [jwks("saleor")], delivery(token), NOW)


def test_the_public_key_is_no_hmac_secret() -> None:
    pinned = jwks("saleor")
    forged = hmac.new(pinned.encode(), BODY, hashlib.sha256).hexdigest()
    confused = jwt.encode({}, "public keys are known to all, so they sign", algorithm="HS256")

    for signature in (forged, confused):
        with pytest.raises(BadSignature):
            verify(SALEOR, [pinned], delivery(signature), NOW)


@pytest.mark.parametrize(
    "signature", ["", ".", "..", "...", "a..b", "é..é", "\ud800..", "e30..", "W10..AAAA", "." * 5000, "x" * 9000]
)
def test_a_hostile_seal_is_refused_and_nothing_else(signature: str) -> None:
    with pytest.raises(BadSignature):
        verify(SALEOR, [jwks("saleor")], delivery(signature), NOW)


def test_a_seal_whose_head_nests_too_deeply_is_refused_and_nothing_else() -> None:
    head = jwt.utils.base64url_encode(b"[" * 6000).decode()

    with pytest.raises(BadSignature):
        verify(SALEOR, [jwks("saleor")], delivery(f"{head}..AAAA"), NOW)


def test_a_missing_seal_is_told_by_its_header() -> None:
    with pytest.raises(BadSignature, match="saleor-signature is missing"):
        verify(SALEOR, [jwks("saleor")], Delivery(BODY), NOW)


def test_a_webhook_with_a_secret_key_is_signed_by_it() -> None:
    signature = hmac.new(b"secret of Acme", BODY, hashlib.sha256).hexdigest()

    verify(SALEOR, ["secret of Acme"], delivery(signature), NOW)
    verify(SALEOR, ["secret of Acme"], delivery(signature.upper()), NOW)


def test_a_shop_without_pinned_keys_believes_no_seal() -> None:
    with pytest.raises(BadSignature):
        verify(SALEOR, ["secret of Acme"], delivery(sealed("saleor", BODY)), NOW)


@pytest.mark.parametrize(
    ("secret", "told"),
    [
        (" ", "must not be empty"),
        ("{", "is no JSON"),
        ("{}", "with at least one key"),
        ('{"keys": []}', "with at least one key"),
        ('{"keys": [1]}', "with at least one key"),
        ('{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}', "a JWKS of RSA keys"),
        ('{"keys": [{"kty": "RSA", "n": "AQAB", "e": 5}]}', "a JWKS of RSA keys"),
        ('{"keys": [{"kty": "RSA", "n": "AQAB", "e": "AQAB"}]}', "2048 bits|RSA keys"),
        (json.dumps({"keys": [jwk("saleor")] * 6}), "at most 1900 characters"),
    ],
)
def test_what_is_no_set_of_public_keys_cannot_be_pinned(secret: str, told: str) -> None:
    with pytest.raises(BadField, match=told):
        SALEOR.key(secret)


def test_a_private_key_is_refused_before_it_is_kept() -> None:
    private = jwt.algorithms.RSAAlgorithm.to_jwk(private_key("saleor"), as_dict=True)

    with pytest.raises(BadField, match="private key"):
        SALEOR.key(json.dumps({"keys": [private]}))


def test_with_pinned_keys_only_saleor_itself_can_send() -> None:
    with pytest.raises(BadField, match="only Saleor can sign"):
        SALEOR.sign(jwks("saleor"), BODY, message_id="1", now=NOW)
