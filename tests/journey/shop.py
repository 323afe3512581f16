"""A shop on the standard webhook: its orders, signed as Standard Webhooks says, and posted."""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from tests.journey.stack import HOME, Stack

ACME = HOME / "tests" / "shop_files" / "acme.toml"


def order(number: int, *, at: str, happening: str = "fulfilled", **changes: Any) -> dict[str, Any]:
    """One order's news; `changes` overwrite the order's fields."""
    data = {
        "id": str(number),
        "number": str(number),
        "email": f"customer{number}@example.com",
        "first_name": "Anna",
        "language": "en",
        "country": "PL",
        "currency": "PLN",
        "total": "99.80",
        "items": [{"sku": "T-1", "title": "Tent", "category": "tents", "quantity": 1}],
        "channel": "web",
        "delivery": "courier",
        "customer_id": f"c-{number}",
        "consent": True,
        "test": False,
        "placed_at": at,
        "updated_at": at,
    }
    return {"type": f"order.{happening}", "timestamp": at, "data": {**data, **changes}}


def acme(folder: Path, *changes: tuple[str, str]) -> Path:
    """Acme's file with some of its lines changed."""
    text = ACME.read_text(encoding="utf-8")
    for line, other in changes:
        assert line in text
        text = text.replace(line, other)
    file = folder / "acme.toml"
    file.write_text(text, encoding="utf-8")
    return file


class Shop:
    """The shop acme, put and connected on a stack."""

    def __init__(self, stack: Stack, file: Path = ACME, name: str = "acme") -> None:
        stack.run("shop", "put", file)
        self._secret = json.loads(stack.run("shop", "connect", name, "standard", "--json"))["secret"]
        self.stack, self.name = stack, name

    def signed(self, body: bytes, message_id: str = "msg_1") -> Mapping[str, str]:
        now = self.stack.http.get(f"{self.stack.url}/_local/clock").json()["now"]
        stamp = str(int(_timestamp(now)))
        key = base64.b64decode(self._secret.removeprefix("whsec_"))
        digest = hmac.new(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
        return {
            "webhook-id": message_id,
            "webhook-timestamp": stamp,
            "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
            "content-type": "application/json",
        }

    def post(self, news: Mapping[str, Any] | bytes, session: requests.Session | None = None) -> requests.Response:
        body = news if isinstance(news, bytes) else json.dumps(news).encode()
        url = f"{self.stack.url}/webhooks/{self.name}/standard"
        return (session or self.stack.http).post(url, data=body, headers=dict(self.signed(body)))


def _timestamp(iso: str) -> float:
    return datetime.fromisoformat(re.sub("Z$", "+00:00", iso)).timestamp()
