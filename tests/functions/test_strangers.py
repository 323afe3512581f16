"""Whatever a stranger sends to a public address, it is answered, and never with our own failure."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cx_domain import readers
from functions import order_webhook, report_download, survey_page, unsubscribe
from infra import adapters, links, report_links
from infra.platforms import platforms
from tests.builders import KEY
from tests.functions.envelopes import CONTEXT, Event, envelope
from tests.functions.world import LINK_KEYS, World, signed

_EXAMPLES = settings.default.max_examples if settings.default is not None else 100
Handler = Callable[[Event, Any], dict[str, Any]]
Draw = st.DrawFn

DOORS: Mapping[str, Handler] = {
    **dict.fromkeys(("webhook", "challenge"), order_webhook.handler),
    **dict.fromkeys(("tap", "look", "answer"), survey_page.handler),
    **dict.fromkeys(
        ("unsubscribe_look", "unsubscribe_head", "unsubscribe_form", "one_click_unsubscribe"), unsubscribe.handler
    ),
    **dict.fromkeys(
        ("report", "report_head", "report_file", "report_of_period", "guess_look", "guess_form"),
        report_download.handler,
    ),
}
HEADERS = (
    *("content-type", "user-agent", "accept-language", "x-forwarded-proto", "cookie", "webhook-id", "saleor-signature"),
    *("webhook-timestamp", "webhook-signature", "x-shopify-topic", "x-shopify-hmac-sha256", "x-wc-webhook-signature"),
    *("stripe-signature", "x-webhook-sha1", "x-webhook-id", "x-ecwid-webhook-signature", "squarespace-signature"),
    *("x-adobe-digital-signature-1", "x-adobe-public-key1-path", "saleor-api-url", "x-request-id"),
)
ANY_TEXT = st.text(max_size=40)
HEADER_TEXT = ANY_TEXT | st.sampled_from(
    (
        "t=1,v1=a",
        "v1,YQ==",
        "1767603600",
        "whsec_",
        "eyJhbGciOiJIUzI1NiJ9..YQ",
        "x" * 5000,
        "pl,en;q=0.5",
        "../",
        "\r\n",
    )
)
A_SHOP = st.sampled_from(("acme", "ACME", "acme#", "..", "shop#acme")) | ANY_TEXT
A_PLATFORM = st.sampled_from([*platforms(), "acme-till", "standard.toml"]) | ANY_TEXT
A_FIELD = st.sampled_from(
    (
        "score",
        "comment",
        "driver",
        "may_reply",
        "visit",
        "evidence",
        "visible",
        "language",
        "choice",
        "nps",
        "challenge",
    )
)
A_VALUE = (
    st.sampled_from(("0", "10", "11", "-1", "\u0661", "1e3", "back", "on", "pl", "person", "\ud800", "x" * 3000))
    | ANY_TEXT
)
FORMS = st.lists(st.tuples(A_FIELD, A_VALUE), max_size=6)
BODIES = (
    st.none()
    | ANY_TEXT
    | st.binary(max_size=60).map(lambda raw: raw.decode("latin-1"))
    | st.sampled_from(
        ("{}", "[" * 100_000, '{"type":"order.placed"}', "1" * 5000, "webhook_id=1", "a=1&" * 2000, "e30=")
    )
    | FORMS.map(lambda fields: "&".join(f"{name}={value}" for name, value in fields))
)


@st.composite
def strange_events(draw: Draw, name: str, path: Mapping[str, str] | None = None) -> Event:
    """An event of API Gateway's for this door, with everything in it that a stranger chooses drawn; `path` stays as it is."""
    event = envelope(name)
    event["headers"] = draw(st.dictionaries(st.sampled_from(HEADERS), HEADER_TEXT, max_size=4))
    known = {"shop": A_SHOP, "platform": A_PLATFORM, "score": A_VALUE}
    chosen = {each: draw(known.get(each, ANY_TEXT)) for each in event["pathParameters"] if each not in (path or {})}
    event["pathParameters"] = chosen | dict(path or {})
    written = event["routeKey"].split(" ")[1].format(**event["pathParameters"])
    event["rawPath"] = event["requestContext"]["http"]["path"] = written
    query = draw(st.none() | st.dictionaries(A_FIELD | ANY_TEXT, A_VALUE, max_size=3))
    event |= {"queryStringParameters": query, "cookies": draw(st.lists(ANY_TEXT | st.just("afterorder=x"), max_size=2))}
    event |= {"body": draw(BODIES), "isBase64Encoded": draw(st.booleans())}
    return event


# The world is not begun anew for each example: a door must stand whatever was sent before.
of_any_number = settings(
    max_examples=_EXAMPLES // 4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize("name", sorted(DOORS))
@of_any_number
@given(data=st.data())
def test_garbage_at_a_door_is_refused_and_is_never_our_failure(world: World, name: str, data: st.DataObject) -> None:
    del world
    event = data.draw(strange_events(name))

    answer = DOORS[name](event, CONTEXT)

    assert 200 <= answer["statusCode"] < 500


@pytest.mark.parametrize("name", ["tap", "look", "answer", "unsubscribe_look", "unsubscribe_form"])
@pytest.mark.parametrize("preview", [False, True], ids=["mailed", "previewed"])
@of_any_number
@given(data=st.data())
def test_strange_words_from_who_has_a_customers_link_are_answered(
    asked: World, name: str, preview: bool, data: st.DataObject
) -> None:
    own = asked.link("unsubscribe" if name.startswith("uns") else "rate")
    token = links.seal(LINK_KEYS, "preview", "acme.nps.pl") if preview else own
    event = data.draw(strange_events(name, {"token": token}))

    answer = DOORS[name](event, CONTEXT)

    assert 200 <= answer["statusCode"] < 500


@pytest.mark.parametrize("name", ["report", "report_file", "report_of_period", "guess_look", "guess_form"])
@of_any_number
@given(data=st.data())
def test_strange_words_from_who_has_a_managers_link_are_answered(asked: World, name: str, data: st.DataObject) -> None:
    shop = adapters.shop(asked.acme)
    boss = readers.readers(KEY, shop, {})[0]
    guess = report_links.guess_token(LINK_KEYS, shop.id, boss, "2026-01")
    token = guess if name.startswith("guess") else report_links.token(LINK_KEYS, shop.id, boss)
    event = data.draw(strange_events(name, {"token": token}))

    answer = DOORS[name](event, CONTEXT)

    assert 200 <= answer["statusCode"] < 500


@pytest.mark.parametrize("platform_name", ["standard", "woocommerce", "shopify"])
@of_any_number
@given(body=BODIES.filter(lambda body: body is not None).map(lambda body: str(body).encode("utf-8", "replace")))
def test_whatever_a_shop_signs_is_taken_or_refused(world: World, platform_name: str, body: bytes) -> None:
    answer = world.post(signed(platform_name, body))

    assert answer["statusCode"] in {200, 400}


@pytest.fixture
def asked(after: Callable[[Callable[[World], None]], World]) -> World:
    """Acme a week after order 1001, of which a mail went out."""
    return after(_mail)


def _mail(world: World) -> None:
    world.mailed()
