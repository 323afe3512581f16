"""When to ask: the delay runs from the happening, and nobody's telephone rings at night, whatever the clocks do."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_domain.asking import (
    Start,
    due_at,
    is_too_old,
    next_time_of_day,
    on_the_wall,
    outside_quiet_hours,
    remind_at,
    started,
    triggered_at,
)
from cx_domain.orders import Happening, OrderFacts
from cx_domain.shops import Fallback, Trigger
from tests.builders import ACME, FULFILLED_AT, NPS, NPS_WITH_REMINDER, PLACED_AT, WARSAW, acme

ZONES = [ZoneInfo(name) for name in ("Europe/Warsaw", "America/Sao_Paulo", "Australia/Lord_Howe", "UTC")]
AFTER_DELIVERY = replace(
    NPS, on="delivered", delay=timedelta(days=3), fallback=Fallback("fulfilled", timedelta(days=14))
)
AT_TEN = replace(NPS_WITH_REMINDER, at=time(10))
moments = st.integers(0, 20 * 366 * 86_400).map(
    lambda seconds: datetime(2010, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def warsaw(text: str) -> datetime:
    """A time on a wall clock in Warsaw, in UTC; of an hour that comes twice, the first."""
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW).astimezone(UTC)


def facts(**happened: datetime) -> OrderFacts:
    known: dict[Happening, datetime] = {"placed": PLACED_AT}
    return OrderFacts(happened={**known, **happened})  # type: ignore[dict-item]


def fulfilled_at(at: datetime) -> Start:
    return Start("fulfilled", at, NPS.delay)


def test_a_shop_that_asks_after_fulfilment_waits_for_it() -> None:
    assert triggered_at(facts(), "fulfilled") is None


def test_the_delay_runs_from_the_fulfilment_and_not_from_its_webhook() -> None:
    start = started(facts(fulfilled=FULFILLED_AT), NPS)

    assert start is not None
    assert due_at(start, NPS, ACME) == FULFILLED_AT + timedelta(days=7)


def test_a_delivered_order_was_fulfilled_even_if_nobody_said_so() -> None:
    assert triggered_at(facts(delivered=FULFILLED_AT), "fulfilled") == FULFILLED_AT


def test_the_trigger_itself_counts_before_what_implies_it() -> None:
    both = facts(fulfilled=FULFILLED_AT, delivered=FULFILLED_AT + timedelta(days=2))

    assert triggered_at(both, "fulfilled") == FULFILLED_AT


@pytest.mark.parametrize("happening", ["placed", "paid", "fulfilled", "delivered"])
def test_whatever_is_told_of_an_order_it_was_placed(happening: Happening) -> None:
    assert triggered_at(OrderFacts(happened={happening: FULFILLED_AT}), "placed") == FULFILLED_AT


def test_cash_on_delivery_is_not_paid_by_being_delivered() -> None:
    assert triggered_at(facts(fulfilled=FULFILLED_AT, delivered=FULFILLED_AT), "paid") is None


@pytest.mark.parametrize("trigger", ["placed", "paid", "fulfilled", "delivered"])
def test_a_solved_case_is_no_news_of_an_order(trigger: Trigger) -> None:
    assert triggered_at(OrderFacts(happened={"solved": FULFILLED_AT}), trigger) is None


def test_a_case_is_asked_about_when_it_is_solved() -> None:
    assert triggered_at(OrderFacts(happened={"solved": FULFILLED_AT}), "ticket-solved") == FULFILLED_AT


def test_an_order_that_no_carrier_reports_starts_its_survey_by_the_fallback() -> None:
    assert started(facts(fulfilled=FULFILLED_AT), AFTER_DELIVERY) == Start(
        "fulfilled", FULFILLED_AT, timedelta(days=14)
    )


@pytest.mark.parametrize("delivered_after", [timedelta(days=2), timedelta(days=40)])
def test_the_delivery_counts_before_the_fallback_whenever_it_is_known(delivered_after: timedelta) -> None:
    delivered = FULFILLED_AT + delivered_after

    start = started(facts(fulfilled=FULFILLED_AT, delivered=delivered), AFTER_DELIVERY)

    assert start == Start("delivered", delivered, timedelta(days=3))


def test_before_its_fallback_an_order_starts_nothing() -> None:
    assert started(facts(), AFTER_DELIVERY) is None


def test_a_survey_without_a_fallback_waits_for_its_own_trigger() -> None:
    assert started(facts(fulfilled=FULFILLED_AT), replace(AFTER_DELIVERY, fallback=None)) is None


def test_a_survey_that_its_fallback_started_is_too_old_by_the_fallbacks_own_delay() -> None:
    start = started(facts(fulfilled=FULFILLED_AT), AFTER_DELIVERY)

    assert start is not None
    assert not is_too_old(start, AFTER_DELIVERY, FULFILLED_AT + timedelta(days=14 + 30))
    assert is_too_old(start, AFTER_DELIVERY, FULFILLED_AT + timedelta(days=14 + 30, seconds=1))


def test_a_mail_due_in_the_evening_goes_out_next_morning() -> None:
    assert outside_quiet_hours(warsaw("2026-01-12T22:30"), ACME) == warsaw("2026-01-13T08:00")


def test_a_mail_due_after_midnight_goes_out_the_same_morning() -> None:
    assert outside_quiet_hours(warsaw("2026-01-13T00:30"), ACME) == warsaw("2026-01-13T08:00")


@pytest.mark.parametrize(
    ("at", "is_quiet"), [("20:59:59", False), ("21:00:00", True), ("07:59:59", True), ("08:00:00", False)]
)
def test_the_quiet_hours_hold_from_their_first_second_to_before_their_end(at: str, is_quiet: bool) -> None:
    moment = warsaw(f"2026-01-13T{at}")

    assert (outside_quiet_hours(moment, ACME) != moment) == is_quiet


def test_quiet_hours_can_lie_within_one_day() -> None:
    siesta = acme(quiet_hours=(time(13), time(16)))

    moved = outside_quiet_hours(warsaw("2026-01-13T14:10"), siesta)

    assert moved == warsaw("2026-01-13T16:00")


def test_a_shop_without_quiet_hours_mails_at_night() -> None:
    midnight = warsaw("2026-01-13T00:00")

    assert outside_quiet_hours(midnight, acme(quiet_hours=None)) == midnight


def test_quiet_hours_are_the_shops_own_and_not_greenwichs() -> None:
    at_eight_in_warsaw = datetime(2026, 1, 13, 7, 0, tzinfo=UTC)

    assert outside_quiet_hours(at_eight_in_warsaw, ACME) == at_eight_in_warsaw


def test_the_night_when_clocks_go_forward_ends_at_eight_by_the_wall() -> None:
    moved = outside_quiet_hours(warsaw("2026-03-28T23:00"), ACME)

    assert moved == datetime(2026, 3, 29, 6, 0, tzinfo=UTC)


def test_the_night_when_clocks_go_back_ends_at_eight_by_the_wall() -> None:
    moved = outside_quiet_hours(warsaw("2026-10-24T23:00"), ACME)

    assert moved == datetime(2026, 10, 25, 7, 0, tzinfo=UTC)


def test_quiet_hours_that_end_in_the_hour_that_is_skipped_end_when_the_clocks_have_moved() -> None:
    until_half_past_two = acme(quiet_hours=(time(21), time(2, 30)))

    moved = outside_quiet_hours(warsaw("2026-03-29T01:00"), until_half_past_two)

    assert moved == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert moved.astimezone(WARSAW).time() == time(3, 30)


def test_a_time_between_the_two_half_past_twos_is_not_sent_back_in_time() -> None:
    until_half_past_two = acme(quiet_hours=(time(21), time(2, 30)))
    second_quarter_past = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)

    moved = outside_quiet_hours(second_quarter_past, until_half_past_two)

    assert moved >= second_quarter_past


def test_every_minute_of_both_nights_is_moved_to_a_time_that_is_not_quiet_and_not_before() -> None:
    starts = [datetime(2026, 3, 28, 18, 0, tzinfo=UTC), datetime(2026, 10, 24, 18, 0, tzinfo=UTC)]
    minutes = [start + timedelta(minutes=count) for start in starts for count in range(16 * 60)]

    moved = [outside_quiet_hours(minute, ACME) for minute in minutes]

    assert all(before <= after for before, after in zip(minutes, moved, strict=True))
    assert [outside_quiet_hours(after, ACME) for after in moved] == moved


def test_seven_days_over_a_clock_change_are_168_hours() -> None:
    before_spring = warsaw("2026-03-25T12:00")

    due = due_at(fulfilled_at(before_spring), NPS, ACME)

    assert due.astimezone(WARSAW).time() == time(13)


def test_the_reminder_comes_so_long_after_the_mail() -> None:
    sent_at = warsaw("2026-01-12T10:00")

    assert remind_at(sent_at, NPS_WITH_REMINDER, ACME) == sent_at + timedelta(days=5)


def test_the_reminder_keeps_the_quiet_hours_too() -> None:
    late_rule = replace(NPS, reminder=timedelta(hours=12))

    assert remind_at(warsaw("2026-01-12T10:00"), late_rule, ACME) == warsaw("2026-01-13T08:00")


def test_a_shop_without_a_reminder_asks_once() -> None:
    assert remind_at(FULFILLED_AT, NPS, ACME) is None


def test_nobody_is_reminded_of_a_survey_that_has_expired() -> None:
    too_late = replace(NPS, reminder=timedelta(days=30))

    assert remind_at(FULFILLED_AT, too_late, ACME) is None


def test_an_old_order_that_somebody_edits_is_too_old_to_ask_about() -> None:
    last_moment = FULFILLED_AT + NPS.delay + NPS.expires

    assert not is_too_old(fulfilled_at(FULFILLED_AT), NPS, last_moment)
    assert is_too_old(fulfilled_at(FULFILLED_AT), NPS, last_moment + timedelta(seconds=1))


# --- the time of day ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fulfilled", "asked"),
    [
        ("2026-01-05T09:59:59", "2026-01-12T10:00"),
        ("2026-01-05T10:00:00", "2026-01-12T10:00"),
        ("2026-01-05T10:00:01", "2026-01-13T10:00"),
        ("2026-01-05T23:30:00", "2026-01-13T10:00"),
    ],
)
def test_a_shop_that_asks_at_ten_asks_at_the_first_ten_when_the_delay_is_over(fulfilled: str, asked: str) -> None:
    assert due_at(fulfilled_at(warsaw(fulfilled)), AT_TEN, ACME) == warsaw(asked)


def test_the_reminder_of_a_shop_that_asks_at_ten_comes_at_ten() -> None:
    sent_a_minute_late = warsaw("2026-01-12T10:01")

    assert remind_at(sent_a_minute_late, AT_TEN, ACME) == warsaw("2026-01-18T10:00")


def test_a_reminder_at_ten_that_would_come_after_the_survey_expired_does_not_come() -> None:
    short = replace(AT_TEN, expires=timedelta(days=5, hours=12))

    assert remind_at(warsaw("2026-01-12T10:01"), short, ACME) is None


def test_ten_in_the_morning_is_ten_on_the_shops_wall_in_summer_and_in_winter() -> None:
    before_spring = warsaw("2026-03-22T12:00")

    assert due_at(fulfilled_at(before_spring), AT_TEN, ACME) == warsaw("2026-03-30T10:00")


def test_a_time_that_is_skipped_in_spring_is_the_moment_after_the_skip() -> None:
    at = next_time_of_day(warsaw("2026-03-29T00:00"), time(2, 30), WARSAW)

    assert at.astimezone(WARSAW).isoformat() == "2026-03-29T03:00:00+02:00"


def test_a_time_that_comes_twice_in_autumn_is_the_first() -> None:
    at = next_time_of_day(warsaw("2026-10-25T00:00"), time(2, 30), WARSAW)

    assert at.astimezone(WARSAW).isoformat() == "2026-10-25T02:30:00+02:00"


def test_a_time_that_came_once_that_night_does_not_come_again() -> None:
    between_the_two = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)

    assert next_time_of_day(between_the_two, time(2, 30), WARSAW) == warsaw("2026-10-26T02:30")


def test_quiet_hours_win_over_a_time_that_the_clocks_moved_into_them() -> None:
    at_half_past_two = replace(NPS, at=time(2, 30))
    quiet_from_three = acme(quiet_hours=(time(3), time(8)))

    assert due_at(fulfilled_at(warsaw("2026-03-21T22:00")), at_half_past_two, quiet_from_three) == warsaw(
        "2026-03-29T08:00"
    )


@given(after=moments, clock=st.times(), zone=st.sampled_from(ZONES))
def test_a_time_of_day_is_never_before_and_hardly_more_than_a_day_after(
    after: datetime, clock: time, zone: ZoneInfo
) -> None:
    found = next_time_of_day(after, clock, zone)

    assert after <= found <= after + timedelta(hours=25)


@given(after=moments, clock=st.times(), zone=st.sampled_from(ZONES))
def test_the_wall_shows_the_time_of_day_unless_it_was_skipped(after: datetime, clock: time, zone: ZoneInfo) -> None:
    found = next_time_of_day(after, clock, zone)

    shown = found.astimezone(zone)
    just_before = (found - timedelta(microseconds=1)).astimezone(zone)
    was_skipped = just_before.utcoffset() != shown.utcoffset() and just_before.time() < clock < shown.time()
    assert shown.time() == clock or was_skipped


@given(day=st.dates(date(2010, 1, 1), date(2030, 1, 1)), clock=st.times(), zone=st.sampled_from(ZONES))
def test_each_day_has_each_time_once(day: date, clock: time, zone: ZoneInfo) -> None:
    today = on_the_wall(day, clock, zone)

    assert next_time_of_day(today, clock, zone) == today
    assert next_time_of_day(today + timedelta(microseconds=1), clock, zone) == on_the_wall(
        day + timedelta(days=1), clock, zone
    )
