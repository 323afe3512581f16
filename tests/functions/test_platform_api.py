"""What is asked of a platform ends in time, keeps to its size, and goes with the shop's token to the shop's host alone."""

import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from socket import create_server

import pytest

from cx_domain.errors import NotFound
from infra.platform_api import LARGEST_ANSWER, ComeBack, Door, PlatformApi, TokenRefused, Unreadable
from infra.platforms import platform
from tests.functions.shop_servers import Asked, ShopServer, Told, serving

Serve = Callable[[Told], ShopServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers that always answer the same, and end with the test."""
    with ExitStack() as running:
        yield lambda told: running.enter_context(serving(ShopServer(lambda _: told)))


@pytest.fixture
def api() -> Iterator[PlatformApi]:
    made = PlatformApi(longest=0.3)
    yield made
    made._pool.clear()  # noqa: SLF001 - a connection must not outlive its server


def door(base: str, name: str = "ecwid", token: str = "token-1") -> Door:
    fetch = platform(name).fetch
    assert fetch is not None
    return Door("acme", name, base, fetch, token)


@pytest.mark.parametrize(
    ("name", "header", "value"),
    [
        ("ecwid", "authorization", "Bearer token-1"),
        ("squarespace", "authorization", "Bearer token-1"),
        ("bigcommerce", "x-auth-token", "token-1"),
        ("shopify", "x-shopify-access-token", "token-1"),
        ("woocommerce", "authorization", "Basic dG9rZW4tMQ=="),
    ],
)
def test_the_token_goes_where_the_platform_wants_it(
    serve: Serve, api: PlatformApi, name: str, header: str, value: str
) -> None:
    server = serve(Told({"id": 1}))

    answer = api.get(door(server.address, name), f"{server.address}/orders/1")

    [asked] = server.asked
    assert answer.body == {"id": 1}
    assert asked.headers[header] == value
    assert asked.headers["user-agent"].startswith("afterorder/")


def test_a_token_is_not_shown_where_a_door_is_printed() -> None:
    assert "token-1" not in repr(door("https://shop.example"))


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "ö", "x" * 5000])
def test_what_cannot_stand_in_a_header_is_no_token(serve: Serve, api: PlatformApi, token: str) -> None:
    server = serve(Told({}))

    with pytest.raises(TokenRefused):
        api.get(door(server.address, token=token), f"{server.address}/orders/1")

    assert server.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:1/orders/1",
        "http://evil.example/orders/1",
        "https://127.0.0.1/orders/1",
        "http://127.0.0.1@evil.example/",
        "//evil.example/orders/1",
        "/orders/1",
        "file:///etc/passwd",
    ],
)
def test_only_the_shops_own_host_is_asked(serve: Serve, api: PlatformApi, address: str) -> None:
    server = serve(Told({}))

    with pytest.raises(Unreadable):
        api.get(door(server.address), address)

    assert server.asked == []


def test_a_plain_address_that_is_not_this_machine_is_not_asked(api: PlatformApi) -> None:
    with pytest.raises(Unreadable, match="TLS"):
        api.get(door("http://shop.example"), "http://shop.example/orders/1")


def test_a_redirect_is_not_followed(serve: Serve, api: PlatformApi) -> None:
    elsewhere = serve(Told({}))
    server = serve(Told({}, 302, {"Location": f"{elsewhere.address}/orders/1"}))

    with pytest.raises(Unreadable):
        api.get(door(server.address), f"{server.address}/orders/1")

    assert elsewhere.asked == []


def test_an_answer_that_unpacks_to_too_much_is_not_read(serve: Serve, api: PlatformApi) -> None:
    packed = gzip.compress(b" " * (LARGEST_ANSWER * 4) + b"{}")
    server = serve(Told(packed, headers={"Content-Encoding": "gzip"}))

    with pytest.raises(Unreadable, match="more than"):
        api.get(door(server.address), f"{server.address}/orders/1")


def test_an_answer_that_is_not_packed_as_it_says_is_asked_for_again_later(serve: Serve, api: PlatformApi) -> None:
    server = serve(Told(b"{}", headers={"Content-Encoding": "gzip"}))

    with pytest.raises(ComeBack):
        api.get(door(server.address), f"{server.address}/orders/1")


def test_an_answer_that_trickles_is_given_up(api: PlatformApi) -> None:
    stop = threading.Event()
    with create_server(("127.0.0.1", 0)) as listening:

        def trickle() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{")
                while not stop.wait(0.05):
                    connection.sendall(b" ")

        thread = threading.Thread(target=trickle)
        thread.start()
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            with pytest.raises(ComeBack, match="without end"):
                api.get(door(base), f"{base}/orders/1")
        finally:
            stop.set()
            thread.join()


def test_an_answer_that_breaks_off_is_asked_for_again_later(api: PlatformApi) -> None:
    with create_server(("127.0.0.1", 0)) as listening:

        def break_off() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id": 1')

        thread = threading.Thread(target=break_off)
        thread.start()
        base = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with pytest.raises(ComeBack) as later:
            api.get(door(base), f"{base}/orders/1")
        thread.join()

    assert later.value.why == "down"


def test_a_list_without_entries_may_have_no_body(serve: Serve, api: PlatformApi) -> None:
    server = serve(Told(b"", 204))

    assert api.get(door(server.address, "bigcommerce"), f"{server.address}/v2/orders").body == []


@pytest.mark.parametrize(
    ("status", "error"), [(404, NotFound), (410, NotFound), (403, TokenRefused), (418, Unreadable)]
)
def test_a_status_means_what_it_says(serve: Serve, api: PlatformApi, status: int, error: type[Exception]) -> None:
    server = serve(Told({}, status))

    with pytest.raises(error):
        api.get(door(server.address), f"{server.address}/orders/1")


def test_who_has_to_wait_makes_nobody_else_wait(serve: Serve, api: PlatformApi) -> None:
    none_left = {"X-Rate-Limit-Requests-Left": "0", "X-Rate-Limit-Time-Reset-Ms": "15000"}
    server = serve(Told({}, headers=none_left))
    here = door(server.address, "bigcommerce")
    api.get(here, f"{server.address}/v2/orders/1")

    with pytest.raises(ComeBack) as later:
        api.get(here, f"{server.address}/v2/orders/2")
    api.get(replace(here, shop="brook"), f"{server.address}/v2/orders/3")

    assert (later.value.why, later.value.seconds) == ("busy", 15)
    assert [asked.path[-1] for asked in server.asked] == ["1", "3"]


def test_once_the_time_has_come_it_is_asked_again(serve: Serve) -> None:
    passed = [0.0]
    api = PlatformApi(seconds=lambda: passed[0])
    server = serve(Told({}, headers={"X-Rate-Limit-Requests-Left": "1", "X-Rate-Limit-Time-Reset-Ms": "15000"}))
    here = door(server.address, "bigcommerce")
    api.get(here, f"{server.address}/v2/orders/1")

    passed[0] = 15.0
    api.get(here, f"{server.address}/v2/orders/2")
    api._pool.clear()  # noqa: SLF001

    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("link", "following"),
    [
        ('<{base}/a?page=2>; rel="next"', "{base}/a?page=2"),
        ("<{base}/a?page=2>; rel=next", "{base}/a?page=2"),
        ('<{base}/a?page=1>; rel="previous", <{base}/a?page=3>; rel="next"', "{base}/a?page=3"),
        ('<{base}/a?page=1>; rel="previous"', None),
        ("nonsense", None),
    ],
)
def test_the_next_page_is_where_the_header_says(api: PlatformApi, link: str, following: str | None) -> None:
    def show(_: Asked) -> Told:
        return Told([], headers={"Link": link.format(base=server.address)})

    with serving(ShopServer(show)) as server:
        answer = api.get(door(server.address), f"{server.address}/a")

    assert answer.next == (following and following.format(base=server.address))
