"""What the mailer promises: one request for one mail, and the truth about what became of it."""

import email
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.exceptions import (
    BotoCoreError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
)
from botocore.parsers import ResponseParserError
from botocore.stub import Stubber
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends
from mypy_boto3_sesv2 import SESV2Client

from infra.aws import clients
from infra.aws.mailer import Accepted, FailureKind, Mailer, SendFailure
from infra.writing.mails import Mail
from tests.contract.backends import CONFIG, REGION, STAND_IN_KEYS
from tests.contract.examples import TENT_SURVEY

RAW = b"From: hello@acme.example\r\nTo: anna@acme-customer.example\r\nSubject: Your tent\r\n\r\nHow was it?\r\n"
MAIL = Mail(
    sender="Żółty Namiot <hello@acme.example>",
    to="anna@acme-customer.example",
    reply_to="care@acme.example",
    subject="Your tent",
    raw=RAW,
)
URL = "https://email.eu-central-1.amazonaws.com/v2/email/outbound-emails"


@pytest.fixture(scope="module")
def ses() -> Iterator[SESV2Client]:
    with mock_aws():
        client = boto3.client("sesv2", config=CONFIG, **STAND_IN_KEYS)
        client.create_email_identity(EmailIdentity="hello@acme.example")
        client.create_configuration_set(ConfigurationSetName="afterorder")
        yield client
        client.close()


@pytest.fixture
def mailer(ses: SESV2Client) -> Mailer:
    return Mailer(ses, "afterorder")


@contextmanager
def failing(ses: SESV2Client, error: Exception) -> Iterator[Mailer]:
    """Let a request fail on its way, as botocore reports it."""

    def fail(**_: Any) -> None:
        raise error

    ses.meta.events.register_first("before-send.sesv2.SendEmail", fail)
    yield Mailer(ses, "afterorder")
    ses.meta.events.unregister("before-send.sesv2.SendEmail", fail)


@contextmanager
def answering(ses: SESV2Client, code: str, status: int, message: str = "") -> Iterator[Mailer]:
    """Let SES answer a request so."""
    with Stubber(ses) as stubbed:
        stubbed.add_client_error("send_email", code, message, http_status_code=status)
        yield Mailer(ses, "afterorder")


def requested(ses: SESV2Client, send: Callable[[Mailer], object]) -> dict[str, Any]:
    asked: list[dict[str, Any]] = []

    def remember(params: dict[str, Any], **_: Any) -> None:
        asked.append(params)

    ses.meta.events.register("provide-client-params.sesv2.SendEmail", remember)
    send(Mailer(ses, "afterorder"))
    ses.meta.events.unregister("provide-client-params.sesv2.SendEmail", remember)
    [request] = asked
    return request


def test_an_accepted_mail_has_the_id_that_its_events_will_carry(mailer: Mailer) -> None:
    outcome = mailer.send(MAIL, TENT_SURVEY)

    assert isinstance(outcome, Accepted)
    assert outcome.message_id


def test_ses_gets_the_mail_byte_for_byte(mailer: Mailer) -> None:
    mailer.send(MAIL, TENT_SURVEY)

    message = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages[-1]
    assert message.raw_data.encode() == RAW
    assert email.message_from_string(message.raw_data)["Subject"] == "Your tent"


def test_a_mail_carries_its_survey_and_the_set_whose_events_come_back(ses: SESV2Client) -> None:
    request = requested(ses, lambda mailer: mailer.send(MAIL, TENT_SURVEY))

    assert request["EmailTags"] == [{"Name": "survey_id", "Value": TENT_SURVEY}]
    assert request["ConfigurationSetName"] == "afterorder"


def test_a_digest_is_about_no_survey(ses: SESV2Client) -> None:
    request = requested(ses, lambda mailer: mailer.send(MAIL, None))

    assert "EmailTags" not in request


def test_no_link_and_no_picture_of_a_mail_is_tracked(ses: SESV2Client) -> None:
    request = requested(ses, lambda mailer: mailer.send(MAIL, TENT_SURVEY))

    off = {"OpenTrackingEnabled": "DISABLED", "ClickTrackingEnabled": "DISABLED"}
    assert request["ConfigurationOverrides"] == {"Tracking": off}


def test_a_senders_name_in_other_letters_is_written_as_mail_writes_it(ses: SESV2Client) -> None:
    request = requested(ses, lambda mailer: mailer.send(MAIL, TENT_SURVEY))

    assert request["FromEmailAddress"] == "=?utf-8?b?xbvDs8WCdHkgTmFtaW90?= <hello@acme.example>"


def test_a_sender_whom_ses_does_not_know_is_a_rejected_mail(ses: SESV2Client) -> None:
    stranger = replace(MAIL, sender="Zenith <hello@zenith.example>")

    outcome = Mailer(ses, "afterorder").send(stranger, TENT_SURVEY)

    assert outcome == SendFailure("rejected", "MessageRejected")


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url=URL),
        ConnectTimeoutError(endpoint_url=URL),
        ProxyConnectionError(proxy_url="http://proxy.example"),
    ],
)
def test_a_request_that_found_no_way_to_ses_never_left(ses: SESV2Client, error: BotoCoreError) -> None:
    with failing(ses, error) as mailer:
        outcome = mailer.send(MAIL, TENT_SURVEY)

    assert outcome == SendFailure("never-left", type(error).__name__)


def test_a_closed_port_is_such_a_missing_way() -> None:
    client = boto3.client("sesv2", endpoint_url="http://127.0.0.1:9", config=CONFIG, **STAND_IN_KEYS)

    outcome = Mailer(client, "afterorder").send(MAIL, TENT_SURVEY)

    client.close()
    assert outcome == SendFailure("never-left", "EndpointConnectionError")


@pytest.mark.parametrize(
    "error",
    [
        ReadTimeoutError(endpoint_url=URL),
        ConnectionClosedError(endpoint_url=URL),
        HTTPClientError(error="reset"),
        SSLError(endpoint_url=URL, error=OSError("eof")),
        ResponseParserError("half an answer"),
    ],
)
def test_after_a_request_left_silence_means_that_nobody_knows(ses: SESV2Client, error: Exception) -> None:
    with failing(ses, error) as mailer:
        outcome = mailer.send(MAIL, TENT_SURVEY)

    assert outcome == SendFailure("unknown", type(error).__name__)


@pytest.mark.parametrize(
    ("code", "status", "message", "kind"),
    [
        ("ThrottlingException", 400, "Maximum sending rate exceeded.", "rate"),
        ("TooManyRequestsException", 429, "Too many requests", "rate"),
        ("ThrottlingException", 400, "Daily message quota exceeded.", "daily-quota"),
        ("TooManyRequestsException", 429, "Daily message quota exceeded", "daily-quota"),
        ("LimitExceededException", 400, "", "rate"),
        ("AccountSuspendedException", 400, "", "paused"),
        ("SendingPausedException", 400, "", "paused"),
        ("MessageRejected", 400, "Email address is not verified.", "rejected"),
        ("MailFromDomainNotVerifiedException", 400, "", "rejected"),
        ("BadRequestException", 400, "Illegal address", "rejected"),
        ("InternalFailure", 500, "", "unknown"),
        ("ServiceUnavailable", 503, "", "unknown"),
    ],
)
def test_what_ses_says_has_one_name_of_ours(
    ses: SESV2Client, code: str, status: int, message: str, kind: FailureKind
) -> None:
    with answering(ses, code, status, message) as mailer:
        outcome = mailer.send(MAIL, TENT_SURVEY)

    assert outcome == SendFailure(kind, code)


@pytest.mark.parametrize(("code", "status"), [("AccessDeniedException", 403), ("NotFoundException", 404)])
def test_a_refusal_of_us_and_not_of_the_mail_stops_sending_until_it_is_mended(
    ses: SESV2Client, code: str, status: int
) -> None:
    with answering(ses, code, status) as mailer:
        assert mailer.send(MAIL, TENT_SURVEY) == SendFailure("paused", code)


def test_the_client_of_the_functions_never_repeats_a_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("AWS_DEFAULT_REGION", REGION), ("AWS_ACCESS_KEY_ID", "a"), ("AWS_SECRET_ACCESS_KEY", "b")):
        monkeypatch.setenv(name, value)
    clients.sesv2.cache_clear()

    client = clients.sesv2()

    config: Any = client.meta.config
    assert config.retries["total_max_attempts"] == 1
    client.close()
    clients.sesv2.cache_clear()
