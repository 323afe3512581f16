"""Lines of Acme's support cases, as the day files hold them."""

from typing import Any


def case(
    topic: str | None = "returns", agent: str | None = "Ewa", minutes: int | None = 60, **facts: Any
) -> dict[str, Any]:
    """A case of Monday, solved after so many minutes of work, or not (None)."""
    return {
        "id": "T-77",
        "opened_at": "2026-01-05T09:00:00Z",
        "first_reply_at": "2026-01-05T09:30:00Z",
        "solved_at": None if minutes is None else "2026-01-05T15:00:00Z",
        "reopened": 0,
        "reply_minutes": 30,
        "solve_minutes": minutes,
        "timed_by": "business-hours",
        "topic": topic,
        "agent": agent,
        "order": "1001",
        **facts,
    }


def answer(score: int | None, agent: str | None = "Ewa", stage: str | None = "after", **facts: Any) -> dict[str, Any]:
    """What a customer answered about a case."""
    return {
        "id": "s77",
        "kind": "csat",
        "touchpoint": "support",
        "journey_stage": stage,
        "score": score,
        "score_if_all_counted": score,
        "verdict": "person",
        "drivers": [],
        "segments": {"agent": [agent], "topic": ["returns"]} if agent else {},
        **facts,
    }
