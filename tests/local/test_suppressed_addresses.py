"""SES's own list of addresses, as the local stack keeps it: who comes onto it, who reads it, and what it does to a mail."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.local.deliveries import Deliveries
from infra.local.mailbox import MailRecord
from infra.local.ses_events import MailEvent, mail_event
from tests.local.clouds import CONFIGURATION_SET, HELLO, MONDAY, Running, running

ANNA = "anna@kowalska.example"


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path) as stack:
        yield stack


def mailed(stack: Running) -> MailRecord:
    """A mail to Anna, which SES took."""
    stack.cloud.client("sesv2").send_email(
        FromEmailAddress="Acme Outdoor <hello@acme.example>",
        Destination={"ToAddresses": [ANNA]},
        Content={"Raw": {"Data": HELLO}},
        ConfigurationSetName=CONFIGURATION_SET,
    )
    return stack.cloud.mails()[-1]


def listed(stack: Running, **asked: Any) -> dict[str, str]:
    answer = stack.client("RollupFunction", "sesv2").list_suppressed_destinations(**asked)
    return {each["EmailAddress"]: each["Reason"] for each in answer["SuppressedDestinationSummaries"]}


@pytest.mark.parametrize(
    ("kind", "subtype", "on_the_list"),
    [
        ("Bounce", "NoEmail", {ANNA: "BOUNCE"}),
        ("Bounce", "MailboxFull", {}),
        ("Bounce", "Undetermined", {}),
        ("Bounce", "OnAccountSuppressionList", {}),
        ("Complaint", "abuse", {ANNA: "COMPLAINT"}),
        ("Complaint", "not-spam", {}),
        ("Delivery", None, {}),
    ],
)
def test_a_final_bounce_and_a_complaint_come_onto_the_list(
    stack: Running, kind: MailEvent, subtype: str | None, on_the_list: Mapping[str, str]
) -> None:
    stack.cloud.publish_ses_event(mail_event(mailed(stack), kind, subtype, stack.now))

    assert listed(stack) == on_the_list


def test_the_list_is_read_by_the_time_when_an_address_came_onto_it(stack: Running) -> None:
    ses = stack.cloud.client("sesv2")
    ses.put_suppressed_destination(EmailAddress="jan@example.com", Reason="BOUNCE")
    stack.now = MONDAY + timedelta(days=1)
    ses.put_suppressed_destination(EmailAddress="Ewa@example.com", Reason="COMPLAINT")

    assert listed(stack, StartDate=MONDAY + timedelta(hours=1)) == {"ewa@example.com": "COMPLAINT"}
    assert listed(stack, EndDate=MONDAY + timedelta(hours=1)) == {"jan@example.com": "BOUNCE"}
    assert listed(stack, Reasons=["COMPLAINT"]) == {"ewa@example.com": "COMPLAINT"}


def test_a_long_list_is_read_page_by_page(stack: Running) -> None:
    names = {f"customer{number}@example.com" for number in range(5)}
    for name in names:
        stack.cloud.client("sesv2").put_suppressed_destination(EmailAddress=name, Reason="BOUNCE")
    ses, found, token = stack.client("RollupFunction", "sesv2"), list[str](), ""

    for _ in range(3):
        answer = ses.list_suppressed_destinations(PageSize=2, **({"NextToken": token} if token else {}))
        found += [each["EmailAddress"] for each in answer["SuppressedDestinationSummaries"]]
        token = answer.get("NextToken", "")

    assert (len(found), set(found), token) == (5, names, "")


def test_an_address_that_was_taken_off_the_list_is_mailed_again(stack: Running) -> None:
    ses = stack.cloud.client("sesv2")
    ses.put_suppressed_destination(EmailAddress=ANNA, Reason="BOUNCE")

    ses.delete_suppressed_destination(EmailAddress=ANNA)

    assert not mailed(stack).suppressed


@pytest.mark.parametrize(("reason", "fate"), [("BOUNCE", "OnAccountSuppressionList"), (None, None)])
def test_a_mail_to_a_suppressed_address_is_taken_and_bounces(
    stack: Running, tmp_path: Path, reason: str | None, fate: str | None
) -> None:
    told: list[Mapping[str, Any]] = []
    if reason is not None:
        stack.cloud.client("sesv2").put_suppressed_destination(EmailAddress=ANNA.upper(), Reason=reason)
    deliveries = Deliveries(tmp_path / "delivered", [mailed(stack)], told.append)

    deliveries.arrive(stack.now + timedelta(seconds=2))

    (event,) = told
    assert event.get("bounce", {}).get("bounceSubType") == fate
    assert event["eventType"] == ("Bounce" if fate else "Delivery")
