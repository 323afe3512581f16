"""The order webhook behind a port of this process, answering badly where a test wants it to."""

import json
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal

import jsonschema

from functions import order_webhook
from infra import clock
from infra.local.http_events import Request, event, find_route, reply
from infra.local.runtime_api import Result
from infra.local.stack import Route
from infra.local.wire import Connection, Reply, json_reply, listen
from tests.functions.envelopes import CONTEXT
from tests.functions.world import World
from tests.platforms.payloads import SAMPLES

SCHEMA = json.loads((SAMPLES.parents[2] / "docs" / "standard-webhook.schema.json").read_text(encoding="utf-8"))
ROUTES = [Route("POST", "/webhooks/{shop}/{platform}", "order_webhook")]
LONGEST_SILENCE = 30

Trouble = Literal["silence"] | int
"""`silence` never answers; a number is a status that something before the function answers with."""


@dataclass(frozen=True, slots=True)
class Post:
    """One request as it came, and what it was answered; 0 for silence."""

    headers: Mapping[str, str]
    body: bytes
    status: int

    @property
    def message_id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        """What was sent, which must be as the published schema says."""
        sent: dict[str, Any] = json.loads(self.body)
        jsonschema.validate(sent, SCHEMA)
        return sent


class Endpoint:
    """One world's webhooks. `troubles` are answered first, each once, and reach no function; `posts` is all that came."""

    def __init__(self, world: World) -> None:
        endpoint = self

        class Shop(Connection):
            def respond(self) -> None:
                body = self.body(1_000_000) or b""
                answer = endpoint.take(Request(self.command, self.path, tuple(self.headers.items()), body, "127.0.0.1"))
                if answer is None:
                    self.close_connection = True
                else:
                    self.reply(answer)

        self.world = world
        self.troubles: deque[Trouble] = deque()
        self.posts: list[Post] = []
        self._over = threading.Event()
        self._one_at_a_time = threading.Lock()
        self._server = listen(Shop, 0)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        """Where Acme Outdoor posts to."""
        return f"{self.origin}/webhooks/acme/standard"

    def types(self) -> list[str]:
        """The types of all that came, the oldest first."""
        return [post.event["type"] for post in self.posts]

    def take(self, request: Request) -> Reply | None:
        with self._one_at_a_time:
            trouble = self.troubles.popleft() if self.troubles else None
            answer = self._ask_the_function(request) if trouble is None else self._bad_answer(trouble)
            headers = {name.lower(): value for name, value in request.headers}
            self.posts.append(Post(headers, request.body, 0 if answer is None else answer.status))
        if answer is None:
            self._over.wait(LONGEST_SILENCE)
        return answer

    def close(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _bad_answer(self, trouble: Trouble) -> Reply | None:
        if trouble == "silence":
            return None
        elsewhere = (
            (("location", f"{self.origin}/elsewhere"),)
            if HTTPStatus.MULTIPLE_CHOICES <= trouble < HTTPStatus.BAD_REQUEST
            else ()
        )
        return Reply(trouble, b"", elsewhere)

    def _ask_the_function(self, request: Request) -> Reply:
        match = find_route(ROUTES, request.method, request.target)
        if match is None:
            return json_reply(404, {"message": "Not Found"})
        made = event(request, match, clock.now(), "123456789012")
        return reply(Result(json.dumps(order_webhook.handler(made, CONTEXT)).encode()))
