"""What the table of platforms' APIs promises: one reading at a time, and a cursor that never goes back."""

from datetime import timedelta

from cx_domain.shops import ShopId
from infra.aws.api_table import ABANDONED_AFTER, Api, ApiTable
from tests.contract.conftest import Database
from tests.contract.examples import ACME, MONDAY, all_at_once

BASE = "https://acme.example"
HOUR = timedelta(hours=1)


def table(database: Database) -> ApiTable:
    return ApiTable(database.client, database.table)


def connected(database: Database, platform: str = "woocommerce") -> ApiTable:
    apis = table(database)
    apis.put(ACME, platform, BASE, MONDAY)
    return apis


def kept(database: Database) -> Api:
    found = table(database).get(ACME, "woocommerce")
    assert found is not None
    return found


def test_an_api_is_read_from_the_moment_it_was_put(database: Database) -> None:
    connected(database)

    assert kept(database) == Api(ACME, "woocommerce", BASE, cursor=MONDAY)


def test_a_shop_that_was_never_connected_has_none(database: Database) -> None:
    assert table(database).get(ACME, "woocommerce") is None
    assert table(database).list() == []


def test_all_apis_are_listed_by_shop_and_platform(database: Database) -> None:
    apis = connected(database)
    apis.put(ACME, "shopify", BASE, MONDAY)
    apis.put(ShopId("brook"), "woocommerce", BASE, MONDAY)

    assert [(api.shop, api.platform) for api in apis.list()] == [
        ("acme", "shopify"),
        ("acme", "woocommerce"),
        ("brook", "woocommerce"),
    ]


def test_the_apis_of_a_shop_are_listed_without_those_of_a_shop_whose_name_begins_alike(database: Database) -> None:
    apis = connected(database)
    apis.put(ShopId("acme-too"), "woocommerce", BASE, MONDAY)

    assert [(api.shop, api.platform) for api in apis.list(ACME)] == [("acme", "woocommerce")]


def test_an_api_that_moves_keeps_its_cursor(database: Database) -> None:
    connected(database).put(ACME, "woocommerce", "https://www.acme.example", MONDAY + HOUR)

    assert kept(database) == Api(ACME, "woocommerce", "https://www.acme.example", cursor=MONDAY)


def test_an_api_that_was_removed_is_gone(database: Database) -> None:
    apis = connected(database)

    apis.remove(ACME, "woocommerce")

    assert apis.list() == []
    assert not apis.begin(ACME, "woocommerce", "run-1", MONDAY)


def test_of_twenty_that_would_read_at_once_one_does(database: Database) -> None:
    apis = connected(database)

    outcomes = all_at_once(20, lambda place: apis.begin(ACME, "woocommerce", f"run-{place}", MONDAY))

    assert outcomes.count(True) == 1


def test_a_write_that_is_repeated_because_its_answer_was_lost_has_begun(database: Database) -> None:
    apis = connected(database)

    assert [apis.begin(ACME, "woocommerce", "run-1", MONDAY) for _ in range(2)] == [True, True]


def test_a_finished_reading_makes_room_for_the_next(database: Database) -> None:
    apis = connected(database)
    apis.begin(ACME, "woocommerce", "run-1", MONDAY)

    apis.finish(ACME, "woocommerce", "run-1")

    assert apis.begin(ACME, "woocommerce", "run-2", MONDAY)


def test_a_reading_that_shows_no_life_makes_room_after_two_hours(database: Database) -> None:
    apis = connected(database)
    apis.begin(ACME, "woocommerce", "run-1", MONDAY)

    at_two_hours = apis.begin(ACME, "woocommerce", "run-2", MONDAY + ABANDONED_AFTER)
    a_second_later = apis.begin(ACME, "woocommerce", "run-2", MONDAY + ABANDONED_AFTER + timedelta(seconds=1))

    assert (at_two_hours, a_second_later) == (False, True)


def test_a_reading_that_goes_on_keeps_its_place(database: Database) -> None:
    apis = connected(database)
    apis.begin(ACME, "woocommerce", "run-1", MONDAY)

    goes_on = apis.advance(ACME, "woocommerce", "run-1", None, MONDAY + HOUR)

    assert goes_on
    assert not apis.begin(ACME, "woocommerce", "run-2", MONDAY + ABANDONED_AFTER + timedelta(seconds=1))


def test_a_reading_whose_place_was_taken_moves_nothing_and_ends_nothing(database: Database) -> None:
    apis = connected(database)
    apis.begin(ACME, "woocommerce", "run-1", MONDAY)
    apis.begin(ACME, "woocommerce", "run-2", MONDAY, instead=True)

    goes_on = apis.advance(ACME, "woocommerce", "run-1", MONDAY + HOUR, MONDAY)
    apis.finish(ACME, "woocommerce", "run-1")

    assert not goes_on
    assert kept(database) == Api(ACME, "woocommerce", BASE, cursor=MONDAY, run="run-2")


def test_the_cursor_moves_on_and_never_back(database: Database) -> None:
    apis = connected(database)
    apis.begin(ACME, "woocommerce", "run-1", MONDAY)

    apis.advance(ACME, "woocommerce", "run-1", MONDAY + HOUR, MONDAY)
    an_earlier_one = apis.advance(ACME, "woocommerce", "run-1", MONDAY, MONDAY)

    assert an_earlier_one
    assert kept(database).cursor == MONDAY + HOUR


def test_a_refused_token_is_remembered_until_another_is_set(database: Database) -> None:
    apis = connected(database)
    apis.note_refusal(ACME, "woocommerce", MONDAY + HOUR)
    refused_at = kept(database).refused_at

    apis.put(ACME, "woocommerce", BASE, MONDAY)

    assert (refused_at, kept(database).refused_at) == (MONDAY + HOUR, None)


def test_a_reading_that_ends_well_shows_that_the_token_is_taken_again(database: Database) -> None:
    apis = connected(database)
    apis.note_refusal(ACME, "woocommerce", MONDAY)
    apis.begin(ACME, "woocommerce", "run-1", MONDAY)

    apis.finish(ACME, "woocommerce", "run-1")

    assert kept(database).refused_at is None


def test_a_refused_token_of_a_shop_that_is_read_no_more_leaves_nothing(database: Database) -> None:
    table(database).note_refusal(ACME, "woocommerce", MONDAY)

    assert table(database).list() == []
