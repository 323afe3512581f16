"""Single values of a webhook: times, and how many characters of a stranger's words are kept."""

from datetime import UTC, datetime

import pytest

from cx_domain.errors import BadField
from cx_domain.raw_fields import RawFields

RECEIVED_AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-01-05T09:00:00Z", RECEIVED_AT),
        ("2026-01-05T10:00:00+01:00", RECEIVED_AT),
        ("2026-01-05T10:00+0100", RECEIVED_AT),
        ("2026-01-05 09:00:00.000Z", RECEIVED_AT),
        ("2026-01-05 10:00:00 +0100", RECEIVED_AT),
        ("Mon, 05 Jan 2026 10:00:00 +0100", RECEIVED_AT),
        ("", None),
        (None, None),
    ],
)
def test_a_time_says_its_offset(written: str | None, meant: datetime | None) -> None:
    assert RawFields({"placed": written}).time("placed") == meant


@pytest.mark.parametrize(
    "written",
    [
        "2026-01-05T09:00:00",
        "2026-01-05",
        "2026-W02-1",
        "20260105T090000Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-02-30T09:00:00Z",
        "Mon, 30 Feb 2026 09:00:00 +0000",
        "Mon, 05 Jan 2026 09:00:00",
        5,
    ],
)
def test_what_is_no_moment_is_refused(written: object) -> None:
    with pytest.raises(BadField, match=r"^placed: must"):
        RawFields({"placed": written}).time("placed")


def test_a_time_without_offset_is_utc_where_the_platform_means_it() -> None:
    assert RawFields({"placed": "2026-01-05T09:00:00"}, zoneless_is_utc=True).time("placed") == RECEIVED_AT


@pytest.mark.parametrize(
    ("raw", "shown"), [("#1001", "#1001"), (1001, "1001"), ("", None), (None, None), ("A\nB", "A B")]
)
def test_a_label_is_words_or_a_number(raw: object, shown: str | None) -> None:
    assert RawFields({"number": raw}).label("number", 40) == shown


@pytest.mark.parametrize("raw", [True, 1.5, 10**41, []])
def test_what_is_neither_is_refused(raw: object) -> None:
    with pytest.raises(BadField, match=r"^number: must be text"):
        RawFields({"number": raw}).label("number", 40)


@pytest.mark.parametrize(("raw", "read"), [("PLN", "PLN"), ("pln", "PLN"), ("zł", None), (None, None)])
def test_a_currency_is_three_letters(raw: str | None, read: str | None) -> None:
    assert RawFields({"currency": raw}).currency("currency") == read
