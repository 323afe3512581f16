"""When a shop is rolled up: each night of its own, and when a digest is due; and which reports that touches."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from cx_domain.calendars import parse_period
from cx_domain.rollup_times import (
    closed_with,
    days_to_close,
    digests_due,
    expired_days,
    is_due,
    newly_closed,
    next_due,
    shown_in,
)
from cx_domain.shops import ReportRule, Shop
from tests.builders import ACME, NPS, WARSAW


def warsaw(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW).astimezone(UTC)


MONDAY_MORNING = warsaw("2026-01-12T08:00")
NIGHT_BEFORE = warsaw("2026-01-12T00:05")


def reporting(*every: str) -> Shop:
    return replace(ACME, reports=ReportRule(every=every))  # type: ignore[arg-type]


def test_a_shop_that_was_never_rolled_up_is_due() -> None:
    assert is_due(ACME, None, MONDAY_MORNING)


def test_a_shop_is_due_once_its_own_midnight_has_passed() -> None:
    before_midnight = warsaw("2026-01-13T23:45")

    assert not is_due(ACME, before_midnight, warsaw("2026-01-13T23:59"))
    assert is_due(ACME, before_midnight, warsaw("2026-01-14T00:00"))


def test_a_shop_that_was_rolled_up_tonight_is_not_due_again() -> None:
    assert not is_due(ACME, warsaw("2026-01-14T00:00"), warsaw("2026-01-14T15:00"))


def test_a_shop_is_due_again_at_eight_when_a_weeks_digest_goes_out() -> None:
    assert not is_due(ACME, NIGHT_BEFORE, MONDAY_MORNING - timedelta(minutes=1))
    assert is_due(ACME, NIGHT_BEFORE, MONDAY_MORNING)


def test_a_shop_that_only_wants_days_has_no_digest_to_be_woken_for() -> None:
    assert not is_due(reporting("day"), NIGHT_BEFORE, MONDAY_MORNING)


def test_a_shop_whose_managers_guess_is_due_at_eight_with_two_working_days_left() -> None:
    guessing, night = replace(ACME, reports=ReportRule(guess=True)), warsaw("2026-01-29T00:05")
    at_eight = warsaw("2026-01-29T08:00")

    assert next_due(guessing, night) == at_eight
    assert is_due(guessing, night, at_eight)
    assert not is_due(ACME, night, at_eight)


def test_after_a_long_outage_a_shop_is_due() -> None:
    assert is_due(ACME, warsaw("2025-11-02T00:00"), warsaw("2026-01-13T15:00"))


def test_the_next_time_is_the_next_midnight_on_a_usual_day() -> None:
    assert next_due(ACME, warsaw("2026-01-14T15:00")) == warsaw("2026-01-15T00:00")


def test_the_next_time_is_the_digests_hour_on_a_monday_morning() -> None:
    assert next_due(ACME, NIGHT_BEFORE) == MONDAY_MORNING


def test_the_next_time_lies_always_ahead() -> None:
    assert next_due(ACME, MONDAY_MORNING) == warsaw("2026-01-13T00:00")


def test_the_night_of_the_clock_change_is_an_hour_shorter() -> None:
    midnight = warsaw("2026-03-29T00:00")

    assert next_due(reporting("day"), midnight) - midnight == timedelta(hours=23)


def test_a_week_and_a_month_that_end_on_one_day_close_together() -> None:
    closed = newly_closed(ACME, warsaw("2026-05-31T12:00"), warsaw("2026-06-01T00:00"))

    assert [period.name for period in closed] == ["2026-W22", "2026-05"]


def test_nothing_closes_within_a_day() -> None:
    assert newly_closed(ACME, warsaw("2026-01-12T00:00"), warsaw("2026-01-12T23:00")) == []


def test_after_an_outage_every_period_that_closed_meanwhile_is_told() -> None:
    closed = newly_closed(reporting("week"), warsaw("2026-01-05T09:00"), warsaw("2026-01-20T09:00"))

    assert [period.name for period in closed] == ["2026-W02", "2026-W03"]


def test_a_shop_that_was_never_rolled_up_reports_no_periods_before_its_time() -> None:
    assert newly_closed(ACME, None, MONDAY_MORNING) == []


def test_a_late_answer_makes_the_reports_of_its_closed_week_again() -> None:
    periods = closed_with(ACME, [date(2026, 1, 7)], MONDAY_MORNING)

    assert periods == [parse_period("2026-W02")]


def test_an_open_period_is_not_reported_yet() -> None:
    assert closed_with(ACME, [date(2026, 1, 12)], MONDAY_MORNING) == []


def test_two_days_of_one_week_are_one_report() -> None:
    periods = closed_with(reporting("week"), [date(2026, 1, 7), date(2026, 1, 8)], MONDAY_MORNING)

    assert [period.name for period in periods] == ["2026-W02"]


def test_the_weeks_digest_goes_out_on_monday_at_eight() -> None:
    shop = reporting("week")

    assert digests_due(shop, MONDAY_MORNING - timedelta(seconds=1)) == []
    assert digests_due(shop, MONDAY_MORNING) == [parse_period("2026-W02")]


def test_a_digest_that_could_not_go_out_within_a_day_is_let_go() -> None:
    shop = reporting("week")

    assert digests_due(shop, MONDAY_MORNING + timedelta(hours=23, minutes=59)) == [parse_period("2026-W02")]
    assert digests_due(shop, MONDAY_MORNING + timedelta(days=1)) == []


def test_nobody_gets_a_digest_every_day() -> None:
    assert digests_due(reporting("day"), MONDAY_MORNING) == []


def test_the_months_digest_goes_out_on_the_first_at_eight() -> None:
    assert digests_due(reporting("month"), warsaw("2026-02-01T08:00")) == [parse_period("2026-01")]


def test_every_day_s_surveys_are_closed_once_all_of_them_have_expired_and_not_looked_at_before_or_after() -> None:
    rolled_at, now = datetime(2026, 2, 11, 23, 0, tzinfo=UTC), datetime(2026, 2, 12, 23, 0, tzinfo=UTC)

    days = expired_days(ACME, rolled_at, now)

    # Thirty days after the 13th of January are over.
    assert days == [date(2026, 1, 13)]


def test_a_rollup_that_was_away_for_a_week_closes_the_week() -> None:
    rolled_at, now = datetime(2026, 2, 5, 23, 0, tzinfo=UTC), datetime(2026, 2, 12, 23, 0, tzinfo=UTC)

    assert len(expired_days(ACME, rolled_at, now)) == 7


def test_who_was_asked_when_surveys_lived_longer_is_closed_when_they_were_told() -> None:
    rolled_at, now = datetime(2026, 2, 11, 23, 0, tzinfo=UTC), datetime(2026, 2, 12, 23, 0, tzinfo=UTC)
    shortened = replace(ACME, surveys=(replace(NPS, expires=timedelta(days=7)),), lifetimes=frozenset({NPS.expires}))

    days = expired_days(shortened, rolled_at, now)

    assert days == [date(2026, 1, 13), date(2026, 2, 5)]


def test_a_shop_that_moved_closes_its_days_of_before_when_they_were_over_where_it_was() -> None:
    rolled_at, now = datetime(2026, 2, 11, 15, 0, tzinfo=UTC), datetime(2026, 2, 12, 15, 0, tzinfo=UTC)
    moved = replace(ACME, zone=ZoneInfo("Asia/Tokyo"), zones=frozenset({ZoneInfo("America/New_York")}))

    days = expired_days(moved, rolled_at, now)

    # The 13th is over in Tokyo, and not yet in New York.
    assert days == [date(2026, 1, 12), date(2026, 1, 13)]


def test_the_days_of_customers_who_waited_ninety_days_for_a_reply_are_looked_at_again() -> None:
    rolled_at, now = datetime(2026, 5, 13, 22, 0, tzinfo=UTC), datetime(2026, 5, 14, 22, 0, tzinfo=UTC)

    days = days_to_close(ACME, rolled_at, now)

    # Expired by now: what was sent thirty days ago. And what had expired ninety days before.
    assert days == [
        *expired_days(ACME, rolled_at - timedelta(days=90), now - timedelta(days=90)),
        *expired_days(ACME, rolled_at, now),
    ]
    assert days[0] == date(2026, 1, 13)


def test_a_day_that_is_counted_otherwise_is_shown_in_the_thirteen_weeks_after_it() -> None:
    now = warsaw("2026-06-01T00:05")

    shown = [period.name for period in shown_in(reporting("week", "month"), [date(2026, 1, 6)], now)]

    assert "2026-W02" not in shown  # its own report: closed_with
    assert [name for name in shown if "W" in name] == [f"2026-W{week:02}" for week in range(3, 16)]
    assert [name for name in shown if "W" not in name] == [f"2026-{month:02}" for month in range(2, 6)]


def test_no_report_is_made_of_a_period_that_is_not_over() -> None:
    now = warsaw("2026-01-14T00:05")

    assert shown_in(reporting("week"), [date(2026, 1, 6)], now) == []
    assert shown_in(reporting("week"), [], now) == []
