"""A shop's configuration, as its file says it (docs/configuration.md). `shop_files` reads and checks it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Literal, NewType
from zoneinfo import ZoneInfo

ShopId = NewType("ShopId", str)
KindName = Literal["nps", "nps5", "csat", "ces", "yes-no"]
Trigger = Literal["placed", "paid", "fulfilled", "delivered", "ticket-solved"]
SubjectType = Literal["order", "ticket"]
Tone = Literal["formal", "informal"]
PeriodKind = Literal["day", "week", "month", "quarter", "year"]
Noun = Literal["shop", "service", "company"]
JourneyStage = Literal["before", "during", "after"]
"""Of a customer's journey: until they order; from the order until they have it; and with it, support included."""
WeekHours = tuple[tuple[tuple[timedelta, timedelta], ...], ...]
"""From Monday to Sunday, when a day's spans begin and end, counted from midnight; in order, and none in another."""
StatusMeaning = Literal["placed", "paid", "fulfilled", "delivered", "cancelled", "refunded", "ignored"]
"""What a status that the shop made up says of an order."""
PartlyRefunded = Literal["ask", "skip"]
Protection = Literal["strict", "balanced", "off"]
"""How sure we must be that a person answered: `strict` counts only what was confirmed, `balanced` also a lone tap that nothing
contradicts, `off` whatever was tapped last."""


USUAL_STAGE: Mapping[SubjectType, JourneyStage] = {"order": "during", "ticket": "after"}


@dataclass(frozen=True, slots=True)
class Brand:
    """How the shop looks in mails and pages; the colour is `#rrggbb`."""

    colour: str = "#1f4e79"
    logo: str | None = None


@dataclass(frozen=True, slots=True)
class Legal:
    """Who asks, for the foot of every mail."""

    name: str
    address: str
    privacy: str | None = None


@dataclass(frozen=True, slots=True)
class Fallback:
    """What starts a survey whose own trigger nobody tells of, and how long after it the mail goes out."""

    on: Trigger
    delay: timedelta


@dataclass(frozen=True, slots=True)
class SurveyRule:
    """One `[[surveys]]` of the shop's file: what is asked, when, and for how long."""

    kind: KindName
    touchpoint: str
    on: Trigger
    delay: timedelta
    expires: timedelta
    fallback: Fallback | None = None
    reminder: timedelta | None = None
    at: time | None = None
    question: Mapping[str, str] | None = None
    """The shop's own words, by language (`pl`), or by language and tone (`pl-formal`)."""
    stage: JourneyStage | None = None
    series: str | None = None
    """Since when it is asked in these words, as `2026-01-05`; None from the beginning. Not in the file: the shop's table keeps it."""
    earlier: Mapping[str | None, Mapping[str, str]] | None = None
    """The shop's own words of earlier series, for surveys that were asked in them; kept as `series` is."""

    @property
    def subject_type(self) -> SubjectType:
        return "ticket" if self.on == "ticket-solved" else "order"

    @property
    def journey_stage(self) -> JourneyStage:
        """What the shop says; else an order is "during" the purchase, and support is "after" it."""
        return self.stage or USUAL_STAGE[self.subject_type]


@dataclass(frozen=True, slots=True)
class Limits:
    """How often and at what hours a customer may be asked, and about which orders."""

    ask_again_after: timedelta = timedelta(days=90)
    quiet_hours: tuple[time, time] | None = None
    sample: float = 1.0
    minimum_total: Decimal = Decimal(0)
    partly_refunded: PartlyRefunded = "ask"
    gift_cards: bool = False
    """Whether orders of nothing but gift cards are asked about."""
    staff_domains: tuple[str, ...] = ()
    """The shop's own people's; each counts with all that is below it."""
    warm_up: int | None = None


@dataclass(frozen=True, slots=True)
class ReportRule:
    """Which reports are made, by which segments, how long answers are kept, and whether managers guess first."""

    every: tuple[PeriodKind, ...] = ("week", "month")
    segments: tuple[str, ...] = ("country", "language", "customer", "channel", "category", "delivery")
    hide_below: int = 5
    retention: timedelta = timedelta(days=730)
    guess: bool = False
    """Whether managers are asked, before a month closes, what customers will have said."""


@dataclass(frozen=True, slots=True)
class CustomerRule:
    """After how long without an order a customer is called sleeping, and lost; None: as the customers' own rhythm says."""

    sleeping_after: timedelta | None = None
    lost_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class SupportRule:
    """When the support works: None for around the clock. `holidays` names a country or a part of one (`PL`, `DE-BY`)."""

    hours: WeekHours | None = None
    holidays: str | None = None
    closed: tuple[date, ...] = ()
    staff: bool = True


@dataclass(frozen=True, slots=True)
class Shop:
    """Everything that a shop decided."""

    id: ShopId
    name: str
    zone: ZoneInfo
    languages: tuple[str, ...]
    sender: str
    consent_required: tuple[str, ...]
    surveys: tuple[SurveyRule, ...]
    legal: Legal
    reply_to: str | None = None
    managers: tuple[str, ...] = ()
    developers: tuple[str, ...] = ()
    """Who is told when the shop's webhooks fail or fall silent; the managers, if nobody is named."""
    brand: Brand = Brand()
    noun: Noun = "shop"
    review_link: str | None = None
    order_link: str | None = None
    """Where the shop's own people see an order: an address with `{id}` or `{number}` in it."""
    news: Mapping[str, str] | None = None
    """One line of the shop's own for the foot of a mail, by language or by language and tone."""
    statuses: Mapping[str, StatusMeaning] | None = None
    """What the shop's own order statuses mean, on platforms that tell an order's life by one status."""
    tone: Mapping[str, Tone] | None = None
    drivers: tuple[str, ...] = ()
    targets: Mapping[str, float] | None = None
    self_assessment: Mapping[str, float] | None = None
    limits: Limits = Limits()
    protection: Protection = "balanced"
    reports: ReportRule = ReportRule()
    customers: CustomerRule = CustomerRule()
    support: SupportRule = SupportRule()
    imported_until: Mapping[str, date] | None = None
    """By series, the day of the last answer that was imported from another service. Not in the file: the shop's table keeps it."""
    lifetimes: frozenset[timedelta] = frozenset()
    """Every `expires` that a survey of the shop ever had, kept as `imported_until` is: who was asked under an older file is not forgotten."""
    zones: frozenset[ZoneInfo] = frozenset()
    """Every `timezone` that the shop ever had, kept likewise: its day files are named by the days of then."""

    def rule_for(self, kind: KindName, subject_type: SubjectType) -> SurveyRule | None:
        """Find the rule by which orders, or tickets, are asked about so; None where the file holds it no more."""
        fitting = (rule for rule in self.surveys if (rule.kind, rule.subject_type) == (kind, subject_type))
        return next(fitting, None)
