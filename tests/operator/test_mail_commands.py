"""A shop looks at its mails: in the browser, and in a mailbox of its own, with no survey behind them."""

import re
import webbrowser
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import boto3
import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends
from typer.testing import Result

from infra import links
from infra.operator.session import Stack
from infra.writing.words import words

Say = Callable[..., Result]


@pytest.fixture
def ses(acme: Stack) -> Callable[[], list[bytes]]:
    """Acme's SES, with the sender verified; tells the messages that were sent."""
    del acme
    client = boto3.client("sesv2")
    client.create_email_identity(EmailIdentity="acme.example")
    client.create_configuration_set(ConfigurationSetName="afterorder")
    backend = ses_backends[DEFAULT_ACCOUNT_ID]["eu-central-1"]
    return lambda: [str(message.raw_data).encode() for message in backend.sent_messages]


def test_a_preview_is_written_whole_and_opened(
    acme: Stack, afterorder: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del acme
    opened: list[str] = []

    def browser(address: str) -> bool:
        opened.append(address)
        return True

    monkeypatch.setattr(webbrowser, "open", browser)

    seen = afterorder("mail", "preview", "acme", "nps", "pl", "--out", str(tmp_path))

    page = tmp_path / "acme-nps-pl.html"
    assert seen.stdout == f"Subject: Zamówienie 1001: jedno pytanie\nMail: {page}\n"
    assert opened == [page.as_uri()]
    assert "Namiot dwuosobowy" in page.read_text()
    assert (tmp_path / "acme-nps-pl.txt").read_text().startswith("Dzień dobry!")
    assert message_from_bytes((tmp_path / "acme-nps-pl.eml").read_bytes(), policy=default)["From"] == (
        "Acme Outdoor <hello@acme.example>"
    )


def test_a_preview_asks_the_shops_own_question(acme: Stack, afterorder: Say, tmp_path: Path) -> None:
    del acme

    afterorder("mail", "preview", "acme", "nps", "en", "--out", str(tmp_path), "--no-open")

    told = (tmp_path / "acme-nps-en.txt").read_text()
    assert "Hello Anna," in told
    assert "How likely are you to recommend Acme to a friend?" in told


def test_a_previewed_reminder_says_that_it_is_the_last(acme: Stack, afterorder: Say, tmp_path: Path) -> None:
    del acme

    seen = afterorder("mail", "preview", "acme", "csat", "en", "--reminder", "--out", str(tmp_path), "--no-open")

    assert seen.stdout.startswith("Subject: Order 1001: asking a second and last time\n")
    assert (tmp_path / "acme-csat-en-reminder.html").exists()


def test_a_previews_links_open_pages_that_keep_nothing(acme: Stack, afterorder: Say, tmp_path: Path) -> None:
    afterorder("mail", "preview", "acme", "nps", "en", "--out", str(tmp_path), "--no-open")

    keys = acme.secrets.key_ring().links
    told = (tmp_path / "acme-nps-en.txt").read_text()
    tokens = re.findall(r"https://ask\.acme\.test/[su]/([\w.-]+)", told)
    assert len(tokens) == 11 + 1
    assert {links.open_token(keys, "preview", token) for token in tokens} == {"acme.nps.en"}


def test_where_there_is_no_browser_the_path_is_enough(
    acme: Stack, afterorder: Say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del acme
    monkeypatch.setattr(webbrowser, "open", lambda _: False)

    seen = afterorder("mail", "preview", "acme", "nps", "en", "--out", str(tmp_path))

    assert seen.exit_code == 0
    assert seen.stderr == "There is no browser here to open it with.\n"


def test_a_test_mail_goes_through_ses_and_says_that_it_is_one(ses: Callable[[], list[bytes]], afterorder: Say) -> None:
    sent = afterorder("mail", "test", "acme", "me@acme.example")

    assert (sent.exit_code, sent.stdout) == (0, "Sent to me@acme.example: Zamówienie 1001: jedno pytanie\n")
    (raw,) = ses()
    message = message_from_bytes(raw, policy=default)
    assert message["To"] == "me@acme.example"
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().startswith(words("pl").gettext("mail.preview"))


def test_a_test_mail_may_be_of_any_kind_and_language_of_the_shop(
    ses: Callable[[], list[bytes]], afterorder: Say
) -> None:
    sent = afterorder("mail", "test", "acme", "me@acme.example", "--kind", "csat", "--language", "en", "--reminder")

    assert sent.stdout == "Sent to me@acme.example: Order 1001: asking a second and last time\n"
    assert len(ses()) == 1


def test_what_ses_refuses_is_told_with_what_to_do(acme: Stack, afterorder: Say) -> None:
    del acme

    sent = afterorder("mail", "test", "acme", "me@acme.example")

    assert sent.exit_code == 1
    assert sent.stderr.startswith("The mail was not sent: SES refuses this mail: are the sender and,")


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("preview", "acme", "npx", "en"), "there is no survey kind 'npx'; there are nps, nps5, csat, ces, yes-no"),
        (("preview", "acme", "nps", "de"), "Shop acme has no mails in 'de'; its languages: pl, en."),
        (("preview", "brook", "nps", "en"), "There is no shop 'brook' in this stack. Shops: acme."),
        (("test", "acme", "anna"), "ADDRESS: 'anna' is not an e-mail address"),
        (("test", "acme", "me@acme.example", "--language", "fr"), "Shop acme has no mails in 'fr'; its languages: pl"),
        (("test", "acme", "me@acme.example", "--kind", "stars"), "there is no survey kind 'stars'"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_what_can(
    acme: Stack, afterorder: Say, words: tuple[str, ...], refusal: str
) -> None:
    del acme

    refused = afterorder("mail", *words)

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith(refusal)
