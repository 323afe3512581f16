"""docs/athena.md: its tables are the files' own shape, and its queries find what the service itself counts."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, get_args

import pytest

from cx_domain import drivers
from cx_domain.calendars import parse_period, period_of
from cx_domain.day_files import encode
from cx_domain.day_lines import Line, upsert
from cx_domain.kinds import kind
from cx_domain.order_fields import FeedbackEvent
from cx_domain.shops import ShopId
from cx_domain.statistics import headline
from cx_domain.surveys import Ruling, Survey, SurveyId
from cx_domain.tickets import Ticket
from cx_domain.totals import NOTHING, DayTotal, day_total
from infra.aws import keys
from infra.aws.keys import Folder
from infra.rollups import placements
from infra.rollups.placements import Placements
from tests.builders import ACME, TENT_ORDER, answered, sent, tap
from tests.house import athena

FIRST = datetime(2026, 1, 5, 11, 0, tzinfo=UTC)
REASONS = ("delivery", "price", "waiting")
# What Trino and DuckDB both have, and what DuckDB is taught by `athena.MACROS`.
FUNCTIONS = {
    *("avg", "cast", "coalesce", "count", "count_if", "date_trunc", "nullif", "sum", "unnest"),
    "element_at",
}
SYNTAX = {"and", "as", "c", "d", "in", "over"}

IN_PYTHON = {
    "string": str,
    "int": int,
    "boolean": bool,
    "array<string>": list,
    "map<string,array<string>>": dict,
}


def a_survey(number: int, chance: Random) -> Survey:
    """One of many orders like Anna's: answered, left alone, bounced, met by a scanner, or excluded by an operator."""
    details = replace(TENT_ORDER, number=str(1000 + number), country=chance.choice(["PL", "DE", None]))
    sent_at = FIRST + timedelta(days=chance.randrange(21), minutes=number)
    facts = replace(sent().order, details=details)
    survey = replace(sent(), id=SurveyId(f"survey-{number}"), order=facts, sent_at=sent_at, delivered_at=sent_at)
    at = sent_at + timedelta(hours=chance.randrange(2, 80))
    match chance.randrange(7):
        case 0:
            return survey
        case 1:
            return replace(survey, bounced_at=sent_at)
        case 2:
            return replace(survey, visits=tuple(tap(score, at + timedelta(seconds=score)) for score in range(11)))
        case 3:
            ruling = Ruling(counts=False, why="the shop's own test", at=at + timedelta(days=1))
            return replace(answered(survey, 2, at), rulings=(ruling,))
        case _:
            return with_reasons(answered(survey, chance.randrange(11), at), chance)


def with_reasons(survey: Survey, chance: Random) -> Survey:
    named = tuple(chance.sample(REASONS, chance.randrange(3)))
    return replace(survey, replies=tuple(replace(reply, drivers=named) for reply in survey.replies))


def a_ticket(number: int, chance: Random) -> Ticket:
    opened_at = FIRST + timedelta(hours=chance.randrange(400))
    solved_at = opened_at + timedelta(minutes=chance.randrange(3000)) if chance.random() < 0.8 else None
    topic = chance.choice(["broken", "late", None])
    return Ticket(f"case-{number}", opened_at, opened_at, None, solved_at, "Ewa", topic, str(1000 + number % 200))


def everything() -> Placements:
    chance = Random("Acme's January")  # noqa: S311 - customers are drawn, secrets are not
    refused = replace(sent(), id=SurveyId("refused"), stage="refused", reason="no-consent", sent_at=None)
    surveys = [*(a_survey(number, chance) for number in range(300)), replace(refused, refused_at=FIRST)]
    tickets = [a_ticket(number, chance) for number in range(60)]
    mention = FeedbackEvent("wh-1", "nps", None, "order", "social", FIRST, comment="Lovely tents")
    return placements.together(
        placements.of_surveys(surveys, ACME),
        placements.of_feedback([mention], ACME),
        placements.of_tickets(tickets, ACME),
    )


PLACED = everything()
FILES = {file: upsert({}, changes) for file, changes in PLACED.items()}


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the day files under their real keys, and one of another shop beside them."""
    folder = tmp_path_factory.mktemp("bucket")
    for (name, day), lines in FILES.items():
        for shop in (ACME.id, ShopId("brook")):
            path = folder / keys.day_file(name, shop, day)
            path.parent.mkdir(parents=True)
            path.write_bytes(encode(lines))
    return folder


def asked_of(bucket: Path, heading: str) -> list[dict[str, Any]]:
    return athena.rows(athena.opened(bucket), athena.queries()[heading])


def lines(folder: Folder, days: Iterable[date] | None = None) -> list[Line]:
    return [
        line
        for (name, day), found in FILES.items()
        if name == folder
        for line in found.values()
        if days is None or day in days
    ]


def total_of(days: Iterable[date] | None = None) -> DayTotal:
    days = None if days is None else set(days)
    return day_total(lines("answers", days), lines("asked", days), ACME)


def days_by_week() -> dict[date, set[date]]:
    weeks: dict[date, set[date]] = {}
    for _, day in FILES:
        weeks.setdefault(period_of(day, "week").start, set()).add(day)
    return weeks


def test_nps_by_week_and_country_is_the_reports_own(bucket: Path) -> None:
    found = asked_of(bucket, "NPS by week and country")

    expected: dict[Any, Any] = {
        (week, cell.value): (answers.n, headline(kind("nps"), answers).score)
        for week, days in days_by_week().items()
        for cell, answers in total_of(days).cells.items()
        if cell.dimension == "country" and answers.n >= 5
    }
    assert len(found) >= 6
    assert {(row["week"], row["country"]): (row["n"], pytest.approx(row["nps"])) for row in found} == expected


def test_the_response_rate_of_a_day_is_the_funnels(bucket: Path) -> None:
    found = asked_of(bucket, "Response rate by the day of the mail")

    totals = {day: total_of({day}).asked for name, day in FILES if name == "asked"}
    expected: dict[Any, Any] = {
        day.isoformat(): (asked["sent"], asked.get("bounced", 0), asked.get("answered", 0))
        for day, asked in totals.items()
        if asked
    }
    assert {row["day"]: (row["sent"], row["bounced"], row["answered"]) for row in found} == expected
    assert all(
        row["response_rate"] == pytest.approx(100 * row["answered"] / (row["sent"] - row["bounced"])) for row in found
    )


def test_what_detractors_name_is_what_the_report_lists(bucket: Path) -> None:
    found = asked_of(bucket, "What detractors name")

    expected = {each.driver: each for each in drivers.drivers(parse_period("2026-Q1"), total_of(), NOTHING)}
    assert {row["driver"]: row["named"] for row in found} == {name: each.detractors for name, each in expected.items()}
    assert [row["share"] for row in found] == pytest.approx([expected[row["driver"]].share for row in found])


def test_verdicts_of_a_week_are_the_reports_own(bucket: Path) -> None:
    found = asked_of(bucket, "Who tapped: shares of verdicts by week")

    expected: dict[Any, Any] = {
        (week, verdict): (taps, 100 * taps / sum(counts.values()))
        for week, days in days_by_week().items()
        for counts in [total_of(days).verdicts]
        for verdict, taps in counts.items()
    }
    assert {verdict for _, verdict in expected} == {"person", "scanner", "excluded"}
    assert {(row["week"], row["verdict"]): (row["taps"], pytest.approx(row["share"])) for row in found} == expected


def test_support_cases_are_counted_by_topic(bucket: Path) -> None:
    found = asked_of(bucket, "Support cases by topic, and how many of them are detractors'")

    low = {line["order"] for line in lines("answers") if line["score"] is not None and line["score"] <= 6}
    for row in found:
        cases = [line for line in lines("tickets") if (line["topic"] or "none") == row["topic"]]
        counted = day_total((), (), ACME, cases).support.whole
        counts, minutes = counted.counts, counted.solve_minutes
        assert (row["cases"], row["still_open"]) == (counts["opened"], counts["opened"] - counts["solved"])
        assert row["mean_hours"] == pytest.approx(sum(m * n for m, n in minutes.items()) / sum(minutes.values()) / 60)
        assert row["of_detractors"] == sum(line["order"] in low for line in cases)
    assert {row["topic"] for row in found} == {"broken", "late", "none"}


@pytest.mark.parametrize("name", get_args(Folder))
def test_a_tables_columns_are_the_lines_keys(name: Folder) -> None:
    keys_of_lines = {frozenset(line) for line in lines(name)}

    assert keys_of_lines == {frozenset(athena.tables()[name].columns)}


@pytest.mark.parametrize("name", get_args(Folder))
def test_a_tables_types_are_the_values_own(name: Folder) -> None:
    columns = athena.tables()[name].columns

    misfits = {
        (column, type(line[column]))
        for line in lines(name)
        for column, type_ in columns.items()
        if line[column] is not None and type(line[column]) is not IN_PYTHON[type_]
    }

    assert misfits == set()


@pytest.mark.parametrize("name", get_args(Folder))
def test_a_tables_location_is_where_day_files_lie(name: Folder) -> None:
    table = athena.tables()[name]
    template = table.properties["storage.location.template"]

    location = template.replace("${shop}", "acme").replace("${day}", "2026-01-05")

    key = keys.day_file(name, ShopId("acme"), date(2026, 1, 5))
    assert location == f"s3://BUCKET/{key.rpartition('/')[0]}/"
    assert template.startswith(table.location)


@pytest.mark.parametrize("name", get_args(Folder))
def test_each_partition_of_a_table_is_projected(name: Folder) -> None:
    table = athena.tables()[name]

    projected = {key.split(".")[1]: value for key, value in table.properties.items() if key.endswith(".type")}

    assert projected == {"shop": "injected", "day": "date"}
    assert set(table.partitions) == set(projected)


def test_the_page_has_five_queries() -> None:
    assert len(athena.queries()) == 5
    assert len(athena.statements()) == 5 + len(get_args(Folder))


@pytest.mark.parametrize("heading", list(athena.queries()))
def test_a_query_names_its_shop_and_bounds_its_days_in_each_table(heading: str) -> None:
    query = athena.queries()[heading]

    read = re.findall(r"\bFROM (answers|asked|tickets)\b", query)

    assert read
    assert query.count("shop = 'acme' AND ") == len(read)
    assert len(re.findall(r"\bday BETWEEN '", query)) == len(read)


@pytest.mark.parametrize("heading", list(athena.queries()))
def test_a_query_calls_only_functions_that_trino_has_too(heading: str) -> None:
    called = {name.lower() for name in re.findall(r"(\w+)\s?\(", athena.queries()[heading])}

    assert called - SYNTAX - FUNCTIONS == set()
