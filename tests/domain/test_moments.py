"""Amounts summed up: exact, in any order."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_domain.moments import Moments

AMOUNTS = st.lists(st.decimals(0, 10**10, places=9), max_size=20)


def moments(*amounts: str | Decimal) -> Moments:
    found = Moments()
    for amount in amounts:
        found.add(Decimal(amount))
    return found


def test_the_interval_is_the_one_of_the_statisticians_handbook() -> None:
    # NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.2: ZARR13.DAT has n 195, mean 9.261460, standard deviation
    # 0.022789, and the 95 % limits 9.258242 and 9.264679.
    n, mean, deviation = 195, Decimal("9.261460"), Decimal("0.022789")
    sample = Moments(n, n * mean, (n - 1) * deviation**2 + n * mean**2)

    assert sample.interval() == pytest.approx((9.258242, 9.264679), abs=1e-6)


def test_the_mean_of_four_orders_and_how_sure_it_is() -> None:
    found = moments("10", "20", "30", "40")

    assert found.mean() == 25
    assert found.interval() == pytest.approx((4.457397, 45.542603), abs=1e-6)  # 25 ± 3.182446 · 12.909944 / 2


def test_an_amount_is_never_below_nought() -> None:
    found = moments("0", "0", "0", "100").interval()

    assert found is not None
    assert found[0] == 0


@pytest.mark.parametrize("amounts", [[], ["99.80"], ["99.80", "99.80", "99.80"]])
def test_without_a_spread_there_is_no_interval(amounts: list[str]) -> None:
    assert moments(*amounts).interval() is None


def test_no_amounts_have_no_mean() -> None:
    assert moments().mean() is None


@settings(deadline=None)
@given(AMOUNTS)
def test_the_order_of_amounts_changes_nothing(amounts: list[Decimal]) -> None:
    assert moments(*amounts) == moments(*reversed(amounts))
    assert moments(*amounts).interval() == moments(*sorted(amounts)).interval()
