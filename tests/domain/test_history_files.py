"""Lines of histories: the same entries make the same file, however and in whatever order they come."""

import gzip
import json
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_domain import history_files
from cx_domain.histories import Entry
from cx_domain.history_files import Changes, Parts
from cx_domain.surveys import CustomerKey, SurveyId

ANNA, JAN = CustomerKey("anna"), CustomerKey("jan")
TENT, STOVE = SurveyId("tent"), SurveyId("stove")
EVER = datetime(2000, 1, 1, tzinfo=UTC)


def entry(survey: str, day: int = 5, score: int | None = None) -> Entry:
    at = f"2026-01-{day:02}T09:00:00Z"
    return {"id": survey, "placed_at": at, "given_at": at if score is not None else None, "score": score}


def ids(lines: dict[str, str]) -> dict[str, list[str]]:
    return {customer: [told["id"] for told in json.loads(line)["entries"]] for customer, line in lines.items()}


def test_a_changed_entry_takes_the_place_of_the_old_one() -> None:
    lines = history_files.upsert({}, {ANNA: {TENT: entry("tent")}}, EVER)

    again = history_files.upsert(lines, {ANNA: {TENT: entry("tent", score=9)}}, EVER)

    (told,) = json.loads(again["anna"])["entries"]
    assert told["score"] == 9


def test_a_line_without_entries_is_no_line() -> None:
    lines = history_files.upsert({}, {ANNA: {TENT: entry("tent")}}, EVER)

    assert history_files.upsert(lines, {ANNA: {TENT: None}}, EVER) == {}


def test_a_customer_leaves_as_a_whole() -> None:
    lines = history_files.upsert({}, {ANNA: {TENT: entry("tent")}, JAN: {STOVE: entry("stove")}}, EVER)

    assert ids(history_files.upsert(lines, {ANNA: None}, EVER)) == {"jan": ["stove"]}


def test_a_survey_is_found_in_whosever_line_it_stands() -> None:
    lines = history_files.upsert({}, {ANNA: {TENT: entry("tent")}, JAN: {STOVE: entry("stove")}}, EVER)

    assert ids(history_files.without(lines, ["stove", "kayak"])) == {"anna": ["tent"]}


def test_what_is_too_old_leaves_the_lines_that_are_touched() -> None:
    lines = history_files.upsert({}, {ANNA: {TENT: entry("tent", day=1)}, JAN: {STOVE: entry("stove", day=1)}}, EVER)

    kept = history_files.upsert(lines, {ANNA: {STOVE: entry("stove", day=9)}}, datetime(2026, 1, 5, tzinfo=UTC))

    assert ids(kept) == {"anna": ["stove"], "jan": ["stove"]}


def test_what_is_too_old_leaves_all_lines_when_it_is_time() -> None:
    lines = history_files.upsert({}, {ANNA: {TENT: entry("tent", day=1)}, JAN: {STOVE: entry("stove", day=9)}}, EVER)

    assert ids(history_files.kept_since(lines, datetime(2026, 1, 5, tzinfo=UTC))) == {"jan": ["stove"]}


def test_a_file_is_read_back_as_it_was_written() -> None:
    lines = history_files.upsert({}, {ANNA: {TENT: entry("tent")}, JAN: {STOVE: entry("stove\u2028łódź")}}, EVER)

    assert history_files.decode(history_files.encode(lines)) == lines
    assert history_files.decode(history_files.encode({})) == {}


def test_a_file_that_came_apart_says_where_its_lines_are() -> None:
    body = history_files.encode(Parts("0123"))

    assert gzip.decompress(body) == b'{"parts":"0123"}\n'
    assert history_files.decode(body) == Parts("0123")


def test_another_version_of_a_file_has_parts_of_another_name() -> None:
    one = history_files.upsert({}, {ANNA: {TENT: entry("tent")}}, EVER)
    other = history_files.upsert(one, {JAN: {STOVE: entry("stove")}}, EVER)

    names = {history_files.parts_name(history_files.encode(lines)) for lines in (one, other, one)}

    assert len(names) == 2


CUSTOMERS = st.sampled_from([CustomerKey(first + second) for first in "ab" for second in "ab2"])
UPSERTS = st.lists(st.tuples(CUSTOMERS, st.sampled_from("stuv"), st.integers(0, 10)), max_size=20)


def changes(*told: tuple[CustomerKey, str, int]) -> Changes:
    found: dict[CustomerKey, dict[SurveyId, Entry | None]] = {}
    for customer, survey, score in told:
        found.setdefault(customer, {})[SurveyId(survey)] = entry(survey, score=score)
    return found


@settings(deadline=None)
@given(UPSERTS, st.randoms(use_true_random=False), st.lists(st.integers(0, 20), max_size=4))
def test_any_order_any_splitting_and_any_repetition_make_the_same_bytes(
    told: list[tuple[CustomerKey, str, int]], random: Any, cuts: list[int]
) -> None:
    once = list({(customer, survey): (customer, survey, score) for customer, survey, score in told}.values())
    whole = history_files.encode(history_files.upsert({}, changes(*once), EVER))

    random.shuffle(once)
    lines: dict[str, str] = {}
    for begin, end in pairwise(sorted({0, *cuts, len(once)})):
        lines = history_files.upsert(lines, changes(*once[begin:end]), EVER)
        lines = history_files.upsert(lines, changes(*once[begin:end]), EVER)

    assert history_files.encode(lines) == whole


@settings(deadline=None)
@given(UPSERTS, st.integers(0, 1))
def test_the_parts_together_are_the_whole(told: list[tuple[CustomerKey, str, int]], letter: int) -> None:
    lines = history_files.upsert({}, changes(*told), EVER)

    parts = history_files.come_apart(lines, letter)

    assert {customer: line for part in parts.values() for customer, line in part.items()} == lines
    assert sum(map(len, parts.values())) == len(lines)
