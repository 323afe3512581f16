"""Where a survey stands, in one word to filter by."""

from datetime import datetime
from typing import Literal, get_args

from cx_domain.errors import BadField
from cx_domain.surveys import Reason, Stage, Survey

Computed = Literal["answered", "expired"]
"""What is never written: it follows from the visits and from the time."""
State = Stage | Computed | Literal["outcome-unknown"]


def state(survey: Survey, now: datetime, *, answered: bool) -> State:
    """Say where a survey stands, with what is computed and never written; `answered` means that an answer counts."""
    if survey.reason == "outcome-unknown":
        return "outcome-unknown"
    if answered:
        return "answered"
    if survey.stage in {"sent", "reminding", "reminded"} and survey.expires_at is not None and survey.expires_at <= now:
        return "expired"
    return survey.stage


def check_filter(word: str) -> str:
    """Return the word if a survey can be in it; BadField lists those that there are."""
    known = (*get_args(Stage), *get_args(Reason), *get_args(Computed))
    if word not in known:
        raise BadField("--stage", f"{word!r} is no stage or reason; there are {', '.join(known)}")
    return word
