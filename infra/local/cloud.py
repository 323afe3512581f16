"""The local stack's AWS: the template's resources on moto, each caller held to its role, everything kept in a folder."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import BaseWSGIServer, make_server

from infra.local import moto_server
from infra.local.calls import Call
from infra.local.capacity import CallCounts
from infra.local.expansion import REGION, expand
from infra.local.faults import Faults
from infra.local.guard import OPERATOR_KEY, STACK_KEY, Guard, Hooks, Invoke
from infra.local.journal import Entry, Journal
from infra.local.mailbox import Mailbox, MailRecord
from infra.local.moto_state import MotoState
from infra.local.presigned import PresignedAddresses
from infra.local.provision import may_use, provision
from infra.local.queues import Message
from infra.local.recording import Recorder
from infra.local.ses_events import suppresses

JOURNAL = "journal.sqlite"
FAULT_FLAG = "fault-armed"
PURGE_EVERY = timedelta(hours=1)


class _QuietHandler(MotoRequestHandler):
    # Headers and body leave in two writes; with Nagle's algorithm the second waits 40 ms for the first's acknowledgement.
    disable_nagle_algorithm = True

    def log(self, *_: Any) -> None:
        """Say nothing of each request: its address may hold a key's name."""


class Cloud:
    """One stack in one process. `start` makes it and serves it at `endpoint`; `stop` ends it; the folder keeps it."""

    region = REGION

    def __init__(
        self,
        template: Path,
        data: Path,
        now: Callable[[], datetime],
        *,
        public_url: str,
        invoke: Invoke,
        on_due_write: Callable[[datetime], None],
        on_send: Callable[[str], None],
        on_mail: Callable[[MailRecord], None],
        parameters: Mapping[str, str] | None = None,
        kept_in: Path | None = None,
    ) -> None:
        """`kept_in` is for the template, once it is translated. `on_send` gets the name of a queue that got a message. The hooks run after all is kept, outside the lock."""
        self.stack = expand(template, public_url=public_url, parameters=parameters, kept_in=kept_in)
        self.endpoint = ""
        data.mkdir(parents=True, exist_ok=True)
        self.faults = Faults(data / FAULT_FLAG)
        self._data, self._now, self._invoke = data, now, invoke
        self._hooks = Hooks(on_due_write, on_send, on_mail)
        self._lock = threading.RLock()
        self._mailbox = Mailbox(self.stack, now)
        self._purged_at: datetime | None = None

    def start(self) -> None:
        """Make the resources, put back what the folder keeps, and serve. One Cloud at a time in a process."""
        moto = moto_server.application(self._now)
        self._journal = Journal(self._data / JOURNAL)
        self._state = MotoState(self.region, self.stack.account)
        self._counts = CallCounts(self.stack, self._state)
        recorder = Recorder(self._state)
        self._guard = Guard(
            self.stack,
            moto,
            self._journal,
            recorder,
            self._counts,
            self._mailbox,
            self._invoke,
            self._hooks,
            PresignedAddresses(self._now),
            self._lock,
        )
        self._server: BaseWSGIServer = make_server(
            "127.0.0.1", 0, self._guard, threaded=True, request_handler=_QuietHandler
        )
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="cloud", daemon=True)
        self._thread.start()
        provision(self.stack, lambda service: self._client(service, STACK_KEY))
        with self._lock:
            self._restore()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        with self._lock:
            self._journal.close()
            moto_server.retire()

    def client(self, service: str) -> Any:
        """Give an operator's boto3 client; its calls are not counted."""
        return self._client(service, OPERATOR_KEY)

    def _client(self, service: str, access_key: str) -> Any:
        return boto3.client(  # type: ignore[call-overload]
            service,
            region_name=self.region,
            endpoint_url=self.endpoint,
            aws_access_key_id=access_key,
            aws_secret_access_key=access_key,
            config=Config(retries={"total_max_attempts": 1}),
        )

    def _restore(self) -> None:
        made = {each.name for each in self.stack.of_type("AWS::SSM::Parameter")}
        for entry in self._journal.read("item"):
            self._state.put_item(entry)
        for entry in self._journal.read("object"):
            self._state.put_object(entry)
        for entry in self._journal.read("message"):
            self._state.put_message(entry)
        for entry in self._journal.read("parameter"):
            if entry.key not in made:
                self._state.put_parameter(entry)
        self._mailbox.restore(self._journal.read("mail"), self._journal.read("suppressed"))

    # What the runner and its door look at

    def mails(self) -> list[MailRecord]:
        """Give all mails, oldest first."""
        with self._lock:
            return self._mailbox.records()

    def mail(self, mail_id: str) -> MailRecord | None:
        with self._lock:
            return self._mailbox.record(mail_id)

    def objects(self, prefix: str) -> list[str]:
        """Give the keys of the template's buckets that begin so, sorted."""
        with self._lock:
            return [key for bucket in self._buckets() for key in self._state.object_keys(bucket, prefix)]

    def object(self, key: str) -> bytes | None:
        with self._lock:
            found = (self._state.object(bucket, key) for bucket in self._buckets())
            return next((each.body for each in found if each is not None), None)

    def calls(self) -> dict[str, dict[str, float]]:
        """Give the functions' calls by operation, with `write_units` and `read_units`."""
        with self._lock:
            return self._counts.all()

    def _buckets(self) -> list[str]:
        return self._state.bucket_names()

    # What the pump does

    def receive(self, queue_url: str, limit: int) -> list[Message]:
        """Receive up to `limit` messages as Lambda's poller would; they are invisible for the queue's time-out."""
        queue = queue_url.rpartition("/")[2]
        with self._lock, self._kept("ReceiveMessage"):
            return self._state.receive(queue, limit)

    def delete(self, queue_url: str, receipt: str) -> None:
        with self._lock, self._kept("DeleteMessage"):
            self._state.delete(queue_url.rpartition("/")[2], receipt)

    def next_visible_at(self) -> datetime | None:
        """Say when the next hidden message shows itself; None when none is hidden."""
        with self._lock:
            return self._state.next_visible_at()

    @contextmanager
    def _kept(self, operation: str) -> Iterator[None]:
        call = Call("sqs", operation, OPERATOR_KEY, {}, ())
        before = self._guard.recorder.before(call)
        yield
        self._guard.keep(call, before)

    # What AWS does of itself

    def publish_ses_event(self, event: Mapping[str, Any]) -> None:
        """Publish an SES event to the topic of each event destination that asked for its type (`eventType`).

        What it says for good goes onto SES's list of suppressed addresses too.
        """
        if (listed := suppresses(event)) is not None:
            with self._lock:
                self._journal.write(self._mailbox.suppress(*listed))
        wanted = str(event["eventType"]).replace(" ", "").lower()
        for destination in self.stack.of_type("AWS::SES::ConfigurationSetEventDestination"):
            given = destination.properties["EventDestination"]
            types = [str(each).lower() for each in given["MatchingEventTypes"]]
            if given.get("Enabled") in (True, "true") and wanted in types:
                self._publish(given["SnsDestination"]["TopicARN"], json.dumps(event))

    def _publish(self, topic: str, message: str) -> None:
        may_use(self.stack, "AWS::SNS::TopicPolicy", "ses.amazonaws.com", topic, topic)
        call = Call("sns", "Publish", OPERATOR_KEY, {}, ())
        with self._lock:
            before = self._guard.recorder.before(call)
            self._state.publish(topic, message)
            news = self._guard.keep(call, before)
        self._guard.tell(news)

    def purge_expired(self, now: datetime) -> None:
        """Delete the items whose time to live has passed, and messages past their retention; at most once in a virtual hour."""
        if self._purged_at is not None and now - self._purged_at < PURGE_EVERY:
            return
        self._purged_at = now
        with self._lock:
            gone = [entry for table in self.stack.tables for entry in self._expired_items(table.name, now)]
            self._journal.write([*gone, *self._state.expired_messages()])

    def _expired_items(self, table: str, now: datetime) -> Iterator[Entry]:
        attribute = next(each.ttl_attribute for each in self.stack.tables if each.name == table)
        if attribute is not None:
            for key in self._state.expired_keys(table, attribute, now):
                self._state.delete_item(table, key)
                yield Entry("item", table, key, None)
