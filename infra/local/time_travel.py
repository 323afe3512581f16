"""Moving the virtual clock: from one moment at which something happens to the next, until the time that was asked for."""

import logging
import re
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Protocol

from infra.local.deliveries import Deliveries
from infra.local.pump import Pump
from infra.local.runtime_api import Result
from infra.local.schedules import Ticks
from infra.local.stack import Schedule
from infra.local.virtual_clock import VirtualClock, iso

log = logging.getLogger(__name__)

UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def duration(text: str) -> timedelta:
    """Read `5s`, `90m`, `6h` or `7d`; ValueError otherwise."""
    found = re.fullmatch(r"([0-9]{1,6})([smhd])", text)
    if found is None:
        message = f"{text!r} is not a duration; write 5s, 90m, 6h or 7d"
        raise ValueError(message)
    return int(found[1]) * UNITS[found[2]]


class Passing(Protocol):
    """The part of the cloud that changes by the mere passing of time."""

    def next_visible_at(self) -> datetime | None: ...

    def purge_expired(self, now: datetime) -> object: ...


class TimeTravel:
    """Everything that happens by time: schedules, delayed messages, deliveries, DynamoDB's own expiry."""

    def __init__(
        self,
        clock: VirtualClock,
        cloud: Passing,
        invoke: Callable[[str, Mapping[str, Any]], Result],
        *,
        ticks: Ticks,
        deliveries: Deliveries,
        pump: Pump,
    ) -> None:
        self._clock, self._ticks, self._deliveries, self._pump = clock, ticks, deliveries, pump
        self._cloud, self._invoke = cloud, invoke
        self._lock = threading.Lock()

    def advance(self, to: datetime) -> None:
        """Let everything happen that falls due until `to`; ValueError if that is in the past. Queues are empty then."""
        with self._lock:
            self._pump.drain()
            while (at := self._next_at()) is not None and at <= to:
                self._step(at)
            self._clock.move(to)
            self._pump.drain()

    def _next_at(self) -> datetime | None:
        return min(self._moments(), default=None)

    def _moments(self) -> Iterator[datetime]:
        now = self._clock.now()
        yield _next_midnight(now)
        if (tick := self._ticks.next_at(now)) is not None:
            yield tick
        if (arrival := self._deliveries.next_at()) is not None:
            # What was due while the stack was down happens at once.
            yield max(arrival, now)
        # What is visible now and was left there lies in a queue that no function reads.
        if (visible := self._cloud.next_visible_at()) is not None and visible > now:
            yield visible

    def _step(self, at: datetime) -> None:
        before = self._clock.now()
        self._clock.move(at)
        self._deliveries.arrive(at)
        if at == _next_midnight(before):
            # AWS deletes within days of the time; once a day is as good.
            self._cloud.purge_expired(at)
        for schedule in self._ticks.falling(before, at):
            self._tick(schedule, at)
        self._pump.drain()

    def _tick(self, schedule: Schedule, at: datetime) -> None:
        self._ticks.started(schedule)
        result = self._invoke(schedule.function, _event(schedule, at))
        if result.error is not None:
            log.warning("%s failed at %s: %s", schedule.function, iso(at), result.payload.decode(errors="replace"))
        self._ticks.answered(schedule, _idle_until(result))


def _next_midnight(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)


def _event(schedule: Schedule, at: datetime) -> dict[str, Any]:
    """Make what EventBridge Scheduler sends: the schedule's own input, or its standard event."""
    if schedule.input is None:
        return {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": "Scheduled Event",
            "source": "aws.scheduler",
            "time": iso(at),
            "resources": [schedule.name],
            "detail": "{}",
        }
    made: dict[str, Any] = Result(schedule.input.replace("<aws.scheduler.scheduled-time>", iso(at)).encode()).json()
    return made


def _idle_until(result: Result) -> datetime | None:
    answer = None if result.error is not None else result.json()
    if not isinstance(answer, dict) or not isinstance(answer.get("idle_until"), str):
        return None
    return datetime.fromisoformat(answer["idle_until"]).astimezone(UTC)
