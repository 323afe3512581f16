"""How many answers it would take to see five points: why a week of a small shop is mostly noise.

The inversion of the intervals in `statistics`: n = z² s² / d² - 3 for NPS, and z² p (1 - p) / d² - z² for a percentage (Agresti and
Coull, The American Statistician 52, 1998). Two periods differ by the sum of their variances.
"""

from dataclasses import dataclass
from math import ceil
from statistics import NormalDist
from typing import assert_never

from cx_domain.histograms import Histogram
from cx_domain.kinds import Kind
from cx_domain.statistics import CONFIDENCE, PSEUDO_ANSWERS, nps_variance

POINTS = 5
POWER = 0.8
"""How often a change that is there is to be seen."""


@dataclass(frozen=True, slots=True)
class Needed:
    """Answers for an interval that reaches five points either way, and answers in each of two periods for a change of five points to
    be more than chance four times out of five.
    """

    interval: int
    change: int


def answers_needed(kind: Kind, answers: Histogram, points: float = POINTS) -> Needed | None:
    """From how much these answers differ; None without any, and for a mean, which has no points."""
    if answers.n == 0:
        return None
    z, distance = _quantile((1 + CONFIDENCE) / 2), points / 100
    both = z + _quantile(POWER)
    match kind.headline:
        case "nps":
            variance, added = nps_variance(kind, answers), float(PSEUDO_ANSWERS)
        case "top-two-box" | "share":
            share = (answers.within(kind.promoters) + z * z / 2) / (answers.n + z * z)
            variance, added = share * (1 - share), z * z
        case "mean":
            return None
        case _:
            assert_never(kind.headline)
    return Needed(
        _at_least(z * z * variance / distance**2 - added), _at_least(2 * both * both * variance / distance**2 - added)
    )


def _at_least(number: float) -> int:
    return max(1, ceil(number))


def _quantile(share: float) -> float:
    return NormalDist().inv_cdf(share)
