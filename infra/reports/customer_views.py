"""Customers on the page: what loyalty does, and how the customer base moved. From the parts of report.json that tell of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from cx_domain.findings import Report
from cx_domain.statistics import CHANCE, rounded
from infra.reports.phrases import Phrases

_STATES = ("new", "active", "reactivated", "sleeping", "lost")


@dataclass(frozen=True, slots=True)
class LoyaltyRow:
    """What one bucket's customers did: each figure with its interval."""

    name: str
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LoyaltyTable:
    name: str
    columns: tuple[str, ...]
    rows: tuple[LoyaltyRow, ...]


@dataclass(frozen=True, slots=True)
class BaseView:
    """How many customers are in each state at the end of the period."""

    lead: str
    states: tuple[tuple[str, str], ...]
    sentences: tuple[str, ...]


def loyalty_tables(report: Report, say: Phrases) -> list[LoyaltyTable]:
    """A table for each question that enough customers answered."""
    told = (report.customers or {}).get("loyalty") or {"questions": []}
    tables = [_told(_table(question, say)) for question in told["questions"]]
    return [table for table in tables if table.columns]


def risk_sentences(report: Report, say: Phrases) -> list[str]:
    told = (report.customers or {}).get("loyalty") or {"revenue_at_risk": []}
    return [
        say.t(
            "report.loyalty.risk",
            revenue=say.money(risk["revenue"], risk["currency"]),
            share=say.number(rounded(100 * risk["share"])),
            customers=say.n("report.customers", risk["customers"]),
        )
        for risk in told["revenue_at_risk"]
        if risk["customers"] and risk["revenue"] is not None and risk["share"] is not None
    ]


def base_view(report: Report, say: Phrases) -> BaseView | None:
    """None while there are too few customers to tell of."""
    told = (report.customers or {}).get("customer_base")
    if told is None or told["whole"] is None or not told["whole"]["customers"]:
        return None
    rhythm, end = told["rhythm"], told["whole"]["end"]
    days = {name: say.n_days(rhythm[f"{name}_after_days"]) for name in ("sleeping", "lost")}
    return BaseView(
        lead=say.t("report.base.lead", **days),
        states=tuple((say.t(f"report.base.{state}"), say.number(end.get(state, 0))) for state in _STATES),
        sentences=tuple(_opinions(told["opinions"], say)),
    )


def _table(question: Mapping[str, Any], say: Phrases) -> LoyaltyTable:
    kind = question["kind"]
    horizons = [again["days"] for again in question["buckets"][0]["bought_again"]]
    columns = [say.t("report.loyalty.again", days=days) for days in horizons]
    return LoyaltyTable(
        f"{say.t(f'report.kind.{kind}')} · {say.touchpoint(question['touchpoint'])}",
        (*columns, say.t("report.loyalty.gone"), say.t("report.loyalty.orders"), say.t("report.loyalty.revenue")),
        tuple(
            LoyaltyRow(say.bucket(kind, row["bucket"]), tuple(_cells(row, say)))
            for row in question["buckets"]
            if kind != "yes-no" or row["bucket"] != "passive"
        ),
    )


def _told(table: LoyaltyTable) -> LoyaltyTable:
    """Without the columns that have no figure yet, as "bought again in 180 days" in a shop's first months."""
    told = [place for place in range(len(table.columns)) if any(row.cells[place][0] for row in table.rows)]
    rows = tuple(LoyaltyRow(row.name, tuple(row.cells[place] for place in told)) for row in table.rows)
    return LoyaltyTable(table.name, tuple(table.columns[place] for place in told), rows)


def _cells(row: Mapping[str, Any], say: Phrases) -> Iterable[tuple[str, str]]:
    for share in (*row["bought_again"], row["gone"]):
        yield _figure(share["share"], share["interval"], 100, 0, say.percent, say)
    orders = row["orders_last_year"]
    yield _figure(orders["mean"], orders["interval"], 1, 1, str, say)
    most = max(row["revenue_last_year"], key=lambda each: int(each["n"]), default=None)
    if most is None:
        yield ("", "")
    else:
        yield _figure(most["mean"], most["interval"], 1, 0, partial(_in_currency, currency=most["currency"]), say)


def _figure(  # noqa: PLR0917 (a figure as it is printed)
    value: float | None,
    interval: list[float] | None,
    times: int,
    places: int,
    unit: Callable[[str], str],
    say: Phrases,
) -> tuple[str, str]:
    if value is None:
        return ("", "")
    figure = unit(_number(value, times, places, say))
    if interval is None:
        return (figure, "")
    low, high = (_number(end, times, places, say) for end in interval)
    return (figure, f"{low}\N{EN DASH}{high}")


def _in_currency(figure: str, currency: str) -> str:
    return f"{figure}\N{NO-BREAK SPACE}{currency}"


def _number(value: float, times: int, places: int, say: Phrases) -> str:
    return say.number(rounded(Fraction(value).limit_denominator(10**6) * times, places))


def _opinions(opinions: Iterable[Mapping[str, Any]], say: Phrases) -> Iterable[str]:
    for question in opinions:
        turns = question["whole"]
        if turns is None or not turns["customers"]:
            continue
        by_chance = turns["p_value"] is None or turns["p_value"] >= CHANCE
        numbers = {name: say.number(turns[name]) for name in ("better", "same", "worse")}
        change = say.t("report.base.opinions", name=say.t(f"report.kind.{question['kind']}"), **numbers)
        yield say.t("report.change.chance" if by_chance else "report.change.real", change=change)
