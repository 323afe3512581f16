"""What a survey's link has seen: visits (somebody opened a score) and replies (somebody sent the form).

Both are only ever appended; `verdicts` reads them and says who was a person. One reply is kept for each client, its newest.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NewType

ClientKey = NewType("ClientKey", str)
"""Who opened a link: eight letters that stand for a network address, and eight for an agent (`identities.client_key`)."""
VisitMethod = Literal["GET", "POST"]
Evidence = Literal["click", "key", "touch", "form", "script"]
"""How the page knew a person: the first trusted event; `form`, when it was sent without JavaScript; `script`, when JavaScript ran
and sent it, and no trusted event came before."""

MOST_VISITS = 24
"""GETs beyond this many are shown the page, and not kept."""

_HASH = 8


def address_hash(client: ClientKey) -> str | None:
    """Return the letters that stand for the network address; None for a key of another form, as once there were."""
    return client[:_HASH] if len(client) == 2 * _HASH else None


def agent_hash(client: ClientKey) -> str | None:
    """Return the letters that stand for the agent; None for a key of another form, as once there were."""
    return client[_HASH:] if len(client) == 2 * _HASH else None


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody, or something, opened the link with a score or sent its form.

    `client` is a pair of keyed hashes, of address and of agent, or the client that a cookie or the form's own hidden field names.
    """

    at: datetime
    score: int
    client: ClientKey
    method: VisitMethod = "GET"
    preview: bool = False
    """The agent announced itself as a link preview or a scanner."""
    evidence: Evidence | None = None
    visible: timedelta | None = None
    """How long the page had been in sight when it was sent; None where no script said so."""
    worded: bool = False
    """The form came with a reason or with words. Kept here, for a later form of its client replaces them in the reply."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What one client sent by the form, newest only; when it first did is in its visits."""

    at: datetime
    score: int
    client: ClientKey
    comment: str = ""
    drivers: tuple[str, ...] = ()
    may_reply: bool = False
