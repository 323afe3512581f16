"""What stays of a survey whose person was erased: an id that says nothing, so that repeated webhooks bring nothing back."""

from dataclasses import replace

from cx_domain.orders import OrderFacts
from cx_domain.shops import ShopId, SurveyRule
from cx_domain.surveys import CustomerKey, Survey, SurveyId


def tombstone(survey: Survey) -> Survey:
    """Return what stays for good."""
    return Survey(
        id=survey.id,
        shop=survey.shop,
        kind=survey.kind,
        touchpoint=survey.touchpoint,
        subject_type=survey.subject_type,
        subject_id="",
        order=OrderFacts(),
        stage="erased",
        version=survey.version,
    )


def unheard(survey_id: SurveyId, shop: ShopId, rule: SurveyRule) -> Survey:
    """Return a tombstone about an order that was never told: its webhook may be on its way still."""
    return Survey(survey_id, shop, rule.kind, rule.touchpoint, rule.subject_type, "", OrderFacts(), stage="erased")


def emptied(survey: Survey, owner: CustomerKey | None) -> Survey:
    """Return a tombstone that still knows its owner and, by its times, the days whose files may hold its lines."""
    asked_at = survey.refused_at or survey.due_at
    left = replace(tombstone(survey), sent_at=survey.sent_at, refused_at=asked_at, visits=survey.visits)
    return replace(left, customer=owner or survey.customer)
