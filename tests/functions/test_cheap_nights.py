"""A quiet night of a shop costs next to nothing: what did not change is not read again."""

from collections.abc import Iterator

import pytest

from functions import rollup
from infra import adapters
from tests.functions.conftest import Deployed
from tests.functions.envelopes import CONTEXT, envelope
from tests.functions.permissions import Watch, watching
from tests.functions.week import roll_up
from tests.functions.world import ACME_FILE, World


@pytest.fixture
def quiet(week: World, deployed: Deployed) -> Iterator[Watch]:
    """A week in January that had a report; from then on nothing happens, on a Wednesday in February all is over but the shop."""
    roll_up(week, "2026-01-18T23:00:00Z")
    roll_up(week, "2026-02-24T23:00:00Z")
    with watching(deployed.made["Bucket"]) as watch:
        yield watch


def test_a_quiet_night_asks_what_changed_and_whether_webhooks_came_and_moves_its_cursor(
    quiet: Watch, week: World
) -> None:
    roll_up(week, "2026-02-25T23:00:00Z")

    of_the_table = [action for action in quiet.actions if action.startswith("dynamodb:")]
    assert of_the_table.count("dynamodb:Query") <= 4
    assert of_the_table.count("dynamodb:UpdateItem") == 2
    assert len(of_the_table) <= 7


def test_a_quiet_night_lists_and_writes_no_files(quiet: Watch, week: World) -> None:
    roll_up(week, "2026-02-25T23:00:00Z")

    assert {action for action in quiet.actions if action.startswith("s3:")} == {"s3:GetObject"}
    assert quiet.actions.count("s3:GetObject") <= 10


def test_until_a_shop_is_due_a_tick_reads_the_list_of_shops_and_nothing_else(quiet: Watch, week: World) -> None:
    week.at("2026-02-25T09:00:00Z")

    rollup.handler(envelope("rollup_schedule"), CONTEXT)

    assert quiet.actions == ["dynamodb:Query"]


def test_a_shop_whose_file_names_another_time_zone_is_due_by_its_new_midnight(quiet: Watch, week: World) -> None:
    week.at("2026-02-25T09:00:00Z")
    week.put_shop(ACME_FILE.read_text(encoding="utf-8").replace("Europe/Warsaw", "Asia/Tokyo"))
    adapters._shops_in_memory.clear()  # noqa: SLF001  a new process has none
    week.at("2026-02-25T15:00:00Z")

    rollup.handler(envelope("rollup_schedule"), CONTEXT)

    assert len(week.messages("RollupQueue")) == 2  # the shop, and SES's list
    assert "sqs:SendMessage" in quiet.actions
