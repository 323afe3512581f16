"""A stack on moto whose functions run from their packages, and one order of Acme Outdoor's going through all of them."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from cx_domain import identities, readers
from cx_domain.shop_files import read_shop_file
from cx_domain.shops import ShopId
from infra import report_links
from infra.aws.secrets import KeyRing, Secrets
from infra.aws.shop_table import ShopTable
from infra.local.cloud import Cloud
from infra.local.processes import Surroundings
from infra.local.runtime_api import RuntimeApi
from infra.local.stack import Function
from infra.packaging.deployed import TEMPLATE
from infra.packaging.targets import Target
from infra.platforms import platform
from tests.builders import KEY
from tests.functions.envelopes import batch, envelope, mail_event, request
from tests.functions.world import ACME_FILE, ACME_SECRETS, LINK_KEYS, SAMPLES
from tests.packages.runtime import answer, running

ACME = ShopId("acme")
PUBLIC_URL = "https://ask.acme.example"
ORDERED, DUE = "2026-01-05T09:00:00Z", "2026-01-12T09:00:00Z"
ORDER_1001 = identities.survey_id(KEY, ACME, "nps", "order", "1001")


class Story:
    """`packages` holds a folder for each function, by its logical id."""

    def __init__(self, cloud: Cloud, target: Target, packages: Path, scratch: Path) -> None:
        self.cloud, self._target, self._packages, self._scratch = cloud, target, packages, scratch
        self._clock = scratch / "clock"
        self._api = RuntimeApi(lambda _: None)
        self._api.start()

    def now(self) -> datetime:
        return datetime.fromisoformat(self._clock.read_text(encoding="ascii"))

    def end(self) -> None:
        self._api.stop()

    def play(self) -> Mapping[str, Any]:
        """Let every function answer one event of the order's life; the answers, by the functions' logical ids."""
        told = self.until_the_mail()
        told["FetchOrdersFunction"] = self.invoke("FetchOrdersFunction", envelope("dispatch_schedule"))
        delivered = batch("mail_delivery", ("message-2", mail_event("mail_delivery", ORDER_1001)))
        told["MailEventsFunction"] = self.invoke("MailEventsFunction", delivered)
        told["SurveyPageFunction"] = self.invoke("SurveyPageFunction", self.tap())
        stop = request("unsubscribe_look", {"token": self.link("u")})
        told["UnsubscribeFunction"] = self.invoke("UnsubscribeFunction", stop)
        told["RollupFunction"] = self.invoke("RollupFunction", {"shop": ACME, "period": "2026-01"})
        told["ReportDownloadFunction"] = self.invoke("ReportDownloadFunction", request("report", {"token": _boss()}))
        return told

    def until_the_mail(self) -> dict[str, Any]:
        """Take the order, and mail its question when that is due; the answers, as of `play`."""
        self.at(ORDERED)
        self._seed()
        told = {"OrderWebhookFunction": self.invoke("OrderWebhookFunction", self.webhook("1001"))}
        self.at(DUE)
        told["DispatchFunction"] = self.invoke("DispatchFunction", envelope("dispatch_schedule"))
        due = batch("send_queue", ("message-1", json.dumps({"survey": ORDER_1001})))
        told["SendSurveyFunction"] = self.invoke("SendSurveyFunction", due)
        return told

    def at(self, moment: str) -> None:
        self._clock.write_text(moment, encoding="ascii")

    def invoke(self, name: str, event: Mapping[str, Any]) -> Any:
        return self.started(self.cloud.stack.functions[name], self._packages / name, event)

    def started(self, function: Function, folder: Path, event: Mapping[str, Any]) -> Any:
        """Start a function from this folder; what it answers to one event."""
        flag = self._scratch / "fault"
        where = Surroundings(self.cloud.endpoint, self.cloud.region, self._clock, self._scratch, folder, flag)
        with running(self._api, self._target, function, where) as channel:
            return answer(channel, function, event)

    def tap(self) -> dict[str, Any]:
        return request("tap", {"token": self.link("s"), "score": "9"})

    def webhook(self, order: str) -> dict[str, Any]:
        """News of an order, signed by the shop."""
        payload = json.loads((SAMPLES / "standard" / "order_fulfilled.json").read_text(encoding="utf-8"))
        payload["data"]["id"] = payload["data"]["number"] = order
        standard, body = platform("standard"), json.dumps(payload).encode()
        made = standard.scheme.sign(ACME_SECRETS["standard"][0], body, message_id=f"msg_{order}", now=self.now())
        return request("webhook", {"shop": ACME, "platform": "standard"}, headers=made.headers, body=body)

    def link(self, purpose: str) -> str:
        """The token of the mail's links that begin so."""
        mail = message_from_bytes(self.cloud.mails()[0].raw, policy=policy.default)
        body = mail.get_body(("plain",))
        assert body is not None
        found = re.search(rf"/{purpose}/([\w.-]+)", body.get_content())
        assert found is not None
        return found[1]

    def _seed(self) -> None:
        given = self.cloud.stack.functions["OrderWebhookFunction"].environment
        secrets = Secrets(self.cloud.client("ssm"), given["AFTERORDER_SECRETS_PREFIX"], 60)
        secrets.put_key_ring(KeyRing(KEY, LINK_KEYS))
        secrets.put_webhook_secrets(ACME, "standard", ACME_SECRETS["standard"])
        shops = ShopTable(self.cloud.client("dynamodb"), given["AFTERORDER_TABLE"])
        shops.put(ACME, ACME_FILE.read_text(encoding="utf-8"), self.now())


@contextmanager
def a_story(target: Target, packages: Path, scratch: Path) -> Iterator[Story]:
    """A stack on which nothing has happened, for as long as it is needed."""
    cloud = Cloud(
        TEMPLATE,
        scratch / "data",
        lambda: played.now(),  # noqa: PLW0108 - it is there by then
        public_url=PUBLIC_URL,
        invoke=lambda *_: (404, b"", None),
        on_due_write=lambda _: None,
        on_send=lambda _: None,
        on_mail=lambda _: None,
    )
    played = Story(cloud, target, packages, scratch)
    played.at(ORDERED)
    cloud.start()
    try:
        yield played
    finally:
        played.end()
        cloud.stop()


def _boss() -> str:
    shop = read_shop_file(ACME_FILE.read_text(encoding="utf-8"))
    boss = readers.readers(KEY, shop, {})[0]
    return report_links.token(LINK_KEYS, ACME, boss)
