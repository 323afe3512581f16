"""One shop's sale and all others: what benchmarks/backlog.py plays with fifty thousand surveys, with some hundreds."""

from datetime import timedelta

import pytest

from benchmarks.backlog import NINE, Course, Line, course
from cx_domain.shops import ShopId
from tests.functions.world import World

ACME, TARN, HILL = (ShopId(name) for name in ("acme", "tarn", "hill"))


@pytest.fixture
def sale(world: World, monkeypatch: pytest.MonkeyPatch) -> Course:
    """Two hundred surveys of Acme are due at nine; five of Tarn too, and five of Hill two minutes later. SES takes one a second."""
    monkeypatch.setenv("AFTERORDER_SENDS_PER_SECOND", "1")
    lines = (Line(ACME, 200, every=50), Line(TARN, 5), Line(HILL, 5, NINE + timedelta(minutes=2)))
    return course(world, lines)


def test_a_sale_keeps_to_sess_rate_and_is_asked_about_whole_while_other_shops_wait_for_seconds(sale: Course) -> None:
    slowest = {shop: max(waited) for shop, waited in sale.waited.items()}

    assert max(sale.mails.values()) == 1
    assert {shop: len(waited) for shop, waited in sale.waited.items()} == {ACME: 200, TARN: 5, HILL: 5}
    assert (slowest[ACME] > 200, slowest[TARN] <= 10, slowest[HILL] <= 10) == (True, True, True)
    assert sale.sent == 4 + 5 + 5
