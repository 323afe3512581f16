"""Orders that are read through their platform's API: hints become orders, and what webhooks lost is found again."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sqs.models import Message, sqs_backends

from functions import fetch_orders
from infra import adapters, clock, order_requests
from infra.aws import clients
from infra.aws.api_table import Api
from tests.functions.envelopes import CONTEXT, batch, envelope
from tests.functions.shop_servers import Asked, ShopServer, Told, by_id, serving, shopify, woocommerce
from tests.functions.world import REGION, World, counted, signed, writes_throttled
from tests.platforms.payloads import sample, woocommerce_order

Serve = Callable[[Callable[[Asked], Told]], ShopServer]
CONNECTED = "2026-01-05T08:00:00Z"
NINE = "2026-01-05T09:00:00Z"
TEN = "2026-01-05T10:00:00Z"


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers that end with the test, and forget whom they asked to wait."""
    order_requests.platform_api.cache_clear()
    with ExitStack() as running:
        yield lambda show: running.enter_context(serving(ShopServer(show)))
        order_requests.platform_api()._pool.clear()  # noqa: SLF001 - a connection must not outlive its server


def connect(world: World, platform: str, base: str, token: str, at: str = CONNECTED) -> None:
    adapters.apis().put(world.acme, platform, base, datetime.fromisoformat(at))
    adapters.secrets().put_api_token(world.acme, platform, token)


def api(world: World, platform: str) -> Api:
    found = adapters.apis().get(world.acme, platform)
    assert found is not None
    return found


def tick() -> dict[str, Any]:
    answer: dict[str, Any] = fetch_orders.handler(envelope("dispatch_schedule"), CONTEXT)
    return answer


def run(*messages: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the function some messages; those that failed, which SQS would give it again."""
    bodies = {f"message-{number}": json.dumps(message) for number, message in enumerate(messages)}
    result = fetch_orders.handler(batch("send_queue", *bodies.items()), CONTEXT)
    return [json.loads(bodies[failure["itemIdentifier"]]) for failure in result["batchItemFailures"]]


def waiting() -> list[tuple[dict[str, Any], int]]:
    """Take everything out of the queue: each message, and for how many seconds it was put off."""
    queue = sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues["afterorder-FetchQueue"]
    found = [(json.loads(each.body), delay_of(each)) for each in queue._messages]  # noqa: SLF001 - what waits cannot be received
    queue._messages = []  # noqa: SLF001
    return found


def delay_of(message: Message) -> int:
    return max(0, round((message.delayed_until - float(str(message.sent_timestamp))) / 1000))


def pump(most: int = 60) -> None:
    """Let the queue run empty, as if the time of what is put off had come; what failed comes again."""
    again: list[dict[str, Any]] = []
    for _ in range(most):
        messages = [*again, *(message for message, _ in waiting())]
        if not messages:
            return
        again = run(*messages)
    raise AssertionError("the queue does not run empty")


def hint(order: str, platform: str = "bigcommerce", **more: Any) -> dict[str, Any]:
    return {"shop": "acme", "platform": platform, "order": order, **more}


def page(since: str = CONNECTED, **more: Any) -> dict[str, Any]:
    return {"shop": "acme", "platform": "woocommerce", "run": "run-1", "since": since, **more}


def woo_order(number: int, changed_at: str, status: str = "completed") -> dict[str, Any]:
    billing = {"email": f"customer{number}@example.com", "first_name": "Anna", "country": "PL"}
    done = changed_at if status == "completed" else None
    return woocommerce_order(
        id=number,
        number=str(number),
        status=status,
        billing=billing,
        date_created_gmt=changed_at,
        date_paid_gmt=done,
        date_completed_gmt=done,
        date_modified_gmt=changed_at,
    )


def woo_orders(number: int, *, begin: str = "2026-01-05T08:00:00", each: timedelta) -> dict[int, dict[str, Any]]:
    first = datetime.fromisoformat(begin)
    return {n: woo_order(n, (first + n * each).isoformat()) for n in range(1, number + 1)}


def asked_about(world: World, orders: dict[int, Any]) -> set[int]:
    return {number for number in orders if world.survey_or_none(str(number)) is not None}


def changes_read(server: ShopServer) -> int:
    return sum(asked.path.endswith("/orders") for asked in server.asked)


# --- what webhooks lost -----------------------------------------------------------------------------------------------


def test_of_orders_whose_webhooks_are_dropped_at_random_not_one_is_missing(world: World, serve: Serve) -> None:
    chance = Random(1)  # noqa: S311 - what is lost is drawn, secrets are not
    orders = woo_orders(110, each=timedelta(seconds=20))
    server = serve(woocommerce(orders))
    connect(world, "woocommerce", server.address, "ck_1:cs_1")
    for order in orders.values():
        if chance.random() < 0.4:
            world.post(signed("woocommerce", json.dumps(order).encode()))
    lost = set(orders) - asked_about(world, orders)
    server.first = [None, Told({}, 500), None, Told({}, 429, {"Retry-After": "0"})]

    tick()
    pump()

    assert 40 < len(lost) < 90
    assert asked_about(world, orders) == set(orders)
    assert api(world, "woocommerce").run is None


def test_orders_that_change_while_they_are_read_are_all_read(world: World, serve: Serve) -> None:
    orders = woo_orders(55, each=timedelta(seconds=20))
    server = serve(woocommerce(orders))
    connect(world, "woocommerce", server.address, "ck_1:cs_1")

    def change(_: Asked) -> None:
        # After the first page, three orders of it move to the end, and all behind them move up.
        if changes_read(server) == 1:
            orders.update({number: woo_order(number, "2026-01-05T08:50:00") for number in (3, 4, 5)})

    server.after = change
    tick()
    pump()

    assert asked_about(world, orders) == set(orders)


def test_more_orders_of_one_second_than_a_page_holds_are_all_read(world: World, serve: Serve) -> None:
    orders = woo_orders(103, begin="2026-01-05T08:30:00", each=timedelta(0))
    orders |= {200: woo_order(200, "2026-01-05T08:31:00")}
    server = serve(woocommerce(orders))
    connect(world, "woocommerce", server.address, "ck_1:cs_1")

    tick()
    pump()

    assert asked_about(world, orders) == set(orders)
    assert api(world, "woocommerce").cursor == datetime(2026, 1, 5, 8, 31, tzinfo=UTC)


def test_a_page_that_dies_half_way_is_read_again_and_the_cursor_waits_for_it(world: World, serve: Serve) -> None:
    orders = woo_orders(55, each=timedelta(seconds=20))
    server = serve(woocommerce(orders))
    connect(world, "woocommerce", server.address, "ck_1:cs_1")
    world.post(signed("woocommerce", json.dumps({**orders[30], "status": "processing"}).encode()))
    tick()
    [(first, _)] = waiting()

    with writes_throttled("survey"):
        failed = run(first)
    at_the_failure = api(world, "woocommerce").cursor
    run(*failed)
    pump()

    assert failed == [first]
    assert at_the_failure == datetime.fromisoformat(CONNECTED)
    assert asked_about(world, orders) == set(orders)


def test_a_page_that_is_received_twice_ends_in_one_reading(world: World, serve: Serve) -> None:
    orders = woo_orders(55, each=timedelta(seconds=20))
    connect(world, "woocommerce", serve(woocommerce(orders)).address, "ck_1:cs_1")
    tick()
    [(first, _)] = waiting()

    failed = run(first, first)
    pump()

    assert failed == []
    assert asked_about(world, orders) == set(orders)
    assert api(world, "woocommerce").run is None


def test_the_cursor_follows_what_was_read_page_by_page(world: World, serve: Serve) -> None:
    server = serve(woocommerce(woo_orders(55, each=timedelta(seconds=20))))
    connect(world, "woocommerce", server.address, "ck_1:cs_1")
    tick()

    cursors = []
    for _ in range(3):
        run(*(message for message, _ in waiting()))
        cursors.append(api(world, "woocommerce").cursor)

    last_of_page, last = datetime(2026, 1, 5, 8, 16, 40, tzinfo=UTC), datetime(2026, 1, 5, 8, 18, 20, tzinfo=UTC)
    assert cursors == [last_of_page, last, last]


def test_a_clock_of_the_shop_that_runs_ahead_does_not_carry_the_cursor_with_it(world: World, serve: Serve) -> None:
    server = serve(woocommerce({1: woo_order(1, "2026-01-06T08:00:00")}))
    connect(world, "woocommerce", server.address, "ck_1:cs_1")

    tick()
    pump()

    assert api(world, "woocommerce").cursor == clock.now()


def test_the_next_hour_begins_ten_minutes_before_the_cursor(world: World, serve: Serve) -> None:
    server = serve(woocommerce({1: woo_order(1, "2026-01-05T08:45:00")}))
    connect(world, "woocommerce", server.address, "ck_1:cs_1")
    tick()
    pump()

    tick()

    [(message, _)] = waiting()
    assert message["since"] == "2026-01-05T08:35:00Z"


def test_times_with_fractions_of_a_second_come_to_an_end_too(world: World, serve: Serve) -> None:
    orders = {1: woo_order(1, "2026-01-05T08:40:00.500000"), 2: woo_order(2, "2026-01-05T08:40:00.900000")}
    server = serve(woocommerce(orders))
    connect(world, "woocommerce", server.address, "ck_1:cs_1")

    tick()
    pump()

    assert asked_about(world, orders) == {1, 2}
    assert len(server.asked) == 2


def test_an_order_that_cannot_be_read_holds_up_nobody_elses(world: World, serve: Serve) -> None:
    orders = woo_orders(3, each=timedelta(seconds=20))
    orders[2]["billing"] = {"email": 5}
    server = serve(woocommerce(orders))
    connect(world, "woocommerce", server.address, "ck_1:cs_1")

    tick()
    pump()

    assert asked_about(world, orders) == {1, 3}
    assert "order-unreadable" in counted(world.log)


def test_a_list_in_another_order_is_not_trusted(world: World, serve: Serve) -> None:
    jumbled = [woo_order(1, "2026-01-05T08:40:00"), woo_order(2, "2026-01-05T08:30:00")]
    server = serve(lambda _: Told(jumbled))
    connect(world, "woocommerce", server.address, "ck_1:cs_1")
    tick()
    [(first, _)] = waiting()

    failed = run(first)

    assert failed == [first]
    assert api(world, "woocommerce").cursor == datetime.fromisoformat(CONNECTED)


def test_shopifys_pages_are_followed_by_their_links_and_the_cursor_moves_at_the_end(world: World, serve: Serve) -> None:
    orders = {
        number: sample("shopify/orders_fulfilled")
        | {"id": number, "updated_at": f"2026-01-05T09:{number // 60:02}:{number % 60:02}+01:00"}
        for number in range(1, 56)
    }
    servers: list[ShopServer] = []
    servers.append(serve(shopify(orders, lambda: servers[0].address)))
    connect(world, "shopify", servers[0].address, "shpat_1")
    tick()

    cursors = []
    for _ in range(2):
        run(*(message for message, _ in waiting()))
        cursors.append(api(world, "shopify").cursor)

    begun = datetime.fromisoformat(CONNECTED)
    assert cursors == [begun, datetime(2026, 1, 5, 8, 0, 55, tzinfo=UTC)]
    assert asked_about(world, orders) == set(orders)
    assert waiting() == []


def test_a_next_page_of_another_host_is_never_asked_for(world: World, serve: Serve) -> None:
    elsewhere = serve(lambda _: Told({"orders": []}))
    link = f'<{elsewhere.address}/admin/api/orders.json?page_info=1>; rel="next"'
    server = serve(lambda _: Told({"orders": []}, headers={"Link": link}))
    connect(world, "shopify", server.address, "shpat_1")
    tick()
    [(first, _)] = waiting()

    from_the_answer = run(first)
    from_the_message = run({**first, "next": f"{elsewhere.address}/admin/api/orders.json?page_info=1"})

    assert len(from_the_answer) == len(from_the_message) == 1
    assert elsewhere.asked == []


# --- when it is read --------------------------------------------------------------------------------------------------


def test_the_schedule_idles_a_day_where_no_shop_is_read(world: World) -> None:
    del world
    assert tick() == {"idle_until": "2026-01-06T09:00:00+00:00"}


def test_the_schedule_idles_until_the_next_hour_where_one_is(world: World, serve: Serve) -> None:
    server = serve(woocommerce({}))
    connect(world, "woocommerce", server.address, "ck_1:cs_1")
    world.at("2026-01-05T09:00:07Z")

    assert tick() == {"idle_until": "2026-01-05T10:00:00+00:00"}


def test_a_platform_that_only_hints_is_not_read_by_the_hour(world: World) -> None:
    connect(world, "bigcommerce", "https://api.bigcommerce.com/stores/g5cd38", "token-1")

    answer = tick()

    assert answer == {"idle_until": "2026-01-06T09:00:00+00:00"}
    assert waiting() == []


def test_a_reading_that_goes_on_is_not_begun_a_second_time(world: World, serve: Serve) -> None:
    connect(world, "woocommerce", serve(woocommerce({})).address, "ck_1:cs_1")
    tick()
    first = waiting()

    world.at(TEN)
    tick()

    assert len(first) == 1
    assert waiting() == []


def test_a_reading_that_died_is_replaced_after_two_hours(world: World, serve: Serve) -> None:
    connect(world, "woocommerce", serve(woocommerce({})).address, "ck_1:cs_1")
    tick()
    waiting()

    world.at("2026-01-05T11:00:01Z")
    tick()

    assert len(waiting()) == 1


def test_an_operator_reads_further_back_and_takes_the_place_of_a_reading(world: World, serve: Serve) -> None:
    server = serve(woocommerce({1: woo_order(1, "2026-01-02T08:00:00")}))
    connect(world, "woocommerce", server.address, "ck_1:cs_1")
    tick()
    [(older, _)] = waiting()

    answer = fetch_orders.handler({"shop": "acme", "platform": "woocommerce", "since": "2026-01-01T00:00:00Z"}, CONTEXT)
    run(older)
    asked_by_the_older = len(server.asked)
    pump()

    assert answer == {"begun": True}
    assert asked_by_the_older == 0
    assert asked_about(world, {1: None}) == {1}
    assert api(world, "woocommerce").cursor == datetime.fromisoformat(CONNECTED)


# --- hints ------------------------------------------------------------------------------------------------------------


HINTS = {
    "bigcommerce": ("250", "store/order/updated", "x-auth-token", "token-1", "bigcommerce-client-secret"),
    "squarespace": ("585d498fdee9f31a60284a37", None, "authorization", "Bearer token-1", "ab" * 32),
    "ecwid": ("XJ12H", None, "authorization", "Bearer token-1", "ecwid-client-secret"),
}
HOOKS = {"bigcommerce": "order_updated", "squarespace": "order_update", "ecwid": "order_updated"}


def server_of(name: str, serve: Serve, order: dict[str, Any] | None) -> ShopServer:
    """The platform's API with one order, or without it."""
    order_id, _, header, proof, _ = HINTS[name]
    shown: dict[str, Any] = {}
    prefix = "/v2/orders/" if name == "bigcommerce" else "/orders/"
    if order is not None:
        shown = {order_id: order}
    if name == "bigcommerce" and order is not None:
        shown[f"{order_id}/products"] = sample("bigcommerce/api_order_products")
    return serve(by_id(shown, prefix, header, proof))


@pytest.mark.parametrize("name", HINTS)
def test_a_hint_becomes_the_order_as_the_platform_shows_it(world: World, serve: Serve, name: str) -> None:
    order_id, *_, secret = HINTS[name]
    adapters.secrets().put_webhook_secrets(world.acme, name, [secret])
    server = server_of(name, serve, sample(f"{name}/api_order"))
    connect(world, name, server.address, "token-1")

    answer = world.post(signed(name, json.dumps(sample(f"{name}/{HOOKS[name]}")).encode(), secret=secret))
    pump()

    survey = world.survey(order_id)
    assert answer["statusCode"] == 200
    assert survey.order.happened["fulfilled"].date().isoformat() == "2026-01-05"
    assert survey.order.details is not None
    assert [item.title for item in survey.order.details.items] == ["Namiot Ætna 2"]
    assert survey.order.details.email == "anna.kowalska@example.test"


def test_an_order_whose_lines_are_not_there_is_an_order_all_the_same(world: World, serve: Serve) -> None:
    server = serve(by_id({"250": sample("bigcommerce/api_order")}, "/v2/orders/", "x-auth-token", "token-1"))
    connect(world, "bigcommerce", server.address, "token-1")

    failed = run(hint("250"))

    assert failed == []
    assert world.survey("250").stage == "planned"


def test_an_order_that_is_gone_is_looked_for_twice_more_and_then_not_asked_about(world: World, serve: Serve) -> None:
    server = server_of("ecwid", serve, sample("ecwid/api_order"))
    connect(world, "ecwid", server.address, "token-1")
    run(hint("XJ12H", "ecwid"))
    planned = world.survey("XJ12H").stage
    server.show = by_id({}, "/orders/", "authorization", "Bearer token-1")

    delays = []
    messages = [hint("XJ12H", "ecwid")]
    while messages:
        assert run(*messages) == []
        put_off = waiting()
        delays += [delay for _, delay in put_off]
        messages = [message for message, _ in put_off]

    assert planned == "planned"
    assert delays == [60, 600]
    assert (world.survey("XJ12H").stage, world.survey("XJ12H").reason) == ("refused", "cancelled")
    assert "order-gone" in counted(world.log)


def test_a_hint_for_an_order_of_a_foreign_shop_leaves_nothing_behind(world: World, serve: Serve) -> None:
    server = server_of("bigcommerce", serve, None)
    connect(world, "bigcommerce", server.address, "token-1")
    before = world.items()

    run(hint("999"))
    pump()

    assert world.items() == before
    assert {asked.headers["x-auth-token"] for asked in server.asked} == {"token-1"}


def test_another_order_than_the_one_that_was_asked_for_is_not_kept(world: World, serve: Serve) -> None:
    server = server_of("ecwid", serve, sample("ecwid/api_order") | {"id": "FOREIGN"})
    connect(world, "ecwid", server.address, "token-1")

    failed = run(hint("XJ12H", "ecwid"))

    assert len(failed) == 1
    assert world.survey_or_none("XJ12H") is None
    assert world.survey_or_none("FOREIGN") is None


@pytest.mark.parametrize("order_id", ["../../v3/hooks", "1?token=", "a b", "", "ö", "x" * 65])
def test_an_id_that_cannot_stand_in_an_address_is_never_asked_for(world: World, serve: Serve, order_id: str) -> None:
    server = server_of("bigcommerce", serve, None)
    connect(world, "bigcommerce", server.address, "token-1")

    failed = run(hint(order_id))

    assert len(failed) == 1
    assert server.asked == []


# --- what goes wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (Told({}, 429, {"Retry-After": "120"}), 120),
        (Told({}, 429, {"Retry-After": "Mon, 05 Jan 2026 10:00:00 GMT"}), 60),
        (Told({}, 429, {"X-Rate-Limit-Time-Reset-Ms": "15000"}), 16),
        (Told({}, 429, {"Retry-After": "86400"}), 900),
        (Told({}, 500), 60),
        (Told({}, 503, {"Retry-After": "300"}), 300),
    ],
)
def test_what_a_platform_puts_off_comes_back_and_uses_up_no_receive(
    world: World, serve: Serve, told: Told, seconds: int
) -> None:
    server = server_of("bigcommerce", serve, sample("bigcommerce/api_order"))
    server.first = [told]
    connect(world, "bigcommerce", server.address, "token-1")

    failed = run(hint("250"))

    [(message, delay)] = waiting()
    assert failed == []
    assert (message["order"], delay) == ("250", seconds)
    assert counted(world.log) & {"platform-busy", "platform-down"}


def test_a_platform_that_stays_down_fails_the_message_in_the_end(world: World, serve: Serve) -> None:
    server = serve(lambda _: Told({}, 500))
    connect(world, "bigcommerce", server.address, "token-1")

    delays, messages = [], [hint("250")]
    while not run(*messages):
        [(message, delay)] = waiting()
        messages = [message]
        delays.append(delay)

    assert delays == [60, 60, 120, 240, 480, *[900] * 5]


def test_a_shop_that_nobody_answers_for_is_asked_again_later(world: World, serve: Serve) -> None:
    with serving(ShopServer(lambda _: Told({}))) as gone:
        address = gone.address
    del serve
    connect(world, "bigcommerce", address, "token-1")

    failed = run(hint("250"))

    assert failed == []
    assert [delay for _, delay in waiting()] == [60]


def test_a_token_that_is_taken_again_is_not_told_to_be_refused(world: World, serve: Serve) -> None:
    server = server_of("bigcommerce", serve, sample("bigcommerce/api_order"))
    server.first = [Told({}, 403)]
    connect(world, "bigcommerce", server.address, "token-1")

    failed = run(hint("250"))
    refused_at = api(world, "bigcommerce").refused_at
    run(*failed)

    assert refused_at is not None
    assert api(world, "bigcommerce").refused_at is None


def test_a_refused_token_is_told_and_the_message_is_kept(world: World, serve: Serve) -> None:
    server = server_of("bigcommerce", serve, sample("bigcommerce/api_order"))
    connect(world, "bigcommerce", server.address, "an-older-token")

    failed = run(hint("250"))

    assert len(failed) == 1
    assert "token-refused" in counted(world.log)
    assert "token-refused" in world.log
    assert "an-older-token" not in world.log
    assert api(world, "bigcommerce").refused_at == clock.now()


def test_a_token_that_was_just_set_is_read_again(world: World, serve: Serve) -> None:
    server = server_of("bigcommerce", serve, sample("bigcommerce/api_order"))
    connect(world, "bigcommerce", server.address, "an-older-token")
    run(hint("250"))
    clients.ssm().put_parameter(
        Name="/afterorder/afterorder/tokens/acme/bigcommerce", Value="token-1", Type="SecureString", Overwrite=True
    )

    failed = run(hint("250"))

    assert failed == []
    assert world.survey_or_none("250") is not None


def test_a_hint_of_a_shop_without_a_token_waits_for_one_in_the_dead_letter_queue(world: World) -> None:
    failed = run(hint("250"))

    assert len(failed) == 1
    assert world.survey_or_none("250") is None


def test_the_last_requests_that_bigcommerce_grants_are_left_to_others(world: World, serve: Serve) -> None:
    few = {"X-Rate-Limit-Requests-Left": "2", "X-Rate-Limit-Time-Reset-Ms": "14000"}
    server = serve(by_id({"250": sample("bigcommerce/api_order")}, "/v2/orders/", "x-auth-token", "token-1", few))
    connect(world, "bigcommerce", server.address, "token-1")

    run(hint("250"))

    [(message, delay)] = waiting()
    assert len(server.asked) == 1
    assert message["busy"] == 1
    assert 13 <= delay <= 15


@pytest.mark.parametrize(
    "told",
    [
        Told(b"<html>maintenance</html>"),
        Told(b'{"id": NaN}'),
        Told(b"250"),
        Told(b"[" * 100_000),
        Told([]),
        Told(b'"' + b"x" * 5_000_000 + b'"'),
        Told({}, 302, {"Location": "https://evil.example/"}),
        Told({}, 400),
    ],
    ids=["page", "nan", "number", "deep", "list", "large", "elsewhere", "refused"],
)
def test_an_answer_that_is_no_order_fails_the_message(world: World, serve: Serve, told: Told) -> None:
    server = serve(lambda _: told)
    connect(world, "ecwid", server.address, "token-1")

    failed = run(hint("XJ12H", "ecwid"))

    assert len(failed) == 1
    assert len(server.asked) == 1
    assert world.survey_or_none("XJ12H") is None


def test_nothing_is_asked_for_without_tls_but_from_this_machine(world: World) -> None:
    connect(world, "ecwid", "http://shop.example/api", "token-1")

    failed = run(hint("XJ12H", "ecwid"))

    assert len(failed) == 1
    assert waiting() == []
