"""One row for each answer, safe to open in a spreadsheet."""

import csv
import io
from dataclasses import replace
from typing import Any

import pytest

from cx_domain.day_lines import Line
from cx_domain.shops import ReportRule, Shop
from infra.reports.csv import harmless, render_csv


def read(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def one(answers: list[Line], **facts: Any) -> list[Line]:
    return [{**answers[0], **facts}]


def test_every_answer_has_a_row_counted_or_not(acme: Shop, answers: list[Line]) -> None:
    rows = read(render_csv(answers, acme))

    assert len(rows) == len(answers)
    assert {row["verdict"] for row in rows} == {"person", "unsure", "scanner"}


def test_excel_sees_that_it_is_utf_8(acme: Shop, answers: list[Line]) -> None:
    body = render_csv(answers, acme)

    assert body.startswith(b"\xef\xbb\xbf")
    assert "strzał w dziesiątkę" in body.decode()


def test_there_is_a_column_for_each_of_the_shops_segments(acme: Shop, answers: list[Line]) -> None:
    shop = replace(acme, reports=ReportRule(segments=("country", "category", "tag:store")))

    row = read(render_csv(one(answers, segments={"country": ["PL"], "category": ["boots", "tents"]}), shop))[0]

    assert (row["country"], row["category"], row["tag:store"]) == ("PL", "boots, tents", "")


def test_rows_come_oldest_first_with_the_shops_own_time(acme: Shop, answers: list[Line]) -> None:
    late = {**answers[0], "id": "s2", "given_at": "2026-01-05T23:30:00Z"}
    early = {**answers[0], "id": "s1", "given_at": "2026-01-05T09:00:00.250000Z"}

    rows = read(render_csv([late, early], acme))

    assert [row["given_at"] for row in rows] == ["2026-01-05T10:00:00+01:00", "2026-01-06T00:30:00+01:00"]


def test_a_comment_that_looks_like_a_formula_is_made_harmless(acme: Shop, answers: list[Line]) -> None:
    row = read(render_csv(one(answers, comment='=HYPERLINK("https://evil.example")'), acme))[0]

    assert row["comment"] == '\'=HYPERLINK("https://evil.example")'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n"])
@pytest.mark.parametrize("column", ["comment", "order", "source", "currency"])
def test_no_text_starts_as_a_formula_does(acme: Shop, answers: list[Line], column: str, start: str) -> None:
    row = read(render_csv(one(answers, **{column: f"{start}1+1"}), acme))[0]

    assert row[column] == f"'{start}1+1"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (" =1+1", " '=1+1"),
        ("\u00a0@SUM(A1)", "\u00a0'@SUM(A1)"),
        ("Fine; =1+1", "Fine; '=1+1"),
        ("Fine;-2+3", "Fine;'-2+3"),
        ('Fine;"=1+1', "Fine;\"'=1+1"),
        ("Fine\n=1+1", "Fine\n'=1+1"),
        ("Fine\r\n\n+1", "Fine\r\n\n'+1"),
        ("Fine\t@SUM(A1)", "Fine\t'@SUM(A1)"),
    ],
)
def test_no_formula_begins_where_a_semicolon_or_a_line_break_would_begin_a_cell(
    acme: Shop, answers: list[Line], said: str, kept: str
) -> None:
    row = read(render_csv(one(answers, comment=said), acme))[0]

    assert row["comment"] == kept


def test_a_hostile_tag_in_the_heading_is_made_harmless(acme: Shop, answers: list[Line]) -> None:
    hostile = replace(acme, reports=ReportRule(segments=("tag:x;=1+1",)))

    assert "tag:x;'=1+1" in read(render_csv(answers, hostile))[0]


def test_a_hostile_segment_or_driver_is_made_harmless(acme: Shop, answers: list[Line]) -> None:
    row = read(render_csv(one(answers, segments={"country": ["=1+1"]}, drivers=["@SUM(A1)"]), acme))[0]

    assert (row["country"], row["drivers"]) == ("'=1+1", "'@SUM(A1)")


def test_numbers_stay_numbers(acme: Shop, answers: list[Line]) -> None:
    row = read(render_csv(one(answers, total="-5.00", score=0), acme))[0]

    assert (row["total"], row["score"]) == ("-5.00", "0")


def test_what_is_not_known_is_empty(acme: Shop, answers: list[Line]) -> None:
    row = read(render_csv(one(answers, score=None, order=None, total=None), acme))[0]

    assert (row["score"], row["order"], row["total"]) == ("", "", "")


def test_a_comment_of_several_lines_stays_one_row(acme: Shop, answers: list[Line]) -> None:
    rows = read(render_csv(one(answers, comment='First, "quoted"\nSecond'), acme))

    assert [row["comment"] for row in rows] == ['First, "quoted"\nSecond']


def test_each_row_says_in_which_words_it_was_asked(acme: Shop, answers: list[Line]) -> None:
    lines = [{**answers[0], "id": "s1"}, {**answers[0], "id": "s2", "question": "2026-01-07"}]

    rows = read(render_csv(lines, acme))

    assert [row["series"] for row in rows] == ["", "2026-01-07"]


@pytest.mark.parametrize(
    "words", ["Great tent - thanks", "It leaks; I am sad", "Fine ;-)", "anna@acme.example; 2 + 2 = 4", "a\nb"]
)
def test_ordinary_words_are_left_alone(words: str) -> None:
    assert harmless(words) == words
