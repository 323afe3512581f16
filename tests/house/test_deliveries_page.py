"""docs/webhooks/deliveries.md says what each refusal means, and how often the watch is wrong; a row that is quick is made again here."""

from pathlib import Path

import pytest

from benchmarks import webhook_watch
from benchmarks.webhook_watch import ORDERS, WEEKS, Business
from cx_domain.deliveries import KEPT_DAYS, REFUSALS
from tests.house.sources import ROOT

PAGE: Path = ROOT / "docs" / "webhooks" / "deliveries.md"


def lines() -> list[str]:
    return PAGE.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("why", REFUSALS)
def test_every_refusal_is_told_with_what_to_do(why: str) -> None:
    (row,) = [line for line in lines() if line.startswith(f"| `{why}` |")]

    assert all(cell.strip() for cell in row.split("|")[2:4])


def test_a_row_made_again_is_the_same() -> None:
    assert webhook_watch.row(Business(3, "closed weekends")) in lines()


@pytest.mark.parametrize("orders", ORDERS)
@pytest.mark.parametrize("week", WEEKS)
def test_a_healthy_shop_is_seldom_called_silent(orders: int, week: str) -> None:
    (row,) = [line for line in lines() if line.startswith(f"| {orders} | {week} |")]

    assert float(row.split("|")[3]) <= 0.5


def test_days_are_kept_as_long_as_the_page_says() -> None:
    assert KEPT_DAYS == 90
    assert "for ninety days" in PAGE.read_text(encoding="utf-8")
