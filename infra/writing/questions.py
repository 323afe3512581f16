"""How a survey's question and its scale are put to a customer, the same in mail and page."""

from collections.abc import Sequence
from dataclasses import dataclass

from cx_domain.kinds import kind
from cx_domain.names import one_line
from cx_domain.shops import Shop
from cx_domain.surveys import Survey
from infra.writing.words import Words

MOST_IN_A_ROW = 6
"""As many targets of 44 px as fit side by side on a phone 320 px wide."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of the scale: what it shows, and its whole name for a screen reader."""

    score: int
    shown: str
    name: str


@dataclass(frozen=True, slots=True)
class Question:
    """The question with its answers in rows, in the order of the scale. `low` and `high` stand beside its ends.

    A scale whose answers have words of their own (`worded`) has none beside its ends.
    """

    text: str
    rows: tuple[tuple[Choice, ...], ...]
    low: str | None
    high: str | None
    worded: bool

    @property
    def choices(self) -> tuple[Choice, ...]:
        return tuple(choice for row in self.rows for choice in row)

    def shown(self, score: int) -> str:
        """What the answer with that score is called."""
        return next(choice.shown for choice in self.choices if choice.score == score)


def question(shop: Shop, survey: Survey, spoken: Words) -> Question:
    """The shop's own question where it has one in this language, else ours."""
    choices = [_choice(survey, score, spoken) for score in kind(survey.kind).scale]
    worded = _worded(survey, spoken)
    return Question(
        text=_own_question(shop, survey, spoken) or _our_question(shop, survey, spoken),
        rows=_rows(choices, worded=worded),
        low=None if worded else spoken.gettext(f"end.{survey.kind}.low"),
        high=None if worded else spoken.gettext(f"end.{survey.kind}.high"),
        worded=worded,
    )


def subject_number(survey: Survey) -> str:
    """The number by which the customer knows the order or the request."""
    details = survey.order.details
    return one_line(details.number if details else survey.subject_id, longest=40)


def topics(group: str, survey: Survey) -> tuple[str, ...]:
    """The messages that fit the survey, the most particular first: by touchpoint, by order or ticket, by kind."""
    by_kind = f"{group}.{survey.kind}"
    return f"{by_kind}.{survey.touchpoint}", f"{by_kind}.{survey.subject_type}", by_kind


def driver_label(driver: str, spoken: Words) -> str:
    """Our word for a driver we know; a shop's own shows as it is."""
    return spoken.gettext(f"driver.{driver}") if spoken.has(f"driver.{driver}") else one_line(driver)


def _own_question(shop: Shop, survey: Survey, spoken: Words) -> str | None:
    rules = (rule for rule in shop.surveys if (rule.kind, rule.subject_type) == (survey.kind, survey.subject_type))
    return next((rule.question.get(spoken.language) for rule in rules if rule.question), None)


def _our_question(shop: Shop, survey: Survey, spoken: Words) -> str:
    message = spoken.first(*topics("question", survey))
    return spoken.gettext(message, shop=one_line(shop.name), number=subject_number(survey))


def _worded(survey: Survey, spoken: Words) -> bool:
    return all(spoken.has(f"answer.{survey.kind}.{score}") for score in kind(survey.kind).scale)


def _choice(survey: Survey, score: int, spoken: Words) -> Choice:
    scale = kind(survey.kind).scale
    name = spoken.gettext("scale.name", score=score, low=scale[0], high=scale[-1])
    if not _worded(survey, spoken):
        return Choice(score, str(score), name)
    word = spoken.gettext(f"answer.{survey.kind}.{score}")
    # Two answers, yes and no, are no scale.
    return Choice(score, word, word if len(scale) == 2 else f"{word}: {name}")  # noqa: PLR2004


def _rows(choices: Sequence[Choice], *, worded: bool) -> tuple[tuple[Choice, ...], ...]:
    """Words stand below each other, numbers side by side; what does not fit into one row is halved, the first row the longer."""
    if worded and len(choices) > 2:  # noqa: PLR2004 (yes and no stand side by side)
        return tuple((choice,) for choice in choices)
    if len(choices) <= MOST_IN_A_ROW:
        return (tuple(choices),)
    half = (len(choices) + 1) // 2
    return tuple(choices[:half]), tuple(choices[half:])
