"""The figures: one headline for each kind of survey, its interval, and whether a change is more than chance.

NPS and its intervals follow Rocks, "Interval Estimation for the Net Promoter Score", The American Statistician 70 (2016),
365-372 (arXiv:1601.07235); proportions Wilson, Journal of the American Statistical Association 22 (1927), 209-212.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor, sqrt
from statistics import NormalDist
from typing import assert_never

from cx_domain import student_t
from cx_domain.histograms import Histogram
from cx_domain.kinds import Kind

CONFIDENCE = 0.95
Interval = tuple[float, float]

PSEUDO_ANSWERS = 3  # 3/4 promoter, 3/4 detractor and 3/2 passive, for each sample (Rocks 2016)
_ADDED_EACH_SIDE = 0.75
_MOST_ANSWERS = 10**6  # floats of fractions with denominators up to this are told apart

CHANCE = 0.05
"""A difference whose p-value is not below this can be chance, and is called so."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A kind's figure, unrounded. NPS in points (-100..100), top-two-box and share in percent, a mean on its own scale.

    Without answers `score` and `interval` are None; a mean of one answer, or of equal ones, has no interval either.
    `top` is the percentage of high answers that stands beside a mean; None for the other kinds.
    """

    n: int
    score: float | None
    interval: Interval | None
    top: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What is now less what was before, in the headline's unit, and the two-sided chance of so much by luck alone.

    `p_value` is None where the answers cannot tell: means of single or of all-equal answers.
    """

    difference: float
    p_value: float | None


def headline(kind: Kind, answers: Histogram, confidence: float = CONFIDENCE) -> Headline:
    """The kind's own figure with its interval."""
    exact = score(kind, answers)
    if exact is None:
        return Headline(0, None, None)
    match kind.headline:
        case "nps":
            return Headline(answers.n, float(exact), nps_interval(answers, kind, confidence))
        case "top-two-box" | "share":
            return Headline(answers.n, float(exact), _percent_interval(kind, answers, confidence))
        case "mean":
            interval = mean_interval(answers, kind.scale, confidence)
            return Headline(answers.n, float(exact), interval, top=float(_percent(kind, answers)))
        case _:
            assert_never(kind.headline)


def score(kind: Kind, answers: Histogram) -> Fraction | None:
    """The kind's figure exactly, for `rounded`; None without answers."""
    if answers.n == 0:
        return None
    match kind.headline:
        case "nps":
            return Fraction(100 * _balance(kind, answers), answers.n)
        case "top-two-box" | "share":
            return _percent(kind, answers)
        case "mean":
            return _mean(answers)
        case _:
            assert_never(kind.headline)


def rounded(value: Fraction | float, places: int = 0) -> Decimal:
    """Round for people, once, from the exact figure; a half goes away from zero (12.5 to 13, -12.5 to -13).

    Never add or subtract rounded figures: 10, 8 and 3 of 21 are 48 % and 14 %, and an NPS of 33.
    A float is taken for the fraction of counts it came from, so 4.35 (87 of 20) is a half although the float lies below.
    """
    exact = value if isinstance(value, Fraction) else Fraction(value).limit_denominator(_MOST_ANSWERS)
    steps = floor(abs(exact) * 10**places + Fraction(1, 2))
    return Decimal(steps if exact >= 0 else -steps).scaleb(-places)


def nps(answers: Histogram, kind: Kind) -> float | None:
    """Promoters less detractors of all answers, in points; None without answers."""
    return 100 * _balance(kind, answers) / answers.n if answers.n else None


def nps_interval(answers: Histogram, kind: Kind, confidence: float = CONFIDENCE) -> Interval | None:
    """Rocks' adjusted-Wald interval in points, clamped to -100..100; None without answers.

    It is centred on the adjusted score, so it does not lie evenly about the one shown: it is not a "plus or minus".
    """
    if answers.n == 0:
        return None
    centre, variance = _adjusted(kind, answers)
    reach = _z(confidence) * sqrt(variance)
    return 100 * max(-1.0, centre - reach), 100 * min(1.0, centre + reach)


def wilson(successes: int, n: int, confidence: float = CONFIDENCE) -> Interval | None:
    """Wilson's score interval of a proportion, 0..1; None without answers."""
    if n == 0:
        return None
    z, share = _z(confidence), successes / n
    shrink = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / shrink
    reach = z / shrink * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, centre - reach), min(1.0, centre + reach)


def mean_interval(answers: Histogram, scale: range, confidence: float = CONFIDENCE) -> Interval | None:
    """Student's t interval of the mean, clamped to the scale.

    None for fewer than two answers, and for answers all alike: the formula would claim to know the mean exactly.
    """
    variance = _variance(answers)
    if not variance:
        return None
    centre = float(_mean(answers))
    reach = student_t.quantile(confidence, answers.n - 1) * sqrt(variance / answers.n)
    return max(float(scale[0]), centre - reach), min(float(scale[-1]), centre + reach)


def change(kind: Kind, before: Histogram, now: Histogram) -> Change | None:
    """Compare two samples by the test that fits the headline, two-sided and uncorrected; None if either is empty."""
    was, is_now = score(kind, before), score(kind, now)
    if was is None or is_now is None:
        return None
    return Change(float(is_now - was), _p_value(kind, before, now))


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Correct the p-values of tests made together, in the order given (Holm, Scandinavian Journal of Statistics 6, 1979)."""
    corrected = [0.0] * len(p_values)
    largest = 0.0
    for place, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        largest = max(largest, min(1.0, (len(p_values) - place) * p_values[index]))
        corrected[index] = largest
    return tuple(corrected)


def nps_z(kind: Kind, before: Histogram, now: Histogram) -> float:
    """The z of two adjusted scores; each sample gets Rocks' pseudo-answers."""
    was, was_variance = _adjusted(kind, before)
    is_now, now_variance = _adjusted(kind, now)
    return (is_now - was) / sqrt(was_variance + now_variance)


def nps_variance(kind: Kind, answers: Histogram) -> float:
    """How much single answers differ, each counted as 1, 0 or -1, Rocks' pseudo-answers included."""
    _, variance = _adjusted(kind, answers)
    return variance * (answers.n + PSEUDO_ANSWERS)


def _p_value(kind: Kind, before: Histogram, now: Histogram) -> float | None:
    match kind.headline:
        case "nps":
            return _two_sided(nps_z(kind, before, now))
        case "top-two-box" | "share":
            return _two_proportions_p(before.within(kind.promoters), before.n, now.within(kind.promoters), now.n)
        case "mean":
            return _welch_p(before, now)
        case _:
            assert_never(kind.headline)


def _two_proportions_p(first: int, first_n: int, second: int, second_n: int) -> float:
    """The pooled z test. Shares that are all or nothing on both sides do not differ."""
    pooled = (first + second) / (first_n + second_n)
    variance = pooled * (1 - pooled) * (1 / first_n + 1 / second_n)
    if variance == 0:
        return 1.0
    return _two_sided((second / second_n - first / first_n) / sqrt(variance))


def _welch_p(before: Histogram, now: Histogram) -> float | None:
    """Welch's t test for means of unequal variances (Biometrika 34, 1947)."""
    was, is_now = _variance(before), _variance(now)
    if was is None or is_now is None or was + is_now == 0:
        return None
    first, second = float(was / before.n), float(is_now / now.n)
    t = float(_mean(now) - _mean(before)) / sqrt(first + second)
    degrees = (first + second) ** 2 / (first**2 / (before.n - 1) + second**2 / (now.n - 1))
    return student_t.two_sided_p(t, degrees)


def _adjusted(kind: Kind, answers: Histogram) -> tuple[float, float]:
    """The adjusted score on -1..1, and the variance of it as an estimate."""
    n = answers.n + PSEUDO_ANSWERS
    promoters = (answers.within(kind.promoters) + _ADDED_EACH_SIDE) / n
    detractors = (answers.within(kind.detractors) + _ADDED_EACH_SIDE) / n
    centre = promoters - detractors
    return centre, (promoters + detractors - centre * centre) / n


def _balance(kind: Kind, answers: Histogram) -> int:
    return answers.within(kind.promoters) - answers.within(kind.detractors)


def _percent(kind: Kind, answers: Histogram) -> Fraction:
    return Fraction(100 * answers.within(kind.promoters), answers.n)


def _percent_interval(kind: Kind, answers: Histogram, confidence: float) -> Interval | None:
    interval = wilson(answers.within(kind.promoters), answers.n, confidence)
    return None if interval is None else (100 * interval[0], 100 * interval[1])


def _mean(answers: Histogram) -> Fraction:
    return Fraction(sum(value * count for value, count in answers.counts.items()), answers.n)


def _variance(answers: Histogram) -> Fraction | None:
    """The sample's, with n - 1; None for fewer than two answers."""
    if answers.n <= 1:
        return None
    mean = _mean(answers)
    return sum(((value - mean) ** 2 * count for value, count in answers.counts.items()), Fraction(0)) / (answers.n - 1)


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _two_sided(z: float) -> float:
    return 2 * NormalDist().cdf(-abs(z))
