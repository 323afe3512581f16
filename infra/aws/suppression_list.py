"""SES's own list of addresses that this account must not mail: who bounced for good or complained, whichever program mailed them.

https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_ListSuppressedDestinations.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from cx_domain.mail_events import Suppression
from infra.aws.troubles import as_trouble

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

PAGE = 100
_REASONS: Final[Mapping[str, Suppression]] = {"BOUNCE": "bounced", "COMPLAINT": "complained"}


@dataclass(frozen=True, slots=True)
class Listed:
    """One address, why SES does not mail it, and since when."""

    address: str
    reason: Suppression
    at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the list, and the token of the next one; None after the last."""

    listed: tuple[Listed, ...]
    next_token: str | None


class SuppressionList:
    """The list of one account. The client may retry: to read again is harmless."""

    def __init__(self, client: "SESV2Client") -> None:
        self._client = client

    def page(self, since: datetime | None, until: datetime, token: str | None) -> Page:
        """Read up to a hundred addresses that came onto the list between these times; a reason that is unknown is left out."""
        request: dict[str, Any] = {"EndDate": until, "PageSize": PAGE}
        if since is not None:
            request["StartDate"] = since
        if token is not None:
            request["NextToken"] = token
        with as_trouble("ListSuppressedDestinations"):
            answer = self._client.list_suppressed_destinations(**request)
        found = answer.get("SuppressedDestinationSummaries", ())
        listed = tuple(
            Listed(each["EmailAddress"], _REASONS[each["Reason"]], each["LastUpdateTime"])
            for each in found
            if each["Reason"] in _REASONS
        )
        return Page(listed, answer.get("NextToken"))
