"""Who was a person: a verdict on a survey's visits and replies, the same whenever and in whatever order they are read.

A visit is judged with the other visits of its own client, never by another client's. Scanners are told by `scanners`, and what a
sent form is worth by `confirmations`. An operator's ruling outweighs them all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import Literal

from cx_domain.confirmations import Doubt, MailTimes, Strength
from cx_domain.kinds import kind
from cx_domain.scanners import Client, ScannerReason, clients_of, farm_of
from cx_domain.shops import Protection
from cx_domain.surveys import Ruling, Survey
from cx_domain.visits import ClientKey, Reply, Visit

Verdict = Literal["person", "unsure", "scanner", "contradicted", "excluded"]
VerdictReason = (
    ScannerReason
    | Doubt
    | Literal[
        "confirmed",
        "lone-tap",
        "clients-disagree",
        "scanner-farm",
        "too-soon",
        "unconfirmed",
        "excluded-by-operator",
        "included-by-operator",
    ]
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What counts of one survey.

    `score` is the counted one, None unless the verdict is `person` or `unsure`. `given_at` is when the answer was first given, for
    its day; of what does not count, the first visit. `reply` is the owner's newest, and `owner` the person who confirmed.
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


def judged(survey: Survey, protection: Protection) -> Judgement:
    """Say what counts of this survey, by all that is known now, as strictly as its shop wants it; an operator's newest ruling first."""
    scale, mail = kind(survey.kind).scale, _mail_times(survey)
    by_rules = judge(
        survey.visits, survey.replies, mail.delivered_at, scale, protection, reminded_at=survey.reminded_at
    )
    if by_rules.verdict is None or not survey.rulings or survey.stage == "erased":
        return by_rules
    ruling = survey.rulings[-1]
    if not ruling.counts:
        return _left_out(by_rules)
    if by_rules.score is not None:
        return by_rules
    return replace(_ruled_in(survey, ruling, scale), score_if_all_counted=by_rules.score_if_all_counted)


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
    mail = MailTimes(delivered_at, reminded_at)
    clients = clients_of(visits, replies, scale, mail, protection)
    if not clients:
        return Judgement()
    owner = _owner(clients)
    unprotected = _last_of_anybody(clients) if owner is None else _confirmed(owner)
    judgement = _judged(clients, owner, mail, protection)
    return replace(judgement, score_if_all_counted=unprotected.score)


def least_worth(survey: Survey) -> ClientKey:
    """Say whose reply to give up where too many clients replied: a machine's before a person's, one that confirms little and one
    without words first, the oldest first; never the owner's, whatever the shop's protection.
    """
    # Who owns the answer where the rule is strict owns it where it is not; the other way round, there may be nobody.
    clients = clients_of(survey.visits, survey.replies, kind(survey.kind).scale, _mail_times(survey))
    owner = _owner(clients)
    replied = ((client, client.reply) for client in clients if client.reply is not None and client != owner)
    ranked = [
        (client.scanner is None, client.strength, bool(reply.comment or reply.drivers), reply.at, client.key)
        for client, reply in replied
    ]
    return min(ranked)[-1]


def _mail_times(survey: Survey) -> MailTimes:
    return MailTimes(survey.delivered_at or survey.sent_at, survey.reminded_at)


def _judged(clients: Sequence[Client], owner: Client | None, mail: MailTimes, protection: Protection) -> Judgement:
    if protection == "off":
        return _last_of_anybody(clients)
    if owner is not None:
        return _confirmed(owner)
    if protection == "strict":
        return _excluded("scanner", clients, [client.scanner or "unconfirmed" for client in clients])
    return _lone_taps(clients, mail) or _excluded("scanner", clients, _why_not(clients, mail))


def _owner(clients: Sequence[Client]) -> Client | None:
    """The person whose answer it is: the first to confirm, unless that gave way. Others' forms, however late, change nothing else."""
    people = (client for client in clients if client.scanner is None)
    claims = [
        (form.at, client.place, client.key, form.strength, client) for client in people for form in client.confirmed
    ]
    owner, held = None, Strength.NOTHING
    for *_, strength, client in sorted(claims, key=itemgetter(0, 1, 2, 3)):
        if client == owner:
            held = max(held, strength)
        elif held.gives_way_to(strength):
            owner, held = client, strength
    return owner


def _confirmed(owner: Client) -> Judgement:
    """The owner's newest reply; a later tap of theirs does not change it, for only a reply says that it is meant."""
    doubts = {form.doubt for form in owner.confirmed if form.strength == owner.strength and form.doubt is not None}
    return Judgement(
        verdict="person",
        score=owner.confirmed[-1].score if owner.reply is None else owner.reply.score,
        given_at=owner.first_seen_at,
        confirmed_at=owner.confirmed[0].at,
        reply=owner.reply,
        owner=owner.key,
        reasons=("confirmed", *sorted(doubts)),
    )


def _lone_taps(clients: Sequence[Client], mail: MailTimes) -> Judgement | None:
    """Nobody confirmed: the tap that those who may be people agree on, None if there is none that counts."""
    people = [client for client in clients if client.scanner is None]
    taps = {client.key: countable for client in people if (countable := _countable_taps(client, mail))}
    if not taps:
        return None
    farm = farm_of(people)
    apart = [own for key, own in taps.items() if key not in farm]
    # Who taps another number later has changed their mind; the answer belongs to the day of their first all the same.
    chosen = {own[-1].score for own in apart or taps.values()}
    if len(chosen) > 1:
        return _excluded(
            "contradicted", clients, ["clients-disagree"] if apart else ["clients-disagree", "scanner-farm"]
        )
    if not apart:
        return _excluded("scanner", clients, ["scanner-farm"])
    given_at = min(own[0].at for own in apart)
    return Judgement(verdict="unsure", score=chosen.pop(), given_at=given_at, reasons=("lone-tap",))


def _countable_taps(client: Client, mail: MailTimes) -> list[Visit]:
    return [tap for tap in client.taps if _not_countable(tap, mail) is None]


def _not_countable(tap: Visit, mail: MailTimes) -> VerdictReason | None:
    """Why a tap needs a confirmation before it counts."""
    if tap.preview:
        return "link-preview"
    return "too-soon" if mail.too_soon(tap.at) else None


def _why_not(clients: Sequence[Client], mail: MailTimes) -> list[VerdictReason]:
    broken: list[VerdictReason | None] = [client.scanner for client in clients]
    alone = [client for client in clients if client.scanner is None]
    waiting = [_not_countable(tap, mail) for client in alone for tap in client.taps]
    refused = [form.doubt for client in alone for form in client.forms]
    return [reason for reason in (*broken, *waiting, *refused) if reason is not None]


def _excluded(verdict: Verdict, clients: Sequence[Client], reasons: Sequence[VerdictReason]) -> Judgement:
    first_at = min(client.first_seen_at for client in clients)
    return Judgement(verdict=verdict, given_at=first_at, reasons=tuple(sorted(set(reasons))))


def _left_out(by_rules: Judgement) -> Judgement:
    """What an operator excluded. The owner stays, so that the page goes on telling others that the question was answered."""
    return replace(
        by_rules, verdict="excluded", score=None, confirmed_at=None, reply=None, reasons=("excluded-by-operator",)
    )


def _ruled_in(survey: Survey, ruling: Ruling, scale: range) -> Judgement:
    """What an operator took for a person's: the last form or tap of anybody that there was when they looked."""
    visits = [visit for visit in survey.visits if visit.at <= ruling.at] or survey.visits
    replies = [reply for reply in survey.replies if reply.at <= ruling.at]
    clients = clients_of(visits, replies, scale) or clients_of(survey.visits, survey.replies, scale)
    last = _last_of_anybody(clients)
    score = last.score if ruling.score is None else ruling.score
    return replace(last, verdict="person", score=score, reasons=("included-by-operator",))


def _last_of_anybody(clients: Sequence[Client]) -> Judgement:
    """Without protection: the last form, else the last tap, whoever made it."""
    posted = [client for client in clients if client.forms]
    if posted:
        last = max(posted, key=lambda client: (client.forms[-1].at, client.key))
        return Judgement(
            verdict="person",
            score=last.forms[-1].score if last.reply is None else last.reply.score,
            given_at=last.first_seen_at,
            confirmed_at=last.forms[0].at,
            reply=last.reply,
            owner=last.key,
            reasons=("confirmed",),
        )
    # Of taps at one moment the lowest: machines leave false scores "usually in the lowest range" (Retently).
    lowest = max((tap for client in clients for tap in client.taps), key=lambda tap: (tap.at, -tap.score))
    return Judgement(verdict="unsure", score=lowest.score, given_at=lowest.at, reasons=("lone-tap",))
