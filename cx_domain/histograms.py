"""How many answers each score got. Adding two histograms is merging their answers, so any set of days can be summed in any order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from cx_domain.errors import BadField


@dataclass(frozen=True, slots=True)
class Histogram:
    """Score to number of answers: a commutative monoid under `+`, with `Histogram()` as its zero.

    It is kept in one form only (ascending scores, no empty ones), so that equal answers make equal histograms.
    Raises ValueError for a negative count.
    """

    counts: Mapping[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if any(count < 0 for count in self.counts.values()):
            raise ValueError(f"a count cannot be negative: {dict(self.counts)}")
        filled = {score: self.counts[score] for score in sorted(self.counts) if self.counts[score]}
        object.__setattr__(self, "counts", filled)

    @classmethod
    def of(cls, scores: Iterable[int], scale: range) -> Self:
        """Count the scores. Raises BadField for one outside the scale: it is never clamped into it."""
        counts: dict[int, int] = {}
        for score in scores:
            _must_be_on(scale, score)
            counts[score] = counts.get(score, 0) + 1
        return cls(counts)

    @classmethod
    def from_json(cls, written: Mapping[str, int], scale: range) -> Self:
        """Read what `to_json` wrote. Raises BadField for a score outside the scale."""
        counts = {int(score): count for score, count in written.items()}
        for score in counts:
            _must_be_on(scale, score)
        return cls(counts)

    def to_json(self) -> dict[str, int]:
        """Scores as strings, in the order of their numbers: "2" before "10"."""
        return {str(score): count for score, count in self.counts.items()}

    @property
    def n(self) -> int:
        return sum(self.counts.values())

    def within(self, scores: range) -> int:
        """How many answers lie in a range of scores."""
        return sum(count for score, count in self.counts.items() if score in scores)

    def __add__(self, other: "Histogram") -> "Histogram":
        scores = {*self.counts, *other.counts}
        return Histogram({score: self.counts.get(score, 0) + other.counts.get(score, 0) for score in scores})


ZERO = Histogram()


def _must_be_on(scale: range, score: int) -> None:
    if score not in scale:
        raise BadField("score", f"{score} is not on the scale from {scale[0]} to {scale[-1]}")
