"""Schedule expressions, and the ticks that are skipped because a handler said that nothing is due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.schedules import BadSchedule, Ticks, read
from infra.local.stack import Schedule

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def schedule(expression: str) -> Schedule:
    return Schedule(expression, expression, "UTC", None, "DispatchFunction")


def times(expression: str, count: int, zone: str = "UTC", start: datetime = MONDAY) -> list[str]:
    found = [start]
    for _ in range(count):
        at = read(expression, zone).after(found[-1])
        assert at is not None
        found.append(at)
    return [at.strftime("%Y-%m-%d %H:%M") for at in found[1:]]


def test_a_rate_falls_on_whole_minutes_wherever_the_stack_was_started() -> None:
    at = read("rate(1 minute)").after(MONDAY + timedelta(seconds=17))

    assert at == MONDAY + timedelta(minutes=1)


def test_every_quarter_of_an_hour() -> None:
    assert times("cron(0/15 * * * ? *)", 3) == ["2026-01-05 09:15", "2026-01-05 09:30", "2026-01-05 09:45"]


def test_mondays_at_eight_in_warsaw_are_seven_in_utc_in_winter() -> None:
    assert times("cron(0 8 ? * MON *)", 2, "Europe/Warsaw") == ["2026-01-12 07:00", "2026-01-19 07:00"]


def test_lists_ranges_names_and_days_of_the_month() -> None:
    assert times("cron(0 6,18 1-2 FEB,MAR ? *)", 5) == [
        "2026-02-01 06:00",
        "2026-02-01 18:00",
        "2026-02-02 06:00",
        "2026-02-02 18:00",
        "2026-03-01 06:00",
    ]


def test_sunday_is_the_first_day_of_the_week() -> None:
    assert times("cron(0 0 ? * 1 *)", 1) == ["2026-01-11 00:00"]


def test_a_time_that_the_change_of_the_clocks_leaves_out_is_skipped() -> None:
    before = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)

    assert times("cron(30 2 * * ? *)", 1, "Europe/Warsaw", before) == ["2026-03-30 00:30"]


def test_a_time_that_comes_twice_happens_once() -> None:
    before = datetime(2026, 10, 24, 12, 0, tzinfo=UTC)

    assert times("cron(30 2 * * ? *)", 2, "Europe/Warsaw", before) == ["2026-10-25 00:30", "2026-10-26 01:30"]


def test_a_year_that_is_over_never_comes() -> None:
    assert read("cron(0 0 1 1 ? 2025)").after(MONDAY) is None


@pytest.mark.parametrize(
    "expression",
    [
        "every minute",
        "rate(1 minutes)",
        "rate(2 minute)",
        "rate(0 minutes)",
        "rate(1 week)",
        "cron(0 8 * * MON *)",
        "cron(0 8 ? * ? *)",
        "cron(0 8 * * ?)",
        "cron(60 8 * * ? *)",
        "cron(0 8 L * ? *)",
        "cron(0 8 ? * MON#2 *)",
        "cron(0 8 15W * ? *)",
        "cron(? 8 * * ? *)",
        "cron(*/0 8 * * ? *)",
        "cron(30-10 8 * * ? *)",
        "cron(0 8 ? * FUNDAY *)",
        "at(2026-01-05T09:00:00)",
    ],
)
def test_what_cannot_be_read_is_refused(expression: str) -> None:
    with pytest.raises(BadSchedule, match=r"cron|rate"):
        read(expression)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - the zone is beside
def test_the_next_time_is_always_later_and_never_skips_one(moment: datetime) -> None:
    times = read("cron(0/15 * * * ? *)")

    at = times.after(moment)

    assert at is not None
    assert timedelta(0) < at - moment <= timedelta(minutes=15)
    assert at.minute % 15 == at.second == 0


def test_ticks_are_skipped_while_the_handler_says_that_nothing_is_due() -> None:
    every_minute = schedule("rate(1 minute)")
    ticks = Ticks([every_minute])
    ticks.started(every_minute)

    ticks.answered(every_minute, MONDAY + timedelta(hours=6))

    assert ticks.next_at(MONDAY) == MONDAY + timedelta(hours=6)


def test_a_write_to_the_due_index_ends_the_idle_time_when_it_falls_due() -> None:
    every_minute = schedule("rate(1 minute)")
    ticks = Ticks([every_minute])
    ticks.started(every_minute)
    ticks.answered(every_minute, MONDAY + timedelta(hours=6))

    ticks.due_written(MONDAY + timedelta(minutes=90, seconds=5))

    assert ticks.next_at(MONDAY) == MONDAY + timedelta(minutes=91)


def test_a_write_while_the_handler_runs_is_not_forgotten() -> None:
    every_minute = schedule("rate(1 minute)")
    ticks = Ticks([every_minute])
    ticks.started(every_minute)

    ticks.due_written(MONDAY + timedelta(minutes=3))
    ticks.answered(every_minute, MONDAY + timedelta(hours=6))

    assert ticks.next_at(MONDAY) == MONDAY + timedelta(minutes=3)


def test_only_the_schedules_that_fall_now_tick_now() -> None:
    every_minute, every_quarter = schedule("rate(1 minute)"), schedule("cron(0/15 * * * ? *)")
    ticks = Ticks([every_minute, every_quarter])

    assert ticks.falling(MONDAY, MONDAY + timedelta(minutes=1)) == [every_minute]
    assert ticks.falling(MONDAY + timedelta(minutes=14), MONDAY + timedelta(minutes=15)) == [
        every_minute,
        every_quarter,
    ]
