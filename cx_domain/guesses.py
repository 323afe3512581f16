"""What managers guess of a month before it closes, each without seeing the others: the NPS, and how many would call the shop excellent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from cx_domain.calendars import Period, closes_at, day_of, days, period_of
from cx_domain.errors import BadField
from cx_domain.kinds import Kind
from cx_domain.shops import KindName, Shop

GuessSubject = Literal["nps", "excellent"]
"""`excellent` is the percentage of answers that give the highest marks."""

CHOICES: Mapping[GuessSubject, tuple[int, ...]] = {
    "nps": (-50, -25, 0, 10, 20, 30, 40, 50, 60, 70, 80, 90),
    "excellent": tuple(range(0, 101, 10)),
}
"""Two rows of links each, that a thumb finds. Points and per cent."""

ASKED_AT = time(8)
_WORKDAYS_BEFORE_THE_CLOSE = 2
_SATURDAY = 5
_LATEST = timedelta(days=1)
"""As with digests: what could not go out within a day does not go out; the month is nearly over by then."""


@dataclass(frozen=True, slots=True)
class Guess:
    """One manager's guess of one month."""

    nps: int | None = None
    excellent: int | None = None

    def of(self, subject: GuessSubject) -> int | None:
        return self.nps if subject == "nps" else self.excellent


@dataclass(frozen=True, slots=True)
class Guessed:
    """All managers' guesses of one thing."""

    mean: float
    n: int
    lowest: int
    highest: int


def subjects(shop: Shop) -> tuple[GuessSubject, ...]:
    """What the managers of this shop are asked to guess: the NPS only where customers are asked for it."""
    return ("nps", "excellent") if asked_kind(shop) == "nps" else ("excellent",)


def asked_kind(shop: Shop) -> KindName:
    """The question whose highest marks mean excellent: the NPS where it is asked, else the first of the shop's file."""
    asked = [rule.kind for rule in shop.surveys]
    return "nps" if "nps" in asked or not asked else asked[0]


def excellent_scores(kind: Kind) -> range:
    """The highest marks: 9 and 10 of NPS, what makes a promoter of five points, and of any other kind the topmost answer alone."""
    return kind.promoters if kind.headline == "nps" else kind.scale[-1:]


def asks_at(month: Period, zone: ZoneInfo) -> datetime:
    """When managers are asked: at eight on the last working day but one, Monday to Friday, so that two are left to answer on."""
    workdays = [day for day in days(month) if day.weekday() < _SATURDAY]
    return datetime.combine(workdays[-_WORKDAYS_BEFORE_THE_CLOSE], ASKED_AT, tzinfo=zone).astimezone(UTC)


def months_asked(shop: Shop, now: datetime) -> tuple[Period, ...]:
    """The present month of the shop's calendar, where its managers are to guess; else none."""
    return (period_of(day_of(now, shop.zone), "month"),) if shop.reports.guess else ()


def due(shop: Shop, now: datetime) -> tuple[Period, ...]:
    """The month that managers should be asked about now, unless they were already."""
    return tuple(
        month
        for month in months_asked(shop, now)
        if (asked_at := asks_at(month, shop.zone)) <= now < min(asked_at + _LATEST, closes_at(month, shop.zone))
    )


def is_open(shop: Shop, month: Period, now: datetime) -> bool:
    """Whether a guess still counts; afterwards nothing is taken, so that the month's report stays what it was."""
    return now < closes_at(month, shop.zone)


def chosen(subject: GuessSubject, text: str) -> int:
    """Read one of the choices; BadField for anything else."""
    found = next((choice for choice in CHOICES[subject] if text == str(choice)), None)
    if found is None:
        raise BadField(subject, "must be one of the numbers of the page")
    return found


def read_guess(shop: Shop, form: Mapping[str, list[str]]) -> Guess:
    """Read what a manager chose. The first of the subjects must be there, the other may be left out; BadField where it is not so."""
    first, *_ = wanted = subjects(shop)
    if first not in form:
        raise BadField(first, "must be chosen")
    return Guess(**{subject: chosen(subject, form[subject][-1]) for subject in wanted if subject in form})


def tapped(shop: Shop, query: Mapping[str, str], kept: Guess) -> Guess:
    """What the page shows: the number tapped in the mail, and beside it what was kept before. A number of no choice is as none."""
    found = {
        subject: value for subject in subjects(shop) for value in CHOICES[subject] if query.get(subject) == str(value)
    }
    return replace(kept, **found)


def together(guesses: Iterable[Guess]) -> dict[GuessSubject, Guessed]:
    """Put the managers' guesses together; what nobody guessed is not there."""
    every = tuple(guesses)
    found: dict[GuessSubject, Guessed] = {}
    for subject in CHOICES:
        given = [number for guess in every if (number := guess.of(subject)) is not None]
        if given:
            found[subject] = Guessed(sum(given) / len(given), len(given), min(given), max(given))
    return found
