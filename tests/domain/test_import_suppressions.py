"""A row says whom not to ask, or is wrong; and what it adds never takes away."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cx_domain.errors import BadField
from cx_domain.import_suppressions import Known, Outcome, Reading, Suppression, news, recognised, suppressions
from cx_domain.imports import WrongRow, table
from tests.builders import WARSAW

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def read(header: str, *cells: str, **reading: Any) -> Iterator[Suppression | WrongRow]:
    """What rows say of Anna under such a header, the address before each."""
    found = table(
        io.BytesIO("\n".join([f"email,{header}", *(f"anna@kowalska.example,{each}" for each in cells)]).encode())
    )
    how = Reading(WARSAW, NOW, **reading)
    return suppressions(found, recognised(found.header, how.everyone_is), how)


def stop(header: str, cell: str) -> str | None:
    (row,) = read(header, cell)
    assert isinstance(row, Suppression)
    return row.stop


@pytest.mark.parametrize(
    ("header", "cell", "why"),
    [
        *(
            ("Unsubscribed", "yes", "unsubscribed"),
            ("opted_out", "TRUE", "unsubscribed"),
            ("Abgemeldet", "ja", "unsubscribed"),
        ),
        *(
            ("Wypisany", "tak", "unsubscribed"),
            ("Отписан", "да", "unsubscribed"),
            ("Відписаний", "так", "unsubscribed"),
        ),
        *(
            ("Unsubscribed At", "1767603600", "unsubscribed"),
            ("Hard Bounce", "x", "bounced"),
            ("Spam Complaint", "1", "complained"),
        ),
        *(
            ("Status", "Opted Out", "unsubscribed"),
            ("Status", "Email: hard_bounce", "bounced"),
            ("Status", "Deactivated", "unsubscribed"),
        ),
        *(
            ("Unsubscribed", "no", None),
            ("Unsubscribed", "", None),
            ("Bounced", "never", None),
            ("Status", "soft bounce", None),
        ),
    ],
)
def test_whoever_stopped_is_known_by_any_services_words(header: str, cell: str, why: str | None) -> None:
    assert stop(header, cell) == why


def test_of_several_reasons_the_gravest_counts() -> None:
    assert stop("Unsubscribed,Bounced,Complained", "yes,yes,yes") == "complained"


def test_a_day_of_asking_counts_as_its_end_and_never_lies_ahead() -> None:
    before, today = read("Last Sent", "2026-01-03", "2026-01-10")

    assert isinstance(before, Suppression)
    assert isinstance(today, Suppression)
    assert (before.asked_at, today.asked_at) == (datetime(2026, 1, 3, 22, 59, 59, tzinfo=UTC), NOW)


def test_of_several_days_the_last_counts() -> None:
    (row,) = read("Sent At,Last Sent", "2026-01-03T09:00:00Z,2026-01-01T09:00:00Z")

    assert isinstance(row, Suppression)
    assert row.asked_at == datetime(2026, 1, 3, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "cell", "why"),
    [
        ("Status", "weg", "status: is a word that is not known"),
        ("Unsubscribed", "perhaps", "unsubscribed: says neither yes nor no"),
        ("Unsubscribed At", "03/04/2026", "unsubscribed: its day and month cannot be told apart"),
        ("Last Sent", "03/04/2025", "asked_at: its day and month cannot be told apart"),
        ("Last Sent", "2026-02-01", "asked_at: lies in the future"),
    ],
)
def test_what_is_not_understood_is_wrong_and_not_guessed(header: str, cell: str, why: str) -> None:
    (row,) = read(header, cell)

    assert isinstance(row, WrongRow)
    assert (row.line, row.why.startswith(why)) == (2, True)


def test_a_file_must_say_who_and_why() -> None:
    with pytest.raises(BadField, match="no column of addresses"):
        recognised(["Name", "Status"], None)
    with pytest.raises(BadField, match="--everyone-is unsubscribed"):
        recognised(["Email"], None)


@pytest.mark.parametrize(
    ("told", "known", "outcome"),
    [
        (Suppression(2, "a@b.example", "bounced"), Known(), "bounced"),
        (Suppression(2, "a@b.example", "bounced"), Known(unsubscribed=True), "bounced"),
        (Suppression(2, "a@b.example", "complained"), Known(suppressed=True), "known"),
        (Suppression(2, "a@b.example", "unsubscribed"), Known(unsubscribed=True), "known"),
        (Suppression(2, "a@b.example"), Known(), "nothing"),
        (Suppression(2, "a@b.example", asked_at=NOW - DAY), Known(), "asked"),
        (Suppression(2, "a@b.example", asked_at=NOW - DAY), Known(asked_at=NOW), "known"),
        (Suppression(2, "a@b.example", asked_at=NOW), Known(asked_at=NOW - DAY), "asked"),
        (Suppression(2, "a@b.example", asked_at=NOW - 800 * DAY), Known(), "too-old"),
    ],
)
def test_only_what_is_more_than_is_known_is_news(told: Suppression, known: Known, outcome: Outcome) -> None:
    assert news(told, known, NOW - 730 * DAY) == outcome
