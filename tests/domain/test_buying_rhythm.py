"""How often customers buy, and when one who does not come sleeps or is lost."""

from datetime import timedelta
from fractions import Fraction

import pytest

from cx_domain.buying_rhythm import ENOUGH_GAPS, Rhythm, gaps, quantile, rhythm, standing
from cx_domain.shops import CustomerRule
from tests.customers import CLOSE, RHYTHM, bought, history

UNSAID = CustomerRule()
A_HUNDRED = dict.fromkeys(range(1, 101), 1)
"""A hundred waits, of one day to a hundred."""


def days(known: Rhythm) -> tuple[float, float]:
    return known.sleeping_after / timedelta(days=1), known.lost_after / timedelta(days=1)


def test_a_wait_is_counted_in_begun_days() -> None:
    anna = history([bought(100), bought(70), bought(39.5)])

    assert gaps([anna]) == {30: 1, 31: 1}


def test_orders_of_one_day_are_one_purchase() -> None:
    assert gaps([history([bought(10), bought(9.5)])]) == {}


def test_who_bought_once_never_waited() -> None:
    assert gaps([history([bought(10)]), history()]) == {}


# Published: of the ordered sample 3, 6, 7, 8, 8, 10, 13, 15, 16, 20 the nearest-rank percentiles are these
# (en.wikipedia.org/wiki/Percentile, the nearest-rank method, second example).
@pytest.mark.parametrize(("percent", "value"), [(25, 7), (50, 8), (75, 15), (100, 20)])
def test_a_quantile_is_the_nearest_rank(percent: int, value: int) -> None:
    sample = {3: 1, 6: 1, 7: 1, 8: 2, 10: 1, 13: 1, 15: 1, 16: 1, 20: 1}

    assert quantile(sample, Fraction(percent, 100)) == value


def test_with_a_hundred_waits_the_shops_own_rhythm_says_when_one_sleeps_and_is_lost() -> None:
    known = rhythm(UNSAID, A_HUNDRED)

    assert days(known) == (80, 95)
    assert (known.sleeping_from, known.lost_from, known.gaps) == ("own-gaps", "own-gaps", ENOUGH_GAPS)


def test_with_fewer_waits_it_is_what_is_usual() -> None:
    known = rhythm(UNSAID, dict.fromkeys(range(1, 100), 1))

    assert days(known) == (180, 365)
    assert (known.sleeping_from, known.gaps) == ("usual", 99)


def test_the_shops_file_outweighs_its_rhythm() -> None:
    known = rhythm(CustomerRule(timedelta(days=30), timedelta(days=60)), A_HUNDRED)

    assert days(known) == (30, 60)
    assert (known.sleeping_from, known.lost_from) == ("shop-file", "shop-file")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (CustomerRule(lost_after=timedelta(days=60)), (30, 60)),
        (CustomerRule(lost_after=timedelta(days=300)), (80, 300)),
        (CustomerRule(sleeping_after=timedelta(days=200)), (200, 201)),
        (CustomerRule(sleeping_after=timedelta(days=10)), (10, 95)),
    ],
)
def test_nobody_is_lost_before_they_sleep(rule: CustomerRule, expected: tuple[float, float]) -> None:
    assert days(rhythm(rule, A_HUNDRED)) == expected


def test_all_waits_alike_leave_a_day_between_sleeping_and_lost() -> None:
    assert days(rhythm(UNSAID, {28: 200})) == (28, 29)


@pytest.mark.parametrize(
    ("silent", "expected"),
    [(0.5, "active"), (90, "active"), (90.1, "sleeping"), (180, "sleeping"), (180.1, "lost")],
)
def test_a_customer_stands_by_their_newest_order(silent: float, expected: str) -> None:
    orders = history([bought(500), bought(silent)]).orders

    assert standing(orders, CLOSE, RHYTHM) == expected


def test_who_bought_nothing_is_no_customer() -> None:
    assert standing((), CLOSE, RHYTHM) is None
