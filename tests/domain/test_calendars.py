"""The shop's own calendar: names of periods, where they begin and end, and when on everybody's clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_domain.calendars import (
    closes_at,
    day_of,
    days,
    digest_at,
    ending_on,
    latest,
    months,
    next_midnight,
    parse_period,
    period_of,
    previous,
    starts_at,
    year_before,
)
from cx_domain.errors import BadField
from cx_domain.shops import PeriodKind

WARSAW = ZoneInfo("Europe/Warsaw")
PERIOD_KINDS: tuple[PeriodKind, ...] = ("day", "week", "month", "quarter", "year")
SOME_DAY = st.dates(date(2000, 1, 10), date(2199, 12, 20))


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("2026-11-20", date(2026, 11, 20), date(2026, 11, 20)),
        ("2026-W02", date(2026, 1, 5), date(2026, 1, 11)),
        ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_read_from_its_name(name: str, start: date, end: date) -> None:
    period = parse_period(name)

    assert (period.name, period.start, period.end) == (name, start, end)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "26",
        "2026-",
        "2026-13",
        "2026-00",
        "2026-02-30",
        "2025-W53",
        "2026-W00",
        "2026-Q5",
        "2026-w47",
        "2026-W47\n",
        " 2026-11",
        "٢٠٢٦-11",
    ],
)
def test_a_period_that_is_not_in_the_calendar_is_refused_by_name(name: str) -> None:
    with pytest.raises(BadField) as refusal:
        parse_period(name)

    assert refusal.value.field == "period"


@given(SOME_DAY, st.sampled_from(PERIOD_KINDS))
def test_every_day_lies_in_exactly_one_period_of_each_kind(day: date, kind: PeriodKind) -> None:
    period = period_of(day, kind)

    assert day in days(period)
    assert parse_period(period.name) == period
    assert {period_of(other, kind) for other in days(period)} == {period}


@given(SOME_DAY, st.sampled_from(PERIOD_KINDS))
def test_the_period_before_ends_where_this_one_starts(day: date, kind: PeriodKind) -> None:
    period = period_of(day, kind)

    before = previous(period)

    assert closes_at(before, WARSAW) == starts_at(period.start, WARSAW)


@pytest.mark.parametrize(
    ("name", "year_ago"),
    [
        ("2026-11-20", "2025-11-20"),
        ("2028-02-29", "2027-02-28"),
        ("2026-W02", "2025-W02"),
        ("2026-W01", "2025-W01"),
        ("2026-W53", "2025-W52"),
        ("2027-W52", "2026-W52"),
        ("2028-02", "2027-02"),
        ("2026-Q4", "2025-Q4"),
        ("2026", "2025"),
    ],
)
def test_a_period_has_a_counterpart_a_year_ago(name: str, year_ago: str) -> None:
    assert year_before(parse_period(name)).name == year_ago


def test_the_last_periods_of_a_kind_follow_one_another() -> None:
    found = latest(parse_period("2026-W02"), 4)

    assert [period.name for period in found] == ["2025-W51", "2025-W52", "2026-W01", "2026-W02"]


def test_a_week_over_new_year_needs_the_totals_of_two_months() -> None:
    touched = months(parse_period("2026-W01"))

    assert [month.name for month in touched] == ["2025-12", "2026-01"]


def test_on_the_last_day_of_may_only_the_day_the_month_and_the_week_may_close() -> None:
    ending = ending_on(date(2026, 5, 31), PERIOD_KINDS)

    assert [period.name for period in ending] == ["2026-05-31", "2026-W22", "2026-05"]


def test_an_evening_in_london_is_already_the_next_day_in_warsaw() -> None:
    late = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)

    day = day_of(late, WARSAW)

    assert day == date(2026, 1, 6)


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 7, 1), 24)],
)
def test_days_on_which_clocks_change_are_shorter_or_longer(day: date, hours: int) -> None:
    period = period_of(day, "day")

    length = closes_at(period, WARSAW) - starts_at(day, WARSAW)

    assert length.total_seconds() == hours * 3600


@pytest.mark.parametrize(
    ("zone", "day", "starts"),
    [
        # Midnight does not exist in Beirut that night: the day starts at one.
        ("Asia/Beirut", date(2024, 3, 31), datetime(2024, 3, 30, 22, 0, tzinfo=UTC)),
        # Midnight comes twice in Havana that night: the day starts at the first.
        ("America/Havana", date(2024, 11, 3), datetime(2024, 11, 3, 4, 0, tzinfo=UTC)),
    ],
)
def test_a_day_starts_at_its_first_instant_where_midnight_is_skipped_or_repeated(
    zone: str, day: date, starts: datetime
) -> None:
    start = starts_at(day, ZoneInfo(zone))

    assert start == starts


@given(
    st.integers(1_577_836_800, 1_893_456_000),
    st.sampled_from(
        [
            "Europe/Warsaw",
            "America/Havana",
            "Asia/Beirut",
            "Australia/Lord_Howe",
            "Pacific/Kiritimati",
            "America/St_Johns",
        ]
    ),
)
def test_the_present_day_is_over_at_the_next_midnight_and_not_before(second: int, name: str) -> None:
    now, zone = datetime.fromtimestamp(second, UTC), ZoneInfo(name)

    midnight = next_midnight(now, zone)

    assert now < midnight
    assert day_of(midnight, zone) > day_of(now, zone)
    assert starts_at(day_of(now, zone), zone) <= now


def test_the_digest_of_a_week_goes_out_on_monday_at_eight() -> None:
    at = digest_at(parse_period("2026-W02"), WARSAW)

    assert at == datetime(2026, 1, 12, 7, 0, tzinfo=UTC)


def test_the_digest_of_october_goes_out_on_the_first_of_november_at_eight() -> None:
    at = digest_at(parse_period("2026-10"), WARSAW)

    assert at == datetime(2026, 11, 1, 7, 0, tzinfo=UTC)
