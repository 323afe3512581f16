"""Mail scanners: what a client does to a survey's links that no person does.

Each rule looks at one client alone and returns its name, or None; only a farm is told by several. `thresholds` has the figures.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations, pairwise, takewhile
from typing import Literal

from cx_domain.confirmations import Confirmation, MailTimes, Strength, confirmations
from cx_domain.shops import Protection
from cx_domain.thresholds import BURST, BURST_SCORES, CRAWL, CRAWL_SCORES, FASTER_THAN_A_HAND
from cx_domain.visits import ClientKey, Reply, Visit, agent_hash

ScannerReason = Literal[
    "faster-than-a-hand", "burst", "unconfirmed-burst", "every-score", "many-scores", "no-trusted-event"
]


@dataclass(frozen=True, slots=True)
class Client:
    """One client's part: its GETs, its forms in the order of their times, and its newest reply. There is at least one of them."""

    key: ClientKey
    taps: tuple[Visit, ...] = ()
    forms: tuple[Confirmation, ...] = ()
    reply: Reply | None = None
    place: int = 0
    """Where its first POST stands among all visits, for two that confirm at one moment."""
    tries: tuple[Visit, ...] = ()
    """The GETs and POSTs that speak against it or for it: all up to the first form that settles, and from then on the links whose
    page it sent. A reader's own virus scanner, that only opens links afterwards, does not unmake what they said."""
    scanner: ScannerReason | None = None
    """The rule that it breaks; None: it may be a person."""

    @property
    def strength(self) -> Strength:
        """The most that any of its forms is worth."""
        return max((form.strength for form in self.forms), default=Strength.NOTHING)

    @property
    def confirmed(self) -> tuple[Confirmation, ...]:
        """Its forms that are worth something."""
        return tuple(form for form in self.forms if form.strength)

    @property
    def first_seen_at(self) -> datetime:
        return min((*(tap.at for tap in self.taps), *(form.at for form in self.forms)))


def clients_of(
    visits: Sequence[Visit],
    replies: Sequence[Reply],
    scale: range,
    mail: MailTimes = MailTimes(),  # noqa: B008 - frozen, and says that no time is known
    protection: Protection = "balanced",
) -> tuple[Client, ...]:
    """Part visits and replies by client, in the order of their keys, and judge each; scores outside the scale are left out.

    Visits are given as they came, and of two at one moment the earlier in the list came first.
    """
    seen = sorted((visit for visit in visits if visit.score in scale), key=lambda visit: visit.at)
    said = sorted((reply for reply in replies if reply.score in scale), key=lambda reply: (reply.at, reply.score))
    newest = {reply.client: reply for reply in said}
    keys = sorted({visit.client for visit in seen} | newest.keys())
    clients = (_client(key, seen, newest.get(key), mail, protection) for key in keys)
    return tuple(replace(client, scanner=_broken_rule(client, scale)) for client in clients)


def farm_of(clients: Sequence[Client]) -> frozenset[ClientKey]:
    """Tell which clients are one machine: the same agent opens different scores from different addresses within seconds.

    Given those that are no scanners by themselves and confirmed nothing: a scanner's burst proves nothing against a person's tap.
    """
    pairs = [pair for pair in combinations(clients, 2) if _is_one_machine(*pair)]
    return frozenset(client.key for pair in pairs for client in pair)


def _is_one_machine(one: Client, other: Client) -> bool:
    agent = agent_hash(one.key)
    if agent is None or agent != agent_hash(other.key):
        return False
    return any(
        here.score != there.score and abs(here.at - there.at) <= BURST for here in one.taps for there in other.taps
    )


def _client(
    key: ClientKey, seen: Sequence[Visit], reply: Reply | None, mail: MailTimes, protection: Protection
) -> Client:
    own = [visit for visit in seen if visit.client == key]
    place = next(
        (place for place, visit in enumerate(seen) if visit.client == key and visit.method == "POST"), len(seen)
    )
    taps = tuple(visit for visit in own if visit.method == "GET")
    posts = tuple(visit for visit in own if visit.method == "POST")
    forms = confirmations(taps, posts, reply, mail, protection)
    settled_at = {form.at for form in forms if form.settles}
    until_settled = list(takewhile(lambda visit: visit.method == "GET" or visit.at not in settled_at, own))
    later = own[len(until_settled) :]
    sent = [visit for pair in pairwise(later) if [each.method for each in pair] == ["GET", "POST"] for visit in pair]
    return Client(key, taps, forms, reply, place, (*until_settled, *sent))


def _broken_rule(client: Client, scale: range) -> ScannerReason | None:
    return next((reason for rule in _RULES if (reason := rule(client, scale))), None)


def _faster_than_a_hand(client: Client, _: range) -> ScannerReason | None:
    """Two different links less than a second apart and nothing sent between, whatever it sends afterwards.

    Only links: on the page itself, arrow keys run through the scores faster than that.
    """
    pairs = [pair for pair in pairwise(client.tries) if {visit.method for visit in pair} == {"GET"}]
    fast = any(one.score != other.score and other.at - one.at < FASTER_THAN_A_HAND for one, other in pairs)
    return "faster-than-a-hand" if fast else None


def _burst(client: Client, _: range) -> ScannerReason | None:
    return "burst" if _most_scores_within(BURST, _links(client.tries)) >= BURST_SCORES else None


def _every_score(client: Client, scale: range) -> ScannerReason | None:
    """Every link, however slowly. On a scale as short as yes and no that is a change of mind."""
    every = {tap.score for tap in _links(client.tries)} == set(scale)
    return "every-score" if every and len(scale) >= BURST_SCORES else None


def _no_trusted_event(client: Client, _: range) -> ScannerReason | None:
    """A script pressed the button, and nothing else of this client's shows a hand."""
    pressed = any(form.doubt == "no-trusted-event" for form in client.forms)
    return "no-trusted-event" if pressed and not client.confirmed else None


def _unconfirmed_burst(client: Client, _: range) -> ScannerReason | None:
    """Two or three links within seconds. A person with an unsteady hand confirms the one that was meant."""
    if client.confirmed:
        return None
    return "unconfirmed-burst" if _most_scores_within(BURST, client.taps) > 1 else None


def _many_scores(client: Client, _: range) -> ScannerReason | None:
    if client.confirmed:
        return None
    return "many-scores" if _most_scores_within(CRAWL, client.taps) >= CRAWL_SCORES else None


def _links(visits: Sequence[Visit]) -> list[Visit]:
    return [visit for visit in visits if visit.method == "GET"]


def _most_scores_within(window: timedelta, taps: Sequence[Visit]) -> int:
    """The most different scores in any stretch of that length. A survey keeps a few dozen visits, so each start is tried."""
    return max(
        (len({tap.score for tap in taps if start.at <= tap.at <= start.at + window}) for start in taps), default=0
    )


_RULES: tuple[Callable[[Client, range], ScannerReason | None], ...] = (
    _faster_than_a_hand,
    _burst,
    _every_score,
    _no_trusted_event,
    _unconfirmed_burst,
    _many_scores,
)
