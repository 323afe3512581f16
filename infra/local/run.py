"""The whole local stack: template.yaml on this machine, from its folder of data to its two doors."""

import gc
import shlex
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from cx_domain.readers import readers
from cx_domain.shops import Shop, ShopId
from cx_domain.surveys import Stage, Survey
from infra import report_links
from infra.aws.reader_table import ReaderTable
from infra.aws.secrets import Secrets
from infra.aws.shop_table import ShopTable
from infra.aws.survey_table import SurveyTable
from infra.local.cloud import Cloud
from infra.local.deliveries import Deliveries
from infra.local.door import Door
from infra.local.front_door import AccessLog, FrontDoor
from infra.local.guard import OPERATOR_KEY
from infra.local.mailbox import MailRecord
from infra.local.moto_speed import take_shortcuts
from infra.local.page import Page
from infra.local.processes import Functions, Surroundings
from infra.local.pump import Pump
from infra.local.runtime_api import Result
from infra.local.schedules import Ticks
from infra.local.stack import Table
from infra.local.time_travel import TimeTravel
from infra.local.translation import user_cache
from infra.local.virtual_clock import VirtualClock

HANDOVER_SECONDS = 0.0005


class LocalStack:
    """One stack in one folder. There is at most one in a process: moto's backends are global."""

    def __init__(
        self, template: Path, data: Path, port: int = 8000, now: datetime | None = None, concurrency: int = 1
    ) -> None:
        """Take the port (0 means any free one) and nothing else. OSError if another has it."""
        self._data, self._template, self._concurrency = data.resolve(), template.resolve(), concurrency
        self._data.mkdir(parents=True, exist_ok=True)
        self._front = FrontDoor(port)
        self.port = self._front.port
        self.url = f"http://127.0.0.1:{self.port}"
        self.clock = VirtualClock(self._data / "clock", now)
        self._ended = threading.Event()
        self.cloud = Cloud(
            self._template,
            self._data,
            self.clock.now,
            public_url=self.url,
            invoke=self._invoked_by_aws,
            on_due_write=self._due_written,
            on_send=self._sent,
            on_mail=self._mailed,
            # Whoever changes a shop's file on a laptop wants to see it at once; and no SES is there to be spared,
            # so that what falls due at a moment is sent when the clock has come to it, and not a second later.
            parameters={"ShopCacheSeconds": "1", "SendsPerSecond": "1000"},
            kept_in=user_cache(),
        )

    def start(self, announce: Callable[[Mapping[str, str]], None] | None = None) -> None:
        """Make the resources, tell `announce` what the command line needs, then open the doors."""
        take_shortcuts()
        # Every call crosses several threads here; each handover may otherwise wait for five milliseconds.
        sys.setswitchinterval(HANDOVER_SECONDS)
        self.cloud.start()
        stack = self.cloud.stack
        self._functions = self._make_functions()
        self._ticks = Ticks(stack.schedules)
        self._deliveries = Deliveries(self._data / "delivered", self.cloud.mails(), self.cloud.publish_ses_event)
        self._pump = Pump(stack.sources, self.cloud, self.invoke, stack.region, self._concurrency)
        travel = TimeTravel(
            self.clock, self.cloud, self.invoke, ticks=self._ticks, deliveries=self._deliveries, pump=self._pump
        )
        page = Page(self.cloud, self.clock, self._shops, self._surveys, self._lists_of_reports)
        door = Door(self.cloud, self.clock, travel, self._deliveries, self._pump, page)
        self._functions.start()
        self._pump.start()
        if announce is not None:
            announce(self.exports())
        log = AccessLog(self._data / "logs" / "access.log")
        self._front.open(
            stack.routes, self.invoke, door, clock=self.clock, account=stack.account, log=log, after=self._pump.wake
        )
        # What was loaded and made so far stays as long as the process does; the collector need not go through it again.
        gc.freeze()
        # What was on a queue when the stack was stopped is waiting still.
        self._pump.wake()

    def _make_functions(self) -> Functions:
        where = Surroundings(
            endpoint=self.cloud.endpoint,
            region=self.cloud.stack.region,
            clock_file=self.clock.path,
            logs=self._data / "logs",
            code=self._template.parent,
            fault_flag=self.cloud.faults.flag.resolve(),
        )
        strike = self.cloud.faults.strike
        return Functions(self.cloud.stack.functions, where, strike, concurrency=self._concurrency)

    def exports(self) -> dict[str, str]:
        """Give the variables that make the command line, or any AWS tool, speak to this stack."""
        return {
            "AWS_ENDPOINT_URL": self.cloud.endpoint,
            "AWS_REGION": self.cloud.stack.region,
            "AWS_DEFAULT_REGION": self.cloud.stack.region,
            "AWS_ACCESS_KEY_ID": OPERATOR_KEY,
            "AWS_SECRET_ACCESS_KEY": "local",
            "AFTERORDER_STACK": self.cloud.stack.name,
            "AFTERORDER_CLOCK_FILE": str(self.clock.path),
        }

    def serve_forever(self, say: Callable[[str], None]) -> None:
        """Start, `say` the export lines and the address, and run until SIGTERM or SIGINT. For the main thread only.

        The lines are said before the first request is answered; `say` must flush.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._signalled)
        self.start(
            lambda exports: say("\n".join(f"export {name}={shlex.quote(value)}" for name, value in exports.items()))
        )
        say(f"afterorder runs at {self.url} (mailbox: {self.url}/_local/)")
        self._ended.wait()
        self.stop()

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._ended.set()

    def stop(self) -> None:
        """Close the doors and end the functions; what was acknowledged is in the folder."""
        self._front.close()
        self._pump.stop()
        self._functions.stop()
        self.cloud.stop()

    def invoke(self, function: str, event: Mapping[str, Any] | bytes) -> Result:
        """Run a function, by its logical id, as Lambda's Invoke does."""
        return self._functions.invoke(function, event)

    def _invoked_by_aws(self, function: str, payload: bytes) -> tuple[int, bytes, str | None]:
        """Answer Lambda's Invoke: an error of the function is a 200 with its kind beside it."""
        result = self.invoke(function, payload or b"{}")
        return 200, result.payload, result.error

    def _due_written(self, due_at: datetime) -> None:
        self._ticks.due_written(due_at)

    def _sent(self, queue: str) -> None:
        del queue
        self._pump.wake()

    def _mailed(self, record: MailRecord) -> None:
        self._deliveries.sent(record)

    def _table(self) -> Table:
        return self.cloud.stack.tables[0]

    def _shops(self) -> Iterable[Shop]:
        shops = ShopTable(self.cloud.client("dynamodb"), self._table().name)
        found = (shops.get(shop) for shop in shops.ids())
        return [shop for shop in found if shop is not None]

    def _lists_of_reports(self, shop: Shop) -> Mapping[str, str]:
        # Every function has the same prefix; a stack has its keys as soon as it has a shop.
        functions = self.cloud.stack.functions.values()
        prefix = next(each.environment["AFTERORDER_SECRETS_PREFIX"] for each in functions)
        ring = Secrets(self.cloud.client("ssm"), prefix).key_ring()
        records = ReaderTable(self.cloud.client("dynamodb"), self._table().name).list(shop.id)
        reading = [reader for reader in readers(ring.identity, shop, records) if reader.reads]
        return {reader.address: f"/r/{report_links.token(ring.links, shop.id, reader)}" for reader in reading}

    def _surveys(self, shop: ShopId, stage: Stage | None) -> Iterable[Survey]:
        return SurveyTable(self.cloud.client("dynamodb"), self._table().name).scan(shop, stage)
