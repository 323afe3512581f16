"""What a stranger, a mistaken shop or a broken link meets: a clear no, and nothing kept."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journey.shop import Shop, order
from tests.journey.stack import HOME, Stack

ANNA = "customer1001@example.com"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    stack = Stack(tmp_path_factory.mktemp("data"), now="2026-01-05T09:00:00Z")
    shop = Shop(stack)
    shop.post(order(1001, at="2026-01-05T09:00:00Z"))
    stack.advance("8d")
    return shop


@pytest.fixture(scope="module", autouse=True)
def _end(shop: Shop) -> Iterator[None]:
    yield
    shop.stack.stop()


def test_a_forged_webhook_is_unauthorised_and_keeps_nothing(shop: Shop) -> None:
    body = json.dumps(order(6666, at="2026-01-05T09:00:00Z")).encode()
    headers = {**shop.signed(body), "webhook-signature": "v1,bm90IG91cnM="}

    answer = shop.stack.http.post(f"{shop.stack.url}/webhooks/acme/standard", data=body, headers=headers)

    assert answer.status_code == 401
    assert "6666" not in {survey["order"] for survey in shop.stack.surveys("acme")}


@pytest.mark.parametrize("path", ["/webhooks/nobody/standard", "/webhooks/acme/nothing", "/webhooks/acme/shopify"])
def test_an_unknown_shop_or_platform_is_not_found(shop: Shop, path: str) -> None:
    assert shop.stack.http.post(f"{shop.stack.url}{path}", data=b"{}").status_code == 404


def test_malformed_json_behind_a_good_signature_is_told_where(shop: Shop) -> None:
    answer = shop.post(b'{"type": "order.placed", "data": {')

    assert answer.status_code == 400
    assert "line 1" in answer.text


def test_a_missing_field_is_named(shop: Shop) -> None:
    news = order(1002, at="2026-01-05T09:00:00Z")
    del news["data"]["id"]

    answer = shop.post(news)

    assert answer.status_code == 400
    assert "data.id" in answer.text


def test_a_body_over_a_megabyte_is_too_large(shop: Shop) -> None:
    assert shop.post(b" " * 1_048_577).status_code == 413


def test_ignored_topics_test_orders_and_orders_without_an_address_are_acknowledged(shop: Shop) -> None:
    at = "2026-01-05T09:00:00Z"

    statuses = [
        shop.post({**order(1003, at=at), "type": "order.painted"}).status_code,
        shop.post(order(1004, at=at, test=True)).status_code,
        shop.post(order(1005, at=at, email="")).status_code,
    ]

    assert statuses == [200, 200, 200]
    reasons = {survey["order"]: survey["reason"] for survey in shop.stack.surveys("acme")}
    assert reasons["1004"] == "test-order"
    assert reasons["1005"] == "no-address"
    assert "1003" not in reasons


@pytest.mark.parametrize("score", ["11", "-1", "7.5", "null", "%D9%A9", "07", "1e1", "%2B7"])
def test_a_score_outside_the_scale_is_refused_and_not_kept(shop: Shop, score: str) -> None:
    link = shop.stack.links(ANNA)["9"].rsplit("/", 1)[0]

    assert shop.stack.http.get(f"{link}/{score}").status_code == 400

    [survey] = json.loads(shop.stack.run("survey", "show", "acme", "1001", "--json"))
    assert survey["visits"] == []


def test_a_tampered_or_foreign_token_gets_a_kind_page(shop: Shop) -> None:
    links = shop.stack.links(ANNA)
    rate, stop = links["9"], links["unsubscribe"]
    token = rate.split("/")[-2]

    for other in (token[:-1] + ("A" if token[-1] != "A" else "B"), token.upper(), stop.split("/")[-1], "x"):
        answer = shop.stack.http.get(rate.replace(token, other))
        assert answer.status_code == 404
        assert "<html" in answer.text


def test_looking_without_opening_changes_nothing(shop: Shop) -> None:
    assert shop.stack.http.head(shop.stack.links(ANNA)["9"]).status_code == 200

    [survey] = json.loads(shop.stack.run("survey", "show", "acme", "1001", "--json"))
    assert survey["visits"] == []


def test_a_shop_s_file_with_mistakes_is_refused_whole(shop: Shop, tmp_path: Path) -> None:
    broken = (HOME / "tests" / "shop_files" / "acme.toml").read_text()
    broken = broken.replace('timezone = "Europe/Warsaw"', 'timezone = "Europe/Warszawa"').replace('"7d"', '"7 days"')
    file = tmp_path / "broken.toml"
    file.write_text(broken.replace('shop = "acme"', 'shop = "broken"'))

    refused = shop.stack.try_run("shop", "put", file)

    assert refused.returncode == 1
    assert "timezone" in refused.stderr
    assert "delay" in refused.stderr
    assert "broken" not in shop.stack.run("shop", "list")
