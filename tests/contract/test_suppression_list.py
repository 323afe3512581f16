"""What the reader of SES's list promises: one page for one request, in our words, and Trouble for the rest."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from mypy_boto3_sesv2 import SESV2Client

from cx_domain.errors import Trouble
from infra.aws import clients
from infra.aws.suppression_list import Listed, Page, SuppressionList
from tests.contract.backends import CONFIG, STAND_IN_KEYS

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
SUNDAY = MONDAY - timedelta(days=1)


@pytest.fixture
def ses() -> Iterator[SESV2Client]:
    client = boto3.client("sesv2", config=CONFIG, **STAND_IN_KEYS)
    yield client
    client.close()


def page(ses: SESV2Client, expected: dict[str, Any], answer: dict[str, Any], token: str | None = None) -> Page:
    """Ask for a page of Sunday's addresses; the request must be the expected one."""
    with Stubber(ses) as stubbed:
        stubbed.add_response("list_suppressed_destinations", answer, {"EndDate": MONDAY, "PageSize": 100, **expected})
        return SuppressionList(ses).page(SUNDAY if "StartDate" in expected else None, MONDAY, token)


def summary(address: str, reason: str) -> dict[str, Any]:
    return {"EmailAddress": address, "Reason": reason, "LastUpdateTime": SUNDAY}


def test_a_page_says_who_is_suppressed_and_why_in_our_words(ses: SESV2Client) -> None:
    answer = {
        "SuppressedDestinationSummaries": [
            summary("anna@kowalska.example", "BOUNCE"),
            summary("jan@example.com", "COMPLAINT"),
        ]
    }

    found = page(ses, {"StartDate": SUNDAY}, answer)

    assert found == Page(
        (Listed("anna@kowalska.example", "bounced", SUNDAY), Listed("jan@example.com", "complained", SUNDAY)), None
    )


def test_the_next_page_is_asked_for_by_its_token(ses: SESV2Client) -> None:
    found = page(ses, {"StartDate": SUNDAY, "NextToken": "page-2"}, {"NextToken": "page-3"}, token="page-2")

    assert found == Page((), "page-3")


def test_the_first_reading_asks_for_everything(ses: SESV2Client) -> None:
    assert page(ses, {}, {"SuppressedDestinationSummaries": []}) == Page((), None)


def test_a_reason_that_ses_may_invent_suppresses_nobody(ses: SESV2Client) -> None:
    answer = {"SuppressedDestinationSummaries": [summary("anna@kowalska.example", "WHIM")]}

    assert page(ses, {}, answer) == Page((), None)


def test_a_list_that_cannot_be_read_is_our_trouble(ses: SESV2Client) -> None:
    with Stubber(ses) as stubbed:
        stubbed.add_client_error("list_suppressed_destinations", "TooManyRequestsException", http_status_code=429)
        with pytest.raises(Trouble, match="TooManyRequests"):
            SuppressionList(ses).page(None, MONDAY, None)


def test_what_is_only_read_is_asked_for_again_and_a_mail_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    clients.sesv2.cache_clear()
    clients.sesv2_reader.cache_clear()

    attempts = [
        vars(client.meta.config)["retries"]["total_max_attempts"]
        for client in (clients.sesv2(), clients.sesv2_reader())
    ]

    assert attempts == [1, 6]
    clients.sesv2.cache_clear()
    clients.sesv2_reader.cache_clear()
