"""A sample of amounts as its count, sum and sum of squares: exact, so that samples can be added up in any order."""

from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from fractions import Fraction
from math import sqrt

from cx_domain import student_t
from cx_domain.statistics import CONFIDENCE, Interval

_EXACT = Context(prec=200, traps=[Inexact])
"""Ten digits before the point and nine after it are 38 in a square; two hundred are more than any sum of them needs."""


@dataclass(slots=True)
class Moments:
    """What is left of a sample of amounts that are never negative."""

    n: int = 0
    total: Decimal = Decimal(0)
    squares: Decimal = Decimal(0)

    def add(self, amount: Decimal) -> None:
        self.n += 1
        if amount:
            self.total = _EXACT.add(self.total, amount)
            self.squares = _EXACT.fma(amount, amount, self.squares)

    def mean(self) -> float | None:
        """None without amounts."""
        return float(Fraction(self.total) / self.n) if self.n else None

    def interval(self, confidence: float = CONFIDENCE) -> Interval | None:
        """Student's t interval of the mean, not below nought; None for fewer than two amounts, and for amounts all alike."""
        if self.n <= 1:
            return None
        total = Fraction(self.total)
        variance = (Fraction(self.squares) - total * total / self.n) / (self.n - 1)
        if variance == 0:
            return None
        centre = float(total / self.n)
        reach = student_t.quantile(confidence, self.n - 1) * sqrt(variance / self.n)
        return max(0.0, centre - reach), centre + reach


def plus(one: Decimal, other: Decimal) -> Decimal:
    """Add two amounts exactly."""
    return _EXACT.add(one, other)
