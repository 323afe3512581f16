"""Addresses: what a mail can reach is taken as plain ASCII, all else is none."""

import pytest

from cx_domain.addresses import address, mailbox


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        (" anna@example.com ", "anna@example.com"),
        ("anna@żółw.example", "anna@xn--w-uga1v8h.example"),
        ("anna@EXAMPLE.com", "anna@example.com"),
        ("anna@example.com.", "anna@example.com"),
        ("anna@example。com", "anna@example.com"),
        ("anna@example.com", "anna@example.com"),
        ("anna@straße.example", "anna@xn--strae-oqa.example"),  # not strasse.example, which is another's
        ("anna@STRAẞE.example", "anna@xn--strae-oqa.example"),
        ("anna+shop.1@mail.example.com", "anna+shop.1@mail.example.com"),
        ("", None),
        ("anna", None),
        ("anna@", None),
        ("anna@example.com..", None),
        ("anna@.example.com", None),
        ("anna@localhost", None),
        ("anna@example..com", None),
        ("anna@-example.com", None),
        ("anna@1.2.3.4", None),
        ("anna@example.com\nbcc: x@example.com", None),
        ("anna kowalska@example.com", None),
        ("anna@example.com, boss@acme.example", None),
        ("żaneta@example.com", None),
        (".anna@example.com", None),
        ("a" * 65 + "@example.com", None),
        ("anna@" + "a" * 64 + ".com", None),
        ("anna@" + "a.b" * 100 + ".com", None),
    ],
)
def test_an_address_that_no_mail_reaches_is_no_address(written: str, plain: str | None) -> None:
    assert address(written) == plain


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("hello@acme.example", "hello@acme.example"),
        ("Acme Outdoor <hello@acme.example>", "Acme Outdoor <hello@acme.example>"),
        ("<hello@acme.example>", "hello@acme.example"),
        ('"Acme, Outdoor" <hello@acme.example>', '"Acme, Outdoor" <hello@acme.example>'),
        ("Łódź & co. <hello@acme.example>", '"Łódź & co." <hello@acme.example>'),
        ("Acme \\o/ <hello@acme.example>", r'"Acme \\o/" <hello@acme.example>'),
        ("Acme\\ <hello@acme.example>", r'"Acme\\" <hello@acme.example>'),
        ("Acme", None),
        ("Acme <hello>", None),
        ("Acme <hello@acme.example> more", None),
        ("Acme\r\nBcc: x@evil.example <hello@acme.example>", None),
    ],
)
def test_a_sender_is_a_name_and_an_address(written: str, plain: str | None) -> None:
    assert mailbox(written) == plain
