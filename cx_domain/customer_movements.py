"""The customer base at a period's end against its start: who is new, came back, fell asleep or is lost; who thinks better or worse.

The whole is counted, and each segment by the customer's newest order. A customer moves from where they stood when the period began
to where they stand when it closes, both by the same rhythm, so that what moves is the customer and not the rule.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from cx_domain.buying_rhythm import Rhythm, Standing, standing
from cx_domain.histories import History, Purchase, Question
from cx_domain.kinds import Bucket
from cx_domain.sign_tests import two_sided_p
from cx_domain.small_groups import UNKNOWN, shown_groups
from cx_domain.statistics import holm
from cx_domain.totals import WHOLE

Before = Standing | Literal["not-yet"]
After = Standing | Literal["new", "reactivated"]
Moves = Counter[tuple[Before, After]]
"""How many customers moved from where to where."""
Turns = Counter[tuple[Bucket, Bucket]]
"""How many customers' answers turned from what to what."""

_DAY = timedelta(days=1)
_BETTER: Mapping[Bucket, int] = {"detractor": 0, "passive": 1, "promoter": 2}
Group = tuple[str, str]
"""A dimension and a value of it."""


@dataclass(slots=True)
class CustomerBase:
    """What moved between `start` and `end`, by group."""

    start: datetime
    end: datetime
    rhythm: Rhythm
    dimensions: tuple[str, ...] = ()
    moves: defaultdict[Group, Moves] = field(default_factory=lambda: defaultdict(Counter))
    turns: defaultdict[Question, defaultdict[Group, Turns]] = field(default_factory=lambda: defaultdict(_no_turns))
    first_answers: Counter[Question] = field(default_factory=Counter)

    def add(self, history: History) -> None:
        """Count a customer in; the history tells nothing of what came after `end` (`known_between`)."""
        groups = _groups(history, self.dimensions)
        if history.orders:
            move = movement(history.orders, self.start, self.end, self.rhythm)
            for group in groups:
                self.moves[group][move] += 1
        for question, (before, after) in turns(history, self.start).items():
            of_question = self.turns[question]
            if before is None:
                self.first_answers[question] += 1
                continue
            for group in groups:
                of_question[group][before, after] += 1


def movement(orders: Sequence[Purchase], start: datetime, end: datetime, rhythm: Rhythm) -> tuple[Before, After]:
    """Where a customer with these orders, of whom one at least was placed before `end`, stood and stands."""
    before = [order for order in orders if order.placed_at < start]
    stood = standing(before, start, rhythm)
    stands = standing(orders, end, rhythm)
    if stands is None:
        raise ValueError("no customer without an order")
    if stands != "active":
        return stood or "not-yet", stands
    if stood is None:
        return "not-yet", "new"
    return stood, "reactivated" if _slept(orders[len(before) - 1 :], rhythm) else "active"


def turns(history: History, start: datetime) -> dict[Question, tuple[Bucket | None, Bucket]]:
    """By question, from the newest answer before `start` to the newest since; only answers to the same words are compared."""
    found: dict[Question, tuple[Bucket | None, Bucket]] = {}
    newest = {answer.question: answer for answer in history.answers if answer.given_at >= start}
    for question, answer in newest.items():
        alike = (
            earlier.bucket
            for earlier in reversed(history.answers)
            if earlier.given_at < start and (earlier.question, earlier.series) == (question, answer.series)
        )
        found[question] = (next(alike, None), answer.bucket)
    return found


def customer_base_json(found: CustomerBase, hide_below: int) -> dict[str, Any]:
    """`customer_base` of report.json. Groups of fewer customers than `hide_below` are among the others or not told at all."""
    return {
        "rhythm": {
            "sleeping_after_days": found.rhythm.sleeping_after / _DAY,
            "sleeping_from": found.rhythm.sleeping_from,
            "lost_after_days": found.rhythm.lost_after / _DAY,
            "lost_from": found.rhythm.lost_from,
            "gaps": found.rhythm.gaps,
        },
        "whole": _whole(found.moves[WHOLE, WHOLE], hide_below),
        "segments": [
            {"dimension": dimension, "value": value, **_moves(moves)}
            for dimension, value, moves in _segments(found.moves, found.dimensions, hide_below)
        ],
        "opinions": [
            {
                "kind": question.kind,
                "touchpoint": question.touchpoint,
                "first_answers": found.first_answers[question],
                "whole": _turned(groups[WHOLE, WHOLE], hide_below),
                "segments": [
                    segment
                    for dimension in found.dimensions
                    for segment in _corrected(
                        {"dimension": dimension, "value": value, **_turns(turned)}
                        for _, value, turned in _segments(groups, (dimension,), hide_below)
                    )
                ],
            }
            for question, groups in sorted(found.turns.items())
        ],
    }


def _no_turns() -> defaultdict[Group, Turns]:
    return defaultdict(Counter)


def _groups(history: History, dimensions: Sequence[str]) -> list[Group]:
    known = history.orders[-1].segments if history.orders else {}
    groups = [(WHOLE, WHOLE)]
    for dimension in dimensions:
        groups += [(dimension, value) for value in known.get(dimension) or (UNKNOWN,)]
    return groups


def _slept(orders: Sequence[Purchase], rhythm: Rhythm) -> bool:
    """Say whether a customer fell asleep between any two of these orders."""
    return any(after.placed_at - before.placed_at > rhythm.sleeping_after for before, after in pairwise(orders))


def _segments(
    groups: Mapping[Group, Counter[Any]], dimensions: Sequence[str], hide_below: int
) -> Iterable[tuple[str, str, Counter[Any]]]:
    """Each group of each dimension that may be shown, with what is known of it."""
    for dimension in dimensions:
        members = {value: counts for (name, value), counts in groups.items() if name == dimension}
        sizes = {value: counts.total() for value, counts in members.items()}
        for name, values in shown_groups(sizes, hide_below).items():
            together: Counter[Any] = Counter()
            for value in values:
                together += members[value]
            yield dimension, name, together


def _whole(moves: Moves, hide_below: int) -> dict[str, Any] | None:
    return _moves(moves) if moves.total() >= hide_below else None


def _moves(moves: Moves) -> dict[str, Any]:
    return {
        "customers": moves.total(),
        "start": _sums((before, count) for (before, _), count in moves.items()),
        "end": _sums((after, count) for (_, after), count in moves.items()),
        "moves": _pairs(moves.items()),
    }


def _turned(turned: Turns, hide_below: int) -> dict[str, Any] | None:
    return _turns(turned) if turned.total() >= hide_below else None


def _turns(turned: Turns) -> dict[str, Any]:
    ways: Counter[str] = Counter()
    for (before, after), count in turned.items():
        change = _BETTER[after] - _BETTER[before]
        ways["same" if change == 0 else "better" if change > 0 else "worse"] += count
    return {
        "customers": turned.total(),
        **{way: ways[way] for way in ("better", "same", "worse")},
        "p_value": two_sided_p(ways["better"], ways["worse"]),
        "moves": _pairs(turned.items()),
    }


def _corrected(segments: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Correct the p-values of the segments of one dimension after Holm, for they are tests made together."""
    family = list(segments)
    tested = [segment for segment in family if segment["p_value"] is not None]
    for segment, p_value in zip(tested, holm([segment["p_value"] for segment in tested]), strict=True):
        segment["p_value"] = p_value
    return family


def _pairs(counted: Iterable[tuple[tuple[str, str], int]]) -> list[dict[str, Any]]:
    return [{"from": before, "to": after, "customers": count} for (before, after), count in sorted(counted)]


def _sums(counted: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for name, count in counted:
        found[name] += count
    return dict(sorted(found.items()))
