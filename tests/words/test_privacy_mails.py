"""What a manager reads when a platform passes on what a person wants of their data."""

from dataclasses import replace

import pytest

from cx_domain.privacy_requests import PrivacyKind
from cx_domain.surveys import CustomerKey
from infra.privacy_messages import Passed
from infra.team.mails import privacy_mail
from infra.writing.mails import Mail
from infra.writing.words import languages
from tests.words.acme import ACME, NOON
from tests.words.documents import part

KINDS: list[PrivacyKind] = ["data-request", "redact", "shop-redact"]


def mail(kind: PrivacyKind, language: str = "en", orders: int = 1) -> Mail:
    passed = Passed(kind, "Shopify", "9999", 1, CustomerKey("somebody"), tuple(str(1000 + n) for n in range(orders)))
    return privacy_mail(replace(ACME, languages=(language,)), passed, "boss@acme.example", NOON)


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        ("data-request", "afterorder customer requests acme 9999-1"),
        ("redact", "afterorder customer erase acme ADDRESS"),
        ("shop-redact", "afterorder shop erase acme"),
    ],
)
def test_each_request_comes_with_the_command_that_is_left_to_say(kind: PrivacyKind, command: str) -> None:
    for form in ("plain", "html"):
        assert command in " ".join(part(mail(kind), form).split())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", languages())
def test_every_language_says_it_whole(kind: PrivacyKind, language: str) -> None:
    sent = mail(kind, language, orders=5)

    text = part(sent, "plain")
    assert "Shopify" in text
    assert "{" not in text + sent.subject
    assert "privacy." not in text + sent.subject


def test_one_order_and_several_are_counted() -> None:
    assert "about 1 order." in part(mail("redact"), "plain").replace("\n", " ")
    assert "about 3 orders." in part(mail("redact", orders=3), "plain").replace("\n", " ")


def test_no_order_id_and_no_name_of_a_person_stands_in_the_mail() -> None:
    text = part(mail("redact", orders=2), "plain")

    assert ("1000" in text, "somebody" in text) == (False, False)
