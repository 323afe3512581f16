"""A developer sees what came of a shop's webhooks, rotates a secret with both alive, and retires the older one."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import Result

from cx_domain.calendars import day_of
from cx_domain.deliveries import refused
from cx_domain.shops import ShopId
from infra.aws.delivery_table import Noted
from infra.operator.session import Stack
from infra.platforms import platforms

Say = Callable[..., Result]
ACME = ShopId("acme")
NO = "the signature in x-shopify-hmac-sha256 is not made with a secret of this shop"


@pytest.fixture
def connected(acme: Stack, afterorder: Say) -> Stack:
    """Acme Outdoor is connected to Shopify."""
    assert afterorder("shop", "connect", "acme", "shopify", "--secret", "of-march").exit_code == 0
    return acme


@pytest.fixture
def used(connected: Stack) -> Stack:
    """Yesterday two webhooks were taken and one passed over; today three were refused."""
    now, zone = datetime.now(UTC), connected.shop(ACME).zone
    yesterday = now - timedelta(days=1)
    good = Noted({"taken": 2, "topic-ignored": 1}, "Shopify", first_at=yesterday, last_at=yesterday)
    bad = Noted({"bad-signature": 3}, "Shopify", unsigned=3, refused=[refused(now, "bad-signature", NO)] * 3)
    connected.deliveries.add(ACME, day_of(yesterday, zone), "shopify", good)
    connected.deliveries.add(ACME, day_of(now, zone), "shopify", bad)
    return connected


def test_the_last_delivery_and_each_days_outcomes_are_shown(used: Stack, afterorder: Say) -> None:
    del used

    shown = afterorder("shop", "deliveries", "acme")

    lines = shown.stdout.splitlines()
    assert lines[0] == "Shopify"
    assert lines[1].rstrip().endswith(", 1 day ago")
    today, yesterday = (line.split() for line in lines if re.match(r"  [A-Z][a-z]{2} \d\d ", line))
    assert today[-3:] == ["·", "·", "3"]
    assert yesterday[-3:] == ["2", "1", "·"]


def test_alike_refusals_are_told_once_with_what_to_do(used: Stack, afterorder: Say) -> None:
    del used

    told = " ".join(afterorder("shop", "deliveries", "acme").stdout.split())

    assert f"{NO} (3 times)" in told
    assert "afterorder shop connect acme shopify --secret SECRET" in told
    assert "bad-input:" not in told


def test_scripts_get_json(used: Stack, afterorder: Say) -> None:
    del used

    told = json.loads(afterorder("shop", "deliveries", "acme", "--json").stdout)

    (shopify,) = told["platforms"]
    assert (told["timezone"], shopify["platform"], shopify["connected"]) == ("Europe/Warsaw", "shopify", True)
    assert [day["outcomes"] for day in shopify["days"]] == [{"taken": 2, "topic-ignored": 1}, {"bad-signature": 3}]
    assert [each["why"] for each in shopify["refused"]] == ["bad-signature"] * 3


def test_only_so_many_days_are_shown(used: Stack, afterorder: Say) -> None:
    del used

    told = json.loads(afterorder("shop", "deliveries", "acme", "--days", "1", "--json").stdout)

    assert [day["outcomes"] for day in told["platforms"][0]["days"]] == [{"bad-signature": 3}]


def test_where_nothing_came_the_command_says_what_to_try(connected: Stack, afterorder: Say) -> None:
    del connected

    shown = afterorder("shop", "deliveries", "acme")

    assert "no good delivery in 14 days" in shown.stdout
    assert shown.stderr == (
        "Nothing has come in 14 days. Try the wiring: afterorder webhook send acme shopify FILE.json\n"
    )


def test_a_shop_without_connections_is_told_how_to_connect(acme: Stack, afterorder: Say) -> None:
    del acme

    shown = afterorder("shop", "deliveries", "acme")

    assert shown.stderr.startswith("acme is not connected to any platform: afterorder shop connect acme PLATFORM")


def test_a_platform_that_was_left_is_still_shown(used: Stack, afterorder: Say) -> None:
    used.secrets.put_webhook_secrets(ACME, "shopify", ())

    assert "not connected any more" in afterorder("shop", "deliveries", "acme").stdout


# --- rotation ----------------------------------------------------------------------------------------------------------


def test_after_a_rotation_both_secrets_are_told_to_be_good(connected: Stack, afterorder: Say) -> None:
    rotated = afterorder("shop", "connect", "acme", "shopify", "--secret", "of-april")

    assert rotated.stderr == (
        "Two secrets are good now: this one, and the one before. "
        "When the platform signs with this one: afterorder shop retire acme shopify\n"
    )
    assert connected.secrets.webhook_secrets(ACME, "shopify", refresh=True) == ("of-march", "of-april")


def test_whoever_makes_a_third_secret_is_told_that_the_first_one_ended(connected: Stack, afterorder: Say) -> None:
    second = afterorder("shop", "connect", "acme", "shopify", "--secret", "of-april")
    again = afterorder("shop", "connect", "acme", "shopify", "--secret", "of-march")

    third = afterorder("shop", "connect", "acme", "shopify", "--secret", "of-may")

    assert ["ended" in said.stderr for said in (second, again, third)] == [False, False, True]
    assert connected.secrets.webhook_secrets(ACME, "shopify", refresh=True) == ("of-march", "of-may")


def test_the_first_secret_is_not_told_to_have_one_before(acme: Stack, afterorder: Say) -> None:
    del acme

    first = afterorder("shop", "connect", "acme", "woocommerce", "--json")

    assert json.loads(first.stdout)["live"] == 1


def test_the_older_secret_is_retired(connected: Stack, afterorder: Say) -> None:
    afterorder("shop", "connect", "acme", "shopify", "--secret", "of-april")

    retired = afterorder("shop", "retire", "acme", "shopify")

    assert retired.exit_code == 0
    assert connected.secrets.webhook_secrets(ACME, "shopify", refresh=True) == ("of-april",)


def test_the_only_secret_is_not_retired(connected: Stack, afterorder: Say) -> None:
    retired = afterorder("shop", "retire", "acme", "shopify")

    assert (retired.exit_code, retired.stderr) == (0, "There is only one secret, and it stays.\n")
    assert connected.secrets.webhook_secrets(ACME, "shopify", refresh=True) == ("of-march",)


def test_of_a_shop_that_is_not_connected_so_nothing_is_retired(connected: Stack, afterorder: Say) -> None:
    del connected

    retired = afterorder("shop", "retire", "acme", "standard")

    assert retired.exit_code == 1
    assert "is not connected to standard" in retired.stderr


@pytest.mark.parametrize("command", [("shop", "connect"), ("shop", "retire"), ("webhook", "send")])
def test_help_names_every_platform_that_there_is(afterorder: Say, command: tuple[str, str]) -> None:
    told = afterorder(*command, "--help").stdout

    assert all(name in told for name in platforms())
