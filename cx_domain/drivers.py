"""Which reasons customers named: by whom, where, and whether detractors name them more than before."""

from collections.abc import Iterable
from dataclasses import replace

from cx_domain.calendars import Period, previous
from cx_domain.findings import Driver, DriverAt, Since
from cx_domain.histograms import Histogram
from cx_domain.kinds import Bucket, kind
from cx_domain.statistics import Change, change, holm
from cx_domain.totals import WHOLE, DayTotal

_NAMED = kind("yes-no")


def drivers(period: Period, total: DayTotal, before: DayTotal) -> tuple[Driver, ...]:
    """Most named by detractors first; the changes' p-values are corrected after Holm over all of them."""
    found = [_driver(name, period, total, before) for name in {driver.driver for driver in total.drivers}]
    ordered = sorted(found, key=lambda row: (-row.detractors, -row.passives, -row.promoters, row.driver))
    return tuple(_corrected(ordered))


def _driver(name: str, period: Period, total: DayTotal, before: DayTotal) -> Driver:
    now, then = _shares(total, name), _shares(before, name)
    moved = change(_NAMED, then, now)
    return Driver(
        driver=name,
        promoters=_count(total, name, "promoter"),
        passives=_count(total, name, "passive"),
        detractors=_count(total, name, "detractor"),
        share=100 * now.counts.get(1, 0) / now.n if now.n else None,
        change=None if moved is None else _since(period, moved),
        touchpoints=tuple(_at_touchpoints(name, total)),
    )


def _at_touchpoints(name: str, total: DayTotal) -> Iterable[DriverAt]:
    for touchpoint in sorted({each.touchpoint for each in total.drivers if each.driver == name}):
        counts = [
            sum(n for each, n in total.drivers.items() if each == (name, bucket, touchpoint))
            for bucket in ("promoter", "passive", "detractor")
        ]
        yield DriverAt(touchpoint, *counts)


def _since(period: Period, moved: Change) -> Since:
    return Since(previous(period).name, moved.difference, moved.p_value)


def _corrected(rows: list[Driver]) -> Iterable[Driver]:
    tested = [row.change.p_value for row in rows if row.change is not None and row.change.p_value is not None]
    corrected = iter(holm(tested))
    for row in rows:
        if row.change is None or row.change.p_value is None:
            yield row
        else:
            yield replace(row, change=replace(row.change, p_value=next(corrected)))


def _shares(total: DayTotal, name: str) -> Histogram:
    return _yes(_count(total, name, "detractor"), _detractors(total))


def _detractors(total: DayTotal) -> int:
    return sum(
        answers.within(kind(cell.kind).detractors) for cell, answers in total.cells.items() if cell.dimension == WHOLE
    )


def _count(total: DayTotal, name: str, bucket: Bucket) -> int:
    return sum(n for each, n in total.drivers.items() if (each.driver, each.bucket) == (name, bucket))


def _yes(by: int, of: int) -> Histogram:
    """Who named a reason (1) and who did not (0), as the answers of a yes-or-no question."""
    return Histogram({1: by, 0: of - by})
