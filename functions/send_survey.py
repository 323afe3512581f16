"""Claim one due survey, look once more whether to ask, and mail its question.

Trigger: SendQueue
Retries: SQS, five times, then the dead-letter queue. A mail whose outcome is unknown is never sent again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, assert_never

from aws_lambda_powertools.utilities.batch import process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from cx_domain import identities, sending, warming
from cx_domain.eligibility import Refuse
from cx_domain.errors import Conflict, Trouble
from cx_domain.shops import Shop, SurveyRule
from cx_domain.surveys import Reason, Survey, SurveyId
from infra import adapters, clock, settings, survey_links
from infra.aws.customer_table import SlotTaken
from infra.aws.mailer import Accepted, FailureKind, SendFailure
from infra.batches import Messages
from infra.logs import count, logger, metrics
from infra.writing import mails
from infra.writing.words import choose_language

_WAIT: dict[FailureKind, timedelta] = {
    "never-left": timedelta(minutes=1),
    "rate": timedelta(minutes=1),
    "paused": timedelta(minutes=15),
    "daily-quota": timedelta(hours=6),  # SES counts over a rolling day
}

processor = Messages()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(event=event, record_handler=take, processor=processor, context=context)


def take(record: SQSRecord) -> None:
    send(SurveyId(record.json_body["survey"]), claim=record.message_id)


def send(survey_id: SurveyId, *, claim: str) -> None:
    """Send the survey's mail if it is due and nothing speaks against it; `claim` names the message that asks for it."""
    survey, now = adapters.surveys().get(survey_id), clock.now()
    if survey is None:
        return
    if survey.claim == claim:
        # We come back to our own claim: whoever held it died, or could not write down what SES said.
        _save(survey, sending.lost(survey, now), now)
        return
    shop = adapters.shop(survey.shop)
    match sending.check(survey, shop.rule_for(survey.kind, survey.subject_type), shop, now):
        case sending.Leave(why):
            logger.info("survey left alone", survey=survey.id, why=why)
        case sending.PutOff(until):
            _save(survey, sending.put_off(survey, until), now)
        case Refuse(reason):
            _refuse(survey, reason, now)
        case sending.Go(rule):
            _send_in_its_place(survey, _Job(rule, shop, claim, now))
        case unknown:
            assert_never(unknown)


@dataclass(frozen=True, slots=True)
class _Job:
    """What one survey's sending goes by."""

    rule: SurveyRule
    shop: Shop
    claim: str
    now: datetime


def _send_in_its_place(survey: Survey, job: _Job) -> None:
    """Send now, unless a warm-up's next place lies ahead: then the mail is due again at its place."""
    place = adapters.warm_ups().take(job.shop, job.now) if warming.needs_place(survey, job.shop, job.now) else None
    if place is None:
        _claim_and_send(survey, survey, job)
        return
    admitted = sending.admitted(survey, place.on)
    if warming.is_now(place, job.now, job.shop.zone):
        _claim_and_send(survey, admitted, job)
    else:
        logger.info("survey waits for its place in the warm-up", survey=survey.id, on=place.on.isoformat())
        count("warming-up")
        _save(survey, sending.put_off(admitted, place.at), job.now)


def _claim_and_send(before: Survey, survey: Survey, job: _Job) -> None:
    details = survey.order.details
    language = choose_language(details.language if details else None, job.shop)
    claimed = sending.claimed(survey, job.rule, claim=job.claim, language=language, now=job.now)
    # Made before the claim is written, so that a fault in a template leaves the survey as it was.
    mail = _mail(claimed, job)
    try:
        saved = _save(before, claimed, job.now)
    except Trouble:
        _give_back(survey.id, before, job)
        raise
    if saved is None:
        return
    try:
        slot = _take_slot(saved, job)
    except Trouble as error:
        # Nothing has been sent, and as long as we live we know it.
        logger.warning("slot not taken", survey=survey.id, error=type(error).__name__)
        until = job.now + _WAIT["never-left"]
        _write(saved, lambda known: sending.put_off(known, until), job.now)
        return
    if isinstance(slot, SlotTaken):
        _note(saved, adapters.mailer().send(mail, survey.id), slot.orders, job)
    else:
        _turn_down(saved, slot, job.now)


def _give_back(survey_id: SurveyId, before: Survey, job: _Job) -> None:
    """Take back a claim that was perhaps written: nothing has been sent, and as long as we live we know it."""
    known = adapters.surveys().get(survey_id)
    if known is not None and known.claim == job.claim:
        _write(known, lambda ours: sending.put_off(ours, before.due_at or job.now), job.now)


def _mail(survey: Survey, job: _Job) -> mails.Mail:
    details = survey.order.details
    if details is None or details.email is None:
        raise AssertionError("a survey without an address is refused by the check")
    keys, base = adapters.secrets().key_ring().links, settings.PUBLIC_URL.read()
    mail_links = mails.MailLinks(
        rate=f"{base}/s/{survey_links.token(keys, 'rate', survey.shop, survey.id)}",
        unsubscribe=f"{base}/u/{survey_links.token(keys, 'unsubscribe', survey.shop, survey.id)}",
    )
    reminder = sending.is_reminder(survey)
    return mails.survey_mail(job.shop, survey, details.email, mail_links, reminder=reminder, sent_at=job.now)


def _take_slot(survey: Survey, job: _Job) -> SlotTaken | Reason:
    if survey.customer is None:
        return "no-address"
    key = adapters.secrets().key_ring().identity
    return adapters.customers().take_slot(
        survey.shop,
        survey.customer,
        survey.id,
        identities.order_hash(key, survey.shop, survey.subject_id),
        job.now,
        job.shop.limits.ask_again_after,
        purge_at=job.now + job.shop.reports.retention,
    )


def _note(before: Survey, outcome: Accepted | SendFailure, orders: int, job: _Job) -> None:
    if isinstance(outcome, Accepted):
        count("sent")
        _write(before, lambda known: _accepted(known, outcome.message_id, orders, job), job.now)
        return
    logger.warning("mail not sent", survey=before.id, outcome=outcome.kind)
    count("send-failed")
    if outcome.kind == "unknown":
        _write(before, lambda known: sending.lost(known, job.now), job.now)
        return
    if before.customer is not None and not sending.is_reminder(before):
        adapters.customers().release_slot(before.shop, before.customer, before.id)
    if outcome.kind == "rejected":
        _turn_down(before, "mail-refused", job.now)
    else:
        until = job.now + _WAIT[outcome.kind]
        _write(before, lambda known: sending.put_off(known, until), job.now)


def _accepted(known: Survey, message_id: str, orders: int, job: _Job) -> Survey:
    sent = sending.accepted(known, job.rule, job.shop, message_id=message_id, now=job.now)
    # How many orders the customer had when first asked; a reminder does not change that.
    return sent if sent.customer_orders is not None else replace(sent, customer_orders=orders)


def _turn_down(claimed: Survey, reason: Reason, now: datetime) -> None:
    """Refuse what is claimed already: an order's news in between must not leave the claim standing."""
    logger.info("survey refused", survey=claimed.id, reason=reason)
    count("refused")
    _write(claimed, lambda known: sending.turned_down(known, reason, now), now)


def _refuse(survey: Survey, reason: Reason, now: datetime) -> None:
    logger.info("survey refused", survey=survey.id, reason=reason)
    count("refused")
    _save(survey, sending.turned_down(survey, reason, now), now)


def _save(before: Survey, after: Survey, now: datetime) -> Survey | None:
    """Write, unless somebody else was first: then the survey is theirs, and if it is still due the next sweep brings it again."""
    try:
        return adapters.surveys().save(before, after, now)
    except Conflict:
        logger.info("another was first", survey=before.id)
        return None


def _write(before: Survey, change: Callable[[Survey], Survey], now: datetime) -> None:
    """Write what SES said. Only this sender may, but an event of SES can come in between: then both are kept."""
    adapters.surveys().change(before, change, now)
