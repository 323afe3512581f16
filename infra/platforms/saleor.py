"""How Saleor signs: with the shop's own private key, or with a secret that both sides have.

https://docs.saleor.io/developer/extending/webhooks/payload-signature: a detached JWS (RS256, RFC 7797), whose public keys the shop
shows as a JWKS; or, for webhooks that were given a secret key, HMAC-SHA256 of the body in hexadecimal. Which of the two it is, a
shop's pinned secret says, never the request: its address in a header would let anybody name keys of their own.
"""

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from cx_domain.errors import BadField, BadSignature
from cx_domain.signatures import Delivery, Scheme, as_bytes, enough

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

_LONGEST = 1900
"""Characters: two live secrets must fit into one parameter of 4 KB."""
_LEAST_BITS = 2048


@dataclass(frozen=True, slots=True)
class SaleorSignature(Scheme):
    """A secret that begins with `{` is the shop's JWKS; any other is the HMAC's key."""

    header: str = "saleor-signature"
    old_header: str = "x-saleor-signature"
    """Its twin, which Saleor 4 is to drop."""

    @property
    def place(self) -> str:
        return f"the header {self.header}"

    @property
    def takes_public_keys(self) -> bool:
        return True

    def key(self, secret: str) -> bytes:
        text = secret.strip()
        if not text:
            raise BadField("secret", "must not be empty")
        if text.startswith("{"):
            _public_keys(as_bytes(text))
        return as_bytes(text)

    def is_signed(self, key: bytes, delivery: Delivery, now: datetime) -> bool:  # noqa: ARG002 - nothing here ages
        offered = delivery.headers.get(self.header) or delivery.headers.get(self.old_header)
        if not offered:
            raise BadSignature(f"the header {self.header} is missing")
        if key.startswith(b"{"):
            return any(_has_sealed(public, offered, delivery.body) for public in _public_keys(key))
        return hmac.compare_digest(_digest(key, delivery.body), as_bytes(offered.lower()))

    def sign(self, secret: str, body: bytes, *, message_id: str, now: datetime) -> Delivery:  # noqa: ARG002
        key = self.key(secret)
        if key.startswith(b"{"):
            raise BadField("secret", "is the shop's public key, and only Saleor can sign for it: save an order there")
        return Delivery(body, {self.header: _digest(key, body).decode()})

    def new_secret(self, random: bytes) -> str:
        return urlsafe_b64encode(enough(random)).decode().rstrip("=")


def _digest(key: bytes, body: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).hexdigest().encode()


def _has_sealed(public: "RSAPublicKey", offered: str, body: bytes) -> bool:
    # Imported here, because no other platform needs it: 60 ms of a cold start.
    from jwt.api_jws import PyJWS  # noqa: PLC0415
    from jwt.exceptions import PyJWTError  # noqa: PLC0415

    try:
        opened = PyJWS().decode_complete(as_bytes(offered), public, algorithms=["RS256"], detached_payload=body)
    except (PyJWTError, ValueError, RecursionError):
        return False
    # A customer's access token is signed with the same key, and carries its own payload: it must prove nothing of this body.
    return opened["header"].get("b64") is False and ".." in offered


@lru_cache(maxsize=16)
def _public_keys(text: bytes) -> "tuple[RSAPublicKey, ...]":
    """Read the RSA keys of a JWKS; BadField says why there is none that could be used."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415 - as above
    from jwt.algorithms import RSAAlgorithm  # noqa: PLC0415
    from jwt.exceptions import PyJWTError  # noqa: PLC0415

    if len(text) > _LONGEST:
        raise BadField("secret", f"must be a JWKS of at most {_LONGEST} characters; leave keys out that sign no more")
    found: list[RSAPublicKey] = []
    for each in _listed(text):
        try:
            public = RSAAlgorithm.from_jwk(each)
        except (PyJWTError, ValueError, TypeError):
            raise BadField("secret", "must be a JWKS of RSA keys") from None
        if not isinstance(public, RSAPublicKey):
            raise BadField(
                "secret", "must be a JWKS of public keys; this one holds a private key, which is nobody else's"
            )
        if public.key_size < _LEAST_BITS:
            raise BadField("secret", f"must be a JWKS of RSA keys of at least {_LEAST_BITS} bits")
        found.append(public)
    return tuple(found)


def _listed(text: bytes) -> list[dict[str, object]]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise BadField("secret", 'begins like a JWKS, {"keys": [...]}, and is no JSON') from None
    keys = told.get("keys")
    if not isinstance(keys, list) or not keys or not all(isinstance(each, dict) for each in keys):
        raise BadField("secret", 'must be a JWKS, {"keys": [...]}, with at least one key')
    return keys
