"""The ways of signing that need a hash and nothing else, and the one that is no signature: the secret in the address.

Each says where its rule comes from. The same way with another header, encoding or sort of key is the same scheme with other
arguments, given by the platform's file.
"""

import binascii
import hashlib
import hmac
import json
import re
from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from cx_domain.errors import BadField, BadSignature
from cx_domain.signatures import LEAST_RANDOM, Delivery, Scheme, as_bytes, enough

Encoding = Literal["base64", "hex"]
KeyForm = Literal["text", "hex", "base64"]
"""What a secret's characters stand for: themselves, or the bytes that they write."""

TOLERANCE_SECONDS = 5 * 60
_PREFIX = "whsec_"
_ID, _TIMESTAMP = "webhook-id", "webhook-timestamp"
_SECONDS = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class HmacSha256(Scheme):
    """HMAC-SHA256 of the body, or of some of its fields joined by dots, alone in a header (Shopify, WooCommerce, Squarespace, Ecwid)."""

    header: str
    encoding: Encoding = "base64"
    key_form: KeyForm = "text"
    over: tuple[str, ...] = ()
    """Top-level fields of a JSON body; () for the whole body."""

    @property
    def place(self) -> str:
        return f"the header {self.header}"

    def key(self, secret: str) -> bytes:
        return _key(secret, self.key_form)

    def is_signed(self, key: bytes, delivery: Delivery, now: datetime) -> bool:  # noqa: ARG002 - nothing here ages
        offered = delivery.header(self.header)
        # Hexadecimal digits are the same in capitals; the letters of base64 are not.
        offered = offered.lower() if self.encoding == "hex" else offered
        return hmac.compare_digest(self._digest(key, delivery.body), as_bytes(offered))

    def sign(self, secret: str, body: bytes, *, message_id: str, now: datetime) -> Delivery:  # noqa: ARG002
        return Delivery(body, {self.header: self._digest(self.key(secret), body).decode()})

    def new_secret(self, random: bytes) -> str:
        return _written(enough(random), self.key_form)

    def _digest(self, key: bytes, body: bytes) -> bytes:
        message = _joined(body, self.over) if self.over else body
        return _encoded(hmac.new(key, message, hashlib.sha256).digest(), self.encoding)


@dataclass(frozen=True, slots=True)
class StandardWebhooks(Scheme):
    """Id, time and body, signed with the bytes after `whsec_` (https://github.com/standard-webhooks/standard-webhooks, spec 1.0).

    BigCommerce signs so with the characters of its client secret: `key_form` "text".
    """

    header: str = "webhook-signature"
    key_form: KeyForm = "base64"

    @property
    def place(self) -> str:
        return f"the header {self.header}"

    def key(self, secret: str) -> bytes:
        if self.key_form == "text":
            return _key(secret, "text")
        try:
            key = b64decode(as_bytes(secret.removeprefix(_PREFIX)), validate=True)
        except binascii.Error:
            key = b""
        if len(key) < LEAST_RANDOM:
            raise BadField("secret", f'must be "{_PREFIX}" and then at least {LEAST_RANDOM} bytes in base64')
        return key

    def is_signed(self, key: bytes, delivery: Delivery, now: datetime) -> bool:
        timestamp = delivery.header(_TIMESTAMP)
        _check_age(_TIMESTAMP, timestamp, now)
        expected = _standard_digest(key, delivery.header(_ID), timestamp, delivery.body)
        # `v1a,...` (ed25519) and versions to come are passed over.
        offered = [part[3:] for part in delivery.header(self.header).split(" ") if part.startswith("v1,")]
        return _any_equal(expected, offered)

    def sign(self, secret: str, body: bytes, *, message_id: str, now: datetime) -> Delivery:
        timestamp = str(int(now.timestamp()))
        digest = _standard_digest(self.key(secret), message_id, timestamp, body).decode()
        return Delivery(body, {_ID: message_id, _TIMESTAMP: timestamp, self.header: f"v1,{digest}"})

    def new_secret(self, random: bytes) -> str:
        return (
            _written(enough(random), "text")
            if self.key_form == "text"
            else _PREFIX + b64encode(enough(random)).decode()
        )


@dataclass(frozen=True, slots=True)
class Stripe(Scheme):
    """`t=…,v1=…`: HMAC-SHA256 of time and body, in hexadecimal, with the secret's own characters, `whsec_` included.

    https://docs.stripe.com/webhooks#verify-manually; several `v1` stand there while a secret is being rolled, `v0` is passed over.
    """

    header: str = "stripe-signature"

    @property
    def place(self) -> str:
        return f"the header {self.header}"

    def key(self, secret: str) -> bytes:
        return _key(secret, "text")

    def is_signed(self, key: bytes, delivery: Delivery, now: datetime) -> bool:
        pairs = [part.strip().partition("=") for part in delivery.header(self.header).split(",")]
        timestamp = next((value for name, _, value in pairs if name == "t"), "")
        _check_age(f"t in {self.header}", timestamp, now)
        expected = _hex_digest(key, as_bytes(timestamp) + b"." + delivery.body)
        return _any_equal(expected, [value for name, _, value in pairs if name == "v1"])

    def sign(self, secret: str, body: bytes, *, message_id: str, now: datetime) -> Delivery:  # noqa: ARG002
        timestamp = str(int(now.timestamp()))
        digest = _hex_digest(self.key(secret), timestamp.encode() + b"." + body).decode()
        return Delivery(body, {self.header: f"t={timestamp},v1={digest}"})

    def new_secret(self, random: bytes) -> str:
        return _PREFIX + _written(enough(random), "text")


@dataclass(frozen=True, slots=True)
class ShoperSha1(Scheme):
    """SHA-1, in hexadecimal, of the webhook's number, the secret and the body, with colons between: Shoper's recipe as its users tell it."""

    header: str = "x-webhook-sha1"
    id_header: str = "x-webhook-id"

    @property
    def place(self) -> str:
        return f"the header {self.header}"

    def key(self, secret: str) -> bytes:
        return _key(secret, "text")

    def is_signed(self, key: bytes, delivery: Delivery, now: datetime) -> bool:  # noqa: ARG002 - nothing here ages
        expected = self._digest(key, delivery.header(self.id_header), delivery.body)
        return hmac.compare_digest(expected, as_bytes(delivery.header(self.header).lower()))

    def sign(self, secret: str, body: bytes, *, message_id: str, now: datetime) -> Delivery:  # noqa: ARG002
        return Delivery(
            body, {self.id_header: message_id, self.header: self._digest(self.key(secret), message_id, body).decode()}
        )

    def new_secret(self, random: bytes) -> str:
        return _written(enough(random), "text")

    def _digest(self, key: bytes, webhook_id: str, body: bytes) -> bytes:
        message = b":".join((as_bytes(webhook_id), key, body))
        return hashlib.sha1(message, usedforsecurity=False).hexdigest().encode()


@dataclass(frozen=True, slots=True)
class KeyInAddress(Scheme):
    """No signature: the secret stands in the address as `?key=`. Who reads the address can send; the body proves nothing."""

    parameter: str = "key"

    @property
    def place(self) -> str:
        return f"the address, as ?{self.parameter}="

    def key(self, secret: str) -> bytes:
        key = _key(secret, "text")
        if len(key) < LEAST_RANDOM or re.fullmatch(rb"[A-Za-z0-9_-]+", key) is None:
            raise BadField(
                "secret", f"must be at least {LEAST_RANDOM} letters, digits, - and _, for it stands in an address"
            )
        return key

    def is_signed(self, key: bytes, delivery: Delivery, now: datetime) -> bool:  # noqa: ARG002 - nothing here ages
        offered = delivery.query.get(self.parameter, "")
        if not offered:
            raise BadSignature(f"the address lacks ?{self.parameter}=")
        return hmac.compare_digest(key, as_bytes(offered))

    def sign(self, secret: str, body: bytes, *, message_id: str, now: datetime) -> Delivery:  # noqa: ARG002
        return Delivery(body, {}, self.query(secret))

    def query(self, secret: str) -> Mapping[str, str]:
        return {self.parameter: self.key(secret).decode()}

    def new_secret(self, random: bytes) -> str:
        return _written(enough(random), "text")


def _key(secret: str, form: KeyForm) -> bytes:
    if not secret.strip():
        raise BadField("secret", "must not be empty")
    if form == "text":
        return as_bytes(secret)
    try:
        return bytes.fromhex(secret) if form == "hex" else b64decode(as_bytes(secret), validate=True)
    except (ValueError, binascii.Error):
        raise BadField("secret", "must be hexadecimal digits" if form == "hex" else "must be base64") from None


def _written(random: bytes, form: KeyForm) -> str:
    match form:
        case "hex":
            return random.hex()
        case "base64":
            return b64encode(random).decode()
        case "text":
            return urlsafe_b64encode(random).decode().rstrip("=")


def _encoded(digest: bytes, encoding: Encoding) -> bytes:
    return b64encode(digest) if encoding == "base64" else digest.hex().encode()


def _hex_digest(key: bytes, message: bytes) -> bytes:
    return _encoded(hmac.new(key, message, hashlib.sha256).digest(), "hex")


def _standard_digest(key: bytes, message_id: str, timestamp: str, body: bytes) -> bytes:
    message = b".".join((as_bytes(message_id), as_bytes(timestamp), body))
    return _encoded(hmac.new(key, message, hashlib.sha256).digest(), "base64")


def _any_equal(expected: bytes, offered: list[str]) -> bool:
    good = False
    for signature in offered:
        good |= hmac.compare_digest(expected, as_bytes(signature))
    return good


def _check_age(name: str, timestamp: str, now: datetime) -> None:
    if _SECONDS.fullmatch(timestamp) is None:
        raise BadSignature(f"{name} must be seconds since 1970")
    if abs(int(timestamp) - now.astimezone(UTC).timestamp()) > TOLERANCE_SECONDS:
        raise BadSignature(f"{name} is more than five minutes away from now")


def _joined(body: bytes, names: tuple[str, ...]) -> bytes:
    """The fields of the body as they are written, with dots between; a body without them is signed by nobody."""
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        payload = None
    found = [payload.get(name) for name in names] if isinstance(payload, Mapping) else []
    if not found or not all(isinstance(value, str | int) and not isinstance(value, bool) for value in found):
        raise BadSignature(f"the body lacks {' or '.join(names)}, which the signature is made of")
    try:
        return ".".join(map(str, found)).encode("utf-8", "surrogatepass")
    except ValueError:  # Python refuses to write integers of more than 4300 digits
        raise BadSignature(f"the body's {' or '.join(names)} is too long") from None
