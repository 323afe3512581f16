"""The local stack's time: it stands still, moves only when it is told to, and survives a restart in one small file."""

import threading
import time
from datetime import UTC, datetime
from pathlib import Path


def real_now() -> datetime:
    """Read the machine's own clock, in whole seconds: where a new data folder's virtual time begins."""
    return datetime.fromtimestamp(int(time.time()), UTC)


def real_milliseconds() -> int:
    """Read the machine's own epoch milliseconds: a function's deadline is real time, also here."""
    return int(time.time() * 1000)


def iso(at: datetime) -> str:
    """Write a moment as `2026-01-05T09:00:00Z`, with fractions of a second only if there are any."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


class VirtualClock:
    """The time of one data folder. The file holds one ISO line; functions read it through the clock module."""

    def __init__(self, path: Path, start: datetime | None = None) -> None:
        """Go on from the file if there is one; else begin at `start`, or now."""
        self.path = path
        self._lock = threading.Lock()
        if path.exists():
            self._now = datetime.fromisoformat(path.read_text().strip()).astimezone(UTC)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._now = start.astimezone(UTC) if start else real_now()
            self._write(self._now)

    def now(self) -> datetime:
        return self._now

    def move(self, to: datetime) -> None:
        """Step to a moment; never back, for what was done at a later time stays done."""
        with self._lock:
            if to < self._now:
                message = f"the clock stands at {iso(self._now)} and does not go back to {iso(to)}"
                raise ValueError(message)
            if to > self._now:
                self._write(to)
                self._now = to.astimezone(UTC)

    def _write(self, at: datetime) -> None:
        # A reader sees the old line or the new one, never half of it.
        fresh = self.path.with_name(self.path.name + ".new")
        fresh.write_text(iso(at) + "\n")
        fresh.replace(self.path)
