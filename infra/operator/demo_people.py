"""The demo's customers: who they are, what reads their mail before them, and what they do with a survey.

Everything about a person is drawn beforehand from the seed; the month only plays it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Literal, TypeVar

from cx_domain.shops import ShopId

Habit = Literal[
    "ignores", "answers", "taps-and-closes", "changes-mind", "slips", "unsubscribes", "bounces", "complains"
]
T = TypeVar("T")
Gateway = Literal["none", "opens-everything", "opens-one", "opens-again"]
"""What stands between the mail and the person: nothing, a scanner that follows every link 43 seconds after the mail, one that
follows a single link, or one that follows every link again after the person's own tap."""

_HABITS: Mapping[Habit, int] = {
    "ignores": 41,
    "answers": 36,
    "taps-and-closes": 9,
    "changes-mind": 3,
    "slips": 2,
    "unsubscribes": 5,
    "bounces": 3,
    "complains": 1,
}
_OPINIONATED: frozenset[Habit] = frozenset({"answers", "taps-and-closes", "changes-mind", "slips"})
_GATEWAYS: Mapping[Gateway, int] = {"none": 80, "opens-everything": 9, "opens-one": 5, "opens-again": 6}
_SCORES: Mapping[str, Sequence[int]] = {
    # How many of a hundred customers would choose 0, 1, ... 10: NPS 45 at Acme, 20 at Brook.
    "acme": (1, 0, 1, 2, 2, 3, 5, 10, 18, 22, 36),
    "brook": (2, 1, 2, 3, 3, 5, 7, 14, 20, 18, 25),
}
_DELAYS = tuple(timedelta(hours=hours) for hours in (0.5, 1, 2, 3, 5, 8, 12, 24, 30, 48))
_GOLDEN = 0.6180339887498949
"""Steps of the golden section fill an interval evenly, so that a few dozen scores come close to their shop's distribution."""

_NAMES: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "pl": (
        ("Anna", "Piotr", "Katarzyna", "Tomasz", "Zofia", "Jan", "Ewa", "Marek", "Ola", "Adam"),
        ("Kowalska", "Nowak", "Lis", "Zielona", "Maj", "Wilk", "Sowa", "Mazur", "Kamyk", "Bielik"),
    ),
    "en": (
        ("Emma", "Jack", "Olivia", "Harry", "Amelia", "George", "Isla", "Noah", "Ruby", "Leo"),
        ("Hill", "Brown", "Walker", "Reed", "Marsh", "Wood", "Fields", "Carter", "Lane", "Stone"),
    ),
    "de": (("Lena", "Jonas", "Mia", "Felix"), ("Bauer", "Vogel", "Stein", "Wolf")),
}
_COMMENTS: Mapping[str, Mapping[str, Sequence[str]]] = {
    # By shop and language. Equally many of each, so that what else is drawn does not hang on them.
    "acme-pl": {
        "promoter": ("Namiot przyszedł dzień wcześniej.", "Świetna obsługa, polecam!", "Wszystko jak na zdjęciach."),
        "passive": ("W porządku, ale karton był pognieciony.", "Dobrze, choć dostawa mogłaby być szybsza."),
        "detractor": ("Czekałem dziewięć dni na śpiwór.", "Zły rozmiar, a zwrot jest trudny."),
    },
    "acme-en": {
        "promoter": (
            "Arrived a day early, well packed.",
            "Best tent I have had in years.",
            "Kind people, quick answers.",
        ),
        "passive": ("Good, but the box was dented.", "Fine. A bit dear with postage."),
        "detractor": (
            "Waited nine days and nobody wrote.",
            "The zip broke on the first night.",
            "The website lost my basket twice.",
        ),
    },
    "brook-en": {
        "promoter": (
            "Arrived a day early, lovely box.",
            "Best beans I have had this year.",
            "Kind people, quick answers.",
        ),
        "passive": ("Good, but the parcel was dented.", "Fine. A bit dear with postage."),
        "detractor": ("Waited nine days and nobody wrote.", "Stale on arrival.", "The website lost my basket twice."),
    },
}
_DRIVERS: Mapping[str, Sequence[str]] = {
    "promoter": ("quality", "delivery"),
    "passive": ("price", "delivery"),
    "detractor": ("delivery", "clear-information"),
}
_AGENTS = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15; Pixel 8) AppleWebKit/537.36 Chrome/141.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:143.0) Gecko/20100101 Firefox/143.0",
)


@dataclass(frozen=True, slots=True)
class Client:
    """What a request looks like from outside: a network address (of the ranges kept for documentation) and an agent."""

    address: str
    agent: str


@dataclass(frozen=True, slots=True)
class Person:
    """One customer of one shop. `delay` runs from the mail to the tap; `score` is what they think."""

    shop: ShopId
    first_name: str
    last_name: str
    email: str
    language: str
    country: str
    habit: Habit
    on_reminder: Habit
    gateway: Gateway
    score: int
    other_score: int
    delay: timedelta
    comment: str
    drivers: tuple[str, ...]
    client: Client
    scanner: Client


def people(shop: ShopId, number: int, seed: int) -> tuple[Person, ...]:
    """Draw a shop's customers; the same seed gives the same people."""
    chance = Random(f"{seed}/{shop}/people")  # noqa: S311 - a story, not a secret
    # Those who answer at once and those who may after a reminder are each spread evenly over the shop's scores.
    levels = {True: chance.random(), False: chance.random()}
    drawn: list[Person] = []
    for place in range(number):
        habit = _drawn(_HABITS, chance)
        outspoken = habit in _OPINIONATED
        drawn.append(_person(shop, place, habit, levels[outspoken], chance))
        levels[outspoken] = (levels[outspoken] + _GOLDEN) % 1.0
    return tuple(drawn)


def bucket(score: int) -> Literal["promoter", "passive", "detractor"]:
    """NPS's own words for a score."""
    if score >= 9:  # noqa: PLR2004 - the question's published scale
        return "promoter"
    return "passive" if score >= 7 else "detractor"  # noqa: PLR2004


def _person(shop: ShopId, place: int, habit: Habit, level: float, chance: Random) -> Person:
    language, country = _home(shop, chance)
    first, last = (chance.choice(names) for names in _NAMES[language])
    score = _score_at(shop, level)
    gateway = _drawn(_GATEWAYS, chance)
    domain = "mail.example" if gateway == "none" else "office.example"
    spoken = "pl" if language == "pl" else "en"
    return Person(
        shop=shop,
        first_name=first,
        last_name=last,
        email=f"{first}.{last}.{shop[0]}{place}@{domain}".lower(),
        language=language,
        country=country,
        habit=habit,
        on_reminder="answers" if chance.random() < 0.15 else "ignores",  # noqa: PLR2004 - one in seven, as shops report
        gateway=gateway,
        score=score,
        other_score=min(10, score + chance.randint(1, 3)) if score < 10 else 8,  # noqa: PLR2004 - the scale's end
        delay=chance.choice(_DELAYS),
        comment=chance.choice(_COMMENTS[f"{shop}-{spoken}"][bucket(score)]) if chance.random() < 0.45 else "",  # noqa: PLR2004
        drivers=tuple(driver for driver in _DRIVERS[bucket(score)] if chance.random() < 0.6),  # noqa: PLR2004
        client=Client(f"203.0.113.{place % 250 + 1}", chance.choice(_AGENTS)),
        scanner=Client(f"198.51.100.{place % 250 + 1}", _AGENTS[2]),
    )


def _home(shop: ShopId, chance: Random) -> tuple[str, str]:
    """Language and country."""
    homes = {"acme": (("pl", "PL"),) * 7 + (("en", "IE"),) * 2 + (("de", "DE"),)}
    return chance.choice(homes.get(shop, (("en", "GB"),) * 11 + (("de", "DE"),)))


def _score_at(shop: ShopId, level: float) -> int:
    weights = _SCORES.get(shop, _SCORES["acme"])
    reached = 0.0
    for score, weight in enumerate(weights):
        reached += weight / sum(weights)
        if level < reached:
            return score
    return len(weights) - 1


def _drawn(weights: Mapping[T, int], chance: Random) -> T:
    return chance.choices(list(weights), list(weights.values()))[0]
