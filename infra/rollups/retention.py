"""What is older than the shop keeps anything, deleted from the bucket: day files, months' totals and reports.

The table forgets its items by itself. Each first rollup of a day looks from the oldest file on, and stops at the first that stays: one
listing of each folder, and nothing more on most nights.
"""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import takewhile

from cx_domain.calendars import day_of, parse_period
from cx_domain.shops import Shop
from infra.aws import keys
from infra.aws.files import Files
from infra.rollups.fold import FOLDERS


def drop_old(files: Files, shop: Shop, rolled_at: datetime | None, now: datetime) -> int:
    """Delete what is too old, in the first rollup of a day of the shop's, not in others; returns how many files."""
    today = day_of(now, shop.zone)
    if rolled_at is not None and day_of(rolled_at, shop.zone) == today:
        return 0
    oldest = day_of(now - shop.reports.retention, shop.zone)
    # Listed to the end first: what is deleted while a listing goes on could make it skip.
    gone = [*_days(files, shop, oldest), *_months(files, shop, oldest), *_reports(files, shop, oldest)]
    for key in gone:
        files.delete(key)
    return len(gone)


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
