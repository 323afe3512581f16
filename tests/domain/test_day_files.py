"""Day files: the same bytes for the same lines, whichever way they came together."""

import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_domain.day_counts import counted
from cx_domain.day_files import changed, decode, encode, ids, packed, row, rows
from cx_domain.day_lines import Line, answer_line, asked_line, feedback_line, upsert
from cx_domain.order_fields import FeedbackEvent
from cx_domain.totals import day_total
from tests.builders import ACME, SENT_AT, answered, sent

AT = SENT_AT + timedelta(days=1)
# What a comment, an id or a tag must not be taken for: a key, an end of line, an end of text.
TEXTS = st.sampled_from(
    [
        "",
        "],",
        "[",
        "],[",
        '"],"',
        "Late",
        '","id":"x"',
        ',"drivers":["price"],"id":"',
        "a\u2028b",
        "a\nb",
        "\\",
        '{"kind":"ces"}',
        "Zażółć 🏕",
    ]
) | st.text(max_size=8)
SEGMENTS = st.dictionaries(
    st.sampled_from(["country", "category", "channel", "tag:id"]), st.lists(TEXTS, min_size=1, max_size=3).map(sorted)
)
IDS = st.sampled_from(["a", "b", "c", 'q"', "back\\slash", "ż", "z"]) | st.text(min_size=1, max_size=4)


def a_line(id_: str, **changes: Any) -> Line:
    return {**LINE, "id": id_, **changes}


def its_answer() -> Line:
    placed = answer_line(answered(sent(), 9, AT), ACME)
    assert placed is not None
    return placed[1]


LINE = its_answer()


@st.composite
def lines(draw: st.DrawFn) -> dict[str, Line]:
    """Answers that differ in whatever they are counted by, and in what they are not."""
    found: dict[str, Line] = {}
    for id_ in draw(st.sets(IDS, max_size=12)):
        found[id_] = a_line(
            id_,
            score=draw(st.none() | st.integers(0, 10)),
            verdict=draw(st.sampled_from(["person", "unsure", "scanner"])),
            question=draw(st.sampled_from([None, "2026-01-05"])),
            comment=draw(TEXTS),
            drivers=draw(st.lists(TEXTS.filter(bool), max_size=2, unique=True)),
            segments=draw(SEGMENTS),
        )
    return found


@given(lines())
def test_lines_read_back_as_they_were_written(known: dict[str, Line]) -> None:
    assert decode(encode(known)) == known


def test_ids_are_read_without_their_lines_also_of_rows_that_another_wrote() -> None:
    ours = encode(
        {"1001": {**LINE, "id": "1001", "comment": 'They wrote "id":"7" on it'}, "1002": {**LINE, "id": "1002"}}
    )
    by_hand = packed(['{"id" : "1003"}\n'])

    assert list(ids(ours)) == ["1001", "1002"]
    assert list(ids(by_hand)) == ["1003"]


@given(lines(), lines(), st.sets(IDS))
def test_a_changed_file_is_the_file_of_the_changed_lines(
    known: dict[str, Line], new: dict[str, Line], gone: set[str]
) -> None:
    changes = {**dict.fromkeys(gone), **new}

    file = changed(encode(known), changes)

    assert file == encode(upsert(known, changes))


@given(lines())
def test_rows_that_begin_alike_are_counted_as_their_lines_are(known: dict[str, Line]) -> None:
    # Each thrice, and one more, so that numbers have several digits.
    answers = [*known.values()] * 3 + [LINE]

    total = counted(map(row, answers), (), (), ACME)

    assert total == day_total(answers, (), ACME)


def test_asked_and_answers_are_counted_as_their_lines_are() -> None:
    survey = answered(sent(), 3, AT)
    asked = [placed[1] for placed in [asked_line(survey, ACME), asked_line(sent(), ACME)] if placed]
    rating = feedback_line(FeedbackEvent("wh-1", "nps", 4, "store", "store", AT), ACME)[1]
    answers = [LINE, rating, its_answer()]

    total = counted(map(row, answers), map(row, asked), (), ACME)

    assert total == day_total(answers, asked, ACME)


@pytest.mark.parametrize(
    "otherwise",
    [
        lambda line: json.dumps(line, sort_keys=True, separators=(",", ":")),
        json.dumps,
        lambda line: json.dumps(dict(reversed(line.items())), separators=(",", ":")),
    ],
    ids=["an older release", "a hand", "another order"],
)
def test_rows_that_were_written_otherwise_are_counted_and_written_anew(otherwise: Callable[[Line], str]) -> None:
    known = {id_: a_line(id_) for id_ in ("b", "a")}
    older = [otherwise(line) + "\n" for line in known.values()]

    file = changed(gzip.compress("".join(older).encode()), {})

    assert file == encode(known)
    assert counted(older, (), (), ACME) == day_total(known.values(), (), ACME)


def test_rows_in_another_order_are_sorted_again() -> None:
    mixed = [row(a_line(id_)) for id_ in ("b", "a")]

    file = changed(packed(mixed), {"c": a_line("c")})

    assert file == encode({id_: a_line(id_) for id_ in ("a", "b", "c")})


def test_a_row_says_first_what_is_counted_and_hides_nothing() -> None:
    written = row(LINE)

    assert written.startswith('{"kind":"nps","touchpoint":"order","question":null,')
    assert json.loads(written) == LINE


def test_an_empty_file_has_no_rows() -> None:
    assert list(rows(encode({}))) == []
    assert changed(None, {}) == encode({})


def test_a_line_comes_into_a_file_that_is_not_there_yet() -> None:
    assert decode(changed(None, {LINE["id"]: LINE, "gone": None})) == {LINE["id"]: LINE}
