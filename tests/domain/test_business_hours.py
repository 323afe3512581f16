"""Time at work, against a slow clock that looks at the wall each minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cx_domain.business_hours import BusinessHours
from cx_domain.shops import WeekHours

WARSAW = ZoneInfo("Europe/Warsaw")
ZONES = [
    WARSAW,
    ZoneInfo("America/New_York"),
    ZoneInfo("Australia/Lord_Howe"),  # half an hour of summer time
    ZoneInfo("America/Asuncion"),  # changed at midnight, until 2024
    ZoneInfo("Asia/Kathmandu"),
]
CHANGES = [
    date(2024, 3, 9),
    date(2024, 3, 23),
    date(2024, 3, 30),
    date(2024, 4, 6),
    date(2024, 10, 5),
    date(2024, 10, 26),
]


def span(text: str) -> tuple[timedelta, timedelta]:
    begins, ends = ((int(part[:2]), int(part[3:])) for part in text.split("-"))
    return timedelta(hours=begins[0], minutes=begins[1]), timedelta(hours=ends[0], minutes=ends[1])


def at(text: str, zone: ZoneInfo = WARSAW) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


NINE_TO_FIVE: WeekHours = (*((span("09:00-17:00"),) for _ in range(5)), (), ())
SHOP = BusinessHours(WARSAW, NINE_TO_FIVE)


def test_a_case_of_friday_evening_that_is_solved_on_monday_at_ten_took_an_hour() -> None:
    assert SHOP.minutes(at("2026-01-09T18:30"), at("2026-01-12T10:00")) == 60


def test_a_reply_on_sunday_costs_no_time_at_all() -> None:
    assert SHOP.minutes(at("2026-01-10T12:00"), at("2026-01-11T12:00")) == 0


def test_a_lunch_break_is_not_worked() -> None:
    shop = BusinessHours(WARSAW, ((span("09:00-13:00"), span("14:00-17:00")),) * 7)

    assert shop.minutes(at("2026-01-05T12:30"), at("2026-01-05T14:30")) == 60


def test_a_holiday_is_left_out() -> None:
    epiphany = BusinessHours(WARSAW, NINE_TO_FIVE, frozenset({date(2026, 1, 6)}))

    assert epiphany.minutes(at("2026-01-05T16:00"), at("2026-01-07T10:00")) == 120


def test_the_night_that_is_an_hour_short_is_an_hour_shorter() -> None:
    always = BusinessHours(WARSAW, ((span("00:00-24:00"),),) * 7)

    assert always.minutes(at("2026-03-28T12:00"), at("2026-03-29T12:00")) == 23 * 60
    assert always.minutes(at("2026-10-24T12:00"), at("2026-10-25T12:00")) == 25 * 60


def test_what_ends_before_it_begins_took_no_time() -> None:
    assert SHOP.minutes(at("2026-01-05T12:00"), at("2026-01-05T10:00")) == 0


def test_seconds_are_added_up_before_they_are_cut_off() -> None:
    assert SHOP.minutes(at("2026-01-05T16:59:30"), at("2026-01-06T09:00:30")) == 1


def by_the_minute(hours: BusinessHours, begin: datetime, end: datetime) -> int:
    """Look at the clock on the wall at each minute."""
    worked, now = 0, begin
    while now < end:
        wall = now.astimezone(hours.zone)
        passed = timedelta(hours=wall.hour, minutes=wall.minute)
        opened = any(begins <= passed < ends for begins, ends in hours.week[wall.weekday()])
        worked += opened and wall.date() not in hours.closed
        now += timedelta(minutes=1)
    return worked


@st.composite
def days_spans(draw: st.DrawFn) -> tuple[tuple[timedelta, timedelta], ...]:
    edges = sorted(draw(st.sets(st.integers(0, 24 * 60), max_size=4)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return tuple((timedelta(minutes=begins), timedelta(minutes=ends)) for begins, ends in pairs)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.tuples(*[days_spans() for _ in range(7)]),
    st.tuples(st.sampled_from(CHANGES), st.integers(0, 2 * 24 * 60), st.integers(0, 2 * 24 * 60)),
    st.sets(st.integers(0, 4), max_size=2),
)
@example(WARSAW, ((span("02:30-05:00"),),) * 7, (date(2024, 3, 30), 600, 2000), set())
@example(WARSAW, ((span("02:30-05:00"),),) * 7, (date(2024, 10, 26), 600, 2000), set())
@example(ZoneInfo("America/Asuncion"), ((span("00:15-05:00"),),) * 7, (date(2024, 10, 5), 600, 2000), set())
def test_minutes_are_those_that_somebody_counts_who_looks_at_the_clock(
    zone: ZoneInfo, week: WeekHours, case: tuple[date, int, int], closed: set[int]
) -> None:
    day, later, taken = case
    hours = BusinessHours(zone, week, frozenset(day + timedelta(days=number) for number in closed))
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=later)
    end = begin + timedelta(minutes=taken)

    assert hours.minutes(begin, end) == by_the_minute(hours, begin, end)


@given(st.integers(0, 20_000), st.integers(0, 20_000))
def test_what_is_worked_before_a_break_and_after_it_adds_up(first: int, second: int) -> None:
    begin = at("2026-03-26T08:00")
    middle = begin + timedelta(minutes=first)
    end = middle + timedelta(minutes=second)

    assert SHOP.minutes(begin, middle) + SHOP.minutes(middle, end) == SHOP.minutes(begin, end)
