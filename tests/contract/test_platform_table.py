"""What the table of shops' own platforms promises: each shop has its own, as it wrote them."""

import pytest

from cx_domain.shops import ShopId
from infra.aws.platform_table import PlatformTable
from tests.contract.conftest import Database
from tests.contract.examples import ACME, MONDAY

BROOK = ShopId("brook")


@pytest.fixture
def platforms(database: Database) -> PlatformTable:
    return PlatformTable(database.client, database.table)


def test_of_a_shop_that_brought_none_there_is_none(platforms: PlatformTable) -> None:
    assert platforms.text(ACME, "till") is None
    assert platforms.names(ACME) == []


def test_a_file_is_kept_as_it_was_written_for_its_shop_alone(platforms: PlatformTable) -> None:
    platforms.put(ACME, "till", "# Kasa Ætna\n", MONDAY)
    platforms.put(ACME, "app", "# app\n", MONDAY)

    assert platforms.text(ACME, "till") == "# Kasa Ætna\n"
    assert platforms.names(ACME) == ["app", "till"]
    assert platforms.names(BROOK) == []


def test_a_newer_file_takes_the_older_ones_place(platforms: PlatformTable) -> None:
    platforms.put(ACME, "till", "# old\n", MONDAY)

    platforms.put(ACME, "till", "# new\n", MONDAY)

    assert platforms.text(ACME, "till") == "# new\n"


def test_what_is_removed_is_gone(platforms: PlatformTable) -> None:
    platforms.put(ACME, "till", "# old\n", MONDAY)

    removed = [platforms.remove(ACME, "till"), platforms.remove(ACME, "till")]

    assert removed == [True, False]
    assert platforms.text(ACME, "till") is None
