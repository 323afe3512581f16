"""What a developer reads when webhooks stop, or are signed with another secret."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cx_domain.webhook_watch import Failure, Finding, Silence, TokenRefusal
from infra.team.mails import watch_mail
from infra.team.watch_words import Watched
from infra.writing.mails import Mail
from infra.writing.words import languages
from tests.words.acme import ACME, NOON
from tests.words.documents import part

SINCE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
SILENCE = Silence(SINCE, 240, timedelta(hours=15))
FAILURE = Failure(3, SINCE)
NEVER_GOOD = Failure(12, None)
REFUSED = TokenRefusal(SINCE)


def mail(found: Finding, language: str = "en", platform: str = "woocommerce") -> Mail:
    shop = replace(ACME, languages=(language,))
    url = f"https://ask.acme.example/webhooks/acme/{platform}"
    return watch_mail(Watched(shop, platform, "WooCommerce", url), found, "dev@acme.example", NOON)


def flat(sent: Mail, kind: str = "plain") -> str:
    return " ".join(part(sent, kind).split())


def test_a_silence_is_told_with_its_beginning_and_what_was_usual() -> None:
    sent = mail(SILENCE)

    assert sent.subject.endswith("· WooCommerce: no webhooks since 5 January, 10:00")
    assert "there came 240 webhooks, and their longest pause was 15 hours" in flat(sent)
    assert "https://ask.acme.example/webhooks/acme/woocommerce" in flat(sent)
    assert sent.to == "dev@acme.example"


def test_a_failure_is_told_with_the_command_that_mends_it() -> None:
    sent = mail(FAILURE)

    assert sent.subject.endswith("· WooCommerce: 3 webhooks refused in a row")
    assert "afterorder shop connect acme woocommerce --secret SECRET" in flat(sent)


@pytest.mark.parametrize("found", [SILENCE, FAILURE], ids=["silence", "failure"])
def test_woocommerce_is_said_to_switch_webhooks_off_and_never_to_repeat(found: Finding) -> None:
    warning = "WooCommerce switches a webhook off after several failures in a row, and never repeats one that failed."

    assert warning in flat(mail(found))
    assert warning not in flat(mail(found, platform="standard"))


def test_signatures_that_were_never_good_are_told_with_the_likely_cause() -> None:
    sent = flat(mail(NEVER_GOOD))

    assert "In eight weeks not a single good one has come" in sent
    assert "afterorder shop connect acme woocommerce --secret SECRET" in sent


def test_a_refused_token_is_told_with_its_day_and_the_command_that_mends_it() -> None:
    sent = mail(REFUSED)

    assert "WooCommerce refuses the token for reading orders, since 5 January, 10:00" in sent.subject
    assert "afterorder shop connect acme woocommerce --token TOKEN" in flat(sent)


@pytest.mark.parametrize(
    "found", [SILENCE, FAILURE, NEVER_GOOD, REFUSED], ids=["silence", "failure", "never good", "token"]
)
@pytest.mark.parametrize("language", languages())
def test_every_mail_ends_with_the_command_that_shows_more(found: Finding, language: str) -> None:
    sent = mail(found, language)

    for kind in ("plain", "html"):
        assert "afterorder shop deliveries acme" in flat(sent, kind)
    assert len(part(sent, "html").encode()) < 30_000


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("de", "WooCommerce: keine Webhooks seit 5. Januar, 10:00"),
        ("pl", "WooCommerce: brak webhooków od 5 stycznia, 10:00"),
        ("ru", "WooCommerce: нет вебхуков, последний: 5 января, 10:00"),
        ("uk", "WooCommerce: немає вебхуків, останній: 5 січня, 10:00"),
    ],
)
def test_each_language_says_the_day_in_its_way(language: str, subject: str) -> None:
    assert mail(SILENCE, language).subject.endswith(f"· {subject}")
