"""A scan of our addresses costs next to nothing: garbage is refused before anything is written, after at most two small reads."""

from collections.abc import Iterator

import pytest

from tests.functions.conftest import Deployed
from tests.functions.envelopes import CONTEXT, request
from tests.functions.permissions import Watch, watching
from tests.functions.test_strangers import DOORS
from tests.functions.world import World, signed

READS = {"dynamodb:GetItem", "ssm:GetParameter"}
GARBAGE: dict[str, dict[str, str]] = {
    "tap": {"token": "abc.def", "score": "9"},
    "look": {"token": "abc.def", "score": "9"},
    "answer": {"token": "abc.def"},
    "unsubscribe_look": {"token": "abc.def"},
    "unsubscribe_head": {"token": "abc.def"},
    "unsubscribe_form": {"token": "abc.def"},
    "report": {"token": "abc.def"},
    "report_file": {"token": "abc.def", "file": "report.html"},
    "report_of_period": {"token": "abc.def", "period": "2026-01", "file": "report.html"},
    "guess_look": {"token": "abc.def"},
    "guess_form": {"token": "abc.def"},
    "webhook": {"shop": "nobody", "platform": "woocommerce"},
    "challenge": {"shop": "acme", "platform": "woocommerce"},
}


@pytest.fixture
def calls(world: World, deployed: Deployed) -> Iterator[Watch]:
    """What functions ask AWS for, from a cold start on."""
    del world
    with watching(deployed.made["Bucket"]) as watch:
        yield watch


def ask(name: str) -> int:
    answer = DOORS[name](
        request(name, GARBAGE[name], body=b"score=9" if "form" in name or name == "answer" else None), CONTEXT
    )
    return int(answer["statusCode"])


@pytest.mark.parametrize("name", sorted(GARBAGE))
def test_garbage_costs_one_small_read_when_cold_and_writes_nothing(calls: Watch, name: str) -> None:
    status = ask(name)

    assert status in {200, 404}
    assert {call.action for call in calls.used} <= READS
    assert len(calls.actions) <= 1


@pytest.mark.parametrize("name", sorted(set(GARBAGE) - {"webhook"}))
def test_garbage_costs_nothing_when_warm(calls: Watch, name: str) -> None:
    ask(name)
    calls.actions.clear()

    for _ in range(20):
        ask(name)

    assert calls.actions == []


def test_scanning_for_shops_costs_one_small_read_each(calls: Watch) -> None:
    for number in range(20):
        DOORS["webhook"](request("webhook", {"shop": f"shop-{number}", "platform": "woocommerce"}, body=b"{}"), CONTEXT)

    assert calls.actions == ["dynamodb:GetItem"] * 20


@pytest.mark.parametrize("name", ["webhook", "challenge"])
@pytest.mark.parametrize("shop", ["a" * 3000, "acme#config", "ACME", "..", "acme\n", " ", "ö"])
def test_what_no_shop_can_be_called_costs_nothing(calls: Watch, name: str, shop: str) -> None:
    answer = DOORS[name](request(name, {"shop": shop, "platform": "a-till-of-its-own"}), CONTEXT)

    assert (answer["statusCode"], calls.actions) == (404, [])


def test_of_two_hundred_forged_webhooks_ten_are_noted_and_few_read_the_secret_again(calls: Watch) -> None:
    forged = signed("woocommerce", b'{"id": 1}', secret="somebody else's")

    statuses = {DOORS["webhook"](forged, CONTEXT)["statusCode"] for _ in range(200)}

    assert statuses == {401}
    assert calls.actions.count("dynamodb:UpdateItem") <= 10
    assert len(calls.actions) <= 25
