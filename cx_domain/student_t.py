"""Student's t distribution, from the regularised incomplete beta function.

Formulas: NIST Digital Library of Mathematical Functions, 8.17 (dlmf.nist.gov/8.17), and Press et al., Numerical Recipes, 6.4.
"""

from functools import lru_cache
from math import exp, lgamma, log, log1p, ulp

_TINY = 1e-300
_MOST_TERMS = 100_000  # about the square root of the degrees of freedom are needed


def two_sided_p(t: float, degrees: float) -> float:
    """The chance of a t at least as far from zero, with that many degrees of freedom (they may be a fraction)."""
    return regularised_incomplete_beta(degrees / 2, 0.5, degrees / (degrees + t * t))


@lru_cache(maxsize=256)
def quantile(confidence: float, degrees: float) -> float:
    """The t that encloses `confidence` (0.95, say) of the distribution between -t and t."""
    low, high = 0.0, 1.0
    while two_sided_p(high, degrees) > 1 - confidence:
        high *= 2
    while high - low > 4 * ulp(high):
        middle = (low + high) / 2
        if two_sided_p(middle, degrees) > 1 - confidence:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def regularised_incomplete_beta(a: float, b: float, x: float) -> float:
    """I_x(a, b), for x from 0 to 1 and positive a and b."""
    if x in (0.0, 1.0):
        return x
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _continued_fraction(a, b, x) / a
    return 1 - front * _continued_fraction(b, a, 1 - x) / b


def _continued_fraction(a: float, b: float, x: float) -> float:
    """DLMF 8.17.22, by Lentz's method as Thompson and Barnett modified it."""
    c, d = 1.0, 1 / _not_zero(1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, _MOST_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _not_zero(1 + term * d)
            c = _not_zero(1 + term / c)
            fraction *= c * d
        if abs(c * d - 1) < ulp(1.0):
            return fraction
    raise ArithmeticError(f"no convergence for a={a}, b={b}, x={x}")


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
