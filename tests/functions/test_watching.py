"""A week's answers, as they lie in the bucket, open an incident once."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from cx_domain.calendars import parse_period
from cx_domain.day_files import encode
from cx_domain.day_lines import Line, feedback_line
from cx_domain.order_fields import FeedbackEvent
from cx_domain.total_files import DayEntry, encode_month
from cx_domain.totals import day_total
from functions.rollup import roll_up
from infra import adapters
from infra.aws import keys
from infra.aws.shop_table import RollupState
from infra.rollups.watching import watch_last_week, watch_week
from tests.builders import ACME
from tests.contract.examples import all_at_once
from tests.functions.conftest import Play
from tests.functions.world import World

WEEK = parse_period("2026-W03")
DAY = timedelta(days=1)


def line(day: date, number: int, *, late: bool) -> Line:
    given_at = datetime.combine(day, time(12), UTC)
    told = FeedbackEvent(f"{day}-{number}", "nps", 3 if late else 9, "order", "store", given_at)
    _, said = feedback_line(told, ACME)
    return {**said, "drivers": ["delivery"] if late else [], "segments": {"country": ["PL"]}}


@pytest.fixture
def late(after: Callable[[Play], World]) -> World:
    return after(late_parcels)


def late_parcels(world: World) -> None:
    """Twenty answers a day since October, of which one is about a late parcel; in the third week of January it is six."""
    del world
    months: dict[str, dict[date, DayEntry]] = {}
    for back in range(119):
        day = WEEK.end - back * DAY
        lines = [line(day, number, late=number < (6 if back < 7 else 1)) for number in range(20)]
        body = encode({each["id"]: each for each in lines})
        etag = adapters.files().write(keys.day_file("answers", ACME.id, day), body, None, "application/gzip")
        months.setdefault(f"{day:%Y-%m}", {})[day] = DayEntry(day_total(lines, (), ACME), etag)
    for month, entries in months.items():
        adapters.files().write(keys.totals_file(ACME.id, month), encode_month(entries), None, "application/json")


def watched() -> list[str]:
    return [each.id for each in watch_week(adapters.files(), adapters.incidents(), ACME, WEEK)]


def test_a_week_of_late_parcels_opens_one_incident(late: World) -> None:
    del late

    opened = watched()

    assert opened == ["delivery-2026-w03"]
    (incident,) = adapters.incidents().list(ACME.id)
    assert (incident.seen.detractors, incident.seen.answers, incident.usual.detractors) == (42, 140, 91)
    assert incident.opened_at.isoformat() == "2026-01-18T23:00:00+00:00"


def test_watching_again_and_by_many_at_once_opens_no_second_one(late: World) -> None:
    del late

    # moto shows an item to others while it is being made; who opens first of many is held by the contract suite, on both engines.
    first = watched()
    all_at_once(4, lambda _: watched())

    assert (len(first), watched()) == (1, [])
    assert [each.id for each in adapters.incidents().list(ACME.id)] == ["delivery-2026-w03"]


def test_a_quiet_week_opens_none(late: World) -> None:
    del late

    week = parse_period("2026-W02")

    assert watch_week(adapters.files(), adapters.incidents(), ACME, week) == ()


@pytest.mark.parametrize(
    ("rolled_at", "now", "opened"),
    [
        (datetime(2026, 1, 17, 23, 0, tzinfo=UTC), datetime(2026, 1, 18, 22, 59, tzinfo=UTC), []),
        (datetime(2026, 1, 17, 23, 0, tzinfo=UTC), datetime(2026, 1, 18, 23, 0, tzinfo=UTC), ["delivery-2026-w03"]),
        (datetime(2026, 1, 18, 23, 0, tzinfo=UTC), datetime(2026, 1, 19, 7, 0, tzinfo=UTC), []),
        (None, datetime(2026, 1, 19, 7, 0, tzinfo=UTC), []),
    ],
)
def test_a_week_is_watched_once_when_it_has_closed_in_the_shops_zone(
    late: World, rolled_at: datetime | None, now: datetime, opened: list[str]
) -> None:
    del late

    found = watch_last_week(adapters.files(), adapters.incidents(), ACME, rolled_at, now)

    assert [each.id for each in found] == opened


def test_the_rollup_after_a_weeks_end_opens_its_incidents(late: World) -> None:
    rolled_at = datetime(2026, 1, 18, 22, 0, tzinfo=UTC)
    adapters.shops().save_rollup_state(ACME.id, RollupState(rolled_at, rolled_at))
    late.at("2026-01-18T23:05:00Z")

    roll_up(adapters.shop(ACME.id))

    assert [each.id for each in adapters.incidents().list(ACME.id)] == ["delivery-2026-w03"]
