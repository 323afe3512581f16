"""What a customer sent by the rating page's form, read strictly where it counts and kindly where it does not."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import get_args

from cx_domain.errors import BadField
from cx_domain.kinds import Kind, parse_score
from cx_domain.visits import Evidence

LONGEST_COMMENT = 2000
"""Characters; the rest of a longer comment is cut off, for a refusal would lose the score with it."""
LONGEST_VISIBLE = timedelta(days=1)
"""Whatever a page says beyond this of how long it was in sight means no more."""

_MILLISECONDS = re.compile(r"[0-9]{1,15}")
_CHECKED = frozenset({"on", "yes", "true", "1"})


@dataclass(frozen=True, slots=True)
class FormAnswer:
    """One submitted form. `evidence` is how the page knew a person; None if it did not say, or said something unknown.

    `visible` is how long the page was in sight, None if it did not say.
    """

    score: int
    comment: str = ""
    drivers: tuple[str, ...] = ()
    may_reply: bool = False
    evidence: Evidence | None = None
    visible: timedelta | None = None


def read_form(fields: Mapping[str, Sequence[str]], kind: Kind, drivers: Sequence[str]) -> FormAnswer:
    """Read the decoded fields `score`, `comment`, `driver`, `may_reply`, `evidence` and `visible`, each with all its values.

    `drivers` are the shop's own, whatever else is sent is ignored. Raises BadField unless there is exactly one score, on the scale.
    """
    chosen = frozenset(fields.get("driver", ()))
    return FormAnswer(
        score=_score(fields.get("score", ()), kind.scale),
        comment=_comment(_first(fields, "comment")),
        drivers=tuple(driver for driver in dict.fromkeys(drivers) if driver in chosen),
        may_reply=_first(fields, "may_reply") in _CHECKED,
        evidence=_evidence(_first(fields, "evidence")),
        visible=_visible(_first(fields, "visible")),
    )


def _score(values: Sequence[str], scale: range) -> int:
    if len(values) != 1:
        raise BadField("score", "is missing" if not values else "is given more than once")
    return parse_score(values[0], scale)


def _comment(text: str) -> str:
    """Without control characters (and halves of characters, which no file could hold); line breaks stay, as one kind."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    printable = "".join(char for char in unified if char == "\n" or unicodedata.category(char) not in {"Cc", "Cs"})
    return printable.strip()[:LONGEST_COMMENT].rstrip()


def _evidence(text: str) -> Evidence | None:
    known: tuple[Evidence, ...] = get_args(Evidence)
    return next((evidence for evidence in known if evidence == text), None)


def _visible(text: str) -> timedelta | None:
    if not _MILLISECONDS.fullmatch(text):
        return None
    return min(timedelta(milliseconds=int(text)), LONGEST_VISIBLE)


def _first(fields: Mapping[str, Sequence[str]], name: str) -> str:
    return next(iter(fields.get(name, ())), "")
