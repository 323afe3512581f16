"""docs/scale.md says what the simulation finds, and what each size needs is what the template gives it."""

import pytest

from benchmarks import heat, life_writes
from benchmarks.scale_sums import (
    TIMEOUT,
    closed,
    dispatched,
    held,
    largest,
    loads,
    month_folded,
    setting,
    watched,
    week_folded,
)
from benchmarks.shop_days import LARGE, MIDDLE, SIZES, SMALL, Size, minutes
from infra.aws import keys
from tests.template import functions, sizes

EACH_SIZE = pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)


def test_the_page_says_what_the_simulation_finds() -> None:
    assert heat.PAGE.with_tables(heat.tables()) == heat.PAGE.text


def test_no_key_is_hotter_than_a_partition_bears() -> None:
    shares = [
        float(row.split(" | ")[3].rstrip("%"))
        for row in heat.PAGE.text.splitlines()
        if row.startswith("| 10 million a day | `")
    ]

    assert shares
    assert max(shares) < 100


def test_with_one_shard_the_index_of_what_is_due_would_be_four_times_as_hot(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = heat.busiest(MIDDLE, "due")
    spread = heat.play(scene).hottest("due")[1]

    monkeypatch.setattr(keys, "SHARDS", 1)
    life_writes.shard.cache_clear()
    alone = heat.play(scene).hottest("due")[1]
    life_writes.shard.cache_clear()

    assert spread < alone <= 4 * spread


@EACH_SIZE
def test_every_function_may_run_as_often_at_once_as_its_size_needs(size: Size) -> None:
    assert all(load.at_once <= load.most for load in loads(size) if load.most is not None)


@EACH_SIZE
def test_the_front_door_lets_in_what_its_size_needs(size: Size) -> None:
    asked = {load.function: load.a_second for load in loads(size)}

    assert asked["order_webhook"] + asked["survey_page"] <= setting("RequestsPerSecond", size)


@EACH_SIZE
def test_a_pass_of_the_dispatcher_ends_in_time(size: Size) -> None:
    day = minutes(size)

    assert functions()["dispatch"]["Timeout"] == TIMEOUT
    assert dispatched(size, size.rate, max(*day.waiting, *day.due)) < TIMEOUT


@pytest.mark.parametrize("size", [SMALL, MIDDLE], ids=lambda size: size.name)
def test_the_largest_shops_longest_night_fits_into_the_rollup(size: Size) -> None:
    shop = largest(size)
    longest = max(month_folded(size, shop), week_folded(size, shop) + watched(size, shop)) + closed(size, shop)

    assert longest < setting("RollupSeconds", size)
    assert held(shop) < setting("RollupMemory", size)


def test_a_large_stack_may_do_no_less_of_anything() -> None:
    usual, large = sizes()["usual"], sizes()["large"]

    assert usual.keys() == large.keys()
    assert all(large[name] > usual[name] for name in usual)


def test_ten_million_a_day_are_all_mailed_within_their_day() -> None:
    assert sum(minutes(LARGE).sent) == pytest.approx(LARGE.surveys)
