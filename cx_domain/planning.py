"""From an order's news to a planned survey, or a refused one. Nothing here depends on the order in which news comes."""

from dataclasses import replace
from datetime import datetime, timedelta

from cx_domain import identities
from cx_domain.address_kinds import AddressKind
from cx_domain.eligibility import Plan, Refuse, Wait, decide, kind_of_address, needs_consent
from cx_domain.lifecycle import Happening, next_stage
from cx_domain.orders import OrderEvent, OrderFacts, merge, not_from_the_future
from cx_domain.shops import Shop, SurveyRule
from cx_domain.surveys import Reason, Survey

KEPT_WAITING = timedelta(days=180)
"""Counted from an order's last news. Who ordered, and of whose order nothing was heard for half a year, is not going to be asked; and a
webhook that comes later still tells the whole order again."""

FINAL_REASONS: frozenset[Reason] = frozenset(
    {"too-old", "asked-recently", "unsubscribed", "suppressed", "mail-refused", "outcome-unknown", "survey-removed"}
)
"""Said when the mail was about to go out; no later news of the order takes them back."""


def begin(key: bytes, shop: Shop, rule: SurveyRule, subject_id: str) -> Survey:
    """Make the survey of this rule about one order (or ticket), of which nothing is known yet."""
    return Survey(
        id=identities.survey_id(key, shop.id, rule.kind, rule.subject_type, subject_id),
        shop=shop.id,
        kind=rule.kind,
        touchpoint=rule.touchpoint,
        subject_type=rule.subject_type,
        subject_id=subject_id,
        order=OrderFacts(),
    )


def hear(survey: Survey, event: OrderEvent, rule: SurveyRule, shop: Shop, *, key: bytes, now: datetime) -> Survey:
    """Add one event's news, and decide anew whether and when to ask. The same survey comes back where nothing is new."""
    if survey.stage == "erased":
        return survey
    event = not_from_the_future(event, now)
    if event.details is not None and event.standing is None:
        # A whole order that says nothing of an end is live; so what is newest of both always comes from one event.
        event = replace(event, standing="live")
    if not is_open(survey):
        # What was asked stays as it was asked; only whether another mail may follow is worth noting.
        told = replace(survey, order=merge(survey.order, replace(event, details=None)))
        return _without_consent(told) if _takes_consent_back(survey.order, event, shop) else told
    told = replace(survey, order=merge(survey.order, event))
    if event.details is not None and told.order.details == event.details:
        # The newest details say who bought; also that an address was taken away.
        email = event.details.email
        told = replace(told, customer=None if email is None else identities.customer_key(key, shop.id, email))
    return _decided(told, rule, shop, now)


def _takes_consent_back(known: OrderFacts, event: OrderEvent, shop: Shop) -> bool:
    """Say whether this is newer than what was asked by, and does not carry the consent that the shop requires."""
    if event.details is None or known.details_at is None or event.updated_at <= known.details_at:
        return False
    return event.details.consent is not True and needs_consent(event.details.country, shop)


def _without_consent(survey: Survey) -> Survey:
    """Let no other mail follow. The consent by which a mail went out stays its proof; one that may not have gone has no proof yet."""
    details = survey.order.details
    match survey.stage:
        case "sent":
            return replace(survey, due_at=None)
        case "sending" | "reminding" if details is not None and details.consent is True:
            return replace(survey, order=replace(survey.order, details=replace(details, consent=False)))
        case _:
            return survey


def kept_until(survey: Survey, shop: Shop, now: datetime) -> datetime:
    """Say when the table may forget a survey: with the answers' retention; sooner while nothing says that its mail will ever be due."""
    return now + (min(shop.reports.retention, KEPT_WAITING) if survey.stage == "waiting" else shop.reports.retention)


def is_open(survey: Survey) -> bool:
    """Say whether news of the order can still change whether we ask."""
    return survey.stage in {"waiting", "planned", "refused"} and survey.reason not in FINAL_REASONS


def _decided(survey: Survey, rule: SurveyRule, shop: Shop, now: datetime) -> Survey:
    match decide(survey, rule, shop):
        case Wait():
            return _moved(survey, "waits")
        case Plan(due_at):
            return replace(_moved(survey, "is-planned"), due_at=_not_before_its_place(survey, due_at))
        case Refuse(reason):
            refused = replace(_moved(survey, "is-refused"), reason=reason, refused_at=survey.refused_at or now)
            return without_person(_with_kind_of_address(refused, shop))


def _with_kind_of_address(survey: Survey, shop: Shop) -> Survey:
    """Note what kind of address it is, whatever the reason: then it does not depend on the order in which reasons came."""
    details = survey.order.details
    if details is None:
        return survey
    known = replace(details, address_kind=kind_of_address(details, shop))
    return replace(survey, order=replace(survey.order, details=known))


def _not_before_its_place(survey: Survey, due_at: datetime) -> datetime:
    """News of the order does not bring a survey forward that waits for its place in a warm-up."""
    if survey.admitted_on is None or survey.due_at is None:
        return due_at
    return max(due_at, survey.due_at)


def _moved(survey: Survey, happening: Happening) -> Survey:
    stage = next_stage(survey.stage, happening)
    return replace(survey, stage=stage, reason=None, due_at=None)


def without_person(survey: Survey) -> Survey:
    """Drop the address and the name: their purpose is over. What was decided by the address stays decided."""
    if survey.order.details is None:
        return survey
    kind = _decided_by_address(survey.reason) or survey.order.details.address_kind
    details = replace(survey.order.details, email=None, first_name=None, address_kind=kind)
    return replace(survey, order=replace(survey.order, details=details))


def _decided_by_address(reason: Reason | None) -> AddressKind | None:
    match reason:
        case "relay-address" | "no-reply-address" | "staff-address":
            return reason
        case _:
            return None
