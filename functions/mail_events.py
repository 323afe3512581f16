"""Note what became of a mail: delivered, bounced, complained about.

Trigger: MailEventQueue
Retries: SQS, five times, then the dead-letter queue; a repeated event changes nothing.
"""

from dataclasses import replace
from typing import Any

from aws_lambda_powertools.utilities.batch import process_partial_response
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from cx_domain import mail_events, sending
from cx_domain.mail_events import MailEvent
from cx_domain.surveys import Survey
from infra import adapters, clock, ses_notices
from infra.batches import Messages
from infra.logs import count, logger, metrics

processor = Messages()


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    return process_partial_response(event=event, record_handler=take, processor=processor, context=context)


def take(record: SQSRecord) -> None:
    match ses_notices.read(record.body):
        case MailEvent() as event:
            note(event)
        case ses_notices.Ignored(reason):
            logger.info("mail event ignored", reason=reason)


def note(event: MailEvent) -> None:
    """Note one event on its survey, and see to it that who must not be asked again is not."""
    surveys, now = adapters.surveys(), clock.now()
    survey = surveys.get(event.survey_id)
    if survey is None:
        logger.info("mail event ignored", reason="survey-unknown")
        return
    reason = mail_events.suppression(event)
    if reason is not None and survey.customer is not None:
        # First: if we die in between, the event comes again, and nobody is asked meanwhile.
        adapters.customers().suppress(survey.shop, survey.customer, reason, now)
    surveys.change(survey, lambda known: _noted(known, event), now)
    if event.kind != "delivered":  # of those there are as many as mails, and reports count them
        count(event.kind)


def _noted(known: Survey, event: MailEvent) -> Survey:
    after = mail_events.note(known, event)
    return _as_sent(after) if known.stage == "sending" and after.stage == "sent" else after


def _as_sent(survey: Survey) -> Survey:
    """Add what the sender would have noted had it heard of SES: the reminder, and how many orders the customer had."""
    shop = adapters.shop(survey.shop)
    rule = shop.rule_for(survey.kind, survey.subject_type)
    planned = sending.reminder_planned(survey, rule, shop) if rule is not None else survey
    customer = adapters.customers().get(survey.shop, survey.customer) if survey.customer is not None else None
    return replace(planned, customer_orders=len(customer.orders)) if customer is not None else planned
