"""Platforms' APIs as small servers on this machine: each keeps orders and shows them in its platform's own form."""

import json
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Order = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its path, its query with the last value of each name, and its headers in small letters."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """One answer. `body` is bytes as they are, or what becomes JSON."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class ShopServer:
    """A server whose answers `show` gives; `first` are answers that come before those, such as a 500."""

    show: Callable[[Asked], Told]
    first: list[Told | None] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    after: Callable[[Asked], None] | None = None
    """What happens in the shop once a request is answered."""
    port: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, asked: Asked) -> Told:
        self.asked.append(asked)
        told = (self.first.pop(0) if self.first else None) or self.show(asked)
        if self.after is not None:
            self.after(asked)
        return told


@contextmanager
def serving(server: ShopServer) -> Iterator[ShopServer]:
    """Let it answer, at a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
            told = server.answer(Asked(parts.path, query, {k.lower(): v for k, v in self.headers.items()}))
            body = told.body if isinstance(told.body, bytes) else json.dumps(told.body, ensure_ascii=False).encode()
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that the class has
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.daemon_threads = True
    server.port = running.server_port
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


def woocommerce(orders: dict[int, Order], key: str = "ck_1:cs_1") -> Callable[[Asked], Told]:
    """REST API v3: one order, or those modified after a time, by that time, a page."""

    def show(asked: Asked) -> Told:
        if asked.headers.get("authorization") != f"Basic {b64encode(key.encode()).decode()}":
            return Told({"code": "woocommerce_rest_cannot_view"}, 401)
        *_, last = asked.path.split("/")
        if last != "orders":
            found = orders.get(int(last))
            return Told(found) if found else Told({"code": "woocommerce_rest_shop_order_invalid_id"}, 404)
        after, size, page = asked.query["modified_after"], int(asked.query["per_page"]), int(asked.query["page"])
        changed = [order for order in list(orders.values()) if order["date_modified_gmt"] > after]
        changed.sort(key=lambda order: order["date_modified_gmt"])
        return Told(changed[(page - 1) * size : page * size])

    return show


def shopify(orders: dict[int, Order], address: Callable[[], str], token: str = "shpat_1") -> Callable[[Asked], Told]:
    """The REST Admin API: pages by `page_info`, which alone may stand beside `limit`; a page goes on after the last one's time and id."""

    def show(asked: Asked) -> Told:
        if asked.headers.get("x-shopify-access-token") != token:
            return Told({"errors": "[API] Invalid API key or access token"}, 401)
        if "page_info" in asked.query:
            assert set(asked.query) == {"page_info", "limit"}
        begin = asked.query.get("page_info") or f"{asked.query['updated_at_min']}|"
        ordered = sorted(orders.values(), key=lambda order: (order["updated_at"], order["id"]))
        rest = [order for order in ordered if f"{order['updated_at']}|{order['id']}" > begin]
        size = int(asked.query["limit"])
        headers = {}
        if len(rest) > size:
            last = rest[size - 1]
            following = f"{address()}{asked.path}?limit={size}&page_info={last['updated_at']}%7C{last['id']}"
            headers["Link"] = (
                f'<{address()}{asked.path}?limit=1&page_info=x>; rel="previous", <{following}>; rel="next"'
            )
        return Told({"orders": rest[:size]}, headers=headers)

    return show


def by_id(
    orders: Mapping[str, Any], prefix: str, header: str, proof: str, headers: Mapping[str, str] | None = None
) -> Callable[[Asked], Told]:
    """Any API that shows one thing by its path: `orders` by what stands after the prefix."""

    def show(asked: Asked) -> Told:
        if asked.headers.get(header) != proof:
            return Told({"message": "no"}, 401, headers or {})
        found = orders.get(asked.path.removeprefix(prefix))
        return (
            Told(found, 200, headers or {}) if found is not None else Told({"message": "not found"}, 404, headers or {})
        )

    return show
