"""Who objected to being profiled: their answers count like anybody's, and say nothing of who gave them (GDPR, article 21)."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace

from cx_domain.order_fields import FeedbackEvent
from cx_domain.surveys import CustomerKey, Survey


def respected(surveys: Iterable[Survey], objected: AbstractSet[CustomerKey]) -> Iterator[Survey]:
    """Return what may be told of these surveys: of whoever objected, nothing by which groups are made."""
    return (unprofiled(survey) if survey.customer in objected else survey for survey in surveys)


def respected_elsewhere(
    feedback: Iterable[FeedbackEvent], objected: AbstractSet[CustomerKey]
) -> Iterator[FeedbackEvent]:
    """Return what may be told of answers that were imported: of whoever objected, no segment."""
    return (replace(one, customer=None, segments=()) if one.customer in objected else one for one in feedback)


def unprofiled(survey: Survey) -> Survey:
    """Leave out whose the survey is, what they bought and where they live: only the answer and the order's number stay.

    Without a customer the survey is in no history, hence in no movement and no figure of loyalty.
    """
    nobodys = replace(survey, customer=None, customer_orders=None, language=None)
    if survey.order.details is None:
        return nobodys
    plain = replace(survey.order.details, language=None, country=None, channel=None, delivery=None, items=(), tags=())
    return replace(nobodys, order=replace(survey.order, details=plain))
