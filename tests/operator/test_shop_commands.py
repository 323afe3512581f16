"""Shops are put, listed, shown and connected; what is wrong is said in one sentence, and nothing is written."""

import json
from collections.abc import Callable
from pathlib import Path

import boto3
import pytest
from typer.testing import Result

from cx_domain.shops import ShopId
from infra.operator.session import Stack
from infra.writing.words import languages

Say = Callable[..., Result]
ACME = Path(__file__).parents[1] / "shop_files" / "acme.toml"


def test_a_put_shop_is_listed_and_shown_as_it_was_written(stack: Stack, afterorder: Say) -> None:
    del stack

    put = afterorder("shop", "put", str(ACME))

    assert (put.exit_code, put.stdout) == (0, "Shop acme is in place.\n")
    assert json.loads(afterorder("shop", "list", "--json").stdout) == [
        {"shop": "acme", "name": "Acme Outdoor", "timezone": "Europe/Warsaw"}
    ]
    assert afterorder("shop", "show", "acme").stdout == ACME.read_text()


def test_whoever_changes_a_question_is_told_that_a_new_series_begins(
    acme: Stack, afterorder: Say, tmp_path: Path
) -> None:
    reworded = tmp_path / "reworded.toml"
    reworded.write_text(ACME.read_text().replace("to a friend?", "to your family?"))

    put = afterorder("shop", "put", str(reworded))

    assert put.stderr.splitlines()[0] == (
        "nps: a new series begins today, because the question changed in en; answers are not compared across it."
    )
    today = acme.now().astimezone(acme.shop(ShopId("acme")).zone).date()
    assert acme.shop(ShopId("acme")).surveys[0].series == today.isoformat()


def test_whoever_puts_the_same_question_again_hears_of_no_series(acme: Stack, afterorder: Say, tmp_path: Path) -> None:
    del acme
    other_delay = tmp_path / "acme.toml"
    other_delay.write_text(ACME.read_text().replace('"7d"', '"9d"'))

    put = afterorder("shop", "put", str(other_delay))

    assert "series" not in put.stderr


def test_the_list_for_people_names_each_shop(acme: Stack, afterorder: Say) -> None:
    del acme

    listed = afterorder("shop", "list")

    assert "Acme Outdoor" in listed.stdout


def test_every_mistake_of_a_file_is_named_and_nothing_is_written(stack: Stack, afterorder: Say, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(ACME.read_text().replace("Europe/Warsaw", "Europe/Atlantis").replace('"7d"', '"a week"'))

    put = afterorder("shop", "put", str(wrong))

    assert put.exit_code == 1
    assert [line.partition(":")[0] for line in put.stderr.splitlines()] == ["timezone", "surveys[0].delay"]
    assert stack.shops.ids() == []


def test_a_language_without_words_is_refused_with_those_that_there_are(
    stack: Stack, afterorder: Say, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(ACME.read_text().replace('languages = ["pl", "en"]', 'languages = ["pl", "tlh"]'))

    put = afterorder("shop", "put", str(wrong))

    known = ", ".join(languages())
    assert (put.exit_code, put.stderr) == (1, f'languages[1]: must be one of {known}, not "tlh"\n')
    assert stack.shops.ids() == []


def test_holidays_of_a_country_that_nobody_knows_are_refused(stack: Stack, afterorder: Say, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(f'{ACME.read_text()}\n[support]\nhours = {{ mon-fri = "09:00-17:00" }}\nholidays = "PX"\n')

    put = afterorder("shop", "put", str(wrong))

    assert (put.exit_code, put.stderr) == (
        1,
        'support.holidays: names no country whose holidays are known: "PX"\n',
    )
    assert stack.shops.ids() == []


def test_a_file_that_is_not_utf_8_says_at_which_byte(stack: Stack, afterorder: Say, tmp_path: Path) -> None:
    del stack
    wrong = tmp_path / "wrong.toml"
    wrong.write_bytes(b'name = "\xb1"')

    put = afterorder("shop", "put", str(wrong))

    assert (put.exit_code, put.stderr) == (1, "wrong.toml: is not UTF-8: byte 8 is 0xb1\n")


def test_a_file_that_is_not_there_is_a_mistake_of_usage(afterorder: Say) -> None:
    put = afterorder("shop", "put", "nowhere.toml")

    assert put.exit_code == 2


def test_the_first_put_makes_the_key_ring_and_the_next_leaves_it(stack: Stack, afterorder: Say) -> None:
    afterorder("shop", "put", str(ACME))
    before = stack.secrets.key_ring()

    afterorder("shop", "put", str(ACME))

    name = "/afterorder/afterorder/keys"
    described = boto3.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
    assert (described.get("Type"), described.get("Version")) == ("SecureString", 1)
    assert len(before.identity) == 32


def test_an_unknown_shop_is_told_which_there_are(acme: Stack, afterorder: Say) -> None:
    del acme

    shown = afterorder("shop", "show", "acmee")

    assert (shown.exit_code, shown.stderr) == (1, "There is no shop 'acmee' in this stack. Shops: acme.\n")


def test_connecting_prints_the_address_the_secret_and_the_steps(acme: Stack, afterorder: Say) -> None:
    connected = afterorder("shop", "connect", "acme", "woocommerce")

    lines = connected.stdout.splitlines()
    (secret,) = acme.secrets.webhook_secrets(ShopId("acme"), "woocommerce")
    assert lines[0] == "URL: https://ask.acme.test/webhooks/acme/woocommerce"
    assert lines[1] == f"Secret: {secret}"
    assert "Delivery URL:" in connected.stdout
    assert "{url}" not in connected.stdout


def test_the_commands_among_the_steps_can_be_pasted_as_they_are(acme: Stack, afterorder: Say) -> None:
    del acme

    connected = afterorder("shop", "connect", "acme", "shopify")

    assert "afterorder shop connect acme shopify --secret KEY" in connected.stdout


@pytest.mark.parametrize(("platform", "page"), [("shopify", "shopify.md"), ("standard", "own-system.md")])
def test_whoever_connects_hears_where_to_try_it_and_what_moving_in_needs_first(
    acme: Stack, afterorder: Say, platform: str, page: str
) -> None:
    del acme

    connected = afterorder("shop", "connect", "acme", platform)

    *_, tried, moving_in = connected.stderr.splitlines()
    assert tried == f'Try it here before the platform sends anything: docs/platforms/{page}, "Try it"'
    assert moving_in == "Moving in from another service? docs/moving-in.md first, before the first mail goes out."


def test_a_platforms_own_secret_is_set_beside_the_one_before(acme: Stack, afterorder: Say) -> None:
    first = json.loads(afterorder("shop", "connect", "acme", "shopify", "--json").stdout)["secret"]

    for secret in ("of-march", "of-april", "of-april"):
        afterorder("shop", "connect", "acme", "shopify", "--secret", secret)

    live = acme.secrets.webhook_secrets(ShopId("acme"), "shopify", refresh=True)
    assert live == ("of-march", "of-april")
    assert first not in live


def test_a_secret_that_cannot_sign_is_refused(acme: Stack, afterorder: Say) -> None:
    connected = afterorder("shop", "connect", "acme", "standard", "--secret", "whsec_short")

    assert connected.exit_code == 1
    assert connected.stderr.startswith("secret: must be")
    assert acme.secrets.webhook_secrets(ShopId("acme"), "standard") == ()


@pytest.mark.parametrize(("shop", "platform"), [("acmee", "shopify"), ("acme", "shopfy")])
def test_an_unknown_shop_or_platform_is_not_connected(acme: Stack, afterorder: Say, shop: str, platform: str) -> None:
    del acme

    connected = afterorder("shop", "connect", shop, platform)

    assert connected.exit_code == 1
    assert connected.stdout == ""


def test_without_a_stack_the_command_says_what_to_do(aws: None, afterorder: Say) -> None:
    del aws

    listed = afterorder("shop", "list")

    assert listed.exit_code == 1
    assert listed.stderr == (
        "There is no stack 'afterorder' in this account and region (eu-central-1): "
        "deploy it first, or set AFTERORDER_STACK to its name.\n"
    )


def test_without_a_stack_that_answers_the_command_says_so(monkeypatch: pytest.MonkeyPatch, afterorder: Say) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_MAX_ATTEMPTS": "1",
    }.items():
        monkeypatch.setenv(name, value)

    listed = afterorder("shop", "list")

    assert listed.exit_code == 1
    assert listed.stderr.startswith("Nothing answers at http://127.0.0.1:9/: is the stack running?")
