"""What the table of incidents promises: all of a shop's and no other's, each opened once, and no change lost."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cx_domain.errors import Conflict, NotFound
from cx_domain.excesses import Count, Watched
from cx_domain.incidents import Incident, closed, noted, reopened
from cx_domain.shops import ShopId
from infra.aws.incident_table import IncidentTable
from infra.aws.shop_table import RollupState, ShopTable
from tests.contract.examples import ACME, all_at_once

BROOK = ShopId("brook")
AT_NINE = datetime(2026, 1, 19, 8, 0, 0, 250_000, tzinfo=UTC)
LATE = Incident(
    id="delivery-2026-w03",
    number=1,
    watched=Watched("nps", "order", "driver", "delivery"),
    opened_at=datetime(2026, 1, 18, 23, 0, tzinfo=UTC),
    start=date(2026, 1, 12),
    end=date(2026, 1, 18),
    seen=Count(200, 24),
    usual=Count(2600, 78),
    p_value=1.2345e-09,
    last_seen_on=date(2026, 1, 18),
    surveys=("pn2xkyq7vd5ryfhkz3mtcw6rte",),
)
STORE = replace(
    LATE, id="tag-store-nowy-targ-2026-w04", watched=Watched("nps", "order", "tag:store", "Nowy # Targ" * 5)
)


def test_an_incident_comes_back_as_it_was_opened(incidents: IncidentTable) -> None:
    incidents.save(ACME, LATE)

    assert incidents.list(ACME) == (replace(LATE, version=1),)


def test_all_that_people_noted_comes_back(incidents: IncidentTable) -> None:
    told = noted(LATE, AT_NINE, step="Called <b>the courier</b>", owner="Ewa", root_cause="One van", changed="Two vans")
    whole = closed(reopened(closed(told, "Repaired", AT_NINE), [], AT_NINE), "Repaired again", AT_NINE)
    incidents.save(ACME, whole)

    assert incidents.list(ACME) == (replace(whole, version=1),)


def test_a_shops_incidents_are_its_own_and_the_newest_comes_first(incidents: IncidentTable, shops: ShopTable) -> None:
    shops.save_rollup_state(ACME, RollupState())
    incidents.save(ACME, LATE)
    incidents.save(ACME, replace(STORE, opened_at=LATE.opened_at + timedelta(days=7)))
    incidents.save(BROOK, LATE)

    assert [each.id for each in incidents.list(ACME)] == ["tag-store-nowy-targ-2026-w04", "delivery-2026-w03"]


def test_of_ten_rollups_at_once_one_opens_it(incidents: IncidentTable) -> None:
    def open_it(place: int) -> bool:
        try:
            incidents.save(ACME, replace(LATE, id=f"delivery-2026-w0{place}"))
        except Conflict:
            return False
        return True

    assert sum(all_at_once(10, open_it)) == 1
    assert len(incidents.list(ACME)) == 1


def test_of_notes_that_are_made_at_once_none_is_lost(incidents: IncidentTable) -> None:
    incidents.save(ACME, LATE)

    all_at_once(
        4, lambda place: incidents.change(ACME, LATE.id, lambda one, _: noted(one, AT_NINE, step=f"Step {place}"))
    )

    (after,) = incidents.list(ACME)
    assert {step.what for step in after.steps} == {"Step 0", "Step 1", "Step 2", "Step 3"}


def test_a_rollup_that_read_before_a_note_does_not_overwrite_it(incidents: IncidentTable) -> None:
    incidents.save(ACME, LATE)
    (read,) = incidents.list(ACME)
    incidents.change(ACME, LATE.id, lambda one, _: noted(one, AT_NINE, step="Called the courier"))

    with pytest.raises(Conflict):
        incidents.save(ACME, replace(read, last_seen_on=date(2026, 1, 25)))


def test_an_unknown_incident_is_told_which_comes_near(incidents: IncidentTable) -> None:
    incidents.save(ACME, LATE)

    with pytest.raises(NotFound, match=r'no incident \'delivery-2026-w3\'; did you mean "delivery-2026-w03"\?'):
        incidents.change(ACME, "delivery-2026-w3", lambda one, _: one)
