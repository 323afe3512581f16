"""`[fetch]` of a platform's file: where its API is, what may be asked of it, and every mistake by its key."""

import pytest

from cx_domain.errors import BadField, BadPlatformFile
from infra.platforms import platform, read_platform
from infra.platforms.fetching import Fetch, changed_address

TILL = """
name = "till"
title = "The till"

[signature]
scheme = "hmac-sha256"
header = "x-till-signature"

[topic]
always = "sold"

[topics]
sold = "event"

[shapes.event]
becomes = "hint"

[shapes.event.fields]
id = "id"

[shapes.order]
becomes = "order"

[shapes.order.fields]
id = "id"

[shapes.order.item]
title = "name"

"""
FETCH = """
[fetch]
base = "https://till.example/{api}"
api = "the till's number"
token = "what the till shows"
path = "/sales/{id}"
shape = "order"
"""


def fetch_of(name: str) -> Fetch:
    found = platform(name).fetch
    assert found is not None
    return found


def mistakes(fetch: str) -> dict[str, str]:
    with pytest.raises(BadPlatformFile) as refused:
        read_platform(TILL + fetch)
    return {mistake.key: mistake.why for mistake in refused.value.mistakes}


def test_a_shops_own_platform_can_be_read_through_its_api() -> None:
    found = read_platform(TILL + FETCH).fetch

    assert found is not None
    assert found.order_address(found.base_of("12"), "1001") == "https://till.example/12/sales/1001"


def test_a_platform_without_it_is_not_read() -> None:
    assert read_platform(TILL).fetch is None


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('"https://till.example/{api}"', '"http://till.example/{api}"', "fetch.base"),
        ('"https://till.example/{api}"', '"https://till.example/{api}/{api}"', "fetch.base"),
        ('"https://till.example/{api}"', '"https://till.example/{shop}"', "fetch.base"),
        ('"https://till.example/{api}"', '"https://till.example/"', "fetch.base"),
        ('"https://till.example/{api}"', '"https://key@till.example"', "fetch.base"),
        ('"https://till.example/{api}"', '"https://till.example"', "fetch.api"),
        ('api = "the till\'s number"\n', "", "fetch.api"),
        ('token = "what the till shows"\n', "", "fetch.token"),
        ('"/sales/{id}"', '"/sales"', "fetch.path"),
        ('"/sales/{id}"', '"/sales/{id}/{host}"', "fetch.path"),
        ('"/sales/{id}"', '"sales/{id}"', "fetch.path"),
        ('"/sales/{id}"', '"/sales/ {id}"', "fetch.path"),
        ('shape = "order"', 'shape = "sale"', "fetch.shape"),
        ('shape = "order"', 'shape = "event"', "fetch.shape"),
        ('shape = "order"', 'shape = "order"\ngone = [200]', "fetch.gone[0]"),
        ('shape = "order"', 'shape = "order"\norder = "a["', "fetch.order"),
        ('shape = "order"', 'shape = "order"\nretries = 3', "fetch.retries"),
        ('shape = "order"', 'shape = "order"\n[fetch.auth]\nvalue = "Bearer"', "fetch.auth.value"),
        ('shape = "order"', 'shape = "order"\n[fetch.auth]\nheader = "X-Auth"', "fetch.auth.header"),
        ('shape = "order"', 'shape = "order"\n[fetch.pace]\nleft = "x-left"', "fetch.pace.reset_milliseconds"),
    ],
)
def test_a_mistake_is_told_by_its_key(before: str, after: str, key: str) -> None:
    assert before in FETCH

    assert set(mistakes(FETCH.replace(before, after))) == {key}


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ('path = "/sales"\nat = "at"\npaging = "link"', "fetch.changed.path"),
        ('path = "/sales?from={since}"\nat = "at"\npaging = "time"', "fetch.changed.path"),
        ('path = "/sales?from={since}&page={page}"\nat = "at"\npaging = "offset"', "fetch.changed.paging"),
        ('path = "/sales?from={since}"\npaging = "link"', "fetch.changed.at"),
        ('path = "/sales?from={since}"\nat = "at"\npaging = "link"\nsize = 1', "fetch.changed.size"),
    ],
)
def test_a_mistake_in_how_changes_are_listed_is_told_by_its_key(changed: str, key: str) -> None:
    assert set(mistakes(f"{FETCH}\n[fetch.changed]\n{changed}")) == {key}


# --- addresses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "given", "base"),
    [
        ("bigcommerce", "g5cd38", "https://api.bigcommerce.com/stores/g5cd38"),
        ("shopify", "acme-outdoor", "https://acme-outdoor.myshopify.com"),
        ("ecwid", "1003", "https://app.ecwid.com/api/v3/1003"),
        ("squarespace", None, "https://api.squarespace.com/1.0/commerce"),
        ("woocommerce", "https://acme.example/", "https://acme.example"),
        ("woocommerce", "https://acme.example/shop", "https://acme.example/shop"),
        ("woocommerce", "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("bigcommerce", "https://proxy.acme.example/bc", "https://proxy.acme.example/bc"),
    ],
)
def test_an_operator_says_where_the_api_is(name: str, given: str | None, base: str) -> None:
    assert fetch_of(name).base_of(given) == base


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("bigcommerce", None),
        ("bigcommerce", "g5cd38/../../x"),
        ("bigcommerce", "evil.example#"),
        ("shopify", "evil.example/"),
        ("squarespace", "g5cd38"),
        ("woocommerce", None),
        ("woocommerce", "acme.example"),
        ("woocommerce", "http://acme.example"),
        ("woocommerce", "http://169.254.169.254"),
        ("woocommerce", "ftp://acme.example"),
        ("woocommerce", "https://user@acme.example"),
        ("woocommerce", "https://acme.example/?page=1"),
        ("woocommerce", "https://acme.example/#top"),
        ("woocommerce", "https://acme.example/a b"),
        ("woocommerce", "https://acme.example:port"),
        ("woocommerce", "https://"),
        ("woocommerce", "https://[acme"),
    ],
)
def test_an_address_that_is_none_is_refused(name: str, given: str | None) -> None:
    with pytest.raises(BadField, match=r"^--api: "):
        fetch_of(name).base_of(given)


@pytest.mark.parametrize("order_id", ["", "../hooks", "1/2", "1?x", "1#x", "a b", "ö", "x" * 65, "1\n"])
def test_an_id_that_could_lead_elsewhere_stands_in_no_address(order_id: str) -> None:
    fetch = fetch_of("bigcommerce")

    with pytest.raises(BadField, match=r"^order: "):
        fetch.order_address("https://api.example", order_id)
    with pytest.raises(BadField, match=r"^order: "):
        fetch.items_address("https://api.example", order_id)


def test_what_stands_in_a_query_is_encoded() -> None:
    changed = fetch_of("woocommerce").changed
    assert changed is not None

    address = changed_address(changed, "https://acme.example", "2026-01-05T09:00:00", 2)

    assert address == (
        "https://acme.example/wp-json/wc/v3/orders?modified_after=2026-01-05T09%3A00%3A00&dates_are_gmt=true"
        "&orderby=modified&order=asc&status=any&per_page=50&page=2"
    )
