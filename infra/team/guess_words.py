"""What a manager is asked to guess, in words: the same in the mail and on the page behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

from babel.dates import format_skeleton
from babel.numbers import format_decimal

from cx_domain.calendars import Period
from cx_domain.guesses import CHOICES, Guess, GuessSubject, asked_kind, excellent_scores, subjects
from cx_domain.kinds import kind
from cx_domain.shops import Shop
from infra.writing.words import Words

_IN_A_ROW = 6
_MINUS = "\N{MINUS SIGN}"
_DASH = "\N{WORD JOINER}\N{EN DASH}\N{WORD JOINER}"


@dataclass(frozen=True, slots=True)
class GuessChoice:
    """One number to tap; `name` is how it is called aloud."""

    value: int
    shown: str
    name: str
    picked: bool


@dataclass(frozen=True, slots=True)
class GuessQuestion:
    """One thing to guess. `hint` says what the number means."""

    subject: GuessSubject
    text: str
    hint: str
    rows: tuple[tuple[GuessChoice, ...], ...]


@dataclass(frozen=True, slots=True)
class GuessWords:
    """`month` is the month's name and year, `last_day` the last one on which a guess is taken."""

    month: str
    last_day: str
    questions: tuple[GuessQuestion, ...]


def guess_words(shop: Shop, month: Period, spoken: Words, given: Guess | None = None) -> GuessWords:
    """Put the questions about a month into words, with what was chosen already."""
    return GuessWords(
        month=str(format_skeleton("yMMMM", month.start, locale=spoken.locale)),
        last_day=str(format_skeleton("MMMMd", month.end, locale=spoken.locale)),
        questions=tuple(_question(subject, shop, spoken, given or Guess()) for subject in subjects(shop)),
    )


def _question(subject: GuessSubject, shop: Shop, spoken: Words, given: Guess) -> GuessQuestion:
    text = spoken.gettext(f"guess.{subject}")
    choices = [_choice(subject, value, text, spoken, given) for value in CHOICES[subject]]
    hint = spoken.gettext(f"guess.{subject}.hint", marks=_highest_marks(shop, spoken))
    return GuessQuestion(subject, text, hint, _rows(choices))


def _choice(subject: GuessSubject, value: int, text: str, spoken: Words, given: Guess) -> GuessChoice:
    figure = str(format_decimal(value, locale=spoken.locale)).replace("-", _MINUS)
    return GuessChoice(value, figure, f"{figure}: {text}", picked=given.of(subject) == value)


def _highest_marks(shop: Shop, spoken: Words) -> str:
    """The scores from the first to the last, or words where the question is answered in words."""
    asked = kind(asked_kind(shop))
    scores = excellent_scores(asked)
    if all(spoken.has(f"answer.{asked.name}.{score}") for score in scores):
        return " / ".join(spoken.gettext(f"answer.{asked.name}.{score}") for score in scores)
    return str(scores[0]) if len(scores) == 1 else f"{scores[0]}{_DASH}{scores[-1]}"


def _rows(choices: Sequence[GuessChoice]) -> tuple[tuple[GuessChoice, ...], ...]:
    return tuple(tuple(choices[first : first + _IN_A_ROW]) for first in range(0, len(choices), _IN_A_ROW))
