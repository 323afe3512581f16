"""Names for things and people that say nothing: keyed HMAC-SHA256, in base32 small letters.

The same facts always give the same name, so a repeated webhook meets the survey it made, and without the key nobody can
test whether an address is among the customers.
"""

import base64
import hashlib
import hmac
import ipaddress
import unicodedata

from cx_domain.addresses import domain_name
from cx_domain.shops import KindName, ShopId, SubjectType
from cx_domain.surveys import CustomerKey, SurveyId
from cx_domain.visits import ClientKey

_LONG = 16
_SHORT = 8
_PART = 5
"""Five bytes are eight letters, without padding; a survey sees a few dozen clients at most."""


def survey_id(key: bytes, shop: ShopId, kind: KindName, subject_type: SubjectType, subject_id: str) -> SurveyId:
    """Name the one survey of this kind about this order or ticket; 26 letters and digits."""
    return SurveyId(_name(key, _LONG, "survey", shop, kind, subject_type, subject_id))


def customer_key(key: bytes, shop: ShopId, address: str) -> CustomerKey:
    """Name the person behind an address, within one shop; spellings of one address give one name."""
    return CustomerKey(_name(key, _LONG, "customer", shop, normalised(address)))


def order_hash(key: bytes, shop: ShopId, order_id: str) -> str:
    """Name an order among the orders of its customer."""
    return _name(key, _SHORT, "order", shop, order_id)


def manager_key(key: bytes, shop: ShopId, address: str) -> str:
    """Name a manager in a report's link, which must not hold an address."""
    return _name(key, _SHORT, "manager", shop, normalised(address))


def imported_id(key: bytes, shop: ShopId, *told: str) -> str:
    """Name an answer that another service took, by what it says: the same row, imported again, is the same answer."""
    return f"imported-{_name(key, _LONG, 'imported', shop, *told)}"


def client_key(key: bytes, address: str, agent: str) -> ClientKey:
    """Name who opened a link: eight letters for the network address, then eight for the agent, as it is.

    An IPv6 address counts by its /64, which one household shares. `visits.address_hash` and `agent_hash` read the parts back.
    """
    where = _name(key, _PART, "client-address", _network(address))
    return ClientKey(where + _name(key, _PART, "client-agent", agent))


def normalised(address: str) -> str:
    """Write an e-mail address as its other spellings would be: trimmed, in narrow small letters, the domain as DNS knows it.

    Dots in a name and what follows a plus are kept: that they mean the same is a rule of some mail services, not of mail (RFC 5321,
    section 2.3.11).
    """
    local, _, domain = unicodedata.normalize("NFKC", address).strip().rpartition("@")
    # What is not a domain that DNS knows is as good a name as it stands.
    return f"{local.casefold()}@{domain_name(domain) or domain.casefold()}"


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:  # noqa: PLR2004  the version's number is its name
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def _name(key: bytes, size: int, *parts: str) -> str:
    # Each part is preceded by its length, so that no two lists of parts run together to the same text.
    message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    digest = hmac.new(key, message, hashlib.sha256).digest()[:size]
    return base64.b32encode(digest).decode("ascii").rstrip("=").lower()
