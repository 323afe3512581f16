"""A new sender's first days: twice as many mails each day, spread over its hours, however many are due at once."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_domain.asking import outside_quiet_hours
from cx_domain.calendars import day_of
from cx_domain.shops import Shop
from cx_domain.warming import (
    MOST,
    Place,
    Taken,
    allowances,
    days,
    ends_at,
    is_now,
    mail_hours,
    needs_place,
    sender_domain,
    take,
)
from tests.builders import ACME, DUE_AT, SENT_AT, WARSAW, acme, planned

MONDAY = date(2026, 1, 12)
COLD = acme(warm_up=200)
MAIL_HOURS = 13  # from 8 to 21


class Places:
    """A warm-up's places, kept in memory."""

    def __init__(self, shop: Shop, begun_on: date = MONDAY) -> None:
        self._shop, self._begun_on = shop, begun_on
        self._taken: dict[date, Taken] = {}

    def take(self, now: datetime) -> Place | None:
        for day in days(self._shop, self._begun_on, now):
            found = take(self._taken.get(day.on), day, now)
            if found is not None:
                place, self._taken[day.on] = found
                return place
        return None


def warsaw(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW).astimezone(UTC)


def leaving_times(shop: Shop, due: Iterable[datetime]) -> list[datetime]:
    """When the mails leave that are due then, one after the other."""
    places, leaving = Places(shop), []
    for now in due:
        place = places.take(now)
        assert place is not None
        leaving.append(now if is_now(place, now, shop.zone) else place.at)
    return leaving


def by_day(moments: Iterable[datetime]) -> Counter[date]:
    return Counter(day_of(moment, WARSAW) for moment in moments)


def by_hour(moments: Iterable[datetime]) -> Counter[tuple[date, int]]:
    local = [moment.astimezone(WARSAW) for moment in moments]
    return Counter((moment.date(), moment.hour) for moment in local)


# --- the allowance -----------------------------------------------------------------------------------------------------


def test_the_allowance_doubles_each_day_until_it_passes_a_million() -> None:
    assert allowances(200)[:4] == [200, 400, 800, 1600]
    assert allowances(200)[-1] <= MOST < 2 * allowances(200)[-1]


def test_a_warm_up_ends_after_a_fortnight_at_the_latest() -> None:
    assert len(allowances(1)) == 14


def test_when_the_warm_up_is_over_there_are_no_more_days_to_find_a_place_on() -> None:
    after_a_fortnight = warsaw("2026-01-26T10:00")

    assert list(days(acme(warm_up=1), MONDAY, after_a_fortnight)) == []


def test_a_shop_without_a_warm_up_has_no_places() -> None:
    assert list(days(ACME, MONDAY, DUE_AT)) == []


def test_a_day_that_has_passed_is_no_day_to_find_a_place_on() -> None:
    third_day = warsaw("2026-01-14T10:00")

    assert [(day.on, day.allowance) for day in days(COLD, MONDAY, third_day)][:2] == [
        (date(2026, 1, 14), 800),
        (date(2026, 1, 15), 1600),
    ]


def test_a_mail_that_finds_no_place_may_leave_on_the_morning_after_the_warm_up() -> None:
    assert ends_at(acme(warm_up=500_000), MONDAY) == warsaw("2026-01-14T08:00")


# --- five thousand at once ---------------------------------------------------------------------------------------------


def test_of_five_thousand_mails_at_once_each_day_sends_its_allowance() -> None:
    at_ten = warsaw("2026-01-12T10:00")

    leaving = leaving_times(COLD, [at_ten] * 5000)

    assert list(by_day(leaving).values()) == [200, 400, 800, 1600, 2000]


def test_of_five_thousand_mails_at_once_no_hour_gets_more_than_twice_its_share() -> None:
    at_ten = warsaw("2026-01-12T10:00")

    leaving = leaving_times(COLD, [at_ten] * 5000)

    for (day, _), number in by_hour(leaving).items():
        share = allowances(200)[(day - MONDAY).days] / MAIL_HOURS
        assert number <= 2 * share


def test_no_mail_leaves_before_it_is_due_or_in_the_quiet_hours() -> None:
    at_ten = warsaw("2026-01-12T10:00")

    leaving = leaving_times(COLD, [at_ten] * 5000)

    assert min(leaving) == at_ten
    assert [outside_quiet_hours(moment, COLD) for moment in leaving] == leaving


def test_a_sender_that_begins_in_the_evening_sends_fewer_on_that_day_and_not_all_in_an_hour() -> None:
    at_eight_in_the_evening = warsaw("2026-01-12T20:00")

    leaving = leaving_times(COLD, [at_eight_in_the_evening] * 500)

    assert by_day(leaving)[MONDAY] <= 2 * 200 / MAIL_HOURS + 1
    assert by_day(leaving)[MONDAY + timedelta(days=1)] == 400


def test_a_morning_without_mails_is_not_made_up_for_in_the_evening() -> None:
    first, then = warsaw("2026-01-12T08:00"), warsaw("2026-01-12T19:00")

    leaving = leaving_times(COLD, [first, *[then] * 300])

    assert by_day(leaving)[MONDAY] <= 1 + 2 * 200 / MAIL_HOURS + 1


def test_mails_that_trickle_in_are_not_held_back() -> None:
    each_quarter = [warsaw("2026-01-12T10:00") + timedelta(minutes=15 * number) for number in range(40)]

    assert leaving_times(COLD, each_quarter) == each_quarter


shops = st.builds(
    acme,
    warm_up=st.integers(1, 3000),
    quiet_hours=st.sampled_from([None, (time(21), time(8)), (time(13), time(16)), (time(0, 30), time(23))]),
)
arrivals = st.lists(st.integers(0, 4 * 86_400), min_size=1, max_size=150).map(sorted)


@settings(deadline=None)
@given(shop=shops, arrivals=arrivals)
def test_whenever_mails_fall_due_no_day_sends_more_than_its_allowance(shop: Shop, arrivals: list[int]) -> None:
    due = [warsaw("2026-01-12T00:00") + timedelta(seconds=seconds) for seconds in arrivals]

    leaving = leaving_times(shop, [outside_quiet_hours(moment, shop) for moment in due])

    allowed = allowances(shop.limits.warm_up or MOST)
    assert all(number <= allowed[(day - MONDAY).days] for day, number in by_day(leaving).items())
    assert all(left >= at for left, at in zip(leaving, due, strict=True))


# --- places ------------------------------------------------------------------------------------------------------------


def test_a_mail_leaves_at_its_place_and_not_before() -> None:
    assert is_now(Place(MONDAY, DUE_AT), DUE_AT, WARSAW)
    assert not is_now(Place(MONDAY, DUE_AT + timedelta(seconds=1)), DUE_AT, WARSAW)


def test_a_few_mails_that_are_due_at_once_need_not_wait() -> None:
    at_ten = warsaw("2026-01-12T10:00")

    leaving = leaving_times(COLD, [at_ten] * 30)

    assert leaving.count(at_ten) >= 8
    assert max(leaving) < at_ten + timedelta(hours=2)


def test_a_place_of_tomorrow_is_not_now_however_near() -> None:
    before_midnight = warsaw("2026-01-12T23:55")

    assert not is_now(Place(date(2026, 1, 13), warsaw("2026-01-13T00:00")), before_midnight, WARSAW)


def test_whoever_has_a_place_of_today_needs_no_other() -> None:
    survey = replace(planned(), admitted_on=MONDAY)

    assert not needs_place(survey, COLD, SENT_AT)


def test_a_place_of_a_day_that_is_over_is_worth_nothing() -> None:
    survey = replace(planned(), admitted_on=MONDAY - timedelta(days=1))

    assert needs_place(survey, COLD, SENT_AT)


def test_a_warm_shop_needs_no_places() -> None:
    assert not needs_place(planned(), ACME, SENT_AT)


@pytest.mark.parametrize("sender", ["Acme <hello@Acme.example>", "hello@acme.example", '"Acme, Ltd." <a@acme.example>'])
def test_the_sender_that_warms_up_is_the_domain(sender: str) -> None:
    assert sender_domain(replace(ACME, sender=sender)) == "acme.example"


@pytest.mark.parametrize(
    ("quiet", "hours"),
    [
        (None, ("2026-01-12T00:00", "2026-01-13T00:00")),
        ((time(21), time(8)), ("2026-01-12T08:00", "2026-01-12T21:00")),
        ((time(0), time(6)), ("2026-01-12T06:00", "2026-01-13T00:00")),
        ((time(13), time(16)), ("2026-01-12T00:00", "2026-01-12T13:00")),
        ((time(18), time(0)), ("2026-01-12T00:00", "2026-01-12T18:00")),
    ],
)
def test_mails_leave_in_the_hours_that_are_not_quiet(quiet: tuple[time, time] | None, hours: tuple[str, str]) -> None:
    assert mail_hours(acme(quiet_hours=quiet), MONDAY) == (warsaw(hours[0]), warsaw(hours[1]))


def test_a_day_when_clocks_change_has_its_own_hours() -> None:
    begin, end = mail_hours(acme(quiet_hours=None), date(2026, 3, 29))

    assert end - begin == timedelta(hours=23)
