"""The tables that a rollup reads a shop's items from."""

from dataclasses import dataclass

from infra.aws.customer_table import CustomerTable
from infra.aws.event_tables import FeedbackTable, TicketTable
from infra.aws.survey_table import SurveyTable


@dataclass(frozen=True, slots=True)
class Tables:
    """Where the items are."""

    surveys: SurveyTable
    tickets: TicketTable
    feedback: FeedbackTable
    customers: CustomerTable
