"""Proof that a webhook comes from whoever holds the secret: checked over the raw bytes, in constant time, for any live secret.

How a platform signs is a `Scheme`; those that need no more than a hash are in `signature_schemes`. Whatever a stranger sends,
the only refusal is BadSignature; secrets that are no good themselves are NotConfigured.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cx_domain.errors import BadField, BadSignature, NotConfigured

LEAST_RANDOM = 24
"""Bytes; the Standard Webhooks specification wants 24 to 64."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook as it came, or as it would be sent. Header names are in small letters."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str:
        """Read a header that a signature cannot do without; BadSignature where it is missing or empty."""
        value = self.headers.get(name, "")
        if not value:
            raise BadSignature(f"the header {name} is missing")
        return value


class Scheme(ABC):
    """How one platform signs."""

    @property
    @abstractmethod
    def place(self) -> str:
        """Where the signature comes, in words for its sender: `the header x-shopify-hmac-sha256`."""

    @property
    def can_sign(self) -> bool:
        """Whether we could sign so, to try a connection; where the platform alone can, `sign` is a BadField."""
        return True

    @property
    def takes_public_keys(self) -> bool:
        """Whether a secret may be the sender's public keys, which are no secret."""
        return False

    @abstractmethod
    def key(self, secret: str) -> bytes:
        """Return the key that a secret stands for; a BadField says why it stands for none."""

    @abstractmethod
    def is_signed(self, key: bytes, delivery: Delivery, now: datetime) -> bool:
        """Say in constant time whether this key signed it; BadSignature where there is nothing that could be checked."""

    @abstractmethod
    def sign(self, secret: str, body: bytes, *, message_id: str, now: datetime) -> Delivery:
        """Make the delivery that a sender would; a BadField names a secret that cannot sign."""

    def query(self, secret: str) -> Mapping[str, str]:  # noqa: ARG002 - most secrets stand in no address
        """What of the secret belongs into the address that a shop is given."""
        return {}

    @abstractmethod
    def new_secret(self, random: bytes) -> str:
        """Write fresh random bytes (at least 24) as a secret."""


def verify(scheme: Scheme, secrets: Sequence[str], delivery: Delivery, now: datetime) -> None:
    """Return if one of the live secrets made this signature, raise BadSignature otherwise.

    NotConfigured where there are secrets and none of them stands for a key: that is no fault of the sender's, who must try again.
    """
    usable = list(_usable_keys(scheme, secrets))
    if secrets and not usable:
        raise NotConfigured("none of the secrets that are kept for this connection can be used: connect the shop again")
    good = False
    for key in usable:
        good |= scheme.is_signed(key, delivery, now)
    if not good:
        raise BadSignature(f"the signature in {scheme.place} is not made with a secret of this shop")


def enough(random: bytes) -> bytes:
    """Return random bytes that suffice for a secret."""
    if len(random) < LEAST_RANDOM:
        raise ValueError(f"{len(random)} random bytes are too few for a secret")
    return random


def as_bytes(text: str) -> bytes:
    """Encode whatever came in a header, lone surrogates included."""
    return text.encode("utf-8", "surrogatepass")


def _usable_keys(scheme: Scheme, secrets: Sequence[str]) -> Iterator[bytes]:
    """Yield the keys; a secret that stands for none (an empty one, say) proves nothing and is passed over."""
    for secret in secrets:
        try:
            yield scheme.key(secret)
        except BadField:
            continue
