"""What the table of deliveries promises: counters add up whoever writes, and the last ten refusals are kept."""

from datetime import date, datetime, timedelta

import pytest

from cx_domain.deliveries import MOST_REFUSED, DeliveryDay, refused
from cx_domain.shops import ShopId
from infra.aws import keys
from infra.aws.delivery_table import DeliveryTable, Noted
from tests.contract.conftest import Database
from tests.contract.examples import ACME, MONDAY, all_at_once, raw_item

THE_FIFTH = date(2026, 1, 5)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture
def deliveries(database: Database) -> DeliveryTable:
    return DeliveryTable(database.client, database.table)


def good(number: int = 1, at: datetime = MONDAY, outcome: str = "taken") -> Noted:
    return Noted({outcome: number}, "Shopify", first_at=at, last_at=at)


def bad(number: int = 1, at: datetime = MONDAY) -> Noted:
    refusals = [refused(at + place * MINUTE, "bad-signature", f"no {place}") for place in range(number)]
    return Noted({"bad-signature": number}, "Shopify", unsigned=number, refused=refusals)


def add(deliveries: DeliveryTable, noted: Noted, day: date = THE_FIFTH, platform: str = "shopify") -> DeliveryDay:
    return deliveries.add(ACME, day, platform, noted)


def test_a_day_of_which_nothing_was_noted_is_not_there(deliveries: DeliveryTable) -> None:
    assert deliveries.list(ACME, THE_FIFTH) == ()


def test_counters_add_up_by_outcome(deliveries: DeliveryTable) -> None:
    add(deliveries, good(2))
    add(deliveries, good(1, MONDAY + MINUTE, "told-by-another-topic"))
    add(deliveries, good(3, MONDAY + 2 * MINUTE))

    (day,) = deliveries.list(ACME, THE_FIFTH)
    assert day.outcomes == {"taken": 5, "told-by-another-topic": 1}
    assert (day.first_at, day.last_at) == (MONDAY, MONDAY + 2 * MINUTE)


def test_what_is_written_is_told_as_it_stands_then(deliveries: DeliveryTable) -> None:
    add(deliveries, good(2))

    assert add(deliveries, bad(2)) == deliveries.list(ACME, THE_FIFTH)[0]


def test_of_processes_that_write_at_once_none_is_forgotten(deliveries: DeliveryTable) -> None:
    all_at_once(8, lambda place: add(deliveries, good(1, MONDAY + place * MINUTE)))

    (day,) = deliveries.list(ACME, THE_FIFTH)
    assert (day.outcomes, day.last_at) == ({"taken": 8}, MONDAY + 7 * MINUTE)


def test_a_note_that_comes_late_does_not_move_the_last_delivery_back(deliveries: DeliveryTable) -> None:
    add(deliveries, good(at=MONDAY + MINUTE))

    add(deliveries, good(at=MONDAY))

    (day,) = deliveries.list(ACME, THE_FIFTH)
    assert (day.outcomes, day.last_at) == ({"taken": 2}, MONDAY + MINUTE)


def test_bad_signatures_are_counted_since_the_last_good_one(deliveries: DeliveryTable) -> None:
    add(deliveries, bad(2))
    add(deliveries, bad(1))
    before = add(deliveries, bad(1)).unsigned

    since_then = add(deliveries, good())

    assert (before, since_then.unsigned) == (4, 0)
    assert since_then.outcomes["bad-signature"] == 4


def test_the_last_ten_refusals_are_kept_in_their_order(deliveries: DeliveryTable) -> None:
    for number in range(35):
        add(deliveries, bad(1, MONDAY + number * MINUTE))

    (day,) = deliveries.list(ACME, THE_FIFTH)
    assert [one.at for one in day.refused] == [MONDAY + number * MINUTE for number in range(25, 35)]
    assert day.outcomes == {"bad-signature": 35}


def test_an_item_never_holds_more_than_twice_as_many(deliveries: DeliveryTable, database: Database) -> None:
    for _ in range(4):
        add(deliveries, bad(MOST_REFUSED))

    kept = raw_item(database.client, database.table, keys.delivery_day(ACME, THE_FIFTH, "shopify"))
    assert len(kept["refused"]["L"]) <= 2 * MOST_REFUSED


def test_refusals_that_are_written_at_once_all_count(deliveries: DeliveryTable) -> None:
    add(deliveries, bad(MOST_REFUSED))

    all_at_once(6, lambda place: add(deliveries, bad(4, MONDAY + place * MINUTE)))

    (day,) = deliveries.list(ACME, THE_FIFTH)
    assert (day.outcomes["bad-signature"], len(day.refused)) == (MOST_REFUSED + 24, MOST_REFUSED)


def test_a_shops_days_are_listed_from_one_on_with_all_its_platforms(deliveries: DeliveryTable) -> None:
    for day in range(4):
        add(deliveries, good(), THE_FIFTH + day * DAY)
    add(deliveries, good(), THE_FIFTH + 2 * DAY, "woocommerce")
    deliveries.add(ShopId("acme2"), THE_FIFTH + 2 * DAY, "shopify", good())

    listed = deliveries.list(ACME, THE_FIFTH + 2 * DAY)

    assert [(day.day.day, day.platform) for day in listed] == [(7, "shopify"), (7, "woocommerce"), (8, "shopify")]


def test_a_day_is_forgotten_after_ninety(deliveries: DeliveryTable, database: Database) -> None:
    add(deliveries, good())

    kept = raw_item(database.client, database.table, keys.delivery_day(ACME, THE_FIFTH, "shopify"))
    midnight = datetime.fromisoformat("2026-01-05T00:00:00Z")
    assert int(kept["purge_at"]["N"]) == int((midnight + 90 * DAY).timestamp())
