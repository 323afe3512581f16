"""An operator's word on whether an answer counts: kept with the survey, and outweighing every rule in `verdicts`."""

import unicodedata
from dataclasses import replace
from datetime import datetime

from cx_domain.errors import BadField
from cx_domain.surveys import Ruling, Survey

MOST_RULINGS = 24
"""The oldest are dropped: an item may never grow without end."""
LONGEST_WHY = 300


def ruled(survey: Survey, *, counts: bool, why: str, now: datetime, score: int | None = None) -> Survey:
    """Add a ruling, the newest last; of an erased survey nothing is said any more."""
    if survey.stage == "erased":
        return survey
    return replace(survey, rulings=(*survey.rulings, Ruling(counts, why, now, score))[-MOST_RULINGS:])


def is_ambiguous(survey: Survey) -> bool:
    """Say whether an answer to include could be several: nobody sent a form, and different numbers were tapped."""
    posted = any(visit.method == "POST" for visit in survey.visits)
    return not posted and len({visit.score for visit in survey.visits}) > 1


def read_why(text: str) -> str:
    """Read why somebody rules: one line that says something. Raises BadField."""
    why = text.strip()
    if not why:
        raise BadField("--why", "is empty; say why, for whoever looks at the answer later")
    if any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in why):
        raise BadField("--why", "is more than one line, or holds control characters")
    if len(why) > LONGEST_WHY:
        raise BadField("--why", f"has {len(why)} characters; at most {LONGEST_WHY} are kept")
    return why
