"""Whose address it is: a customer's own, a marketplace's, nobody's, or the shop's."""

import pytest

from cx_domain.address_kinds import address_kind

STAFF = ("acme.example",)


@pytest.mark.parametrize(
    "relay",
    [
        "8awgqyk6a5+cub31c122@allegromail.pl",
        "buyer+abc@user.allegromail.pl",
        "kr3b15szg6bmv7w@marketplace.amazon.de",
        "wsv5fqfhhlm92wr@marketplace.amazon.co.uk",
        "k7m2x9q4w1ab3@MARKETPLACE.Amazon.com.br",
        "43ad1d549beae3625950@members.ebay.com",
        "91DDE88D93C64028BE36D7771638A274@relay.walmart.com",
        "2ioibz4pe37ygpc5rx3ralvznyxzr4@verkopen.bol.com",
        "djxwdxx7wut5cg5pmmm76gaj@scs.tiktokw.us",
    ],
)
def test_a_marketplaces_relay_is_told_by_its_domain(relay: str) -> None:
    assert address_kind(relay, STAFF) == "relay-address"


@pytest.mark.parametrize(
    "own",
    [
        "dpdcnf87nu@privaterelay.appleid.com",  # a person's own choice, who reads it
        "anna@amazon.de",
        "anna@marketplace.amazon.de.evil.example",
        "anna@notallegromail.pl",
        "anna@mymembers.ebay-fans.example",
        "anna@bol.com",
    ],
)
def test_an_address_that_only_looks_like_a_relay_is_a_customers(own: str) -> None:
    assert address_kind(own, STAFF) is None


@pytest.mark.parametrize(
    "unread",
    [
        "noreply@post.example",
        "No-Reply@post.example",
        "no.reply+1001@post.example",
        "do_not_reply@post.example",
        "do-not-reply@post.example",
        "nie-odpowiadaj@poczta.example",
        "mailer-daemon@post.example",
        "583231+anna@users.noreply.github.com",
    ],
)
def test_a_mailbox_that_nobody_reads_is_told_by_its_name(unread: str) -> None:
    assert address_kind(unread, STAFF) == "no-reply-address"


@pytest.mark.parametrize(
    "read", ["noreply.anna@post.example", "anna.noreplysen@post.example", "anna+noreply@post.example"]
)
def test_a_customer_whose_name_holds_such_a_word_is_a_customer(read: str) -> None:
    assert address_kind(read, STAFF) is None


@pytest.mark.parametrize("staff", ["piotr@acme.example", "Piotr@ACME.example", "ewa@warehouse.acme.example"])
def test_the_shops_own_people_are_told_by_its_domains(staff: str) -> None:
    assert address_kind(staff, STAFF) == "staff-address"


@pytest.mark.parametrize("other", ["anna@notacme.example", "anna@acme.example.test", "anna@example"])
def test_a_domain_that_only_ends_alike_is_not_the_shops(other: str) -> None:
    assert address_kind(other, STAFF) is None


def test_a_shop_that_names_no_domain_has_no_staff() -> None:
    assert address_kind("piotr@acme.example", ()) is None
