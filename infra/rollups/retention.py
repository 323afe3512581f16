"""What is older than the shop keeps anything, deleted from the bucket: day files, months' totals and reports.

The table forgets its items by itself. Each first rollup of a day looks for what has just become too old, by its name: a look costs a
tenth of a listing. Once a month everything is listed, for files that came late.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import get_args

from cx_domain.calendars import days_between, ending_on, parse_period
from cx_domain.rollup_times import oldest_kept
from cx_domain.shops import PeriodKind, Shop
from infra.aws import keys
from infra.aws.files import Files
from infra.aws.keys import ReportFile
from infra.rollups.fold import FOLDERS

_DAY = timedelta(days=1)
_LONGEST_BY_NAME = timedelta(days=31)


def drop_old(files: Files, shop: Shop, swept_before: date | None, now: datetime) -> date:
    """Delete what has become too old since files before `swept_before` were deleted; returns before which day there are none now."""
    oldest = oldest_kept(shop, now)
    if swept_before is None or oldest - swept_before > _LONGEST_BY_NAME or oldest.month != swept_before.month:
        # Listed to the end first: what is deleted while a listing goes on could make it skip.
        gone = [*_days(files, shop, oldest), *_months(files, shop, oldest), *_reports(files, shop, oldest)]
    elif oldest > swept_before:
        gone = list(_named(files, shop, swept_before, oldest))
    else:
        return swept_before
    for key in gone:
        files.delete(key)
    return oldest


def _named(files: Files, shop: Shop, first: date, oldest: date) -> Iterator[str]:
    """Name what is there of what has become too old with each of these days."""
    for day in days_between(first, oldest - _DAY):
        its_files = (keys.day_file(folder, shop.id, day) for folder in FOLDERS)
        yield from (key for key in its_files if files.has(key))
        for period in ending_on(day, get_args(PeriodKind)):
            # It is the last of a report that is deleted: while it is there, something may be.
            if files.has(keys.report_file(shop.id, period.name, "report.json")):
                yield from (keys.report_file(shop.id, period.name, file) for file in reversed(get_args(ReportFile)))


def _days(files: Files, shop: Shop, oldest: date) -> Iterator[str]:
    for folder in FOLDERS:
        # Keys begin with the day, so that they are listed in its order.
        yield from takewhile(lambda key: keys.day_of_file(key) < oldest, files.list(keys.shop_folder(folder, shop.id)))


def _months(files: Files, shop: Shop, oldest: date) -> Iterator[str]:
    """A month's totals go when all its days have; until then they hold counts and no words."""
    named = files.list(keys.shop_folder("totals", shop.id))
    yield from takewhile(lambda key: parse_period(keys.month_of_totals(key)).end < oldest, named)


def _reports(files: Files, shop: Shop, oldest: date) -> Iterator[str]:
    """A report goes when the whole of its period has; names begin with the year, which a week may end after."""
    for key in files.list(keys.reports_folder(shop.id)):
        period, _ = keys.report_of(key)
        if period[:4] > str(oldest.year):
            return
        if parse_period(period).end < oldest:
            yield key
