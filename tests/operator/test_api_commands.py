"""A shop's token is taken, never shown, and forgotten when it is to be; what was lost is read when an operator says so."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest
from typer.testing import CliRunner, Result

from cx_domain.errors import NotConfigured
from cx_domain.shops import ShopId
from infra.operator.api_connections import reconcile
from infra.operator.cli import app
from infra.operator.session import Stack
from infra.platforms import platform

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

Say = Callable[..., Result]
ACME = ShopId("acme")
WOO = ("shop", "connect", "acme", "woocommerce", "--api", "https://acme.example", "--token", "ck_1:cs_1")


@dataclass
class Functions:
    """Lambda, which does what it is told and keeps what it was told."""

    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def invoke(self, FunctionName: str, Payload: bytes) -> Mapping[str, Any]:  # noqa: N803 - AWS's own names
        self.told.append((FunctionName, json.loads(Payload)))
        return {"Payload": io.BytesIO(b'{"begun": true}')}


def test_a_token_is_kept_and_never_shown(acme: Stack, afterorder: Say) -> None:
    said = afterorder(*WOO)

    api = acme.apis.get(ACME, "woocommerce")
    assert said.exit_code == 0
    assert api is not None
    assert api.base == "https://acme.example"
    assert acme.secrets.api_token(ACME, "woocommerce") == "ck_1:cs_1"
    assert "cs_1" not in said.output
    assert "https://acme.example: what was changed is read each hour" in " ".join(said.stderr.split())


def test_a_token_alone_leaves_the_webhook_secret_as_it_is(acme: Stack, afterorder: Say) -> None:
    afterorder("shop", "connect", "acme", "woocommerce", "--secret", "woo-secret")

    afterorder(*WOO)

    assert acme.secrets.webhook_secrets(ACME, "woocommerce") == ("woo-secret",)


def test_secret_and_token_can_be_set_at_once(acme: Stack, afterorder: Say) -> None:
    said = afterorder(
        *("shop", "connect", "acme", "bigcommerce", "--secret", "client-secret", "--api", "g5cd38", "--token", "t-1")
    )

    assert said.exit_code == 0
    assert "URL: https://ask.acme.test/webhooks/acme/bigcommerce" in said.stdout
    assert acme.secrets.webhook_secrets(ACME, "bigcommerce") == ("client-secret",)
    assert acme.secrets.api_token(ACME, "bigcommerce") == "t-1"


def test_a_script_is_told_in_json(acme: Stack, afterorder: Say) -> None:
    del acme

    said = afterorder(*WOO, "--json")

    assert json.loads(said.stdout) == {"api": "https://acme.example", "hourly": True}


def test_a_dash_asks_for_the_token_without_showing_it(acme: Stack) -> None:
    said = CliRunner().invoke(app, [*WOO[:-1], "-"], input="ck_2:cs_2\n")

    assert said.exit_code == 0
    assert acme.secrets.api_token(ACME, "woocommerce") == "ck_2:cs_2"
    assert "cs_2" not in said.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("woocommerce", "--api", "https://acme.example"), "--token"),
        (("woocommerce", "--api", "https://acme.example", "--token", "ck_1"), "--token"),
        (("woocommerce", "--api", "https://acme.example", "--token", "ck 1:cs"), "--token"),
        (("woocommerce", "--token", "ck_1:cs_1"), "--api"),
        (("woocommerce", "--api", "http://acme.example", "--token", "ck_1:cs_1"), "--api"),
        (("standard", "--token", "t-1"), "--token"),
    ],
)
def test_what_cannot_be_read_with_is_refused_and_nothing_is_kept(
    acme: Stack, afterorder: Say, words: tuple[str, ...], told: str
) -> None:
    said = afterorder("shop", "connect", "acme", *words)

    assert said.exit_code == 1
    assert told in said.stderr
    assert acme.apis.list() == []
    assert acme.secrets.api_token(ACME, words[0]) is None


def test_reconciling_is_begun_so_far_back(acme: Stack, afterorder: Say) -> None:
    functions = Functions()
    afterorder(*WOO)

    reconcile(
        replace(acme, functions=cast("LambdaClient", functions)), ACME, platform("woocommerce"), timedelta(days=3)
    )

    [(name, order)] = functions.told
    since = datetime.fromisoformat(order.pop("since"))
    assert (name, order) == ("afterorder-fetch-orders", {"shop": "acme", "platform": "woocommerce"})
    assert timedelta(days=3) <= acme.now() - since < timedelta(days=3, minutes=5)


def test_a_stack_that_was_deployed_before_is_to_be_deployed_again(acme: Stack, afterorder: Say) -> None:
    afterorder(*WOO)

    with pytest.raises(NotConfigured, match="deploy it again"):
        reconcile(replace(acme, fetch_function=""), ACME, platform("woocommerce"), timedelta(days=3))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("woocommerce",), "are not read from WooCommerce"),
        (("bigcommerce",), "does not list changed orders"),
        (("stripe",), "Stripe Checkout does not list changed orders"),
        (("woocommerce", "--since", "400d"), "--since"),
        (("woocommerce", "--since", "0d"), "--since"),
        (("woocommerce", "--since", "soon"), "duration"),
    ],
)
def test_what_cannot_be_reconciled_is_told(acme: Stack, afterorder: Say, words: tuple[str, ...], told: str) -> None:
    del acme
    if len(words) > 1:
        afterorder(*WOO)

    said = afterorder("shop", "reconcile", "acme", *words)

    assert said.exit_code == 1
    assert told in " ".join(said.stderr.split())


def test_off_reads_no_more_orders_and_forgets_the_token(acme: Stack, afterorder: Say) -> None:
    afterorder(*WOO)

    said = afterorder("shop", "reconcile", "acme", "woocommerce", "--off")
    again = afterorder("shop", "reconcile", "acme", "woocommerce", "--off")

    assert (said.stdout, again.stdout) == (
        "No more orders are read; the token is forgotten.\n",
        "No orders were read.\n",
    )
    assert acme.apis.list() == []
    assert acme.secrets.api_token(ACME, "woocommerce", refresh=True) is None


def test_a_token_that_is_refused_is_told_where_deliveries_are_shown(acme: Stack, afterorder: Say) -> None:
    afterorder(*WOO)
    acme.apis.note_refusal(ACME, "woocommerce", datetime.fromisoformat("2026-01-05T09:00:00Z"))

    said = " ".join(afterorder("shop", "deliveries", "acme").stderr.split())

    assert "WooCommerce has refused the token since 2026-01-05 10:00: no orders are read." in said
