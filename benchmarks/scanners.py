"""How many machines are left out and how many people are kept, for each of the three protections; writes docs/scanners.md's tables.

    python -m benchmarks.scanners [--write]

Every row is seeded by its own name, so that a row made again is the same.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import get_args

from benchmarks.marked_pages import MarkedPage
from benchmarks.scanner_traffic import DELIVERED_AT, MACHINES, NPS, PEOPLE, Traffic, machine_alone, mail
from cx_domain.shops import Protection
from cx_domain.verdicts import Judgement, judge
from cx_domain.visits import Visit

PAGE = MarkedPage("scanners.md", "scanners")
PROTECTIONS: tuple[Protection, ...] = get_args(Protection)
EACH, MAILS = 500, 10_000
"""How many surveys a row of one kind is made of, and how many mails the mix."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    def __str__(self) -> str:
        """Rounded down: what is not wholly so is not called so."""
        return f"{self.part * 1000 // self.whole / 10:.1f} %" if self.whole else "none"


def share(of: Iterable[bool]) -> Share:
    all_ = list(of)
    return Share(sum(all_), len(all_))


def judged(traffic: Traffic, protection: Protection) -> Judgement:
    return judge(traffic.visits, traffic.replies, DELIVERED_AT, NPS, protection)


def left_out(traffic: Traffic, protection: Protection) -> bool:
    return judged(traffic, protection).score is None


def kept_and_right(traffic: Traffic, protection: Protection) -> bool:
    return judged(traffic, protection).score == traffic.meant


def visits_left_out(traffic: Traffic, protection: Protection) -> Iterator[bool]:
    """For each machine's visit and HEAD: whether the score that counts, if one does, is another's."""
    judgement = judged(traffic, protection)
    yield from (not _made(judgement, visit, traffic, protection) for visit in traffic.by_machine())
    yield from (True for _ in range(traffic.heads))


def _made(judgement: Judgement, visit: Visit, traffic: Traffic, protection: Protection) -> bool:
    """Say whether this visit made the score that counts: its client owns it, or its lone tap would count by itself too."""
    if judgement.score is None or judgement.owner is not None:
        return judgement.score is not None and judgement.owner == visit.client
    own = [other for other in traffic.visits if other.client == visit.client]
    alone = judge(own, [], DELIVERED_AT, NPS, protection)
    return visit.score == judgement.score == alone.score and traffic.meant != judgement.score


def _row(name: str, shares: Sequence[Share]) -> str:
    return f"| {name} | {' | '.join(map(str, shares))} |"


def _each(test: Callable[[Traffic, Protection], bool], surveys: Sequence[Traffic]) -> list[Share]:
    return [share(test(survey, protection) for survey in surveys) for protection in PROTECTIONS]


def mix_rows() -> Iterator[str]:
    chance = Random("the mix")
    mails = [mail(chance) for _ in range(MAILS)]
    alone = [one for one in mails if one.person is None and one.visits]
    people = [one for one in mails if one.person is not None]
    seen = sum(len(one.by_machine()) + one.heads for one in mails)
    yield _row(
        f"machines' visits left out, of {seen}",
        [share(out for one in mails for out in visits_left_out(one, protection)) for protection in PROTECTIONS],
    )
    yield _row(f"surveys left out that only machines visited, of {len(alone)}", _each(left_out, alone))
    yield _row(f"people whose answer is kept, and right, of {len(people)}", _each(kept_and_right, people))


def machine_rows() -> Iterator[str]:
    for name in MACHINES:
        chance = Random(name)
        surveys = [machine_alone(name, chance) for _ in range(EACH)]
        yield _row(name, _each(left_out, surveys))


def people_rows() -> Iterator[str]:
    for name in PEOPLE:
        chance = Random(name)
        surveys = [mail(chance, person=name) for _ in range(EACH)]
        yield _row(name, _each(kept_and_right, surveys))


def tables() -> str:
    """Return what stands between the page's marks."""

    def table(head: str, rows: Iterable[str]) -> str:
        return "\n".join([f"| {head} | strict | balanced | off |", "|---|---|---|---|", *rows])

    return "\n\n".join(
        [
            table(f"{MAILS} mails of the mix", mix_rows()),
            table("a machine alone that: share of surveys left out", machine_rows()),
            table("a person who: share of answers kept, and right", people_rows()),
        ]
    )


if __name__ == "__main__":
    PAGE.say(tables, sys.argv[1:])
