"""How each agent's support cases went, and what the customers of those cases answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cx_domain.contacts import case_figures
from cx_domain.segments import Segment
from cx_domain.small_groups import shown_groups
from cx_domain.support_totals import Cases, cases_together
from cx_domain.totals import DayTotal

AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Agent:
    """One agent, or "other": those who had too few cases to be told apart. Of these there are no scores."""

    agent: str
    cases: Cases
    scores: tuple[Segment, ...]


def agents(total: DayTotal, segments: Iterable[Segment], hide_below: int) -> tuple[Agent, ...]:
    """Whoever had most cases first. Empty where no ticket names an agent, or the shop does not want it told.

    Scores are taken from the report's own segments: with another grouping, one of the two lists could be subtracted from the other.
    """
    scores = [segment for segment in segments if segment.dimension == AGENT]
    cases = total.support.by("agent")
    groups = shown_groups({name: known.opened for name, known in cases.items()}, hide_below)
    return tuple(
        Agent(
            name,
            cases_together(cases[member] for member in members),
            tuple(score for score in scores if members == (score.value,)),
        )
        for name, members in groups.items()
    )


def staff_json(total: DayTotal, segments: Iterable[Segment], hide_below: int) -> list[dict[str, Any]]:
    """`staff` of report.json. Durations of fewer cases than `hide_below` are null; scores of fewer answers are not there."""
    return [
        {
            "agent": each.agent,
            "n": each.cases.opened,
            **case_figures(each.cases, hide_below),
            "scores": [_score(score) for score in each.scores],
        }
        for each in agents(total, segments, hide_below)
    ]


def _score(score: Segment) -> dict[str, Any]:
    interval = score.headline.interval
    return {
        "kind": score.kind,
        "touchpoint": score.touchpoint,
        "series": score.series,
        "n": score.headline.n,
        "score": score.headline.score,
        "interval": None if interval is None else list(interval),
        "p_value": score.p_value,
    }
