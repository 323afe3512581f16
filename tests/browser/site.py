"""The template's routes of the pages that people see, served from this process as API Gateway would serve them."""

import json
import threading
from typing import Any

from functions import report_download, survey_page, unsubscribe
from infra import clock
from infra.local.http_events import Request, event, find_route, reply
from infra.local.runtime_api import Result
from infra.local.stack import Route
from infra.local.wire import Connection, Reply, json_reply, listen
from tests.functions.envelopes import CONTEXT
from tests.functions.world import World
from tests.template import functions

HANDLERS = {
    "survey_page": survey_page.handler,
    "unsubscribe": unsubscribe.handler,
    "report_download": report_download.handler,
}
ROUTES = [
    Route(rule["Properties"]["Method"], rule["Properties"]["Path"], name)
    for name in HANDLERS
    for rule in functions()[name]["Events"].values()
]


class Site:
    """The pages of one world. `requests` holds what was asked for, as `GET /s/{token}/{score}`."""

    def __init__(self, world: World) -> None:
        site = self

        class Visitor(Connection):
            def respond(self) -> None:
                body = self.body(1_000_000) or b""
                self.reply(
                    site.answer(Request(self.command, self.path, tuple(self.headers.items()), body, "127.0.0.1"))
                )

        self.world = world
        self.requests: list[str] = []
        self._one_at_a_time = threading.Lock()
        self._server = listen(Visitor, 0)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def rate(self, score: int | str, query: str = "") -> str:
        """The address behind a number of order 1001's mail."""
        return f"{self.url}/s/{self.world.link()}/{score}{query}"

    def stop(self, query: str = "") -> str:
        """The address behind "Don't ask me again"."""
        return f"{self.url}/u/{self.world.link('unsubscribe')}{query}"

    def answer(self, request: Request) -> Reply:
        match = find_route(ROUTES, request.method, request.target.partition("?")[0])
        if match is None:
            return json_reply(404, {"message": "Not Found"})
        with self._one_at_a_time:
            self.requests.append(match.key)
            made = event(request, match, clock.now(), "123456789012")
            handler: Any = HANDLERS[match.route.function]
            return reply(Result(json.dumps(handler(made, CONTEXT)).encode()))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
