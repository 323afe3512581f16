"""How old a pre-signed address is in the local stack's own time. botocore signs with the real time; moto asks for no age at all."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from botocore.compat import get_current_datetime

SECOND = timedelta(seconds=1)


class PresignedAddresses:
    """Remembers which virtual time it was at which real one; whoever calls holds the stack's lock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._marks: list[tuple[datetime, datetime]] = []

    def mark(self) -> None:
        """Note the virtual time if it moved. A function calls AWS before it signs, so the time of signing is always noted."""
        now = self._now()
        if not self._marks or self._marks[-1][1] != now:
            self._marks.append((get_current_datetime(), now))

    def expired(self, query: Mapping[str, str]) -> bool:
        """Say whether the address lived longer than it may, by the real clock or by the virtual one."""
        if "X-Amz-Expires" not in query:
            return False
        signed_at = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ")  # noqa: DTZ007 - naive UTC, as botocore has it
        lives = timedelta(seconds=int(query["X-Amz-Expires"]))
        # The signature knows whole seconds only; a mark within that second is taken to be before it.
        known = [virtual for real, virtual in self._marks if real < signed_at + SECOND]
        by_virtual_clock = bool(known) and self._now() - known[-1] > lives
        return by_virtual_clock or get_current_datetime() - signed_at > lives + SECOND
