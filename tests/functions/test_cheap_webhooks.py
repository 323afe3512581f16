"""A webhook is at most two calls to AWS, on every platform: the order, or the wish to read it, and the note that it came."""

from collections.abc import Iterator

import pytest

from functions import order_webhook
from infra.aws import clients
from infra.platforms import platforms
from tests.functions.conformance import Conformance, conforming
from tests.functions.conftest import Deployed
from tests.functions.envelopes import CONTEXT
from tests.functions.permissions import Watch, watching
from tests.functions.world import World


@pytest.fixture(params=platforms())
def shop(request: pytest.FixtureRequest, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Conformance]:
    """A shop on each platform; the function is warm, and knows no order."""
    with conforming(request.param, world, monkeypatch.setenv) as shop:
        deliver(shop)
        for item in shop.kept():
            clients.dynamodb().delete_item(TableName=table(), Key={name: item[name] for name in ("pk", "sk")})
        yield shop


@pytest.fixture
def calls(shop: Conformance, deployed: Deployed) -> Iterator[Watch]:
    del shop
    with watching(deployed.made["Bucket"]) as watch:
        yield watch


def table() -> str:
    (name,) = clients.dynamodb().list_tables()["TableNames"]
    return name


def deliver(shop: Conformance) -> None:
    assert order_webhook.handler(shop.event(shop.part("sent")), CONTEXT)["statusCode"] == 200


def test_the_first_news_of_an_order_is_two_calls(shop: Conformance, calls: Watch) -> None:
    deliver(shop)

    assert len(calls.actions) <= 2


def test_the_same_news_again_are_two_calls(shop: Conformance, calls: Watch) -> None:
    deliver(shop)
    calls.actions.clear()

    deliver(shop)

    assert len(calls.actions) <= 2
