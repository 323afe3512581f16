"""Who was a person: a verdict on a survey's visits and replies, the same whenever and in whatever order they are read.

A visit is judged with the other visits of its own client, never by another client's. Scanners are told by `scanners`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from cx_domain.kinds import kind
from cx_domain.scanners import Client, ScannerReason, clients_of
from cx_domain.shops import Protection
from cx_domain.surveys import Survey
from cx_domain.visits import ClientKey, Reply, Visit

Verdict = Literal["person", "unsure", "scanner", "contradicted"]
VerdictReason = (
    ScannerReason | Literal["confirmed", "lone-tap", "clients-disagree", "too-soon", "link-preview", "unconfirmed"]
)

TOO_SOON = timedelta(minutes=5)
"""Of 836 bursts of one campaign 97.4 % began within five minutes of sending (putyourlightson/craft-campaign#546, August 2026);
healthchecks.io waits as long before it trusts an opened link."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What counts of one survey.

    `score` is the counted one, None unless the verdict is `person` or `unsure`. `given_at` is when the answer was first given, for
    its day; of what does not count, the first visit. `reply` is the owner's newest, and `owner` the first person who confirmed.
    `score_if_all_counted` is what a service that trusts every tap would have counted.
    """

    verdict: Verdict | None = None
    score: int | None = None
    given_at: datetime | None = None
    confirmed_at: datetime | None = None
    reply: Reply | None = None
    owner: ClientKey | None = None
    reasons: tuple[VerdictReason, ...] = ()
    score_if_all_counted: int | None = None


@dataclass(frozen=True, slots=True)
class _MailTimes:
    """When mails reached the inbox; scanners come with each of them."""

    delivered_at: datetime | None
    reminded_at: datetime | None

    def too_soon(self, at: datetime) -> bool:
        """Before the mail was there, or within minutes of it. A time that is not known holds against nobody."""
        if self.delivered_at is not None and at < self.delivered_at + TOO_SOON:
            return True
        return self.reminded_at is not None and self.reminded_at <= at < self.reminded_at + TOO_SOON


def judged(survey: Survey, protection: Protection) -> Judgement:
    """Say what counts of this survey, by all that is known now, as strictly as its shop wants it."""
    scale = kind(survey.kind).scale
    delivered_at = survey.delivered_at or survey.sent_at
    return judge(survey.visits, survey.replies, delivered_at, scale, protection, reminded_at=survey.reminded_at)


def judge(
    visits: Sequence[Visit],
    replies: Sequence[Reply],
    delivered_at: datetime | None,
    scale: range,
    protection: Protection = "balanced",
    *,
    reminded_at: datetime | None = None,
) -> Judgement:
    """Say what counts. Scores outside the scale are not there. No visits and no replies: a Judgement with verdict None.

    `delivered_at` is SES's Delivery event or, until it has come, the time of sending; `reminded_at` the same of the reminder.
    `strict` counts what was confirmed, `balanced` also a later lone tap, `off` the last reply or tap of anybody.
    """
    clients = clients_of(visits, replies, scale)
    if not clients:
        return Judgement()
    owner = _first_to_confirm(clients)
    unprotected = _last_of_anybody(clients) if owner is None else _confirmed(owner)
    judgement = _judged(clients, owner, _MailTimes(delivered_at, reminded_at), protection)
    return replace(judgement, score_if_all_counted=unprotected.score)


def _judged(clients: Sequence[Client], owner: Client | None, mail: _MailTimes, protection: Protection) -> Judgement:
    if protection == "off":
        return _last_of_anybody(clients)
    if owner is not None:
        return _confirmed(owner)
    if protection == "strict":
        return _excluded("scanner", clients, [client.scanner or "unconfirmed" for client in clients])
    return _lone_taps(clients, mail) or _excluded("scanner", clients, _why_not(clients, mail))


def _first_to_confirm(clients: Sequence[Client]) -> Client | None:
    """The owner of the answer: others' replies, however late, never change it."""
    people = (client for client in clients if client.scanner is None)
    confirmed = [
        (client.confirmed_at, client.place, client.key, client) for client in people if client.confirmed_at is not None
    ]
    return min(confirmed)[-1] if confirmed else None


def _confirmed(owner: Client) -> Judgement:
    """The owner's newest reply; a later tap of theirs does not change it, for only a reply says that it is meant."""
    return Judgement(
        verdict="person",
        score=owner.confirmed_score,
        given_at=owner.first_seen_at,
        confirmed_at=owner.confirmed_at,
        reply=owner.reply,
        owner=owner.key,
        reasons=("confirmed",),
    )


def _lone_taps(clients: Sequence[Client], mail: _MailTimes) -> Judgement | None:
    """Nobody confirmed: the tap that those who may be people agree on, None if there is none that counts."""
    people = (client for client in clients if client.scanner is None)
    taps = [countable for client in people if (countable := _countable_taps(client, mail))]
    if not taps:
        return None
    # Who taps another number later has changed their mind; the answer belongs to the day of their first all the same.
    chosen = {own[-1].score for own in taps}
    if len(chosen) > 1:
        return _excluded("contradicted", clients, ["clients-disagree"])
    given_at = min(own[0].at for own in taps)
    return Judgement(verdict="unsure", score=chosen.pop(), given_at=given_at, reasons=("lone-tap",))


def _countable_taps(client: Client, mail: _MailTimes) -> list[Visit]:
    return [tap for tap in client.taps if _not_countable(tap, mail) is None]


def _not_countable(tap: Visit, mail: _MailTimes) -> VerdictReason | None:
    """Why a tap needs a confirmation before it counts."""
    if tap.preview:
        return "link-preview"
    return "too-soon" if mail.too_soon(tap.at) else None


def _why_not(clients: Sequence[Client], mail: _MailTimes) -> list[VerdictReason]:
    broken: list[VerdictReason | None] = [client.scanner for client in clients]
    waiting = [_not_countable(tap, mail) for client in clients if client.scanner is None for tap in client.taps]
    return [reason for reason in (*broken, *waiting) if reason is not None]


def _excluded(verdict: Verdict, clients: Sequence[Client], reasons: Sequence[VerdictReason]) -> Judgement:
    first_at = min(client.first_seen_at for client in clients)
    return Judgement(verdict=verdict, given_at=first_at, reasons=tuple(sorted(set(reasons))))


def least_worth(survey: Survey) -> ClientKey:
    """Say whose reply to give up where too many clients replied: a machine's before a person's, one without words first,
    the oldest first; never the owner's.
    """
    clients = clients_of(survey.visits, survey.replies, kind(survey.kind).scale)
    owner = _first_to_confirm(clients)
    replied = ((client, client.reply) for client in clients if client.reply is not None and client != owner)
    ranked = [
        (client.scanner is None, bool(reply.comment or reply.drivers), reply.at, client.key)
        for client, reply in replied
    ]
    return min(ranked)[-1]


def _last_of_anybody(clients: Sequence[Client]) -> Judgement:
    """Without protection: the last reply, else the last tap, whoever made it."""
    posts = [
        (client.last_confirmed_at, client.key, client) for client in clients if client.last_confirmed_at is not None
    ]
    if posts:
        return _confirmed(max(posts)[2])
    # Of taps at one moment the lowest: machines leave false scores "usually in the lowest range" (Retently).
    last = max((tap for client in clients for tap in client.taps), key=lambda tap: (tap.at, -tap.score))
    return Judgement(verdict="unsure", score=last.score, given_at=last.at, reasons=("lone-tap",))
