"""Proof that a webhook comes from whoever holds the secret: checked over the raw bytes, in constant time, for any live secret.

`hmac-sha256-base64` signs the body with the secret's own characters (Shopify, WooCommerce). `standard-webhooks` signs
id, time and body with the bytes after `whsec_` (https://github.com/standard-webhooks/standard-webhooks, spec 1.0).
Whatever a stranger sends, the only refusal is BadSignature.
"""

import binascii
import hashlib
import hmac
import re
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, assert_never

from cx_domain.errors import BadField, BadSignature

SchemeName = Literal["hmac-sha256-base64", "standard-webhooks"]

TOLERANCE_SECONDS = 5 * 60
LEAST_RANDOM = 24
"""Bytes; the Standard Webhooks specification wants 24 to 64."""

_PREFIX = "whsec_"
_ID_HEADER, _TIMESTAMP_HEADER = "webhook-id", "webhook-timestamp"


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a platform signs, and the header (lower case) that the signature comes in."""

    name: SchemeName
    header: str


def verify(scheme: Scheme, secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Return if one of the live secrets made this signature, raise BadSignature otherwise. Header names are lower case."""
    offered = [_bytes(signature) for signature in _offered(scheme, headers)]
    message = _message(scheme, headers, body, now)
    good = False
    for key in _usable_keys(scheme, secrets):
        expected = _digest(key, message)
        for signature in offered:
            good |= hmac.compare_digest(expected, signature)
    if not good:
        raise BadSignature(f"the signature in {scheme.header} is not made with a secret of this shop")


def sign(scheme: Scheme, secret: str, body: bytes, *, message_id: str, now: datetime) -> dict[str, str]:
    """Return the headers that a sender would sign with; a BadField names a secret that cannot sign."""
    key = check_secret(scheme, secret)
    match scheme.name:
        case "hmac-sha256-base64":
            return {scheme.header: _digest(key, body).decode()}
        case "standard-webhooks":
            headers = {_ID_HEADER: message_id, _TIMESTAMP_HEADER: str(int(now.timestamp()))}
            signature = _digest(key, _message(scheme, headers, body, now)).decode()
            return {**headers, scheme.header: f"v1,{signature}"}
        case _:
            assert_never(scheme.name)


def new_secret(scheme: Scheme, random: bytes) -> str:
    """Write fresh random bytes (at least 24) as a secret of this scheme."""
    if len(random) < LEAST_RANDOM:
        raise ValueError(f"{len(random)} random bytes are too few for a secret")
    match scheme.name:
        case "hmac-sha256-base64":
            return urlsafe_b64encode(random).decode().rstrip("=")
        case "standard-webhooks":
            return _PREFIX + b64encode(random).decode()
        case _:
            assert_never(scheme.name)


def check_secret(scheme: Scheme, secret: str) -> bytes:
    """Return the key that the secret stands for; a BadField says why it stands for none."""
    match scheme.name:
        case "hmac-sha256-base64":
            if not secret.strip():
                raise BadField("secret", "must not be empty")
            return _bytes(secret)
        case "standard-webhooks":
            return _standard_key(secret)
        case _:
            assert_never(scheme.name)


def _standard_key(secret: str) -> bytes:
    try:
        key = b64decode(_bytes(secret.removeprefix(_PREFIX)), validate=True)
    except binascii.Error:
        key = b""
    if len(key) < LEAST_RANDOM:
        raise BadField("secret", f'must be "{_PREFIX}" and then at least {LEAST_RANDOM} bytes in base64')
    return key


def _usable_keys(scheme: Scheme, secrets: Sequence[str]) -> Iterator[bytes]:
    """Yield the keys; a secret that stands for none (an empty one, say) proves nothing and is passed over."""
    for secret in secrets:
        try:
            yield check_secret(scheme, secret)
        except BadField:
            continue


def _offered(scheme: Scheme, headers: Mapping[str, str]) -> list[str]:
    value = _header(headers, scheme.header)
    match scheme.name:
        case "hmac-sha256-base64":
            return [value]
        case "standard-webhooks":  # `v1a,...` (ed25519) and versions to come are passed over
            return [part[3:] for part in value.split(" ") if part.startswith("v1,")]
        case _:
            assert_never(scheme.name)


def _message(scheme: Scheme, headers: Mapping[str, str], body: bytes, now: datetime) -> bytes:
    match scheme.name:
        case "hmac-sha256-base64":
            return body
        case "standard-webhooks":
            message_id, timestamp = _header(headers, _ID_HEADER), _header(headers, _TIMESTAMP_HEADER)
            if re.fullmatch(r"[0-9]{1,12}", timestamp) is None:
                raise BadSignature(f"{_TIMESTAMP_HEADER} must be seconds since 1970")
            if abs(int(timestamp) - now.astimezone(UTC).timestamp()) > TOLERANCE_SECONDS:
                raise BadSignature(f"{_TIMESTAMP_HEADER} is more than five minutes away from now")
            return b".".join((_bytes(message_id), _bytes(timestamp), body))
        case _:
            assert_never(scheme.name)


def _header(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name, "")
    if not value:
        raise BadSignature(f"the header {name} is missing")
    return value


def _digest(key: bytes, message: bytes) -> bytes:
    return b64encode(hmac.new(key, message, hashlib.sha256).digest())


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
