"""What a platform passes on because the law says so: a person who wants to see what is kept, or to be erased; a shop that left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from cx_domain.errors import BadField
from cx_domain.raw_fields import RawFields

PrivacyKind = Literal["data-request", "redact", "shop-redact"]

MOST_ORDERS = 10_000
"""Of one person; a list that is longer is not what a platform sends."""


@dataclass(frozen=True, slots=True)
class PrivacyRequest:
    """One such request; `email` is None where the platform does not tell it, `orders` are the ids that it names."""

    kind: PrivacyKind
    id: str
    email: str | None = None
    orders: tuple[str, ...] = ()


def privacy_kind(word: str | None) -> PrivacyKind:
    """Know a kind by its name: from a platform's file, which was checked, or from a message of our own."""
    kinds: tuple[PrivacyKind, ...] = get_args(PrivacyKind)
    for kind in kinds:
        if kind == word:
            return kind
    raise AssertionError(f"{word!r} is no kind of request")


def privacy_request(fields: RawFields, kind: PrivacyKind) -> PrivacyRequest:
    """Read `id`, `email` and `orders`; what is wrong is a BadField by that name."""
    id_ = fields.identifier("id")
    if id_ is None:
        raise BadField("id", "is missing")
    return PrivacyRequest(kind, id_, fields.email("email"), _orders(fields.raw("orders")))


def _orders(raw: object) -> tuple[str, ...]:
    if raw is None:
        return ()
    if not isinstance(raw, Sequence) or isinstance(raw, str) or len(raw) > MOST_ORDERS:
        raise BadField("orders", f"must be a list of at most {MOST_ORDERS} ids")
    named = RawFields({f"orders[{place}]": each for place, each in enumerate(raw)})
    found = (named.identifier(f"orders[{place}]") for place in range(len(raw)))
    return tuple(dict.fromkeys(order for order in found if order is not None))
