"""How Adobe I/O Events signs: two RSA signatures over the body, each by a key that Adobe shows on a host of its own.

https://developer.adobe.com/events/docs/guides/sdk/sdk-signature-verification: either signature suffices, and
`recipient_client_id` says for whom the event is.
"""

import binascii
import hmac
import json
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cx_domain.errors import BadField, BadSignature, Trouble
from cx_domain.signatures import Delivery, Scheme, as_bytes
from infra import settings
from infra.platforms.public_keys import PublicKeys

_CLIENT_ID = re.compile(r"[A-Za-z0-9_-]{16,100}")
_PATH = re.compile(r"/prod/keys/pub-key-[A-Za-z0-9-]{1,64}\.pem")
_LEAST_BITS = 2048


@dataclass(frozen=True, slots=True)
class AdobeSignatures(Scheme):
    """The secret is no secret: it is the client id of the shop's project in Adobe's console, for which an event must be."""

    @property
    def place(self) -> str:
        return "the headers x-adobe-digital-signature-1 and x-adobe-digital-signature-2"

    @property
    def can_sign(self) -> bool:
        return False

    def key(self, secret: str) -> bytes:
        if _CLIENT_ID.fullmatch(secret) is None:
            raise BadField(
                "secret", "must be the client id of the project in Adobe's console, such as 1f0e…, 32 letters"
            )
        return as_bytes(secret)

    def is_signed(self, key: bytes, delivery: Delivery, now: datetime) -> bool:  # noqa: ARG002 - nothing here ages
        offered = list(_offered(delivery))
        if not offered:
            raise BadSignature("the header x-adobe-digital-signature-1 is missing")
        if not hmac.compare_digest(key, _recipient(delivery.body)):
            return False
        # Only now a key is fetched: not for whoever does not even know the client id.
        unread: list[Trouble] = []
        for signature, path in offered:
            try:
                if _has_signed(_keys(settings.ADOBE_KEYS_URL.read()).get(path), signature, delivery.body):
                    return True
            except Trouble as trouble:
                unread.append(trouble)
        if unread:
            raise unread[0]
        return False

    def sign(self, secret: str, body: bytes, *, message_id: str, now: datetime) -> Delivery:  # noqa: ARG002
        raise BadField(
            "platform", "only Adobe can sign for it: save an order in the shop's admin, and look at `shop deliveries`"
        )

    def new_secret(self, random: bytes) -> str:  # noqa: ARG002 - it is Adobe's
        raise BadField("secret", "must be given: --secret and the client id that the project shows in Adobe's console")


@lru_cache(maxsize=1)
def _keys(address: str) -> PublicKeys:
    return PublicKeys(address)


def _offered(delivery: Delivery) -> Iterator[tuple[bytes, str]]:
    """Both signatures, each with the path of its key; nothing of what is not written as Adobe writes it."""
    for number in ("1", "2"):
        path = delivery.headers.get(f"x-adobe-public-key{number}-path", "")
        try:
            signature = b64decode(
                as_bytes(delivery.headers.get(f"x-adobe-digital-signature-{number}", "")), validate=True
            )
        except binascii.Error:
            continue
        if signature and _PATH.fullmatch(path) is not None:
            yield signature, path


def _recipient(body: bytes) -> bytes:
    """For whom an event says it is; b"" where it does not say."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return b""
    recipient = told.get("recipient_client_id") if isinstance(told, dict) else None
    return as_bytes(recipient) if isinstance(recipient, str) else b""


def _has_signed(pem: bytes | None, signature: bytes, body: bytes) -> bool:
    # Imported here, because no other platform needs it.
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey  # noqa: PLC0415
    from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415

    if pem is None:
        return False
    try:
        public = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise Trouble("what stands where Adobe's public keys are is no key") from None
    if not isinstance(public, RSAPublicKey) or public.key_size < _LEAST_BITS:
        return False
    try:
        public.verify(signature, body, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True
