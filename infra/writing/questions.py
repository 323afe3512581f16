"""How a survey's question and its scale are put to a customer, the same in mail and page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from cx_domain.kinds import kind
from cx_domain.names import one_line
from cx_domain.shops import KindName, Shop, SubjectType, SurveyRule
from cx_domain.surveys import Survey
from infra.writing.words import Words, own_words, spoken_languages, words_for

MOST_IN_A_ROW = 6
"""As many targets of 44 px as fit side by side on a phone 320 px wide."""


class Asked(Protocol):
    """What decides which words are used: a survey has it, and so has its rule."""

    @property
    def kind(self) -> KindName: ...

    @property
    def touchpoint(self) -> str: ...

    @property
    def subject_type(self) -> SubjectType: ...


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
    """The shop's own question where it has one in this language, else ours; the words in which this survey was asked."""
    choices = [_choice(survey, score, spoken) for score in kind(survey.kind).scale]
    worded = _worded(survey, spoken)
    return Question(
        text=_own_question(shop, survey, spoken) or _our_question(survey, spoken, number=subject_number(survey)),
        rows=_rows(choices, worded=worded),
        low=None if worded else spoken.gettext(f"end.{survey.kind}.low"),
        high=None if worded else spoken.gettext(f"end.{survey.kind}.high"),
        worded=worded,
    )


def wordings(shop: Shop, rule: SurveyRule) -> dict[str, str]:
    """How the rule's question reads in each language that the shop speaks: the question, then its labels, a line each.

    The places for the shop's name and the order's number stay open (`{shop}`), for neither makes it another question.
    """
    return {language: "\n".join(_wording(rule, words_for(language, shop))) for language in spoken_languages(shop)}


def follow_up(asked: Asked, score: int, spoken: Words) -> str:
    """What is asked after this answer, the most particular first: after the very score, about the order or ticket, by kind."""
    bucket = kind(asked.kind).bucket(score)
    by_kind = f"follow.{asked.kind}"
    particular = f"{by_kind}.{score}", f"{by_kind}.{asked.subject_type}.{bucket}", f"{by_kind}.{bucket}"
    return spoken.gettext(spoken.first(*particular, f"follow.{bucket}"))


def subject_number(survey: Survey) -> str:
    """The number by which the customer knows the order or the request."""
    details = survey.order.details
    return one_line(details.number if details else survey.subject_id, longest=40)


def topics(group: str, asked: Asked) -> tuple[str, ...]:
    """The messages that fit what is asked, the most particular first: by touchpoint, by order or ticket, by kind."""
    by_kind = f"{group}.{asked.kind}"
    return f"{by_kind}.{asked.touchpoint}", f"{by_kind}.{asked.subject_type}", by_kind


def driver_label(driver: str, spoken: Words) -> str:
    """Our word for a driver we know; a shop's own shows as it is."""
    return spoken.gettext(f"driver.{driver}") if spoken.has(f"driver.{driver}") else one_line(driver)


def touchpoint_label(touchpoint: str, spoken: Words) -> str:
    """Our word for a touchpoint we know; a shop's own shows as it is."""
    message = f"touchpoint.{touchpoint}"
    return spoken.gettext(message) if spoken.has(message) else one_line(touchpoint)


def _wording(rule: SurveyRule, spoken: Words) -> tuple[str, ...]:
    said = own_words(rule.question, spoken) or _our_question(rule, spoken, shop="{shop}", number="{number}")
    if _worded(rule, spoken):
        return said, *(spoken.gettext(f"answer.{rule.kind}.{score}") for score in kind(rule.kind).scale)
    return said, *(spoken.gettext(f"end.{rule.kind}.{end}") for end in ("low", "high"))


def _own_question(shop: Shop, survey: Survey, spoken: Words) -> str | None:
    rules = (rule for rule in shop.surveys if (rule.kind, rule.subject_type) == (survey.kind, survey.subject_type))
    return next((own_words(_asked_in(rule, survey), spoken) for rule in rules), None)


def _asked_in(rule: SurveyRule, survey: Survey) -> Mapping[str, str] | None:
    if survey.question == rule.series or rule.earlier is None:
        return rule.question
    return rule.earlier.get(survey.question, rule.question)


def _our_question(asked: Asked, spoken: Words, **values: str) -> str:
    return spoken.gettext(spoken.first(*topics("question", asked)), **values)


def _worded(asked: Asked, spoken: Words) -> bool:
    return all(spoken.has(f"answer.{asked.kind}.{score}") for score in kind(asked.kind).scale)


def _choice(asked: Asked, score: int, spoken: Words) -> Choice:
    scale = kind(asked.kind).scale
    name = spoken.gettext("scale.name", score=score, low=scale[0], high=scale[-1])
    if not _worded(asked, spoken):
        return Choice(score, str(score), name)
    word = spoken.gettext(f"answer.{asked.kind}.{score}")
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
