"""The whole life of five orders, step by step, and what AWS, the shop's platform and people do again when something fails."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.sqs.models import sqs_backends

from cx_domain.errors import AfterorderError
from functions import (
    dispatch,
    fetch_orders,
    mail_events,
    order_webhook,
    rollup,
    send_survey,
    survey_page,
    unsubscribe,
)
from infra import clock
from infra.aws.keys import APIS_PARTITION
from tests.faults.stack import HINT_SECRET, HINTED_ORDER, LISTED_ORDER, forget_process, hint
from tests.faults.strikes import Killed
from tests.functions.envelopes import CONTEXT, Event, batch, envelope, form, mail_event, request
from tests.functions.world import REGION, SAMPLES, World, order_id, signed

MOST_RECEIVES = 5
ADDRESSES = {
    "1001": "anna@example.com",
    HINTED_ORDER: "anna.kowalska@example.test",
    "1003": "ewa@example.com",
    "1004": "jan@example.com",
    LISTED_ORDER: "anna@example.test",
}
"""Order 1001 is answered, the hinted one reminded, of 1003 the customer unsubscribes, 1004 is cancelled, and the listed one never completed."""
_AGAIN = 6
_DRAWN = re.compile(r"\b[0-9a-f]{32}\b")


@dataclass(slots=True)
class Life:
    """The world and what stands outside it: the mails that SES told of, and what was given up."""

    world: World
    told: int = 0
    given_up: list[str] = field(default_factory=list)
    heard: Callable[[str], None] = lambda _where: None
    """Hears of each invocation by a queue or schedule that has ended, and of what it was about."""

    def steps(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Name and give each step of the walk; `the world` is as it is told of once a step has come back."""
        yield "webhook: placed", lambda: self.webhook("order_placed", "1001", "2026-01-05T08:00:00Z")
        yield "webhook: fulfilled", lambda: self.webhook("order_fulfilled", "1001")
        yield "webhook: fulfilled, another", lambda: self.webhook("order_fulfilled", "1003")
        yield "webhook: fulfilled, a third", lambda: self.webhook("order_fulfilled", "1004")
        yield "webhook: cancelled", lambda: self.webhook("order_cancelled", "1004", "2026-01-05T09:00:00Z")
        yield "webhook: a hint", self.hint
        yield "fetch", lambda: self.drain("FetchQueue", fetch_orders.handler)
        yield "hourly reading", lambda: self.reading("2026-01-05T10:00:00Z")
        yield "sweep, send, delivered", lambda: self.mail_hour("2026-01-12T09:00:00Z")
        yield "tap", self.tap
        yield "form", self.answer
        yield "unsubscribe", self.unsubscribe
        yield "webhook: a data request", self.data_request
        yield "data request", lambda: self.drain("RollupQueue", rollup.handler)
        yield "nightly rollup", lambda: self.night("2026-01-13T23:15:00Z")
        yield "reminder", lambda: self.mail_hour("2026-01-17T09:00:00Z")
        yield "rollup with report", lambda: self.night("2026-01-18T23:00:00Z")
        yield "rollup with digest", lambda: self.night("2026-01-19T07:00:00Z")
        yield "rollup of the next night", lambda: self.night("2026-01-19T23:00:00Z")
        yield "rollup with guesses", lambda: self.night("2026-01-29T07:00:00Z")
        yield "rollup of the night after", lambda: self.night("2026-01-29T23:00:00Z")
        yield "rollup with closing", lambda: self.night("2026-02-18T23:00:00Z")

    # --- the steps ------------------------------------------------------------------------------------------------

    def webhook(self, sample: str, order: str, at: str = "2026-01-05T09:00:00Z") -> None:
        self.world.at(at)
        payload = json.loads((SAMPLES / "standard" / f"{sample}.json").read_text(encoding="utf-8"))
        payload["data"] |= {"id": order, "number": order, "email": ADDRESSES[order]}
        if sample == "order_cancelled":
            payload["data"]["updated_at"] = "2026-01-05T09:30:00Z"
        body = json.dumps(payload).encode()
        self._until_taken(lambda: order_webhook.handler(signed("standard", body), CONTEXT))

    def hint(self) -> None:
        event = signed("bigcommerce", hint(), secret=HINT_SECRET)
        self._until_taken(lambda: order_webhook.handler(event, CONTEXT))

    def reading(self, begin: str) -> None:
        """Let the schedule tick every hour until a tick went well and no reading goes on; one that died is taken over after two."""
        now = datetime.fromisoformat(begin)
        for _ in range(_AGAIN):
            self.world.at(now.isoformat())
            answer = survived(lambda: fetch_orders.handler(envelope("dispatch_schedule"), CONTEXT))
            self.heard("schedule failed" if answer is None else f"schedule: {answer}")
            self.drain("FetchQueue", fetch_orders.handler)
            if answer is not None and not is_being_read():
                return
            now += timedelta(hours=1)
        self.given_up.append("the hourly reading")

    def data_request(self) -> None:
        """Anna asks the shop through Shopify what is kept of her."""
        self.world.at("2026-01-12T20:00:00Z")
        told = json.loads((SAMPLES / "shopify" / "customers_data_request.json").read_text(encoding="utf-8"))
        body = json.dumps(told | {"orders_requested": [1001]}).encode()
        event = signed("shopify", body, topic="customers/data_request")
        self._until_taken(lambda: order_webhook.handler(event, CONTEXT))

    def mail_hour(self, begin: str) -> None:
        """Let the schedule sweep minute by minute for an hour, as long as it does not say that nothing is due."""
        now = datetime.fromisoformat(begin)
        end = now + timedelta(hours=1)
        while now < end:
            self.world.at(now.isoformat())
            answer = survived(lambda: dispatch.handler(envelope("dispatch_schedule"), CONTEXT))
            self.heard("sweep failed" if answer is None else f"swept: {answer}")
            self.drain("SendQueue", send_survey.handler)
            self.tell_deliveries()
            idle = (answer or {}).get("idle_until")
            now = max(now + timedelta(minutes=1), datetime.fromisoformat(idle) if idle else now)

    def tell_deliveries(self) -> None:
        """SES tells of each mail that it took, once; the queue brings it again if need be."""
        mails = self.world.mails()
        for mail in mails[self.told :]:
            order = next((order for order, to in ADDRESSES.items() if to in mail["To"]), None)
            if order is not None:
                at = clock.now().strftime("%Y-%m-%dT%H:%M:%S.000Z")
                body = mail_event("mail_delivery", order_id(order), timestamp=at)
                self._receive("delivery", body, mail_events.handler)
        self.told = len(mails)

    def _has_mail(self, order: str) -> bool:
        return any(ADDRESSES[order] in mail["To"] for mail in self.world.mails())

    def tap(self) -> None:
        """Whoever got no mail taps nothing."""
        if not self._has_mail("1001"):
            return
        self.world.at("2026-01-12T18:20:00Z")
        event = request("tap", {"token": self.world.link(), "score": "9"})
        self._until_taken(lambda: survey_page.handler(event, CONTEXT))

    def answer(self) -> None:
        if not self._has_mail("1001"):
            return
        self.world.at("2026-01-12T18:21:00Z")
        fields = (("score", "9"), ("comment", "Świetny namiot!"), ("driver", "quality"))
        event = request("answer", {"token": self.world.link()}, body=form(*fields))
        self._until_taken(lambda: survey_page.handler(event, CONTEXT))

    def unsubscribe(self) -> None:
        if not self._has_mail("1003"):
            return
        self.world.at("2026-01-12T19:00:00Z")
        path = {"token": self.world.link("unsubscribe", "1003")}
        event = request("one_click_unsubscribe", path, body=form(("List-Unsubscribe", "One-Click")))
        self._until_taken(lambda: unsubscribe.handler(event, CONTEXT))

    def night(self, begin: str) -> None:
        """Let the schedule tick every quarter of an hour until a tick went well, and its messages be worked on."""
        now = datetime.fromisoformat(begin)
        for _ in range(_AGAIN):
            self.world.at(now.isoformat())
            answer = survived(lambda: rollup.handler(envelope("rollup_schedule"), CONTEXT))
            self.heard("schedule failed" if answer is None else f"schedule: {answer}")
            self.drain("RollupQueue", rollup.handler)
            if answer is not None:
                return
            now += timedelta(minutes=15)
        self.given_up.append("the schedule")

    # --- what is done again ---------------------------------------------------------------------------------------

    def _until_taken(self, invoke: Callable[[], dict[str, Any]]) -> None:
        """Platforms, mailbox providers and people try again when the answer is our trouble, or none."""
        for _ in range(_AGAIN):
            answer = survived(invoke)
            if answer is not None and answer["statusCode"] < 500:
                if answer["statusCode"] != 200:
                    self.given_up.append(f"answered {answer['statusCode']}")
                return
        self.given_up.append("a request")

    def drain(self, queue: str, handler: Callable[[Event, Any], Any]) -> None:
        while waiting := _taken(queue):
            for message_id, body in waiting:
                self._receive(message_id, body, handler)

    def _receive(self, message_id: str, body: str, handler: Callable[[Event, Any], Any]) -> None:
        """Hand a message over until it is done, as SQS does: at most five times."""
        for _ in range(MOST_RECEIVES):
            answer = survived(lambda: handler(batch("send_queue", (message_id, body)), CONTEXT))
            if answer is not None and answer["batchItemFailures"] == []:
                self.heard(f"done: {undrawn(body)}")
                return
            self.heard(f"failed: {undrawn(body)}")
        self.given_up.append(f"dead letter: {body}")


def survived(invoke: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    """Run a function once; None if it ended with an error, or with its process."""
    try:
        with redirect_stdout(StringIO()):  # metrics
            return invoke()
    except Killed:
        forget_process()
    except AfterorderError:
        pass
    return None


def undrawn(body: str) -> str:
    """Take the name of a reading, which is drawn, out of a message."""
    return _DRAWN.sub("a reading", body)


def is_being_read() -> bool:
    """Say whether a reading goes on, without a call that would be counted."""
    [table] = dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables.values()
    apis = table.items[DynamoType({"S": APIS_PARTITION})].values()
    return any("run" in api.attrs for api in apis)


def _taken(queue: str) -> list[tuple[str, str]]:
    """Take everything out of a queue, delayed or not, without a call that would be counted."""
    found = sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues[f"afterorder-{queue}"]
    messages = [(message.id, message.body) for message in found._messages]  # noqa: SLF001
    found._messages = []  # noqa: SLF001
    return messages
