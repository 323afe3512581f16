"""Did it help? Late deliveries before the courier was called and after; and when an incident may be closed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cx_domain.excesses import Count, Days, Watched
from cx_domain.incident_effects import EffectVerdict, Stretch, before_after, is_over
from cx_domain.incident_files import incident_json
from cx_domain.incidents import Incident, closed, noted
from tests.builders import WARSAW

MONDAY, SUNDAY = date(2026, 1, 12), date(2026, 1, 18)
TUESDAY_EVENING = datetime(2026, 1, 20, 22, 30, tzinfo=UTC)  # half past eleven in Warsaw
WEDNESDAY = date(2026, 1, 21)
DAY = timedelta(days=1)
LATE = Incident(
    id="delivery-2026-w03",
    number=1,
    watched=Watched("nps", "order", "driver", "delivery"),
    opened_at=datetime(2026, 1, 18, 23, 0, tzinfo=UTC),
    start=MONDAY,
    end=SUNDAY,
    seen=Count(210, 28),
    usual=Count(2600, 78),
    p_value=0.0001,
    last_seen_on=SUNDAY,
)
CALLED = noted(LATE, TUESDAY_EVENING, step="Called the courier")


def days(before: Count, after: Count, until: date = date(2026, 2, 17)) -> Days:
    """So much each day up to the step's, and so much each day since."""
    every = (MONDAY + number * DAY for number in range((until - MONDAY).days + 1))
    return {day: before if day < WEDNESDAY else after for day in every}


def test_before_ends_with_the_day_of_the_first_step_and_after_begins_with_the_next() -> None:
    twice = noted(CALLED, TUESDAY_EVENING + timedelta(days=9), step="Changed the courier")

    effect = before_after(twice, days(Count(30, 4), Count(30, 1)), date(2026, 2, 1), WARSAW)

    assert effect.before == Stretch(MONDAY, date(2026, 1, 20), Count(270, 36))
    assert effect.after == Stretch(WEDNESDAY, date(2026, 2, 1), Count(360, 12))
    assert effect.difference == pytest.approx(12 / 360 - 36 / 270)
    assert effect.p_value == pytest.approx(0.0000275443, rel=1e-4)


@pytest.mark.parametrize(
    ("after", "until", "verdict"),
    [
        (Count(30, 1), date(2026, 2, 15), "better"),
        (Count(30, 8), date(2026, 2, 15), "worse"),
        (Count(30, 4), date(2026, 2, 15), "no-difference-yet"),
        (Count(3, 0), date(2026, 1, 22), "too-few"),
        (Count(), date(2026, 2, 15), "too-few"),
    ],
)
def test_the_verdict_is_one_plain_word(after: Count, until: date, verdict: EffectVerdict) -> None:
    assert before_after(CALLED, days(Count(30, 4), after), until, WARSAW).verdict == verdict


def test_without_a_step_there_is_no_after() -> None:
    effect = before_after(LATE, days(Count(30, 4), Count(30, 1)), date(2026, 1, 25), WARSAW)

    assert (effect.after, effect.verdict) == (None, None)
    assert effect.before == Stretch(MONDAY, date(2026, 1, 25), Count(420, 41))


def test_a_report_of_the_week_before_the_step_knows_no_after() -> None:
    effect = before_after(CALLED, days(Count(30, 4), Count(30, 1)), SUNDAY, WARSAW)

    assert (effect.before, effect.after) == (Stretch(MONDAY, SUNDAY, Count(210, 28)), None)


@pytest.mark.parametrize(
    ("as_of", "after", "over"),
    [
        (date(2026, 2, 15), Count(30, 1), True),
        (date(2026, 2, 14), Count(30, 1), False),
        (date(2026, 2, 15), Count(30, 3), False),
        (date(2026, 2, 15), Count(), False),
    ],
)
def test_it_may_be_closed_after_four_weeks_that_are_as_usual(as_of: date, after: Count, *, over: bool) -> None:
    quiet = {MONDAY + number * DAY: after for number in range(7, 60)}

    assert is_over(LATE, quiet, as_of) == over


def test_what_is_closed_is_not_proposed_again() -> None:
    quiet = {MONDAY + number * DAY: Count(30, 1) for number in range(7, 60)}

    assert not is_over(closed(LATE, "Repaired", TUESDAY_EVENING), quiet, date(2026, 3, 1))


def test_programs_get_all_of_it() -> None:
    effect = before_after(CALLED, days(Count(30, 4), Count(30, 1)), date(2026, 2, 1), WARSAW)

    told = incident_json(CALLED, effect)

    assert (told["id"], told["dimension"], told["value"], told["status"]) == (
        "delivery-2026-w03",
        "driver",
        "delivery",
        "open",
    )
    assert told["expected"] == pytest.approx(6.3)
    assert told["steps"] == [{"at": "2026-01-20T22:30:00Z", "what": "Called the courier"}]
    assert told["before"] == {
        "start": "2026-01-12",
        "end": "2026-01-20",
        "answers": 270,
        "detractors": 36,
        "rate": pytest.approx(36 / 270),
    }
    assert (told["verdict"], told["closed_at"]) == ("better", None)
