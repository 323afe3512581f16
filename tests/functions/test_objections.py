"""Who objects to profiling is counted like anybody, and in no group: no segment, no movement, no figure of loyalty."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from cx_domain import incident_counts
from cx_domain.excesses import Count
from functions import rollup
from infra import adapters, clock
from infra.aws import clients
from infra.rollups import histories
from tests.functions.envelopes import CONTEXT
from tests.functions.week import SUNDAY_MIDNIGHT, WEEK, answer, play, read, roll_up
from tests.functions.world import ACME_FILE, ANNA, World, order_1001, order_id


def objects(
    world: World, *, withdrawn: bool = False, orders: tuple[str, ...] = ("1001",), address: str = ANNA
) -> dict[str, Any]:
    """Anna objects, or takes it back, as an operator says it."""
    customers, key = adapters.customers(), world.customer_key(address)
    if withdrawn:
        customers.withdraw_objection(world.acme, key)
    else:
        customers.object(world.acme, key, clock.now())
    who = {"customer": key, "surveys": [order_id(order) for order in orders]}
    told: dict[str, Any] = rollup.handler({"shop": "acme", "profile": who}, CONTEXT)
    return told


def report() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(read(f"{WEEK}/report.json"))
    return found


def line(folder: str, day: str, survey: str) -> dict[str, Any]:
    rows = gzip.decompress(read(f"{folder}/acme/{day}/{folder}.jsonl.gz")).splitlines()
    found: dict[str, Any]
    (found,) = [row for row in map(json.loads, rows) if row["id"] == survey]
    return found


@contextmanager
def before_the_first_file(happens: Callable[[], object]) -> Iterator[None]:
    """Let something happen just before a rollup writes its first file, when it has read the surveys already."""
    events = clients.s3().meta.events

    def once(**_: Any) -> None:
        events.unregister("before-call.s3.PutObject", unique_id="between")
        happens()

    events.register("before-call.s3.PutObject", once, unique_id="between")
    yield
    events.unregister("before-call.s3.PutObject", unique_id="between")


def told_apart(world: World) -> list[str]:
    """Where Anna can be told apart: by a segment, by her name in a day file, by a history."""
    known = {one.customer for one in histories.read(adapters.files(), world.acme)}
    named = line("asked", "2026-01-12", order_1001())["customer"]
    return [
        *sorted(set(line("answers", "2026-01-12", order_1001())["segments"]) - {"source"}),
        *(["asked"] if named else []),
        *(["history"] if world.customer_key() in known else []),
    ]


@pytest.fixture
def shown(world: World) -> World:
    """A shop in which every group is shown, however small."""
    world.put_shop(ACME_FILE.read_text(encoding="utf-8").replace("hide_below = 5", "hide_below = 1"))
    return world


@pytest.fixture
def reported(shown: World) -> World:
    """Anna and Jan have answered, and the week's report is made."""
    play(shown)
    answer(shown, "3", "Przecieka", order="1002")
    roll_up(shown, SUNDAY_MIDNIGHT)
    return shown


def test_their_answer_counts_on_and_in_no_segment(reported: World) -> None:
    before = report()

    told = objects(reported)

    after = report()
    assert after["headlines"][0]["n"] == before["headlines"][0]["n"] == 2
    countries = [one["n"] for one in after["segments"] if one["dimension"] == "country"]
    assert (sum(one["n"] for one in before["segments"] if one["dimension"] == "country"), sum(countries)) == (2, 1)
    assert f"{WEEK}/report.json" in told["keys"]


def test_their_words_and_reasons_stay(reported: World) -> None:
    objects(reported)

    found = line("answers", "2026-01-12", order_1001())
    assert (found["comment"], found["drivers"]) == ("Świetny namiot!", ["quality"])
    assert set(found["segments"]) == {"source"}


def test_their_reason_counts_on_in_the_tables_of_reasons_and_of_touchpoints(reported: World) -> None:
    before = report()["drivers"]

    objects(reported)

    assert report()["drivers"] == before
    (quality,) = before
    assert quality["driver"] == "quality"
    assert quality["promoters"] + quality["passives"] + quality["detractors"] == 2
    assert [each["touchpoint"] for each in quality["touchpoints"]] == ["order"]


def test_what_is_watched_for_incidents_counts_their_low_answer_for_all_and_for_its_reason_and_for_no_group(
    reported: World,
) -> None:
    before = watched(reported)

    objects(reported, address="jan@example.com", orders=("1002",))

    after = watched(reported)
    groups = set(before) - {"all", "driver"}
    assert groups >= {"country", "language"}
    assert (after["all"], after["driver"]) == (before["all"], before["driver"]) == (Count(2, 1), Count(2, 1))
    assert {group: before[group] for group in groups} == dict.fromkeys(groups, Count(2, 1))
    assert {group: after[group] for group in groups} == dict.fromkeys(groups, Count(1, 0))


def watched(world: World) -> dict[str, Count]:
    """Of each sort of group that incidents are watched in: how many answers that day, and how many low ones."""
    lines = map(json.loads, gzip.decompress(read("answers/acme/2026-01-12/answers.jsonl.gz")).splitlines())
    day = date(2026, 1, 12)
    counts, _ = incident_counts.counted([(day, lines)], adapters.shop(world.acme))
    return {what.dimension: by_day[day] for what, by_day in counts.items()}


def test_the_file_of_answers_tells_their_words_without_a_group(reported: World) -> None:
    objects(reported)

    rows = list(csv.DictReader(io.StringIO(read(f"{WEEK}/answers.csv").decode("utf-8-sig"))))
    (told,) = [row for row in rows if row["comment"] == "Świetny namiot!"]
    (other,) = [row for row in rows if row["comment"] == "Przecieka"]
    groups = adapters.shop(reported.acme).reports.segments
    assert [name for name in groups if other[name]] != []
    assert [name for name in groups if told[name] and name != "source"] == []


def test_the_customer_base_knows_them_no_more(reported: World) -> None:
    objects(reported)

    assert reported.customer_key() not in {one.customer for one in histories.read(adapters.files(), reported.acme)}
    assert line("asked", "2026-01-12", order_1001())["customer"] is None


def test_what_they_order_and_answer_later_is_in_no_group_either(shown: World) -> None:
    adapters.customers().object(shown.acme, shown.customer_key(), clock.now())
    shown.mailed()
    answer(shown, "9", "Świetny namiot!")

    roll_up(shown, SUNDAY_MIDNIGHT)

    assert set(line("answers", "2026-01-12", order_1001())["segments"]) == {"source"}
    assert list(histories.read(adapters.files(), shown.acme)) == []


def test_counting_again_keeps_to_it(reported: World) -> None:
    objects(reported)
    before = read("answers/acme/2026-01-12/answers.jsonl.gz")

    rollup.handler({"shop": "acme", "recount": _all_of("2026-01-12")}, CONTEXT)

    assert read("answers/acme/2026-01-12/answers.jsonl.gz") == before
    assert reported.customer_key() not in {one.customer for one in histories.read(adapters.files(), reported.acme)}


def _all_of(day: str) -> dict[str, list[str]]:
    return {"days": [day], "surveys": [order_1001(), order_id("1002")], "tickets": [], "feedback": []}


def test_who_takes_it_back_is_counted_as_before(reported: World) -> None:
    files = sorted(adapters.files().list("answers/")), sorted(adapters.files().list("histories/"))
    before = [read(key) for keys in files for key in keys]
    objects(reported)

    objects(reported, withdrawn=True)

    assert [read(key) for keys in files for key in keys] == before


def test_an_objection_outlives_the_persons_erasure(reported: World) -> None:
    objects(reported)

    rollup.handler({"shop": "acme", "erase": {"surveys": [order_1001()], "customer": reported.customer_key()}}, CONTEXT)

    assert adapters.customers().objections(reported.acme) == {reported.customer_key()}


# --- while a rollup runs -----------------------------------------------------------------------------------------------


def test_whoever_objects_while_a_rollup_has_them_in_memory_is_in_no_group(shown: World) -> None:
    play(shown)

    with before_the_first_file(lambda: objects(shown)):
        roll_up(shown, SUNDAY_MIDNIGHT)

    assert told_apart(shown) == []
    assert [one["n"] for one in report()["segments"] if one["dimension"] == "country"] == []


def test_whoever_objects_while_days_are_counted_again_is_in_no_group(reported: World) -> None:
    with before_the_first_file(lambda: objects(reported)):
        adapters.files().delete("answers/acme/2026-01-12/answers.jsonl.gz")
        rollup.handler({"shop": "acme", "recount": _all_of("2026-01-12")}, CONTEXT)

    assert told_apart(reported) == []


def test_whoever_takes_it_back_while_a_rollup_has_them_in_memory_is_in_their_groups(shown: World) -> None:
    play(shown)
    adapters.customers().object(shown.acme, shown.customer_key(), clock.now())

    with before_the_first_file(lambda: objects(shown, withdrawn=True)):
        roll_up(shown, SUNDAY_MIDNIGHT)

    assert {"country", "asked", "history"} <= set(told_apart(shown))


def test_a_rollup_that_was_killed_after_somebody_objected_leaves_them_in_no_group_once_it_is_repeated(
    shown: World,
) -> None:
    play(shown)
    roll_up(shown, SUNDAY_MIDNIGHT)
    history = next(iter(adapters.files().list("histories/")))
    of_the_killed_one = read(history)
    answer(shown, "8")
    objects(shown)
    adapters.files().put(history, of_the_killed_one, "application/gzip")

    roll_up(shown, "2026-01-19T23:00:00Z")

    assert told_apart(shown) == []
