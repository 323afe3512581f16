"""Addresses that are no person's, or not for a survey: a marketplace's relay, a mailbox that nobody reads, the shop's own people.

A relay forwards what a sale needs, and marketplaces forbid anything else. Apple's relay (privaterelay.appleid.com) is a person's
own choice of an address, and is asked like any other.
"""

import re
from typing import Literal

AddressKind = Literal["relay-address", "no-reply-address", "staff-address"]

# As each marketplace writes buyers' addresses; "amazon.*" stands for amazon.de, amazon.co.uk and so on.
_RELAYS = (
    "allegromail.pl",  # 8awgqyk6a5+cub31c122@allegromail.pl and @user.allegromail.pl: Allegro's API, checkout forms, buyer.email
    "marketplace.amazon.*",  # Amazon's Selling Partner API, Orders, BuyerEmail
    "members.ebay.*",  # eBay's Fulfillment API, buyerRegistrationAddress.email
    "relay.walmart.com",  # Walmart's Marketplace API, customerEmailId
    "verkopen.bol.com",  # bol's Retailer API, shipmentDetails.email
    "scs.tiktokw.*",  # TikTok Shop, buyer_email; https://help.retently.com/en/articles/12538313
)
_RELAY = re.compile(
    rf"(?:.*\.)?(?:{'|'.join(re.escape(each).replace(re.escape('*'), '[a-z]{2,3}(?:[.][a-z]{2})?') for each in _RELAYS)})"
)

_NO_REPLY = frozenset({"noreply", "donotreply", "dontreply", "nieodpowiadaj", "mailerdaemon"})
"""Names of mailboxes that nobody reads, without the dots, hyphens and underscores that people put between their words."""


def address_kind(address: str, staff_domains: tuple[str, ...]) -> AddressKind | None:
    """Say why nobody is asked at this address; None for a customer's own. `staff_domains` count with all that is below them."""
    local, _, domain = address.lower().rpartition("@")
    if _RELAY.fullmatch(domain):
        return "relay-address"
    if _squeezed(local.partition("+")[0]) in _NO_REPLY or any(
        _squeezed(each) in _NO_REPLY for each in domain.split(".")
    ):
        return "no-reply-address"
    if any(domain == own or domain.endswith(f".{own}") for own in staff_domains):
        return "staff-address"
    return None


def _squeezed(name: str) -> str:
    return re.sub("[._-]", "", name)
