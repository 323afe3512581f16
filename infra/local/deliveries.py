"""The Delivery events that the local SES still owes: each mail arrives two virtual seconds after it was sent."""

import heapq
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from infra.local.mailbox import MailRecord
from infra.local.ses_events import DELIVERY_TAKES, mail_event


class Deliveries:
    """What is on its way. The file lists the mails whose event was given; what is not in it is owed after a restart."""

    def __init__(self, path: Path, mails: Iterable[MailRecord], publish: Callable[[Mapping[str, Any]], None]) -> None:
        known = set(path.read_text().split()) if path.exists() else set()
        self._publish = publish
        self._lock = threading.Lock()
        self._waiting: list[tuple[datetime, str, MailRecord]] = []
        self._path = path
        for record in mails:
            if record.id not in known:
                self.sent(record)

    def sent(self, record: MailRecord) -> None:
        """Note a mail that SES took; without a configuration set nobody is told of it."""
        if record.configuration_set is not None:
            with self._lock:
                heapq.heappush(self._waiting, (record.sent_at + DELIVERY_TAKES, record.id, record))

    def settled(self, record: MailRecord) -> None:
        """Forget a mail whose fate was told otherwise: it bounced, or somebody said that it arrived."""
        with self._lock:
            self._waiting = [entry for entry in self._waiting if entry[1] != record.id]
            heapq.heapify(self._waiting)
        self._note(record)

    def next_at(self) -> datetime | None:
        with self._lock:
            return self._waiting[0][0] if self._waiting else None

    def arrive(self, now: datetime) -> None:
        """Publish the event of every mail that has arrived by now; the note comes after, for a repeat is harmless."""
        while (record := self._arrived(now)) is not None:
            self._publish(_fate(record, now))
            self._note(record)

    def _arrived(self, now: datetime) -> MailRecord | None:
        with self._lock:
            if self._waiting and self._waiting[0][0] <= now:
                return heapq.heappop(self._waiting)[2]
        return None

    def _note(self, record: MailRecord) -> None:
        with self._path.open("a", encoding="ascii") as told:
            told.write(record.id + "\n")


def _fate(record: MailRecord, now: datetime) -> dict[str, Any]:
    """SES takes a mail to an address on its list, and says afterwards that it bounced."""
    if record.suppressed:
        return mail_event(record, "Bounce", "OnAccountSuppressionList", now)
    return mail_event(record, "Delivery", None, now)
