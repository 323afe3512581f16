"""What time it is. The only place that asks; everything else is told."""

import time
from datetime import UTC, datetime
from pathlib import Path

from infra import settings


def now() -> datetime:
    """Read the time, aware UTC: the virtual one where a clock's file is set (the local stack), else the real one."""
    clock_file = settings.CLOCK_FILE.read_or_none()
    if clock_file is None:
        return datetime.now(UTC)
    return datetime.fromisoformat(Path(clock_file).read_text(encoding="ascii").strip()).astimezone(UTC)


def seconds() -> float:
    """Count real seconds from some moment on, to say how long ago something was kept in memory."""
    return time.monotonic()


def wait(seconds: float) -> None:
    """Let real seconds go by."""
    time.sleep(seconds)
