"""Mails leave at the shop's hour, few at first, and never to whom SES suppresses."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import boto3

from tests.journey.shop import Shop, acme, order
from tests.journey.stack import Stack

WARSAW = ZoneInfo("Europe/Warsaw")
ANNA = "customer1001@example.com"


def leaving(stack: Stack) -> list[datetime]:
    """When mails left, on Acme's wall, without its managers' digests."""
    sent = [mail for mail in stack.mails() if "boss@acme.example" not in mail["to"]]
    return [datetime.fromisoformat(mail["sent_at"]).astimezone(WARSAW) for mail in sent]


def test_a_new_sender_begins_with_few_mails_at_the_shops_hour_and_sends_more_each_day(
    stack: Stack, tmp_path: Path
) -> None:
    file = acme(tmp_path, ("warm_up = 200", "warm_up = 2"), ('reminder = "5d"', 'at = "16:00"'))
    shop = Shop(stack, file)
    for number in range(1001, 1008):
        shop.post(order(number, at="2026-01-05T09:00:00Z"))

    stack.advance("9d")

    left = leaving(stack)
    assert left[0].isoformat(timespec="minutes") == "2026-01-12T16:00+01:00"
    assert list(Counter(moment.day for moment in left).items()) == [(12, 2), (13, 4), (14, 1)]
    assert all(8 <= moment.hour < 21 for moment in left)
    assert [survey["reason"] for survey in stack.surveys("acme")] == [None] * 7


def test_whom_ses_suppresses_for_another_program_is_not_asked_again(stack: Stack, tmp_path: Path) -> None:
    file = acme(tmp_path, ('ask_again_after = "90d"', 'ask_again_after = "1d"'), ('reminder = "5d"', ""))
    shop = Shop(stack, file)
    shop.post(order(1001, at="2026-01-05T09:00:00Z", email=ANNA))
    stack.advance("2d")
    shop.post(order(1002, at="2026-01-07T09:00:00Z", email=ANNA))
    stack.advance("6d")

    ses(stack).put_suppressed_destination(EmailAddress=ANNA, Reason="BOUNCE")
    stack.advance("3d")

    assert len(stack.mails(ANNA)) == 1
    [second] = [survey for survey in stack.surveys("acme") if survey["order"] == "1002"]
    assert second["reason"] == "suppressed"


def test_a_mail_to_an_address_that_ses_suppresses_bounces_and_stays_the_last(stack: Stack) -> None:
    shop = Shop(stack)
    ses(stack).put_suppressed_destination(EmailAddress=ANNA, Reason="COMPLAINT")
    shop.post(order(1001, at="2026-01-05T09:00:00Z", email=ANNA))

    stack.advance("13d")

    [survey] = stack.surveys("acme")
    assert len(stack.mails(ANNA)) == 1
    assert "bounced Mon 12 Jan" in survey["why"]


def ses(stack: Stack) -> Any:
    """SES as another program of the same account uses it."""
    return boto3.client(
        "sesv2",
        endpoint_url=stack.exports["AWS_ENDPOINT_URL"],
        region_name=stack.exports["AWS_REGION"],
        aws_access_key_id=stack.exports["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=stack.exports["AWS_SECRET_ACCESS_KEY"],
    )
