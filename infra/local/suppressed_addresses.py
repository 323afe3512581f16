"""The local SES's list of addresses that the account must not mail, page by page as version 2 of the API gives it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from infra.local.journal import Entry

USUAL_PAGE = 1000


class SuppressedAddresses:
    """Addresses in small letters, with SES's reason (BOUNCE or COMPLAINT) and the time when each came onto the list."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._known: dict[str, dict[str, Any]] = {}

    def restore(self, entries: Iterable[Entry]) -> None:
        self._known = {entry.key: dict(entry.value or {}) for entry in entries}

    def get(self, address: str) -> Mapping[str, Any] | None:
        return self._known.get(address.lower())

    def put(self, address: str, reason: str) -> Entry:
        """Note an address; what is returned must be kept."""
        key = address.lower()
        self._known[key] = {"EmailAddress": key, "Reason": reason, "LastUpdateTime": self._now().timestamp()}
        return Entry("suppressed", "", key, self._known[key])

    def remove(self, address: str) -> Entry | None:
        """Forget an address; None if it is not there."""
        key = address.lower()
        return Entry("suppressed", "", key, None) if self._known.pop(key, None) is not None else None

    def page(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Answer ListSuppressedDestinations; a token is the last address of the page before."""
        begin, end = (
            _seconds(given.get(name), usual) for name, usual in (("StartDate", 0.0), ("EndDate", float("inf")))
        )
        after, size = str(given.get("NextToken", "")), int(given.get("PageSize", USUAL_PAGE))
        fitting = [
            one
            for address, one in sorted(self._known.items())
            if address > after
            and begin <= one["LastUpdateTime"] <= end
            and given.get("Reason", one["Reason"]) == one["Reason"]
        ]
        answer: dict[str, Any] = {"SuppressedDestinationSummaries": fitting[:size]}
        if len(fitting) > size:
            answer["NextToken"] = fitting[size - 1]["EmailAddress"]
        return answer


def _seconds(written: str | None, usual: float) -> float:
    return datetime.fromisoformat(written).timestamp() if written is not None else usual
