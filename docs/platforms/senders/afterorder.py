"""Tell afterorder of an order, a support case or a rating: the standard webhook from Python 3.11 on, standard library only.

    sender = Sender("https://ask.shop.example/webhooks/acme/standard", "whsec_...")
    sender.send("order.fulfilled", {"id": "1001", "email": "anna@example.com", "total": "99.80", "currency": "PLN"})

As a command, with AFTERORDER_URL and AFTERORDER_SECRET set:  python3 afterorder.py < event.json
where event.json holds {"type": ..., "data": {...}} and, if it was told before, its "id".
"""

import binascii
import hashlib
import hmac
import http.client
import json
import os
import ssl
import sys
import time
import urllib.parse
import uuid
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

LEAST_KEY = 24


class NotTaken(Exception):
    """Refused, or not delivered. `status` is what was answered, 0 if nothing was; `message_id` is for sending the same again."""

    def __init__(self, status: int, text: str, message_id: str) -> None:
        super().__init__(reason(status, text))
        self.status, self.message_id = status, message_id


class Sender:
    """Posts to one address. No step of a try (connect, write, read) waits longer than `timeout`; `pauses` are the seconds between tries."""

    def __init__(self, url: str, secret: str, timeout: float = 5.0, pauses: Sequence[float] = (1, 5, 30)) -> None:
        self._url = urllib.parse.urlsplit(url)
        if self._url.scheme != "https" and self._url.hostname not in {"127.0.0.1", "localhost"}:
            raise ValueError("the address must begin with https://")
        self._key, self._timeout, self._pauses = key_of(secret), timeout, pauses

    def send(self, type_: str, data: dict[str, Any], message_id: str | None = None) -> str:
        """Return the message's id when it is durably kept, else raise NotTaken. Give the id again when you send the same again later."""
        message_id = message_id or f"msg_{uuid.uuid4().hex}"
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        body = json.dumps({"type": type_, "timestamp": now, "data": data}).encode()
        status, text = self.post(message_id, body)
        for pause in self._pauses:
            if not may_be_repeated(status):
                break
            time.sleep(pause)
            status, text = self.post(message_id, body)
        if status != http.HTTPStatus.OK:
            raise NotTaken(status, text, message_id)
        return message_id

    def post(self, message_id: str, body: bytes) -> tuple[int, str]:
        """Try once. Return the status, 0 without an answer, and what was said. Redirects are not followed."""
        connection = self._connection()
        try:
            connection.request("POST", self._url.path, body, self.headers(message_id, int(time.time()), body))
            response = connection.getresponse()
            return response.status, response.read(2000).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            return 0, str(error) or type(error).__name__
        finally:
            connection.close()

    def headers(self, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
        """Sign as https://www.standardwebhooks.com says. Each try has a time of its own; the id stays."""
        signed = f"{message_id}.{timestamp}.".encode() + body
        return {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": "v1," + b64encode(hmac.digest(self._key, signed, hashlib.sha256)).decode(),
        }

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._url.scheme == "https":
            return http.client.HTTPSConnection(host, port, timeout=self._timeout, context=ssl.create_default_context())
        return http.client.HTTPConnection(host, port, timeout=self._timeout)


def key_of(secret: str) -> bytes:
    """Return the key that a secret stands for; ValueError if it stands for none."""
    try:
        key = b64decode(secret.strip().removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if len(key) < LEAST_KEY:
        raise ValueError("the secret must be whsec_ and at least 24 bytes in base64")
    return key


def may_be_repeated(status: int) -> bool:
    return status in {0, http.HTTPStatus.TOO_MANY_REQUESTS} or status >= http.HTTPStatus.INTERNAL_SERVER_ERROR


def reason(status: int, text: str) -> str:
    """Say in words what a refusal means."""
    match status:
        case 0:
            return f"no answer ({text})"
        case 401:
            return f"401: refused; check the secret, and this machine's clock ({text})"
        case 404:
            return f"404: no such shop; check the address ({text})"
        case _ if http.HTTPStatus.MULTIPLE_CHOICES <= status < http.HTTPStatus.BAD_REQUEST:
            return f"{status}: redirected, which is not followed; check the address"
        case _:
            return f"{status}: {text}"


def main() -> None:
    event = json.load(sys.stdin)
    timeout = float(os.environ.get("AFTERORDER_TIMEOUT", "5"))
    pauses = [float(pause) for pause in os.environ.get("AFTERORDER_PAUSES", "1,5,30").split(",")]
    try:
        sender = Sender(os.environ.get("AFTERORDER_URL", ""), os.environ.get("AFTERORDER_SECRET", ""), timeout, pauses)
    except ValueError as error:
        sys.exit(str(error))
    try:
        sys.stdout.write(sender.send(event["type"], event["data"], event.get("id")) + "\n")
    except NotTaken as error:
        sys.exit(f"{event['type']} was not taken, message {error.message_id}: {error}")


if __name__ == "__main__":
    main()
