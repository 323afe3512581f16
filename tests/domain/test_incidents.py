"""An incident's life: late deliveries at Acme Outdoor in January, the courier that was called, and the relapse in spring."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cx_domain.calendars import parse_period
from cx_domain.errors import BadInput
from cx_domain.excesses import Count, Ground, Watched
from cx_domain.incidents import Incident, Step, closed, ground, named, noted, reopened, shown_in, watch
from tests.builders import WARSAW

WEEK = timedelta(days=7)
SUNDAY = date(2026, 1, 18)
ALL = Watched("nps", "order", "all", "all")
LATE = Watched("nps", "order", "driver", "delivery")
MONDAY_AT_NINE = datetime(2026, 1, 19, 8, 0, tzinfo=UTC)

Late = Mapping[int, int]
"""How many of 200 answers named late delivery, by weeks after that of the Sunday; 6 is usual."""


def look(late: Late, week: int = 0, known: Iterable[Incident] = ()) -> tuple[Incident, ...]:
    """What the watch finds at the end of a week."""
    weeks = range(-20, week + 1)
    counts = {
        ALL: {SUNDAY + number * WEEK: Count(200, 30) for number in weeks},
        LATE: {SUNDAY + number * WEEK: Count(200, late.get(number, 6)) for number in weeks},
    }
    detractors = {
        LATE: {
            f"week-{number}-order-{each}": SUNDAY + number * WEEK
            for number in weeks
            for each in range(late.get(number, 6))
        }
    }
    opened_at = MONDAY_AT_NINE + week * WEEK
    return watch(counts, detractors, SUNDAY + week * WEEK, list(known), opened_at=opened_at, zone=WARSAW)


@pytest.fixture
def january() -> Incident:
    (incident,) = look({0: 24})
    return incident


def test_an_incident_is_named_after_its_thing_and_its_week(january: Incident) -> None:
    assert (january.id, january.status, january.watched) == ("delivery-2026-w03", "open", LATE)
    assert (january.seen, january.usual) == (Count(200, 24), Count(2600, 78))
    assert len(january.surveys) == 24


def test_looking_again_opens_no_second_one(january: Incident) -> None:
    assert look({0: 24}, known=[january]) == ()


def test_an_open_incident_takes_in_the_next_week(january: Incident) -> None:
    (after,) = look({0: 24, 1: 30}, week=1, known=[january])

    assert (after.id, after.last_seen_on, len(after.surveys)) == (january.id, date(2026, 1, 25), 50)
    assert after.surveys[0].startswith("week-1-")
    assert (after.opened_at, after.seen) == (january.opened_at, january.seen)


def test_its_own_weeks_do_not_become_usual_while_it_is_open(january: Incident) -> None:
    late = dict.fromkeys(range(12), 24)

    (after,) = look(late, week=11, known=[january])

    assert after.last_seen_on == SUNDAY + 11 * WEEK


def test_an_incident_that_was_closed_in_its_week_is_not_opened_by_that_week_again(january: Incident) -> None:
    over = closed(january, "The courier's van is repaired", MONDAY_AT_NINE)

    assert look({0: 24}, known=[over]) == ()
    assert look({0: 24, 1: 24}, week=1, known=[over]) == ()


def test_a_relapse_is_an_incident_of_its_own(january: Incident) -> None:
    over = closed(january, "The courier's van is repaired", MONDAY_AT_NINE + 3 * WEEK)

    (spring,) = look({0: 24, 6: 24}, week=6, known=[over])

    assert (spring.id, spring.number) == ("delivery-2026-w09", 2)
    assert spring.usual == Count(2400, 72)


def test_what_is_closed_while_it_goes_on_becomes_the_usual(january: Incident) -> None:
    accepted = closed(january, "We deliver by post now", MONDAY_AT_NINE)

    assert ground([accepted], WARSAW) == Ground(since=january.start)
    assert look(dict.fromkeys(range(8), 24), week=7, known=[accepted]) == ()


def test_two_things_of_one_name_get_two_ids() -> None:
    shop_by_shop = {
        Watched("nps", "order", "tag:store", value): {
            SUNDAY - number * WEEK: Count(100, 4 if number else 30) for number in range(20)
        }
        for value in ("Nowy Targ", "nowy-targ")
    }
    counts = {ALL: {SUNDAY - number * WEEK: Count(200, 30) for number in range(20)}, **shop_by_shop}

    found = watch(counts, {}, SUNDAY, [], opened_at=MONDAY_AT_NINE, zone=WARSAW)

    assert {each.id for each in found} == {"tag-store-nowy-targ-2026-w03", "tag-store-nowy-targ-2026-w03-2"}


@pytest.mark.parametrize(
    ("watched", "name"),
    [
        (LATE, "delivery"),
        (ALL, "all"),
        (Watched("nps", "order", "tag:store", "Wrocław, Rynek"), "tag-store-wrocław-rynek"),
        (Watched("csat", "ticket", "driver", "waiting"), "csat-ticket-waiting"),
        (Watched("nps", "order", "tag:store", "<b>Київ</b>"), "tag-store-b-київ-b"),
        (Watched("nps", "order", "category", "🏕"), "category"),
        (Watched("nps", "order", "tag:store", "x" * 60), "tag-store-" + "x" * 38),
    ],
)
def test_a_name_is_letters_digits_and_hyphens(watched: Watched, name: str) -> None:
    assert named(watched) == name


def test_a_step_is_added_and_the_owner_replaced(january: Incident) -> None:
    first = noted(january, MONDAY_AT_NINE, step="Called the courier", owner="Jan")

    second = noted(first, MONDAY_AT_NINE + WEEK, step="Changed the courier", owner="Ewa", changed="Two couriers")

    assert second.steps == (
        Step(MONDAY_AT_NINE, "Called the courier"),
        Step(MONDAY_AT_NINE + WEEK, "Changed the courier"),
    )
    assert (second.owner, second.root_cause, second.changed) == ("Ewa", None, "Two couriers")


def test_more_than_fifty_steps_are_refused(january: Incident) -> None:
    busy = replace(january, steps=(Step(MONDAY_AT_NINE, "Called the courier"),) * 50)

    with pytest.raises(BadInput, match="has 50 steps already"):
        noted(busy, MONDAY_AT_NINE, step="Called again")


def test_a_closed_incident_is_opened_again_before_anything_is_noted(january: Incident) -> None:
    over = closed(january, "Repaired", MONDAY_AT_NINE)

    with pytest.raises(BadInput, match="delivery-2026-w03 is closed; `afterorder incident reopen` opens it again"):
        noted(over, MONDAY_AT_NINE, step="Called the courier")
    again = reopened(over, [over], MONDAY_AT_NINE + WEEK)
    assert (again.status, again.closing, again.closings[0].why) == ("open", None, "Repaired")
    assert closed(again, "Really repaired", MONDAY_AT_NINE + 2 * WEEK).status == "closed"


def test_closing_twice_and_opening_what_is_open_are_refused(january: Incident) -> None:
    with pytest.raises(BadInput, match="delivery-2026-w03 is open"):
        reopened(january, [january], MONDAY_AT_NINE)
    with pytest.raises(BadInput, match="delivery-2026-w03 is closed already"):
        closed(closed(january, "Repaired", MONDAY_AT_NINE), "Repaired", MONDAY_AT_NINE)


def test_an_old_incident_stays_closed_where_it_has_come_back(january: Incident) -> None:
    over = closed(january, "Repaired", MONDAY_AT_NINE)
    spring = replace(january, id="delivery-2026-w09", number=2)

    with pytest.raises(BadInput, match="delivery-2026-w03 has come back as delivery-2026-w09"):
        reopened(over, [spring, over], MONDAY_AT_NINE)


@pytest.mark.parametrize(
    ("period", "shown"),
    [("2026-W02", False), ("2026-W03", True), ("2026-W04", True), ("2026-01", True), ("2026-W05", False)],
)
def test_a_report_shows_what_was_opened_by_its_end_and_not_closed_before_it_began(
    january: Incident, period: str, *, shown: bool
) -> None:
    over = closed(replace(january, opened_at=datetime(2026, 1, 18, 23, 0, tzinfo=UTC)), "Repaired", MONDAY_AT_NINE)

    assert bool(shown_in(parse_period(period), [over], WARSAW)) == shown


def test_a_report_shows_open_incidents_before_those_that_are_closed(january: Incident) -> None:
    over = closed(replace(january, id="price-2026-w03"), "Repaired", MONDAY_AT_NINE)
    older = replace(january, id="waiting-2026-w02", opened_at=january.opened_at - WEEK)

    shown = shown_in(parse_period("2026-01"), [over, older, january], WARSAW)

    assert [each.id for each in shown] == ["delivery-2026-w03", "waiting-2026-w02", "price-2026-w03"]
