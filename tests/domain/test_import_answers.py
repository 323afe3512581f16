"""An old rating is read with its date, and named by what it says."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cx_domain.errors import BadField
from cx_domain.import_answers import Left, Reading, answers, recognised
from cx_domain.imports import WrongRow, table
from cx_domain.order_fields import FeedbackEvent
from cx_domain.shops import ShopId
from tests.builders import KEY, WARSAW

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
READING = {
    "zone": WARSAW,
    "now": NOW,
    "oldest": NOW - timedelta(days=730),
    "touchpoints": {"nps": "order", "ces": "support"},
}


def read(text: str, **reading: Any) -> list[FeedbackEvent | WrongRow | Left]:
    how = Reading(**{"shop": ShopId("acme"), "key": KEY, "service": "Delighted", "kind": "nps", **READING, **reading})
    found = table(io.BytesIO(text.encode()))
    return list(answers(found, recognised(found.header, how.segments), how))


def one(text: str, **reading: Any) -> FeedbackEvent:
    (found,) = read(text, **reading)
    assert isinstance(found, FeedbackEvent)
    return found


def test_a_trustpilot_export_is_read_as_it_is() -> None:
    told = one("Review Created (UTC),Review Stars,Review Content\n2025-12-03 10:00:00,5,A good tent\n", kind="csat")

    assert (told.kind, told.score, told.comment) == ("csat", 5, "A good tent")


def test_a_file_may_say_the_kind_of_each_row_and_the_shop_where_it_asks_it() -> None:
    told = one("created_at,score,survey_type\n1764756000,7,ces\n")

    assert (told.kind, told.touchpoint, told.recorded_at) == ("ces", "support", datetime(2025, 12, 3, 10, tzinfo=UTC))


def test_segments_are_those_that_the_shop_names() -> None:
    told = one(
        "date,score,Country,Locale,Store,Plan\n2025-12-03,9,pl,pl_PL,Wroclaw,gold\n",
        segments=("country", "language", "tag:store"),
    )

    assert told.segments == (("country", "PL"), ("language", "pl"), ("tag:store", "Wroclaw"))


def test_the_same_export_in_another_order_gives_the_same_names() -> None:
    rows = ["2025-12-03,9,fine", "2025-12-03,9,fine", "2025-12-04,3,leaks"]
    names = [
        {each.id for each in read("\n".join(["date,score,comment", *some])) if isinstance(each, FeedbackEvent)}
        for some in (rows, rows[::-1])
    ]

    assert names[0] == names[1]
    assert len(names[0]) == 3


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ("2025-12-03,11", "score: is no whole number from 0 to 10, as nps has them"),
        ("2025-12-03,9.5", "score: is no whole number from 0 to 10, as nps has them"),
        ("2025-12-03,-1", "score: is no whole number from 0 to 10, as nps has them"),
        ("2025-12-03,great", "score: is no whole number from 0 to 10, as nps has them"),
        (",9", "date: is missing"),
        ("2026-02-03,9", "date: lies in the future"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_guessed(cells: str, why: str) -> None:
    assert read(f"date,score\n{cells}\n") == [WrongRow(2, why)]


def test_rows_without_a_score_and_rows_too_old_are_left_out() -> None:
    assert read("date,score\n2025-12-03,\n2019-12-03,9\n") == ["no-score", "too-old"]


@pytest.mark.parametrize("name", ["score", "date"])
def test_a_file_must_have_scores_and_dates(name: str) -> None:
    with pytest.raises(BadField, match=f"no column of the {name}"):
        recognised(["date" if name == "score" else "score", "comment"])
