"""Fisher's exact test of two shares, with the mid-p that takes away most of its caution (Lancaster, JASA 56, 1961, 223-234).

Given how many were found in both samples together, the first sample's part of them is hypergeometric if their shares do not
differ, and Fisher's noncentral hypergeometric if their odds do (Fisher, JRSS 98, 1935, 39-82).
"""

from collections.abc import Iterable
from functools import lru_cache
from math import inf

_NOTHING = 1e-18


def chance_of_more(found: int, n: int, others_found: int, others_n: int, odds: float = 1.0) -> float:
    """The chance that `found` or more of `n` are luck alone (one-sided mid-p), beside `others_found` of `others_n`.

    With `odds`, that they are luck where the odds are already so many times the others'.
    """
    return _chance_of_more(found, n, found + others_found, others_n, odds)


def least_chance(n: int, found_in_all: int, others_n: int, odds: float = 1.0) -> float:
    """The smallest `chance_of_more` that any split of `found_in_all` could give."""
    return _chance_of_more(min(n, found_in_all), n, found_in_all, others_n, odds)


def chance_of_difference(found: int, n: int, others_found: int, others_n: int, odds: float = 1.0) -> float:
    """The chance that two shares differ so much by luck alone (two-sided mid-p, twice the smaller side).

    With `odds`, that they do where one's odds may be up to so many times the other's, either way.
    """
    more = chance_of_more(found, n, others_found, others_n, odds)
    less = 1 - chance_of_more(found, n, others_found, others_n, 1 / odds)
    return min(1.0, 2 * min(more, less))


@lru_cache(maxsize=8192)
def _chance_of_more(found: int, n: int, in_all: int, others_n: int, odds: float) -> float:
    """Sum the probabilities on either side, in units of the probability of `found` itself."""
    above = _sum(
        odds * (in_all - at) * (n - at) / ((at + 1) * (others_n - in_all + at + 1))
        for at in range(found, min(n, in_all))
    )
    below = _sum(
        at * (others_n - in_all + at) / (odds * (in_all - at + 1) * (n - at + 1))
        for at in range(found, max(0, in_all - others_n), -1)
    )
    return 1.0 if above == inf else (above + 0.5) / (above + below + 1)


def _sum(ratios: Iterable[float]) -> float:
    """Add up terms of which each is so many times the one before, until they no longer matter."""
    total, term = 0.0, 1.0
    for ratio in ratios:
        term *= ratio
        total += term
        if term < _NOTHING * total or total == inf:
            break
    return total
