"""What a report says, before it is JSON, a page or sheets: figures with their n, interval and difference, in no language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from cx_domain.calendars import Period
from cx_domain.guesses import Guessed, GuessSubject
from cx_domain.histograms import Histogram
from cx_domain.incident_effects import Effect
from cx_domain.incidents import Incident
from cx_domain.kinds import Bucket
from cx_domain.resolutions import Resolution
from cx_domain.sample_sizes import Needed
from cx_domain.segments import Segment
from cx_domain.shops import KindName, Protection
from cx_domain.statistics import Headline

JudgedBy = Protection | Literal["mixed"]
"""By which protection the period's answers were judged: `mixed` where the shop changed it in between."""


@dataclass(frozen=True, slots=True)
class Since:
    """The difference to another period, in the score's own unit; the p-value is two-sided, and uncorrected for headlines."""

    period: str
    difference: float
    p_value: float | None


@dataclass(frozen=True, slots=True)
class Rolling:
    """The answers of the thirteen weeks that end with the period, both days inclusive."""

    first: date
    last: date
    histogram: Histogram
    headline: Headline


@dataclass(frozen=True, slots=True)
class Measure:
    """One question at one touchpoint, in the words of one series.

    `headline` is the period's own figure and `rolling` that of thirteen weeks, None where the period is as long itself.

    The shop's `target` is in the score's own unit, and stands beside the newest series only; `newer` names the series that
    follows in this report, None for the newest. `reworded` says why `since` is missing: the period before was answered, but in
    other words. `if_all_counted` is what a service that trusts every tap would say. `until` is, of a series that was imported from another
    service, the day of its last answer.
    """

    kind: KindName
    touchpoint: str
    histogram: Histogram
    headline: Headline
    rolling: Rolling | None
    since: Since | None
    year_ago: Since | None
    needed: Needed | None
    target: float | None
    series: str | None
    newer: str | None
    reworded: bool
    if_all_counted: Headline
    until: date | None = None


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A question's figure in one period."""

    period: Period
    headline: Headline


@dataclass(frozen=True, slots=True)
class TrendLine:
    """A question's figures in the last periods of a kind, oldest first, in the words of one series."""

    kind: KindName
    touchpoint: str
    series: str | None
    points: tuple[TrendPoint, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of the surveys that were sent in the period, and why others were not."""

    sent: int
    delivered: int
    bounced: int
    complained: int
    unsubscribed: int
    answered: int
    commented: int
    not_sent: Mapping[str, int]

    @property
    def response_rate(self) -> float | None:
        """Counted answers of these surveys to mails that did not bounce; None when there are no such mails."""
        arrived = self.sent - self.bounced
        return self.answered / arrived if arrived > 0 else None

    @property
    def comment_rate(self) -> float | None:
        """Answers with words to answers; None without any."""
        return self.commented / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class DriverAt:
    """How many named a reason when they were asked at one touchpoint."""

    touchpoint: str
    promoters: int
    passives: int
    detractors: int


@dataclass(frozen=True, slots=True)
class Driver:
    """How many promoters, passives and detractors ticked this reason.

    `share` is the percentage of all detractors who did, None without detractors; `change` compares it with the period before, its
    p-value corrected after Holm over all reasons.
    """

    driver: str
    promoters: int
    passives: int
    detractors: int
    share: float | None
    change: Since | None
    touchpoints: tuple[DriverAt, ...]


@dataclass(frozen=True, slots=True)
class ShownIncident:
    """An incident, whether the steps against it helped by the end of the period, and whether it may be closed."""

    incident: Incident
    effect: Effect
    is_over: bool


@dataclass(frozen=True, slots=True)
class Comment:
    """What one customer wrote or ticked; `order` is the order's number and `order_id` the platform's own id of it, `score` None for a mention without one.

    `total` is the order's value, a decimal number as text; `confirmed` is false of a tap that nothing contradicts.
    """

    kind: KindName
    touchpoint: str
    score: int | None
    bucket: Bucket | None
    comment: str
    drivers: tuple[str, ...]
    order: str | None
    order_id: str | None
    total: str | None
    currency: str | None
    given_at: datetime
    may_reply: bool
    confirmed: bool
    source: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a report says, in the shop's zone and in no language; `made_at` dates the workbook.

    `unconfirmed` counts low answers that are not to be called back. Words are listed from the day `listed_from` on. `support` holds
    the parts `open_at_close`, `contacts`, `staff` and `journey` of report.json; `customers` its parts `loyalty` and `customer_base`, None
    where no histories are kept. `revision` counts how often the period's answers changed after its report was first published; None while the period is not over.
    `guesses` are the managers', none while the period is not over; where there are none of the NPS, `self_assessment` stands.
    """

    shop: str
    period: Period
    timezone: str
    made_at: datetime
    measures: tuple[Measure, ...]
    trend: tuple[TrendLine, ...]
    asked: Asked
    protection: JudgedBy
    verdicts: Mapping[str, int]
    if_all_counted: Mapping[KindName, Headline]
    segments: tuple[Segment, ...]
    hide_below: int
    drivers: tuple[Driver, ...]
    incidents: tuple[ShownIncident, ...]
    call_back: tuple[Comment, ...]
    unconfirmed: int
    comments: tuple[Comment, ...]
    listed_from: date
    resolution: Resolution
    support: Mapping[str, Any]
    self_assessment: Mapping[KindName, float]
    guesses: Mapping[GuessSubject, Guessed]
    customers: Mapping[str, Any] | None = None
    revision: int | None = 0
