"""What the shop table promises: a shop's file as written, one cursor, and one digest for each manager."""

from datetime import date, timedelta

import pytest

from cx_domain.errors import Conflict, NotConfigured
from cx_domain.series import NewSeries
from cx_domain.shops import ShopId
from infra.aws import keys
from infra.aws.attribute_values import encode
from infra.aws.shop_table import ListedShop, RollupState, ShopTable
from tests.contract.conftest import Database
from tests.contract.examples import ACME, MONDAY, all_at_once

ACME_FILE = """
shop = "acme"
name = "Acme Outdoor"
timezone = "Europe/Warsaw"
languages = ["pl", "en"]
from = "Acme Outdoor <hello@acme.example>"
legal = { name = "Acme sp. z o.o.", address = "Teczowa 7, Wroclaw" }

[[surveys]]
kind = "nps"
touchpoint = "order"
on = "fulfilled"
delay = "7d"
expires = "30d"

[consent]
required = ["DE"]
"""


def test_a_shop_comes_back_as_its_file_was_written(shops: ShopTable) -> None:
    shops.put(ACME, ACME_FILE, MONDAY)

    shop = shops.get(ACME)

    assert shop is not None
    assert (shop.name, shops.text(ACME)) == ("Acme Outdoor", ACME_FILE)


def test_a_shop_that_nobody_put_is_not_there(shops: ShopTable) -> None:
    assert (shops.get(ACME), shops.text(ACME)) == (None, None)


def test_a_stored_file_that_reads_no_more_is_our_trouble_and_not_the_webhooks(shops: ShopTable) -> None:
    shops.put(ACME, 'shop = "acme"', MONDAY)

    with pytest.raises(NotConfigured, match="the file of the shop acme must be put again"):
        shops.get(ACME)


def put_asking(shops: ShopTable, words: str, day: int) -> tuple[NewSeries, ...]:
    """Put Acme's file on a day of January, with this question in Polish."""
    return shops.put(ACME, ACME_FILE, MONDAY, {"nps/order": {"pl": words}}, date(2026, 1, day))


def series_of(shops: ShopTable) -> str | None:
    shop = shops.get(ACME)
    assert shop is not None
    return shop.surveys[0].series


def test_a_shop_reads_since_when_it_asks_in_its_words(shops: ShopTable) -> None:
    put_asking(shops, "Czy polecisz nas znajomym?", 5)

    new = put_asking(shops, "Czy polecisz nas rodzinie?", 19)

    assert new == (NewSeries("nps/order", "2026-01-19", ("pl",)),)
    assert series_of(shops) == "2026-01-19"


def test_the_same_words_put_again_leave_the_series(shops: ShopTable) -> None:
    put_asking(shops, "Czy polecisz nas znajomym?", 5)

    assert put_asking(shops, "Czy polecisz nas znajomym?", 19) == ()
    assert series_of(shops) is None


def test_a_shop_that_an_older_release_put_asks_as_from_the_beginning(shops: ShopTable, database: Database) -> None:
    older = {**keys.shop_file(ACME), "file": ACME_FILE, "put_at": "2026-01-05T09:00:00Z"}
    database.client.put_item(TableName=database.table, Item=encode(older))

    before, new = series_of(shops), put_asking(shops, "Czy polecisz nas znajomym?", 19)

    assert (before, new, series_of(shops)) == (None, (), None)


def test_of_ten_who_change_the_words_at_once_each_begins_a_series_of_its_own(shops: ShopTable) -> None:
    put_asking(shops, "Czy polecisz nas znajomym?", 5)

    begun = all_at_once(10, lambda place: put_asking(shops, f"Czy polecisz nas {place} znajomym?", 19))

    names = {new.name for (new,) in begun}
    assert names == {"2026-01-19", *(f"2026-01-19-{number}" for number in range(2, 11))}
    assert series_of(shops) == "2026-01-19-10"


def test_all_shops_are_listed_once_by_name(shops: ShopTable) -> None:
    for name in ("zenith", "acme", "acme"):
        shops.put(ShopId(name), ACME_FILE, MONDAY)

    assert shops.ids() == ["acme", "zenith"]


def test_a_shop_that_was_never_rolled_up_starts_at_nothing(shops: ShopTable) -> None:
    assert shops.rollup_state(ACME) == RollupState(None, None, 0)


def test_a_rollup_remembers_how_far_it_came(shops: ShopTable) -> None:
    saved = shops.save_rollup_state(ACME, RollupState(MONDAY, MONDAY + timedelta(hours=1), 0))

    assert saved == RollupState(MONDAY, MONDAY + timedelta(hours=1), 1)
    assert shops.rollup_state(ACME) == saved


def test_of_twenty_rollups_at_once_exactly_one_moves_the_cursor(shops: ShopTable) -> None:
    def move(place: int) -> bool:
        try:
            shops.save_rollup_state(ACME, RollupState(MONDAY + timedelta(hours=place), MONDAY, 0))
        except Conflict:
            return False
        return True

    assert all_at_once(20, move).count(True) == 1


def test_of_twenty_senders_exactly_one_mails_a_managers_digest(shops: ShopTable) -> None:
    outcomes = all_at_once(20, lambda _: shops.claim_digest(ACME, "2026-W02", "boss"))

    assert outcomes.count(True) == 1


def test_each_manager_and_each_week_has_a_digest_of_its_own(shops: ShopTable) -> None:
    shops.claim_digest(ACME, "2026-W02", "boss")

    assert shops.claim_digest(ACME, "2026-W02", "deputy")
    assert shops.claim_digest(ACME, "2026-W03", "boss")


def test_a_digest_that_did_not_leave_may_be_sent_again(shops: ShopTable) -> None:
    shops.claim_digest(ACME, "2026-W02", "boss")

    shops.release_digest(ACME, "2026-W02", "boss")

    assert shops.claim_digest(ACME, "2026-W02", "boss")


def test_a_list_of_shops_longer_than_a_page_is_read_to_its_end(shops: ShopTable, database: Database) -> None:
    # A page holds a megabyte: eight entries of 300 KB are three pages.
    for number in range(8):
        entry = {"pk": {"S": keys.SHOPS_PARTITION}, "sk": {"S": f"shop{number}"}, "padding": {"S": "x" * 300_000}}
        database.client.put_item(TableName=database.table, Item=entry)

    assert len(shops.ids()) == 8


def test_every_lifetime_that_surveys_ever_had_is_known(shops: ShopTable) -> None:
    shops.put(ACME, ACME_FILE, MONDAY)
    shops.put(ACME, ACME_FILE.replace('expires = "30d"', 'expires = "7d"'), MONDAY)

    shop = shops.get(ACME)

    assert shop is not None
    assert shop.lifetimes == {timedelta(days=30), timedelta(days=7)}


def test_the_lifetimes_of_a_file_that_an_older_release_put_are_known_too(shops: ShopTable, database: Database) -> None:
    old = {**keys.shop_file(ACME), "file": ACME_FILE, "version": 1}
    database.client.put_item(TableName=database.table, Item=encode(old))

    shops.put(ACME, ACME_FILE.replace('expires = "30d"', 'expires = "7d"'), MONDAY)

    shop = shops.get(ACME)
    assert shop is not None
    assert shop.lifetimes == {timedelta(days=30), timedelta(days=7)}


def test_every_zone_that_the_shop_ever_had_is_known(shops: ShopTable, database: Database) -> None:
    old = {**keys.shop_file(ACME), "file": ACME_FILE, "version": 1}
    database.client.put_item(TableName=database.table, Item=encode(old))
    for zone in ("Asia/Tokyo", "Europe/Paris"):
        shops.put(ACME, ACME_FILE.replace("Europe/Warsaw", zone), MONDAY)

    shop = shops.get(ACME)

    assert shop is not None
    assert {zone.key for zone in shop.zones} == {"Asia/Tokyo", "Europe/Paris", "Europe/Warsaw"}


def test_the_list_says_when_a_shop_is_to_be_rolled_up_next(shops: ShopTable) -> None:
    shops.put(ACME, ACME_FILE, MONDAY)
    new = shops.listed()

    shops.note_next(ACME, MONDAY + timedelta(hours=14), read_at=MONDAY + timedelta(minutes=1))

    assert new == [ListedShop(ACME, None)]
    assert shops.listed() == [ListedShop(ACME, MONDAY + timedelta(hours=14))]


def test_a_newer_file_makes_it_unknown_again_when_a_shop_is_due(shops: ShopTable) -> None:
    shops.put(ACME, ACME_FILE, MONDAY)
    shops.note_next(ACME, MONDAY + timedelta(hours=14), read_at=MONDAY + timedelta(minutes=1))

    shops.put(ACME, ACME_FILE, MONDAY + timedelta(hours=1))

    assert shops.listed() == [ListedShop(ACME, None)]


def test_who_read_an_older_file_does_not_say_when_the_shop_is_due(shops: ShopTable) -> None:
    shops.put(ACME, ACME_FILE, MONDAY)

    shops.note_next(ACME, MONDAY + timedelta(hours=14), read_at=MONDAY)

    assert shops.listed() == [ListedShop(ACME, None)]


def test_a_shop_that_is_gone_does_not_come_back_by_its_next_night(shops: ShopTable) -> None:
    shops.note_next(ACME, MONDAY + timedelta(hours=14), read_at=MONDAY)

    assert shops.listed() == []


def test_the_state_of_a_rollup_says_before_which_day_no_file_is_left(shops: ShopTable) -> None:
    saved = shops.save_rollup_state(ACME, RollupState(cursor=MONDAY, swept_before=date(2024, 1, 6)))

    assert (saved.swept_before, shops.rollup_state(ACME)) == (date(2024, 1, 6), saved)
