"""From a planned survey to a mail that went out once, was refused with a reason, or whose fate is unknown."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cx_domain.asking import is_too_old, outside_quiet_hours, remind_at, started
from cx_domain.eligibility import Refuse, decide
from cx_domain.lifecycle import is_allowed, next_stage
from cx_domain.planning import without_person
from cx_domain.shops import Protection, Shop, SurveyRule
from cx_domain.surveys import Reason, Survey
from cx_domain.verdicts import judged

KEPT_FOR_A_REPLY = timedelta(days=90)
"""Counted from the survey's expiry. A customer who has had no answer for a quarter of a year does not wait for one, and what has no
purpose is not kept (GDPR, article 5(1)(c) and (e))."""


@dataclass(frozen=True, slots=True)
class Go:
    """Nothing speaks against it: claim it and send, as its rule says."""

    rule: SurveyRule


@dataclass(frozen=True, slots=True)
class PutOff:
    """Not now: it is due again at `until`."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Leave:
    """There is nothing to do here any more, and why."""

    why: str


def check(survey: Survey, rule: SurveyRule | None, shop: Shop, now: datetime) -> Go | PutOff | Refuse | Leave:
    """Look once more at what can have changed since the survey was planned."""
    if not is_allowed(survey.stage, "is-claimed") or survey.due_at is None:
        return Leave("it was claimed, refused or changed by somebody else")
    if survey.due_at > now:
        return Leave("it was planned anew, for later")
    if rule is None:
        return Refuse("survey-removed")
    reason = _reason(survey, rule, shop, now)
    if reason is not None:
        return Refuse(reason)
    allowed_at = outside_quiet_hours(now, shop)
    return PutOff(allowed_at) if allowed_at > now else Go(rule)


def _reason(survey: Survey, rule: SurveyRule, shop: Shop, now: datetime) -> Reason | None:
    decision = decide(survey, rule, shop)
    if isinstance(decision, Refuse):
        return decision.reason
    if survey.order.details is None or survey.order.details.email is None:
        return "no-address"
    if is_reminder(survey):
        return _reminder_reason(survey, shop, now)
    start = started(survey.order, rule)
    return "too-old" if start is not None and is_too_old(start, rule, now) else None


def _reminder_reason(survey: Survey, shop: Shop, now: datetime) -> Reason | None:
    if survey.expires_at is not None and survey.expires_at <= now:
        return "too-old"  # it was put off for so long that its links would be dead
    if survey.unsubscribed_at is not None:
        return "unsubscribed"
    if survey.bounced_at is not None or survey.complained_at is not None:
        return "suppressed"
    return "answered" if judged(survey, shop.protection).score is not None else None


def is_reminder(survey: Survey) -> bool:
    """Say whether the next mail about this survey is its reminder."""
    return survey.stage in {"sent", "reminding"}


def admitted(survey: Survey, on: date) -> Survey:
    """Note for which day a warm-up gave the survey's next mail a place."""
    return replace(survey, admitted_on=on)


def claimed(survey: Survey, rule: SurveyRule, *, claim: str, language: str, now: datetime) -> Survey:
    """Take the survey for one sender. From here on its link works, also if we never learn what SES did with the mail.

    An answer belongs to the words it was first asked in: a reminder keeps the series of its first mail.
    """
    stage = next_stage(survey.stage, "is-claimed")
    expires_at = survey.expires_at or now + rule.expires
    series = survey.question if is_reminder(survey) else rule.series
    taken = replace(survey, stage=stage, claim=claim, language=language, question=series)
    return replace(taken, due_at=None, expires_at=expires_at)


def accepted(survey: Survey, rule: SurveyRule, shop: Shop, *, message_id: str, now: datetime) -> Survey:
    """Note that SES took the mail, and plan the reminder if the shop wants one.

    An event of SES can have come first and settled it: then what it said stands, and the first mail's reminder is planned.
    """
    if survey.stage == "sent" and survey.reminded_at is None and survey.message_id in {None, message_id}:
        return replace(survey, message_id=message_id, due_at=_reminder_after(survey, rule, shop, survey.sent_at or now))
    if not is_allowed(survey.stage, "is-accepted"):
        return survey
    stage = next_stage(survey.stage, "is-accepted")
    if is_reminder(survey):
        return replace(survey, stage=stage, claim=None, reason=None, reminded_at=now)
    reminder = _reminder_after(survey, rule, shop, now)
    sent = replace(survey, stage=stage, claim=None, reason=None, sent_at=now, due_at=reminder)
    return replace(sent, message_id=message_id)


def reminder_planned(survey: Survey, rule: SurveyRule, shop: Shop) -> Survey:
    """Plan the reminder of a mail that an event of SES proved: its sender died, or never heard of it."""
    return replace(
        survey, due_at=None if survey.sent_at is None else _reminder_after(survey, rule, shop, survey.sent_at)
    )


def _reminder_after(survey: Survey, rule: SurveyRule, shop: Shop, sent_at: datetime) -> datetime | None:
    stopped = (survey.bounced_at, survey.complained_at, survey.unsubscribed_at)
    return remind_at(sent_at, rule, shop) if stopped == (None, None, None) else None


def put_off(survey: Survey, until: datetime) -> Survey:
    """Give the claim back: the mail certainly did not leave, and is due again at `until`."""
    if survey.stage in {"closed", "erased"}:
        return survey
    return replace(survey, stage=next_stage(survey.stage, "is-put-off"), claim=None, due_at=until)


def turned_down(survey: Survey, reason: Reason, now: datetime) -> Survey:
    """Do not send, for a reason that has a name. A reminder that is turned down leaves its survey as it was sent."""
    stage = next_stage(survey.stage, "is-refused")
    if stage != "refused":
        return replace(survey, stage=stage, claim=None, due_at=None)
    refused = replace(
        survey,
        stage=stage,
        reason=reason,
        claim=None,
        due_at=None,
        refused_at=survey.refused_at or now,
        expires_at=None,
    )
    return without_person(refused)


def closed(survey: Survey, protection: Protection, now: datetime) -> Survey:
    """Close a survey that has expired: nobody can answer any more, so the address and the name leave.

    They stay for as long as the shop owes the customer an answer of its own, and then for KEPT_FOR_A_REPLY at most.
    """
    if survey.expires_at is None or survey.expires_at > now or survey.stage == "erased":
        return survey
    over = replace(survey, stage=next_stage(survey.stage, "closes"), due_at=None)
    is_owed = awaits_reply(survey, protection) and now < survey.expires_at + KEPT_FOR_A_REPLY
    return over if over.stage != "closed" or is_owed else without_person(over)


def awaits_reply(survey: Survey, protection: Protection) -> bool:
    """Say whether the customer allowed the shop to write back, and nobody has said since that the matter is settled."""
    reply = judged(survey, protection).reply
    if reply is None or not reply.may_reply:
        return False
    return survey.settled_at is None or survey.settled_at < reply.at


def settled(survey: Survey, now: datetime) -> Survey:
    """Note that nobody need write back (any more); if only that kept the address, it leaves."""
    noted = replace(survey, settled_at=now)
    return without_person(noted) if survey.stage == "closed" else noted


def lost(survey: Survey, now: datetime) -> Survey:
    """Nobody knows whether SES took the mail: it is never sent again, and stands so until an event of SES or an operator settles it."""
    if not is_allowed(survey.stage, "outcome-is-lost"):
        return survey  # settled meanwhile
    stage = next_stage(survey.stage, "outcome-is-lost")
    return replace(survey, stage=stage, reason="outcome-unknown", refused_at=survey.refused_at or now)


def told_sent(survey: Survey, now: datetime) -> Survey:
    """Hear from an operator that a mail of unknown outcome went out, at about the time when it was lost."""
    stage = next_stage(survey.stage, "is-accepted")
    at = survey.refused_at or now
    noted = replace(survey, stage=stage, claim=None, reason=None)
    return replace(noted, reminded_at=at) if stage == "reminded" else replace(noted, sent_at=at)


def told_not_sent(survey: Survey, now: datetime) -> Survey:
    """Hear from an operator that a mail of unknown outcome never left: it is due again, and checked as if for the first time."""
    return replace(put_off(survey, now), reason=None)


def is_unknown(survey: Survey) -> bool:
    """Say whether nobody knows what became of the survey's latest mail."""
    return survey.stage in {"sending", "reminding"} and survey.reason == "outcome-unknown"
