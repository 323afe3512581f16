"""`afterorder platform`: a shop brings its own, and sees what a payload would mean before anything is connected."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from infra.operator.session import Stack
from infra.platforms import platforms
from tests.functions.test_own_platforms import BODY, TILL

Say = Callable[..., Result]
SAMPLES = Path(__file__).parents[1] / "platforms" / "samples"


@pytest.fixture
def till(tmp_path: Path) -> str:
    file = tmp_path / "till.toml"
    file.write_text(TILL, encoding="utf-8")
    return str(file)


def payload(folder: Path, **changes: object) -> str:
    file = folder / "payload.json"
    file.write_text(json.dumps(BODY | changes), encoding="utf-8")
    return str(file)


def test_a_platform_is_put_listed_shown_and_removed(acme: Stack, afterorder: Say, till: str) -> None:
    put = afterorder("platform", "put", "acme", till)
    told = [afterorder("platform", *words).output for words in (("list", "acme"), ("show", "acme", "acme-till"))]
    removed = afterorder("platform", "remove", "acme", "acme-till")

    assert (put.exit_code, removed.exit_code) == (0, 0)
    assert told == ["acme-till\n", TILL.rstrip("\n") + "\n"]
    assert acme.platforms.names(acme.shop(acme.shops.ids()[0]).id) == []


def test_every_mistake_of_a_file_is_told_at_once_and_nothing_is_written(
    acme: Stack, afterorder: Say, tmp_path: Path
) -> None:
    file = tmp_path / "till.toml"
    file.write_text(TILL.replace('"receipt"', '"a["').replace("handed-over", "sold", 1) + "x = 1\n", encoding="utf-8")

    put = afterorder("platform", "put", "acme", str(file))

    assert put.exit_code == 1
    assert "shapes.order.fields.id: is not JMESPath" in put.output
    assert "shapes.order.item.x" in put.output
    assert acme.platforms.names(acme.shop(acme.shops.ids()[0]).id) == []


def test_one_of_ours_cannot_be_taken_for_a_name(acme: Stack, afterorder: Say, tmp_path: Path) -> None:
    del acme
    file = tmp_path / "mine.toml"
    file.write_text(TILL.replace("acme-till", "shopify"), encoding="utf-8")

    put = afterorder("platform", "put", "acme", str(file))

    assert put.exit_code == 1
    assert '"my-shopify"' in put.output


def test_the_shops_own_platform_is_connected_as_ours_are(acme: Stack, afterorder: Say, till: str) -> None:
    afterorder("platform", "put", "acme", till)

    connected = afterorder("shop", "connect", "acme", "acme-till", "--secret", "the till's secret")
    deliveries = afterorder("shop", "deliveries", "acme", "--json")

    assert "https://ask.acme.test/webhooks/acme/acme-till" in connected.output
    assert "acme-till" in deliveries.output
    assert acme.secrets.webhook_secrets(acme.shop(acme.shops.ids()[0]).id, "acme-till") == ("the till's secret",)


def test_a_platform_that_does_not_sign_is_connected_by_an_address_to_be_kept_secret(
    acme: Stack, afterorder: Say, tmp_path: Path
) -> None:
    del acme
    head, _, rest = TILL.partition("[signature]")
    unsigned = f'{head}[signature]\nscheme = "key-in-address"\n\n[{rest.partition("[")[2]}'
    file = tmp_path / "till.toml"
    file.write_text(unsigned, encoding="utf-8")
    afterorder("platform", "put", "acme", str(file))

    connected = afterorder("shop", "connect", "acme", "acme-till")

    assert "/webhooks/acme/acme-till?key=" in connected.stdout
    assert "Nothing is signed" in connected.stdout
    assert "Sign it" not in connected.stdout


@pytest.mark.parametrize("words", [("show", "acme", "nothing"), ("remove", "acme", "nothing")])
def test_what_is_not_there_is_told_so(acme: Stack, afterorder: Say, words: tuple[str, ...]) -> None:
    del acme

    told = afterorder("platform", *words)

    assert told.exit_code == 1
    assert "no platform 'nothing' of its own" in told.output


def test_who_has_none_of_their_own_is_told_which_there_are(acme: Stack, afterorder: Say) -> None:
    del acme

    assert ", ".join(platforms()) in afterorder("platform", "list", "acme").output


def test_a_secret_may_lie_in_a_file(acme: Stack, afterorder: Say, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("the shop's secret\n", encoding="utf-8")

    connected = afterorder("shop", "connect", "acme", "shopify", "--secret", f"@{file}")

    assert connected.exit_code == 0
    assert acme.secrets.webhook_secrets(acme.shop(acme.shops.ids()[0]).id, "shopify") == ("the shop's secret",)


def test_public_keys_are_not_fetched_over_a_wire_that_anybody_can_write_on(acme: Stack, afterorder: Say) -> None:
    del acme

    connected = afterorder("shop", "connect", "acme", "saleor", "--secret", "http://saleor.example/jwks.json")

    assert connected.exit_code == 1
    assert "by https only" in connected.output


# --- try: no stack at all ----------------------------------------------------------------------------------------------


def test_a_payload_is_told_field_by_field_with_what_is_missing(afterorder: Say, till: str, tmp_path: Path) -> None:
    tried = afterorder("platform", "try", till, payload(tmp_path))

    rows = [line.split() for line in tried.output.splitlines() if line.strip()]
    assert tried.exit_code == 0
    assert ["email", "anna@example.com"] in rows
    assert ["fulfilled", "2026-01-05", "09:00:00", "UTC"] in rows
    assert ["first_name", "the", "mail", "greets", "nobody", "by", "name"] in rows


def test_tags_are_told_by_name_and_word(afterorder: Say) -> None:
    tried = afterorder("platform", "try", "shopify", str(SAMPLES / "shopify" / "orders_fulfilled.json"))

    assert "first: yes" in tried.output
    assert "spring: yes" in tried.output


def test_a_payload_without_an_address_is_told_that_nobody_can_be_asked(
    afterorder: Say, till: str, tmp_path: Path
) -> None:
    assert "nobody can be asked" in afterorder("platform", "try", till, payload(tmp_path, buyer={})).output


def test_a_payload_that_would_be_refused_is_told_by_its_own_path(afterorder: Say, till: str, tmp_path: Path) -> None:
    tried = afterorder("platform", "try", till, payload(tmp_path, buyer={"mail": 5}))

    assert (tried.exit_code, tried.output) == (1, "buyer.mail: must be text\n")


def test_a_payload_that_we_pass_over_is_told_why(afterorder: Say) -> None:
    tried = afterorder(
        "platform", "try", "shopify", str(SAMPLES / "shopify" / "refunds_create.json"), "--topic", "refunds/create"
    )

    assert "told-by-another-topic" in tried.output


@pytest.mark.parametrize(
    ("name", "sample", "what"),
    [
        ("standard", "standard/ticket_solved", "TicketEvent"),
        ("standard", "standard/feedback_recorded", "FeedbackEvent"),
        ("stripe", "stripe/charge_refunded", "OrderEvent"),
    ],
)
def test_scripts_get_json(afterorder: Say, name: str, sample: str, what: str) -> None:
    tried = afterorder("platform", "try", name, str(SAMPLES / f"{sample}.json"), "--json")
    shown = afterorder("platform", "try", name, str(SAMPLES / f"{sample}.json"))

    assert json.loads(tried.output)["is"] == what
    assert "news of" in shown.output


def test_a_file_that_is_not_there_is_told_so(afterorder: Say, tmp_path: Path) -> None:
    tried = afterorder("platform", "try", "nothing.toml", payload(tmp_path))

    assert tried.exit_code == 1
    assert "no file nothing.toml" in tried.output
