"""What is older than a shop keeps anything leaves the bucket too: day files, totals and reports."""

import json

import pytest

from functions import rollup
from infra import adapters
from tests.functions.envelopes import CONTEXT
from tests.functions.week import SUNDAY_MIDNIGHT, WEEK, answer, play, read, roll_up
from tests.functions.world import ACME_FILE, World, order_id

DAY_FILES = {"answers/acme/2026-01-12/answers.jsonl.gz", "asked/acme/2026-01-12/asked.jsonl.gz"}
REFUSED = "asked/acme/2026-01-05/asked.jsonl.gz"
TOTALS = "totals/acme/2026-01.json"


@pytest.fixture
def reported(world: World) -> World:
    """A shop that keeps answers for sixty days, and the report of the week of the 12th of January."""
    world.put_shop(ACME_FILE.read_text(encoding="utf-8").replace('retention = "730d"', 'retention = "60d"'))
    play(world)
    roll_up(world, SUNDAY_MIDNIGHT)
    return world


def stored() -> set[str]:
    return set(adapters.files().list(""))


def test_a_day_file_stays_to_the_last_day_of_retention(reported: World) -> None:
    # The 12th of January is sixty days ago on the 13th of March.
    roll_up(reported, "2026-03-13T22:00:00Z")

    assert stored() >= DAY_FILES
    assert REFUSED not in stored()


def test_a_day_later_it_is_gone(reported: World) -> None:
    roll_up(reported, "2026-03-14T00:00:00Z")

    assert not DAY_FILES & stored()


def test_a_report_goes_when_the_last_day_of_its_period_does(reported: World) -> None:
    roll_up(reported, "2026-03-19T22:00:00Z")
    kept = f"{WEEK}/report.html" in stored()

    roll_up(reported, "2026-03-20T00:00:00Z")

    assert kept
    assert not {key for key in stored() if key.startswith(WEEK)}


def test_totals_go_when_the_last_day_of_their_month_does(reported: World) -> None:
    roll_up(reported, "2026-04-01T21:00:00Z")
    kept = TOTALS in stored()

    roll_up(reported, "2026-04-02T00:00:00Z")

    assert kept
    assert TOTALS not in stored()


def test_another_shops_files_are_another_shops(reported: World) -> None:
    adapters.files().put("answers/acme-too/2020-01-01/answers.jsonl.gz", b"", "application/gzip")

    roll_up(reported, "2026-04-02T00:00:00Z")

    assert "answers/acme-too/2020-01-01/answers.jsonl.gz" in stored()


def test_what_stays_is_left_byte_for_byte(reported: World) -> None:
    before = {key: adapters.files().read(key) for key in {*DAY_FILES, f"{WEEK}/report.json", TOTALS}}

    roll_up(reported, "2026-03-10T00:00:00Z")

    assert {key: adapters.files().read(key) for key in before} == before


def test_once_a_day_is_enough(reported: World) -> None:
    came_late = "answers/acme/2026-01-13/answers.jsonl.gz"
    roll_up(reported, "2026-03-14T00:00:00Z")
    adapters.files().put(came_late, b"", "application/gzip")

    roll_up(reported, "2026-03-14T07:00:00Z")
    same_day = came_late in stored()
    roll_up(reported, "2026-03-15T00:00:00Z")

    assert same_day
    assert came_late not in stored()


def test_what_comes_long_after_it_was_too_old_goes_within_the_month(reported: World) -> None:
    came_late = {"tickets/acme/2026-01-02/tickets.jsonl.gz", "reports/acme/2025-W52/report.json"}
    roll_up(reported, "2026-03-14T00:00:00Z")
    for key in came_late:
        adapters.files().put(key, b"", "application/gzip")

    roll_up(reported, "2026-03-15T00:00:00Z")
    next_day = came_late <= stored()
    roll_up(reported, "2026-04-02T00:00:00Z")

    assert next_day
    assert not came_late & stored()


def test_what_a_shorter_retention_makes_too_old_goes_the_next_day(reported: World) -> None:
    reported.put_shop(ACME_FILE.read_text(encoding="utf-8").replace('retention = "730d"', 'retention = "31d"'))
    adapters._shops_in_memory.clear()  # noqa: SLF001  a new process has none

    roll_up(reported, "2026-02-14T00:00:00Z")

    assert not DAY_FILES & stored()


def test_news_of_a_survey_write_no_day_that_is_too_old_again(world: World) -> None:
    late_in_a_short_retention(world)

    roll_up(world, "2026-02-28T23:00:00Z")

    assert "asked/acme/2026-01-12/asked.jsonl.gz" not in stored()
    assert sent_in_january() == 2


def test_what_a_month_counted_on_days_that_are_gone_stays_when_somebody_is_erased(world: World) -> None:
    late_in_a_short_retention(world)

    rollup.handler({"shop": "acme", "erase": {"surveys": [order_id("1001")]}}, CONTEXT)

    assert sent_in_january() == 2


def late_in_a_short_retention(world: World) -> None:
    """A shop that keeps answers for forty-five days; an answer came late, and the day when it was asked for is gone."""
    world.put_shop(ACME_FILE.read_text(encoding="utf-8").replace('retention = "730d"', 'retention = "45d"'))
    play(world)
    roll_up(world, "2026-01-31T23:00:00Z")
    world.at("2026-02-09T10:00:00Z")
    answer(world, "2", order="1002")
    roll_up(world, "2026-02-09T23:00:00Z")
    roll_up(world, "2026-02-27T23:00:00Z")


def sent_in_january() -> int:
    sent: int = json.loads(read("reports/acme/2026-01/report.json"))["asked"]["sent"]
    return sent
