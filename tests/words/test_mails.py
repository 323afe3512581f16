"""The mails as bytes: what mailbox providers check, and what hostile orders try."""

from dataclasses import replace
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import parseaddr
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_domain.errors import BadField
from cx_domain.names import one_line
from cx_domain.orders import Item
from infra.writing.mails import MailLinks, survey_mail
from tests.words.acme import ACME, LINKS, NOON, TOKEN, survey
from tests.words.documents import Page, header_lines, mail, opened, part, unfolded

LETTERS = "Acme 1001 Żółw 漢字 😀 =?_<>:,;()-"
"""What headers are made of, and what has a meaning in them."""


def test_one_click_unsubscribe_stands_whole_on_one_line() -> None:
    lines = header_lines(mail())

    assert f"List-Unsubscribe: <https://ask.acme.example/u/{TOKEN}>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines


def test_the_mail_says_who_asks_and_where_replies_go() -> None:
    lines = header_lines(mail())

    assert b"From: Acme Outdoor <hello@acme.example>" in lines
    assert b"To: anna@example.com" in lines
    assert b"Reply-To: care@acme.example" in lines
    assert b"Date: Fri, 20 Nov 2026 12:00:00 +0000" in lines


def test_the_mail_says_that_a_machine_sent_it_and_for_what() -> None:
    lines = header_lines(mail())

    assert b"Feedback-ID: acme:nps:afterorder" in lines
    assert b"Auto-Submitted: auto-generated" in lines
    assert b"MIME-Version: 1.0" in lines


@pytest.mark.parametrize("reminder", [False, True])
def test_the_headers_are_these_and_no_others(reminder: bool) -> None:
    """The Message-ID is left to SES; a reminder answers to nothing (In-Reply-To, References)."""
    names = [line.partition(b":")[0].decode() for line in header_lines(mail(reminder=reminder)) if line[:1] > b" "]

    assert sorted(names) == [
        "Auto-Submitted",
        "Content-Type",
        "Date",
        "Feedback-ID",
        "From",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "MIME-Version",
        "Reply-To",
        "Subject",
        "To",
    ]


def test_a_link_to_stop_as_long_as_any_stays_on_its_line() -> None:
    longest = f"https://questions.acme-outdoor.example/u/{'x' * 512}"
    sent = survey_mail(ACME, survey(), "anna@example.com", MailLinks(LINKS.rate, longest), reminder=False, sent_at=NOON)

    (line,) = [line for line in header_lines(sent) if line.startswith(b"List-Unsubscribe:")]
    assert line == f"List-Unsubscribe: <{longest}>".encode()
    assert len(line) <= 998


def test_replies_go_to_the_sender_where_the_shop_names_nobody() -> None:
    assert mail(shop=replace(ACME, reply_to=None)).reply_to == "hello@acme.example"


def test_a_polish_subject_is_encoded_and_reads_the_same() -> None:
    sent = mail(survey("pl"))

    assert b"Subject: =?utf-8?q?Zam=C3=B3wienie_1001=3A_jedno_pytanie?=" in header_lines(sent)
    assert opened(sent)["Subject"] == sent.subject == "Zamówienie 1001: jedno pytanie"


@pytest.mark.parametrize(
    "name",
    [
        "Żółw & Syn",
        "Мандрівник",
        "Ταξιδιώτης",
        "משקפיים בע״מ",
        "متجر النجمة",
        "山の道具店",
        "야외용품 가게",
        "पहाड़ की दुकान",
        "ร้านเต็นท์",
        "Հեռավոր ճամփա",
        "⛺ Outdoor 👨‍👩‍👧",
        "Łódzka Spółdzielnia Namiotów, Śpiworów i Wszystkiego, Czego Potrzeba w Górach",
    ],
)
def test_a_shop_named_in_any_script_keeps_its_name(name: str) -> None:
    sent = mail(shop=replace(ACME, name=name, sender=f'"{name}" <hello@acme.example>'))

    (line,) = [line for line in unfolded(sent) if line.startswith(b"From: ")]
    encoded, address = parseaddr(line.removeprefix(b"From: ").decode("ascii"))
    assert (str(make_header(decode_header(encoded))), address) == (name, "hello@acme.example")
    assert sent.sender == "hello@acme.example"


def test_a_reminder_has_a_subject_of_its_own_and_joins_no_thread() -> None:
    sent = mail(reminder=True)

    assert b"Subject: Order 1001: asking a second and last time" in header_lines(sent)
    assert not any(line.startswith((b"In-Reply-To", b"References")) for line in header_lines(sent))


def test_every_line_is_short_and_plain_enough_for_any_relay() -> None:
    sent = mail(survey("pl", items=(Item("Śpiwór " * 200),)))

    assert sent.raw.isascii()
    assert max(map(len, sent.raw.split(b"\r\n"))) <= 998
    assert b"\n" not in sent.raw.replace(b"\r\n", b"")


def test_a_name_with_line_breaks_adds_no_header() -> None:
    hostile = "1001\r\nBcc: everybody@acme.example\r\n\r\n<script>alert(1)</script>"
    sent = mail(survey(name=hostile, number=hostile, items=(Item(hostile),)), shop=replace(ACME, name=hostile))

    assert "Bcc" not in opened(sent)
    assert not any(line.lower().startswith(b"bcc") for line in header_lines(sent))


def test_a_sender_with_line_breaks_adds_no_header() -> None:
    sent = mail(shop=replace(ACME, sender='"Acme\r\nBcc: everybody" <hello@acme.example>'))

    assert not any(line.lower().startswith(b"bcc") for line in header_lines(sent))
    assert sent.sender == "hello@acme.example"


def test_markup_in_a_title_is_shown_and_not_obeyed() -> None:
    sent = mail(survey(items=(Item('<img src=x onerror="alert(1)">'),)))

    assert '<img src=x onerror="alert(1)">' in Page(part(sent, "html")).words
    assert not any("onerror" in attributes for _, attributes in Page(part(sent, "html")).tags)


def test_an_order_cannot_make_our_mail_lead_to_somebody_elses_site() -> None:
    hostile = survey(name="Claim at evil.example", items=(Item("Win at https://evil.example/prize"),))

    sent = mail(hostile)

    for kind in ("html", "plain"):
        assert "evil.example" not in part(sent, kind)
        assert "Win at https: //evil. example/prize" in unescape(part(sent, kind))


def test_an_address_with_line_breaks_cannot_add_a_header() -> None:
    with pytest.raises(BadField, match="email"):
        mail(to="anna@example.com\r\nBcc: everybody@acme.example")


@pytest.mark.parametrize("address", ["", "anna", "anna@", "@example.com", "anna@exa mple.com", "żółw@example.com"])
def test_what_is_no_address_is_refused_by_name(address: str) -> None:
    with pytest.raises(BadField, match="email"):
        mail(to=address)


def test_a_domain_in_another_script_goes_out_as_dns_knows_it() -> None:
    assert mail(to="anna@żółw.example").to == "anna@xn--w-uga1v8h.example"


@settings(deadline=None)
@given(name=st.text(alphabet=LETTERS, min_size=1, max_size=120))
def test_any_name_of_a_shop_reads_back(name: str) -> None:
    written = one_line(name, longest=120).replace('"', "").replace("\\", "") or "Acme"
    sent = mail(shop=replace(ACME, sender=f'"{written}" <hello@acme.example>'))

    # Python's newer parser keeps the space between two encoded words of a name, which RFC 2047 (6.2) says to drop.
    encoded, address = parseaddr(message_from_bytes(sent.raw)["From"])
    assert (str(make_header(decode_header(encoded))), address) == (written, "hello@acme.example")


@settings(deadline=None)
@given(name=st.text(max_size=60), number=st.text(alphabet=LETTERS, max_size=60), title=st.text(max_size=90))
def test_any_name_number_and_title_make_a_mail_that_reads_back(name: str, number: str, title: str) -> None:
    sent = mail(survey("pl", name=name, number=number, items=(Item(title),)))

    assert opened(sent)["Subject"] == sent.subject
    assert not opened(sent).defects
    assert len(Page(part(sent, "html")).all("a")) == 11 + 2
