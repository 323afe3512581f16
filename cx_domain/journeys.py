"""Touchpoints by stage of the customer's journey: before they order, until they have it, and with it."""

from dataclasses import dataclass
from typing import Any, get_args

from cx_domain.kinds import kind
from cx_domain.shops import JourneyStage
from cx_domain.statistics import Headline, headline
from cx_domain.totals import DayTotal, Question

STAGES: tuple[JourneyStage | None, ...] = (*get_args(JourneyStage), None)


@dataclass(frozen=True, slots=True)
class AtTouchpoint:
    """The answers to one question at one stage; no headline where there are too few of them to be told."""

    question: Question
    n: int
    headline: Headline | None


@dataclass(frozen=True, slots=True)
class StageFigures:
    """What customers said at one stage; None: nobody told at which. `mentions` are words without a score."""

    stage: JourneyStage | None
    answers: int
    mentions: int
    touchpoints: tuple[AtTouchpoint, ...]


def journey(total: DayTotal, hide_below: int) -> tuple[StageFigures, ...]:
    """The stages in their order, those that nothing was said of left out; the touchpoints of a stage by answers, most first."""
    found = (_stage(stage, total, hide_below) for stage in STAGES)
    return tuple(figures for figures in found if figures.answers or figures.mentions)


def journey_json(total: DayTotal, hide_below: int) -> list[dict[str, Any]]:
    """`journey` of report.json."""
    return [
        {
            "stage": figures.stage,
            "answers": figures.answers,
            "mentions": figures.mentions,
            "touchpoints": [_touchpoint(each) for each in figures.touchpoints],
        }
        for figures in journey(total, hide_below)
    ]


def _stage(stage: JourneyStage | None, total: DayTotal, hide_below: int) -> StageFigures:
    here = {at.question: answers for at, answers in total.stages.items() if at.stage == stage}
    ordered = sorted(here, key=lambda asked: (-here[asked].n, asked.kind, asked.touchpoint, asked.series or ""))
    return StageFigures(
        stage,
        sum(answers.n for answers in here.values()),
        total.mentions.get(stage, 0),
        tuple(
            AtTouchpoint(
                asked,
                here[asked].n,
                headline(kind(asked.kind), here[asked]) if _told(asked, total, hide_below) else None,
            )
            for asked in ordered
        ),
    )


def _told(question: Question, total: DayTotal, hide_below: int) -> bool:
    """A question of one stage is its headline. In two, each part is the whole less the other: so both are told, or neither."""
    parts = [answers for at, answers in total.stages.items() if at.question == question]
    return len(parts) == 1 or all(part.n >= hide_below for part in parts)


def _touchpoint(each: AtTouchpoint) -> dict[str, Any]:
    found = each.headline
    return {
        "kind": each.question.kind,
        "touchpoint": each.question.touchpoint,
        "series": each.question.series,
        "n": each.n,
        "score": None if found is None else found.score,
        "interval": None if found is None or found.interval is None else list(found.interval),
    }
