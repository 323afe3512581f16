"""How hot the hottest key of the table and of each index becomes, at three sizes; writes docs/scale.md's tables.

    python -m benchmarks.heat [--write]

Of each index the busiest minute of the day is played second by second: every survey of it has an id, and stands where the project's own
key functions put it. Everything is drawn from one seed.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from random import Random
from typing import NamedTuple

from benchmarks.life_writes import StepName, indexes, places, steps
from benchmarks.marked_pages import MarkedPage
from benchmarks.scale_tables import Heat, all_tables
from benchmarks.shop_days import DAY, LATER, LINKS, SCANNED, SIZES, Draw, Minutes, Size, minutes, moment, shop_id
from cx_domain.shops import ShopId

PAGE = MarkedPage("scale.md", "heat")


class Event(NamedTuple):
    """One step of one survey: in which second, and how many minutes after the survey was last written about."""

    step: StepName
    shop: ShopId
    survey: int
    second: int
    ago: float = 0


@dataclass(slots=True)
class Played:
    """The write units of one minute: of each partition of an index in each second, and of the whole table in each second."""

    partitions: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    whole: Counter[int] = field(default_factory=Counter)

    def hottest(self, index: str) -> tuple[str, int]:
        """The partition that had the most in one second, and how much."""
        found = ((units, partition) for (name, partition, _), units in self.partitions.items() if name == index)
        units, partition = max(found, default=(0, ""))
        return partition, units


@dataclass(frozen=True, slots=True)
class Scene:
    """A minute of a day of so many shops. `alone`: all others had their turns, only the largest shop's surveys still wait."""

    size: Size
    minute: int
    alone: bool = False

    @property
    def day(self) -> Minutes:
        return minutes(self.size)


def busiest(size: Size, index: str) -> Scene:
    """The minute in which an index is written to most, as far as the day's numbers tell."""
    day = minutes(size)
    if index == "due":
        return Scene(size, max(range(DAY), key=lambda minute: day.fulfilled[minute] + day.sent[minute]))
    last = max(range(DAY), key=lambda minute: (day.sent[minute], day.latest[minute]))
    return Scene(size, last, alone=True)


def play(scene: Scene) -> Played:
    """Play one minute, and count."""
    played = Played()
    for event in _events(scene, Random(f"{scene}")):
        step = steps()[event.step]
        # With a claim goes the write that takes the customer's slot.
        played.whole[event.second] += step.units + (step.name == "claimed")
        # What stood in an index already, and was written about in the same moment, does not move.
        if event.ago or step.before != step.after:
            at = moment(scene.minute)
            before = moment(scene.minute - event.ago) if event.ago else at
            for place in places(step, event.shop, event.survey, at, before):
                played.partitions[place.where, place.partition, event.second] += 1
                played.whole[event.second] += 1
    return played


def _events(scene: Scene, chance: Random) -> Iterator[Event]:
    numbers = count()
    yield from _news(scene, chance, numbers)
    yield from _mails(scene, chance, numbers)
    yield from _taps(scene, chance, numbers)


def _news(scene: Scene, chance: Random, numbers: Iterator[int]) -> Iterator[Event]:
    """Webhooks, at any moment of the minute."""
    told: tuple[tuple[StepName, list[float]], ...] = (
        ("placed", scene.day.placed),
        ("paid", scene.day.placed),
        ("fulfilled", scene.day.fulfilled),
    )
    for step, each in told:
        for shop in _shops(scene, chance, _drawn(each[scene.minute], chance), at_ten=None):
            yield Event(step, shop, next(numbers), chance.randrange(60))


def _mails(scene: Scene, chance: Random, numbers: Iterator[int]) -> Iterator[Event]:
    """As the dispatcher spreads them: so many in the first second, and so on. A machine opens every number of some."""
    for place, shop in enumerate(_mailed(scene, chance, scene.minute, _drawn(scene.day.sent[scene.minute], chance))):
        second, survey = min(59, place // scene.size.rate), next(numbers)
        yield Event("claimed", shop, survey, second)
        yield Event("sent", shop, survey, second)
        yield Event("delivered", shop, survey, second)
        if chance.random() < SCANNED:
            yield from (Event("visit", shop, survey, second) for _ in range(LINKS))


def _taps(scene: Scene, chance: Random, numbers: Iterator[int]) -> Iterator[Event]:
    """Taps on mails of the last hour, of the hours before it, of the day; the form follows at once."""
    ends, shares = zip(*LATER, strict=True)
    for _ in range(_drawn(scene.day.tapped(scene.minute), chance)):
        (place,) = chance.choices(range(len(ends)), shares)
        ago = chance.uniform(ends[place - 1] if place else 0, ends[place])
        (shop,) = _mailed(scene, chance, int(scene.minute - ago) % DAY, 1)
        survey, second = next(numbers), chance.randrange(60)
        yield Event("visit", shop, survey, second, ago)
        yield Event("reply", shop, survey, second)


def _mailed(scene: Scene, chance: Random, minute: int, number: int) -> list[ShopId]:
    """Draw whose mails go out in a minute."""
    if scene.alone:
        return [shop_id(0)] * number
    at_ten = scene.day.sent_at_ten[minute] / (scene.day.sent[minute] or 1)
    ours = sum(chance.random() < at_ten for _ in range(number))
    shops = [*_shops(scene, chance, ours, at_ten=True), *_shops(scene, chance, number - ours, at_ten=False)]
    chance.shuffle(shops)
    return shops


def _shops(scene: Scene, chance: Random, number: int, *, at_ten: bool | None) -> list[ShopId]:
    if number == 0:
        return []
    asked, added_up = _draw(scene.size.shops).weights(at_ten)
    return [shop_id(place) for place in chance.choices(asked, cum_weights=added_up, k=number)]


def _drawn(expected: float, chance: Random) -> int:
    """A whole number that is as expected on average."""
    return int(expected) + (chance.random() < expected % 1)


@lru_cache(maxsize=len(SIZES))
def _draw(shops: int) -> Draw:
    return Draw(shops)


def tables() -> str:
    """Return what stands between the page's marks; some seconds."""
    return all_tables({size.name: _heat(size) for size in SIZES})


def _heat(size: Size) -> Heat:
    played = {index: play(busiest(size, index)) for index in indexes()}
    hottest = {index: each.hottest(index) for index, each in played.items()}
    return Heat(hottest, max(units for each in played.values() for units in each.whole.values()))


if __name__ == "__main__":
    PAGE.say(tables, sys.argv[1:])
