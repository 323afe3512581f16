"""Whom we do not ask, and why: each refusal has a name, and each name is counted."""

from dataclasses import dataclass
from datetime import datetime

from cx_domain.address_kinds import AddressKind, address_kind
from cx_domain.asking import due_at, started
from cx_domain.orders import OrderDetails, OrderFacts
from cx_domain.shops import Shop, SurveyRule
from cx_domain.surveys import Reason, Survey, SurveyId

EVERYWHERE = "*"
_SAMPLE_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Wait:
    """The order has come neither to the shop's trigger nor to its fallback."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Ask at `due_at`."""

    due_at: datetime


@dataclass(frozen=True, slots=True)
class Refuse:
    """Do not ask, for a reason that has a name."""

    reason: Reason


def decide(survey: Survey, rule: SurveyRule, shop: Shop) -> Wait | Plan | Refuse:
    """Decide from the order's facts alone, so that the same facts always lead to the same end, however they came."""
    order = survey.order
    reason = _order_reason(order)
    if reason is None and order.details is not None:
        reason = _address_reason(survey, order.details, shop) or _shops_reason(survey, order.details, shop)
    if reason is not None:
        return Refuse(reason)
    start = started(order, rule)
    if order.details is None or start is None:
        return Wait()
    return Plan(due_at(start, rule, shop))


def _order_reason(order: OrderFacts) -> Reason | None:
    if order.details is not None and order.details.test:
        return "test-order"
    match order.standing:
        case "cancelled":
            return "cancelled"
        case "refunded":
            return "refunded"
        case "live" | "partly-refunded":
            return None


def _address_reason(survey: Survey, details: OrderDetails, shop: Shop) -> Reason | None:
    # The address of a refused survey has left; that there was one is still known by the customer's key.
    if details.email is None and survey.customer is None:
        return "no-address"
    return kind_of_address(details, shop)


def _shops_reason(survey: Survey, details: OrderDetails, shop: Shop) -> Reason | None:
    """What the shop itself decided, in its file."""
    if needs_consent(details.country, shop) and details.consent is not True:
        return "no-consent"
    if survey.order.standing == "partly-refunded" and shop.limits.partly_refunded == "skip":
        return "partly-refunded"
    if details.gift_cards_only and not shop.limits.gift_cards:
        return "gift-card"
    if details.total is not None and details.total < shop.limits.minimum_total:
        return "below-minimum"
    if not in_sample(survey.id, shop.limits.sample):
        return "not-in-sample"
    return None


def kind_of_address(details: OrderDetails, shop: Shop) -> AddressKind | None:
    """Say what kind of address the buyer has: judged anew while it is kept, remembered when it has left."""
    return details.address_kind if details.email is None else address_kind(details.email, shop.limits.staff_domains)


def needs_consent(country: str | None, shop: Shop) -> bool:
    """Say whether the shop may ask this customer only with consent; where the country is unknown, the strictest rule holds."""
    if not shop.consent_required:
        return False
    return country is None or country in shop.consent_required or EVERYWHERE in shop.consent_required


def in_sample(survey_id: SurveyId, share: float) -> bool:
    """Draw a share of the orders, for each order always the same way."""
    alphabet = "abcdefghijklmnopqrstuvwxyz234567"
    drawn = 0
    for letter in survey_id[:_SAMPLE_DIGITS]:
        drawn = drawn * len(alphabet) + alphabet.index(letter)
    highest: int = len(alphabet) ** _SAMPLE_DIGITS
    return drawn < share * highest
