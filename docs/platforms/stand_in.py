#!/usr/bin/env python3
"""Stands in for the platforms' APIs on this machine: shows the samples' orders to whoever asks, with any token.

`python3 docs/platforms/stand_in.py` says where it answers, and goes on until it is ended.
"""

import argparse
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

HOME = Path(__file__).resolve().parents[2]
SAMPLES = HOME / "tests" / "platforms" / "samples"
WOOCOMMERCE = HOME / "docs" / "platforms" / "woocommerce" / "order.json"
PORT = 8200


def read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def shown() -> dict[str, Any]:
    """What stands at each path, as its platform shows it."""
    return {
        "/v2/orders/250": read(SAMPLES / "bigcommerce" / "api_order.json"),
        "/v2/orders/250/products": read(SAMPLES / "bigcommerce" / "api_order_products.json"),
        "/orders/585d498fdee9f31a60284a37": read(SAMPLES / "squarespace" / "api_order.json"),
        "/orders/XJ12H": read(SAMPLES / "ecwid" / "api_order.json"),
        "/admin/api/2026-10/orders.json": {"orders": [read(SAMPLES / "shopify" / "orders_fulfilled.json")]},
        "/wp-json/wc/v3/orders": [read(WOOCOMMERCE)],
    }


class Api(BaseHTTPRequestHandler):
    """One platform's API or another; each path belongs to one."""

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        first = parse_qs(asked.query).get("page", ["1"]) == ["1"]
        found = shown().get(asked.path)
        body = json.dumps(found if first else []).encode()
        self.send_response(200 if found is not None else 404)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="0 takes any that is free")
    server = ThreadingHTTPServer(("127.0.0.1", parser.parse_args().port), Api)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)  # noqa: T201 - a program's output
    server.serve_forever()


if __name__ == "__main__":
    main()
