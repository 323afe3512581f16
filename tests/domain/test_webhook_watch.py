"""A shop that used to send is missed when it falls silent, and not when it is closed, small or new."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cx_domain.deliveries import DeliveryDay, refused
from cx_domain.webhook_watch import failure, silence
from tests.builders import WARSAW

MONDAY = date(2026, 1, 5)
DAY = timedelta(days=1)
WORKDAYS = range(5)


def opened(day: date, orders: int = 20) -> DeliveryDay:
    """A day with its first delivery at nine and its last one at eighteen, in Warsaw."""
    first_at, last_at = (datetime(day.year, day.month, day.day, hour, tzinfo=WARSAW) for hour in (9, 18))
    return DeliveryDay(day, "woocommerce", {"taken": orders}, first_at, last_at)


def weeks(number: int, weekdays: Iterable[int] = range(7)) -> list[DeliveryDay]:
    """So many weeks from Monday the 5th of January on, with deliveries on these weekdays."""
    days = (MONDAY + number * DAY for number in range(7 * number))
    return [opened(day) for day in days if day.weekday() in set(weekdays)]


def told_on(days: Sequence[DeliveryDay]) -> date | None:
    """On which night's rollup, just after midnight, the silence after these days is noticed."""
    first = max(day.day for day in days)
    for later in (first + number * DAY for number in range(1, 60)):
        if silence(days, WARSAW, datetime(later.year, later.month, later.day, 0, 15, tzinfo=WARSAW)):
            return later
    return None


def test_a_shop_that_sends_every_day_is_missed_two_nights_later() -> None:
    last_sunday = MONDAY + 27 * DAY

    assert told_on(weeks(4)) == last_sunday + 3 * DAY


def test_a_closed_weekend_is_no_silence() -> None:
    friday = MONDAY + 25 * DAY

    assert told_on(weeks(4, WORKDAYS)) == friday + 5 * DAY


def test_a_monday_off_after_a_closed_weekend_is_none_either() -> None:
    tuesday_before_nine = datetime(2026, 2, 3, 8, tzinfo=WARSAW)

    assert silence(weeks(4, WORKDAYS), WARSAW, tuesday_before_nine) is None


def test_the_silence_says_since_when_and_how_many_came_before() -> None:
    found = silence(weeks(4), WARSAW, datetime(2026, 2, 9, tzinfo=UTC))

    assert found is not None
    assert found.since == datetime(2026, 2, 1, 18, tzinfo=WARSAW)
    assert found.deliveries == 28 * 20
    assert found.longest_pause == timedelta(hours=15)


def test_what_came_more_than_four_weeks_before_the_silence_does_not_count() -> None:
    found = silence(weeks(8), WARSAW, datetime(2026, 3, 9, tzinfo=UTC))

    assert found is not None
    assert found.deliveries == 28 * 20


def test_after_one_pause_of_four_days_only_a_much_longer_one_is_a_silence() -> None:
    with_a_pause = [day for day in weeks(4) if not 10 <= (day.day - MONDAY).days < 14]
    last_sunday = MONDAY + 27 * DAY

    assert told_on(with_a_pause) == last_sunday + 14 * DAY


@pytest.mark.parametrize(
    "days",
    [[], [replace(day, outcomes={"taken": 1}) for day in weeks(1)], [opened(MONDAY), opened(MONDAY + 5 * DAY)]],
    ids=["never", "too few", "too new"],
)
def test_a_shop_of_which_too_little_is_known_is_not_watched(days: list[DeliveryDay]) -> None:
    assert silence(days, WARSAW, datetime(2026, 6, 1, tzinfo=UTC)) is None


def test_refusals_are_no_deliveries() -> None:
    failing = DeliveryDay(MONDAY + 29 * DAY, "woocommerce", {"bad-signature": 5}, unsigned=5)

    found = silence([*weeks(4), failing], WARSAW, datetime(2026, 2, 9, tzinfo=UTC))

    assert found is not None
    assert found.since == datetime(2026, 2, 1, 18, tzinfo=WARSAW)


# --- signatures --------------------------------------------------------------------------------------------------------

TUESDAY_NOON = datetime(2026, 1, 6, 12, tzinfo=UTC)


def test_three_bad_signatures_since_the_last_good_one_are_a_failure() -> None:
    today = DeliveryDay(MONDAY + DAY, "shopify", {"bad-signature": 3}, unsigned=3)

    found = failure([today, opened(MONDAY)], TUESDAY_NOON)

    assert found is not None
    assert (found.unsigned, found.since) == (3, datetime(2026, 1, 5, 18, tzinfo=WARSAW))


def test_a_shop_with_an_order_a_day_is_told_on_the_third_day_that_all_its_signatures_fail() -> None:
    failing = [DeliveryDay(MONDAY + n * DAY, "shopify", {"bad-signature": 1}, unsigned=1) for n in range(1, 4)]
    long_mended = DeliveryDay(MONDAY - DAY, "shopify", {"bad-signature": 2}, unsigned=2)
    thursday_noon = TUESDAY_NOON + 2 * DAY

    second_day = failure([long_mended, opened(MONDAY), *failing[:2]], thursday_noon)
    third_day = failure([*failing, opened(MONDAY), long_mended], thursday_noon)

    assert second_day is None
    assert third_day is not None
    assert third_day.unsigned == 3


@pytest.mark.parametrize("unsigned", [0, 2])
def test_a_good_one_among_them_is_none(unsigned: int) -> None:
    assert failure([replace(opened(MONDAY), unsigned=unsigned)], TUESDAY_NOON) is None


def never_good(times: int, first_at: datetime) -> DeliveryDay:
    refusals = tuple(refused(first_at + number * timedelta(hours=1), "bad-signature", "no") for number in range(times))
    return DeliveryDay(MONDAY, "shopify", {"bad-signature": times}, unsigned=times, refused=refusals)


def test_signatures_that_were_never_good_are_a_failure_after_a_day() -> None:
    found = failure([never_good(3, TUESDAY_NOON - DAY)], TUESDAY_NOON)

    assert found is not None
    assert (found.unsigned, found.since) == (3, None)


@pytest.mark.parametrize(
    ("times", "first_at"),
    [(3, TUESDAY_NOON - timedelta(hours=23)), (2, TUESDAY_NOON - DAY)],
    ids=["while the shop is just being connected", "too few"],
)
def test_signatures_that_were_never_good_are_not_told_at_once_nor_for_two(times: int, first_at: datetime) -> None:
    assert failure([never_good(times, first_at)], TUESDAY_NOON) is None


def test_a_platform_that_was_left_months_ago_is_not_watched() -> None:
    today = DeliveryDay(date(2026, 3, 2), "shopify", {"bad-signature": 9}, unsigned=9)

    assert failure([opened(MONDAY), today], datetime(2026, 3, 2, 12, tzinfo=UTC)) is None
