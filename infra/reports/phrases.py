"""A report's words and numbers in one language: catalogues `templates/locales/<language>/reports.po`, and Babel's calendar."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton
from babel.numbers import format_currency, format_decimal

from cx_domain.calendars import Period
from cx_domain.digests import places
from cx_domain.kinds import kind as kind_named
from cx_domain.segments import OTHER
from cx_domain.series import age_order, begins_on, imported_from
from cx_domain.shops import KindName, Shop
from cx_domain.statistics import rounded
from infra.reports.charts import MINUS
from infra.writing.catalogues import LOCALES, load
from infra.writing.questions import driver_label, touchpoint_label
from infra.writing.words import LAST_RESORT, Words, words

_PERCENT = {"csat", "yes-no"}
_HOURS_OF_DAY = 24
_TEN = 10


@dataclass(frozen=True, slots=True)
class Phrases:
    """How one language says a report. Texts are plain; escaping is the template's."""

    spoken: Words
    locale: str

    @property
    def language(self) -> str:
        return self.spoken.language

    def t(self, message: str, /, **values: Any) -> str:
        return self.spoken.gettext(message, **values)

    def n(self, message: str, number: int, /) -> str:
        return self.spoken.ngettext(message, number, n=self.number(number))

    def either(self, message: str, otherwise: str) -> str:
        """The message, or a shop's own word where we have none."""
        return self.t(message) if self.spoken.has(message) else otherwise

    def number(self, value: Decimal | int) -> str:
        """With the language's separators, and a minus that is not a hyphen."""
        shown = -Decimal(value).as_tuple().exponent  # type: ignore[operator]  # only NaN and infinity have a letter here
        pattern = "#,##0" + ("." + "0" * shown if shown > 0 else "")
        return str(format_decimal(value, pattern, locale=self.locale)).replace("-", MINUS)

    def figure(self, kind: KindName, value: float) -> str:
        """A score without its unit, rounded as its kind is."""
        return self.number(rounded(value, places(kind)))

    def score(self, kind: KindName, value: float) -> str:
        """A score as it is read: `51`, `69%`, `4.1`."""
        figure = self.figure(kind, value)
        return self.percent(figure) if kind in _PERCENT else figure

    def percent(self, figure: str) -> str:
        """The figure with its sign, which most languages set apart: `69%`, `69 %`."""
        return self.t("report.score.percent", score=figure)

    def difference(self, kind: KindName, value: Decimal) -> str:
        """How far apart two scores are: in points, or on a mean's own scale."""
        if places(kind):
            return self.number(abs(value))
        return self.n("report.points", int(abs(value)))

    def share(self, part: int, whole: int) -> str:
        """A whole percentage, without its sign."""
        return self.number(rounded(100 * part / whole))

    def title(self, period: Period) -> str:
        match period.kind:
            case "day":
                return capital(format_date(period.start, "full", locale=self.locale))
            case "week":
                iso = period.start.isocalendar()
                return self.t("report.title.week", number=iso.week, year=iso.year)
            case "month":
                return capital(format_skeleton("yMMMM", period.start, locale=self.locale))
            case "quarter":
                return self.t("report.title.quarter", number=period.name[-1], year=period.start.year)
            case "year":
                return period.name

    def short_title(self, period: Period) -> str:
        """What a chart has room for: `5 Jan` for a day and a week's first, `Jan`, `Q1` or `2026`."""
        match period.kind:
            case "day" | "week":
                return str(format_skeleton("MMMd", period.start, locale=self.locale))
            case "month":
                return str(format_skeleton("MMM", period.start, locale=self.locale))
            case "quarter":
                return self.t("report.short-title.quarter", number=period.name[-1], year=period.start.year)
            case "year":
                return period.name

    def imported(self, service: str, until: date | None) -> str:
        """Whose answers they are that another service took."""
        if until is None:
            return self.t("report.series.imported", service=service)
        return self.t("report.series.imported.until", service=service, day=self.date(until))

    def dates(self, period: Period) -> str:
        return self.between(period.start, period.end)

    def between(self, first: date, last: date) -> str:
        return str(format_interval(first, last, skeleton="yMMMMd", locale=self.locale))

    def date(self, day: date) -> str:
        return str(format_date(day, "long", locale=self.locale))

    def money(self, amount: str, currency: str | None) -> str:
        """An order's value in its own currency, by the currency's letters: `99.80 PLN`."""
        if currency is None:
            return self.number(Decimal(amount))
        return str(format_currency(Decimal(amount), currency, "#,##0.00\N{NO-BREAK SPACE}¤¤", locale=self.locale))

    def day(self, at: datetime, zone: ZoneInfo) -> str:
        return str(format_date(at.astimezone(zone).date(), "medium", locale=self.locale))

    def series(self, name: str, period: Period) -> str:
        """The day a series began, with its year where that is another than the period's: `7 January`; the day's second with a (2)."""
        began = begins_on(name)
        if began.year == period.end.year:
            day = str(format_skeleton("MMMMd", began, locale=self.locale))
        else:
            day = str(format_date(began, "long", locale=self.locale))
        _, number = age_order(name)
        return day if number == 1 else f"{day} ({number})"

    def hours(self, value: float | None, *, worked: bool = False) -> str:
        """Up to two days in hours, more in days; a tenth matters below ten only. A day of work is no 24 hours: `worked` ones stay hours."""
        if value is None:
            return self.t("report.none")
        if worked or value < 2 * _HOURS_OF_DAY:
            return self.t("report.hours", hours=self._short(value))
        return self.t("report.days", days=self._short(value / _HOURS_OF_DAY))

    def n_days(self, value: float) -> str:
        """Whole days: `1 day`, `365 days`."""
        return self.n("report.n-days", int(rounded(value)))

    def _short(self, value: float) -> str:
        return self.number(rounded(value, 1 if value < _TEN else 0))

    def driver(self, key: str) -> str:
        return driver_label(key, self.spoken)

    def reason(self, key: str) -> str:
        return self.either(f"report.reason.{key}", key)

    def source(self, key: str) -> str:
        service = imported_from(key)
        return self.either(f"report.source.{key}", key) if service is None else self.imported(service, None)

    def touchpoint(self, key: str) -> str:
        return touchpoint_label(key, self.spoken)

    def rating(self, kind: KindName, score: int) -> str:
        """A single answer as it is read: a number, or yes and no."""
        return self.bucket(kind, kind_named(kind).bucket(score)) if kind == "yes-no" else str(score)

    def dimension(self, key: str) -> str:
        return self.either(f"report.dimension.{key}", key.removeprefix("tag:"))

    def value(self, dimension: str, key: str) -> str:
        """A segment's name: countries and languages as Unicode's CLDR calls them, others as the shop does."""
        if key == OTHER:
            return self.t("report.value.other")
        locale = Locale.parse(self.locale)
        if dimension == "country":
            return str(locale.territories.get(key, key))
        if dimension == "language":
            return str(locale.languages.get(key, key))
        if dimension == "source":
            return self.source(key)
        return self.either(f"report.value.{dimension}.{key}", self.either(f"report.value.{key}", key))

    def bucket(self, kind: KindName, bucket: str) -> str:
        family = "nps" if kind == "nps5" else kind
        return self.t(f"report.bucket.{family}.{bucket}")


def phrases(shop: Shop) -> Phrases:
    """The report's words in the first of the shop's languages that has them, else in English."""
    language = next((each for each in shop.languages if _file(each).exists()), LAST_RESORT)
    tone = (shop.tone or {}).get(language)
    around = words(language, tone)
    catalogues = (load(_file(language)), *around.catalogues, load(_file(LAST_RESORT)))
    spoken = Words(language, around.direction, catalogues)
    return Phrases(spoken, spoken.locale)


def _file(language: str) -> Path:
    return LOCALES / language / "reports.po"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
