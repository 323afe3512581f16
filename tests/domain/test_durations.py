"""Lengths of time as people write them."""

from datetime import timedelta

import pytest

from cx_domain.durations import duration
from cx_domain.errors import BadField


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("5s", timedelta(seconds=5)),
        ("90m", timedelta(minutes=90)),
        ("6h", timedelta(hours=6)),
        ("7d", timedelta(days=7)),
        ("0d", timedelta(0)),
    ],
)
def test_a_duration_is_a_whole_number_and_a_unit(written: str, meant: timedelta) -> None:
    assert duration(written) == meant


@pytest.mark.parametrize(
    "written", ["", "7", "d", "7 d", "-7d", "+7d", "7.5d", "7D", "7w", "7d\n", "\u0667d", "9999999d", "1d12h"]
)
def test_anything_else_is_refused(written: str) -> None:
    with pytest.raises(BadField, match="is not a length of time such as 5s, 90m, 6h or 7d"):
        duration(written)
