"""A survey: one question about one order (or ticket), from the first webhook to the last answer."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, NewType

from cx_domain.orders import OrderFacts
from cx_domain.shops import KindName, ShopId, SubjectType
from cx_domain.visits import Reply, Visit

SurveyId = NewType("SurveyId", str)
CustomerKey = NewType("CustomerKey", str)

Stage = Literal["waiting", "planned", "refused", "sending", "sent", "reminding", "reminded", "closed", "erased"]
Reason = Literal[
    "no-address",
    "test-order",
    "cancelled",
    "refunded",
    "relay-address",
    "no-reply-address",
    "staff-address",
    "no-consent",
    "partly-refunded",
    "gift-card",
    "below-minimum",
    "not-in-sample",
    "too-old",
    "asked-recently",
    "unsubscribed",
    "suppressed",
    "mail-refused",
    "outcome-unknown",
    "survey-removed",
    "answered",
]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What an operator decided about a survey's answer, and why; it outweighs every rule."""

    counts: bool
    why: str
    at: datetime
    score: int | None = None
    """Which score counts, where what was tapped does not say it."""


@dataclass(frozen=True, slots=True)
class Survey:
    """All that is kept of one survey. Times are aware UTC.

    `refused_at` is when it was first refused or its outcome lost, and stays: by it the day file is found from which the line must go
    when the survey is sent after all. `version` guards everything but visits and replies, which are only appended. `customer_orders` is how many of the
    customer's orders were known when this one was asked about; `question` names the wording (a `SurveyRule.series`), so that a changed one is
    a new series. `admitted_on` is the day, in the shop's zone, for which a warm-up gave it a place. `settled_at` is when a manager said
    that nobody need write back any more. `rulings` are an operator's, the newest last.
    """

    id: SurveyId
    shop: ShopId
    kind: KindName
    touchpoint: str
    subject_type: SubjectType
    subject_id: str
    order: OrderFacts
    stage: Stage = "waiting"
    reason: Reason | None = None
    due_at: datetime | None = None
    customer: CustomerKey | None = None
    customer_orders: int | None = None
    language: str | None = None
    question: str | None = None
    claim: str | None = None
    sent_at: datetime | None = None
    refused_at: datetime | None = None
    reminded_at: datetime | None = None
    expires_at: datetime | None = None
    message_id: str | None = None
    delivered_at: datetime | None = None
    bounced_at: datetime | None = None
    complained_at: datetime | None = None
    unsubscribed_at: datetime | None = None
    admitted_on: date | None = None
    settled_at: datetime | None = None
    rulings: tuple[Ruling, ...] = field(default=())
    visits: tuple[Visit, ...] = field(default=())
    replies: tuple[Reply, ...] = field(default=())
    version: int = 0

    @property
    def address(self) -> str | None:
        """The customer's e-mail address, for as long as it is kept."""
        return self.order.details.email if self.order.details is not None else None


@dataclass(frozen=True, slots=True)
class Due:
    """A survey whose time has come, and whose it is."""

    survey: SurveyId
    shop: ShopId
