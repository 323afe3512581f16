"""Mail scanners: what a client does to a survey's links that no person does.

Each rule looks at one client alone and returns its name, or None. The thresholds stand here, each with where it is from.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from cx_domain.visits import ClientKey, Reply, Visit

ScannerReason = Literal["faster-than-a-hand", "burst", "unconfirmed-burst", "every-score", "many-scores"]

FASTER_THAN_A_HAND = timedelta(seconds=1)
"""Scanners open five and more links within a second (craft-campaign#546); PostHog's customers saw ratings
"all from the same user, within 1s, all different ratings" (PostHog/posthog#43690)."""

BURST = timedelta(seconds=10)
"""The window that OpenAEV#7471 uses; Flow CX saw eleven answers in a fraction of a second. A wider one would take a person
who corrects a slip of the thumb for a machine."""

BURST_SCORES = 4
"""Our judgement: two or three links within the window may be an unsteady hand, if it then confirms; four are not."""

CRAWL = timedelta(hours=1)
CRAWL_SCORES = 6
"""Our judgement: of 836 bursts 1.9 % began 5 to 30 minutes after sending (craft-campaign#546), so some scanners take their time.
More than half of eleven links in an hour, and nothing confirmed, is nobody's change of mind."""


@dataclass(frozen=True, slots=True)
class Client:
    """One client's part: its GETs and its POSTs in the order of their times, and its newest reply. There is at least one of them."""

    key: ClientKey
    taps: tuple[Visit, ...] = ()
    posts: tuple[Visit, ...] = ()
    reply: Reply | None = None
    place: int = 0
    """Where its first POST stands among all visits, for two that confirm at one moment."""
    scanner: ScannerReason | None = None
    """The rule that it breaks; None: it may be a person."""

    @property
    def confirmed_at(self) -> datetime | None:
        return min(self._confirmations, default=None)

    @property
    def last_confirmed_at(self) -> datetime | None:
        return max(self._confirmations, default=None)

    @property
    def confirmed_score(self) -> int | None:
        if self.reply is not None:
            return self.reply.score
        return self.posts[-1].score if self.posts else None

    @property
    def first_seen_at(self) -> datetime:
        return min((*(tap.at for tap in self.taps), *self._confirmations))

    @property
    def _confirmations(self) -> tuple[datetime, ...]:
        replied = () if self.reply is None else (self.reply.at,)
        return (*(post.at for post in self.posts), *replied)


def clients_of(visits: Sequence[Visit], replies: Sequence[Reply], scale: range) -> tuple[Client, ...]:
    """Part visits and replies by client, in the order of their keys, and judge each; scores outside the scale are left out.

    Visits are given as they came, and of two at one moment the earlier in the list came first.
    """
    seen = sorted((visit for visit in visits if visit.score in scale), key=lambda visit: visit.at)
    said = sorted((reply for reply in replies if reply.score in scale), key=lambda reply: (reply.at, reply.score))
    newest = {reply.client: reply for reply in said}
    keys = sorted({visit.client for visit in seen} | newest.keys())
    return tuple(_client(key, seen, newest.get(key), scale) for key in keys)


def _client(key: ClientKey, seen: Sequence[Visit], reply: Reply | None, scale: range) -> Client:
    own = [visit for visit in seen if visit.client == key]
    place = next(
        (place for place, visit in enumerate(seen) if visit.client == key and visit.method == "POST"), len(seen)
    )
    taps = tuple(visit for visit in own if visit.method == "GET")
    posts = tuple(visit for visit in own if visit.method == "POST")
    client = Client(key, taps, posts, reply, place)
    return replace(client, scanner=next((reason for rule in _RULES if (reason := rule(client, scale))), None))


def _faster_than_a_hand(client: Client, _: range) -> ScannerReason | None:
    """Two different links less than a second apart, whatever it sends afterwards.

    Only links: on the page itself, arrow keys run through the scores faster than that.
    """
    pairs = pairwise(client.taps)
    fast = any(one.score != other.score and other.at - one.at < FASTER_THAN_A_HAND for one, other in pairs)
    return "faster-than-a-hand" if fast else None


def _burst(client: Client, _: range) -> ScannerReason | None:
    return "burst" if _most_scores_within(BURST, client.taps) >= BURST_SCORES else None


def _every_score(client: Client, scale: range) -> ScannerReason | None:
    """Every link, however slowly. On a scale as short as yes and no that is a change of mind."""
    every = {tap.score for tap in client.taps} == set(scale)
    return "every-score" if every and len(scale) >= BURST_SCORES else None


def _unconfirmed_burst(client: Client, _: range) -> ScannerReason | None:
    """Two or three links within seconds. A person with an unsteady hand confirms the one that was meant."""
    if client.confirmed_at is not None:
        return None
    return "unconfirmed-burst" if _most_scores_within(BURST, client.taps) > 1 else None


def _many_scores(client: Client, _: range) -> ScannerReason | None:
    if client.confirmed_at is not None:
        return None
    return "many-scores" if _most_scores_within(CRAWL, client.taps) >= CRAWL_SCORES else None


def _most_scores_within(window: timedelta, taps: Sequence[Visit]) -> int:
    """The most different scores in any stretch of that length. A survey keeps a few dozen visits, so each start is tried."""
    return max(
        (len({tap.score for tap in taps if start.at <= tap.at <= start.at + window}) for start in taps), default=0
    )


_RULES: tuple[Callable[[Client, range], ScannerReason | None], ...] = (
    _faster_than_a_hand,
    _burst,
    _every_score,
    _unconfirmed_burst,
    _many_scores,
)
