"""A date is read as it was meant, or not at all."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_domain.import_dates import AMBIGUOUS, OUT_OF_RANGE, UNKNOWN, DayOrder, NoDate, moment

WARSAW = ZoneInfo("Europe/Warsaw")
NOON = time(12)
NINE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def read(text: str, order: DayOrder | None = None) -> datetime:
    return moment(text, WARSAW, order, at=NOON)


def refusal(text: str, order: DayOrder | None = None) -> str:
    with pytest.raises(NoDate) as refused:
        read(text, order)
    return str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2026-01-05T09:00:00Z",
            "2026-01-05 10:00:00+01:00",
            "2026-01-05T10:00",
            "2026-01-05 09:00 UTC",
            "2026-01-05 09:00:00 +0000",
        ),
        *("5.1.2026 10:00", "05.01.2026, 10:00:00", "2026/01/05 10:00", "2026.01.05 10:00"),
        *(
            "Jan 5, 2026 10:00 AM",
            "January 5, 2026 at 10:00am",
            "5 Jan 2026 10:00",
            "5-Jan-2026 10:00",
            "Mon, 05 Jan 2026 09:00:00 +0000",
        ),
        *("1767603600", "1767603600000"),
    ],
)
def test_one_moment_is_known_in_each_of_its_spellings(text: str) -> None:
    assert read(text) == NINE


def test_a_fraction_of_a_second_is_kept() -> None:
    assert read("2026-01-05T09:00:00.250Z") == NINE + timedelta(milliseconds=250)


def test_midnight_and_noon_are_twelve_of_two_halves() -> None:
    assert (read("Jan 5, 2026 12:00 AM").hour, read("Jan 5, 2026 12:00 PM").hour) == (23, 11)


@pytest.mark.parametrize(
    "text", ["2026-01-05", "05.01.2026", "5 January 2026", "Monday, January 5, 2026", "Sept 5, 2026"]
)
def test_a_day_alone_is_the_hour_that_is_asked_for_in_the_shops_zone(text: str) -> None:
    assert read(text).astimezone(WARSAW).timetz().replace(tzinfo=None) == NOON


@pytest.mark.parametrize("text", ["03/04/2026", "3-4-2026", "03/04/2026 10:00"])
def test_a_day_and_a_month_that_cannot_be_told_apart_are_refused(text: str) -> None:
    assert refusal(text) == AMBIGUOUS


@pytest.mark.parametrize(("order", "month"), [("dmy", 4), ("mdy", 3)])
def test_unless_it_is_said_which_comes_first(order: DayOrder, month: int) -> None:
    assert read("03/04/2026", order).month == month


@pytest.mark.parametrize(("text", "day", "month"), [("25/04/2026", 25, 4), ("04/25/2026", 25, 4), ("03/03/2026", 3, 3)])
def test_what_can_be_read_one_way_only_is_read_so(text: str, day: int, month: int) -> None:
    assert (read(text).day, read(text).month) == (day, month)


def test_what_was_said_holds_for_every_row() -> None:
    assert refusal("04/25/2026", "dmy") == UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-02-30",
        "31.13.2026",
        "05.01.26",
        "2026-01-05T25:00",
        "2026-01-05 nine",
        "Foo 5, 2026",
        "13:00",
        "46027",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    assert refusal(text) == UNKNOWN


@pytest.mark.parametrize("text", ["1999-12-31", "2200-01-01"])
def test_a_year_that_nobody_means_is_refused(text: str) -> None:
    assert refusal(text) == OUT_OF_RANGE


@given(st.datetimes(datetime(2000, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001  hypothesis adds the zone
def test_every_iso_moment_is_read_back(at: datetime) -> None:
    assert read(at.isoformat()) == at


@given(
    st.one_of(
        st.text(max_size=30), st.from_regex(r"[0-9]{1,4}[./-][0-9]{1,4}[./-][0-9]{1,4}( [0-9:]{1,8})?", fullmatch=True)
    )
)
def test_whatever_a_cell_holds_it_is_a_moment_or_no_date(text: str) -> None:
    try:
        at = read(text)
    except NoDate:
        return
    assert 1999 <= at.year <= 2200
