"""What mail scanners and people do to a survey's links, drawn from a seed and labelled.

When machines come is measured: 836 bursts of one campaign (putyourlightson/craft-campaign#546). When people open a mail is measured too:
MailerMailer counted 11 % within an hour, 52 % within six, 75 % within eighteen (1.4 billion mails of 2012), which a log-normal time
with a median of six hours fits. How often each scenario happens is our assumption, for nobody publishes it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import exp, log
from random import Random
from typing import TypeVar

from cx_domain.visits import MOST_VISITS, ClientKey, Evidence, Reply, Visit

T = TypeVar("T")
NPS = range(11)
DELIVERED_AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)

ARRIVALS = (  # seconds after the mail, share of the bursts
    ((0, 10), 0.5),
    ((10, 20), 2.2),
    ((20, 60), 66.4),
    ((60, 300), 28.3),
    ((300, 1800), 1.9),
    ((3600, 86_400), 0.7),
)
MEDIAN_DELAY, SPREAD = 6 * HOUR, 1.63
LIFE = 720 * HOUR
WEIGHTS = (2, 1, 2, 3, 3, 5, 7, 14, 20, 18, 25)
"""Of a hundred customers, how many choose 0, 1, ... 10."""

TELEPHONE, LAPTOP = ClientKey("homehomesafarios"), ClientKey("homehomefirefoxx")
CHROME = "chromewi"


@dataclass(frozen=True, slots=True)
class Traffic:
    """All that happened to one survey. `meant` is the person's last score, None where no person came; HEADs leave no visit."""

    visits: tuple[Visit, ...]
    replies: tuple[Reply, ...]
    machine: str | None = None
    person: str | None = None
    meant: int | None = None
    heads: int = 0

    def by_machine(self) -> list[Visit]:
        return [visit for visit in self.visits if visit.client not in {TELEPHONE, LAPTOP}]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person did, and the score that they meant in the end."""

    visits: Sequence[Visit]
    meant: int


def tap(score: int, after: timedelta, client: ClientKey, *, preview: bool = False) -> Visit:
    return Visit(DELIVERED_AT + after, score, client, preview=preview)


def sent(
    score: int, after: timedelta, client: ClientKey, evidence: Evidence, in_sight: timedelta | None = None
) -> Visit:
    return Visit(DELIVERED_AT + after, score, client, "POST", evidence=evidence, visible=in_sight)


def cloud(place: int = 0) -> ClientKey:
    """A scanner at one of its addresses, with the name of a current browser."""
    return ClientKey(f"cloud{place:03}{CHROME}")


# Machines


def arrival(chance: Random) -> timedelta:
    (first, last), _ = chance.choices(ARRIVALS, [share for _, share in ARRIVALS])[0]
    return chance.uniform(first, last) * SECOND


def all_links(chance: Random) -> list[Visit]:
    began, step = arrival(chance), chance.uniform(0.02, 0.15) * SECOND
    return [tap(score, began + score * step, cloud()) for score in NPS]


def one_link(chance: Random) -> list[Visit]:
    return [tap(chance.choice(NPS), arrival(chance), cloud())]


def slow_crawl(chance: Random) -> list[Visit]:
    """Every link, or in one crawl of five some of them, with the same pause between."""
    began, step = arrival(chance), chance.uniform(20, 120) * SECOND
    links = NPS if chance.random() < 0.8 else sorted(chance.sample(NPS, chance.randint(3, 10)))
    return [tap(score, began + place * step, cloud()) for place, score in enumerate(links)]


def many_addresses(chance: Random) -> list[Visit]:
    began, step = arrival(chance), chance.uniform(0.1, 0.8) * SECOND
    return [tap(score, began + score * step, cloud(score)) for score in NPS]


def script_sends(chance: Random) -> list[Visit]:
    """Runs scripts and sends the form 134 ms after it has opened it: of one link, or of each."""
    began, links = arrival(chance), [chance.choice(NPS)] if chance.random() < 0.5 else NPS
    pause = timedelta(milliseconds=134)
    pairs = [
        (
            tap(score, began + place * SECOND, cloud()),
            sent(score, began + place * SECOND + pause, cloud(), "script", pause),
        )
        for place, score in enumerate(links)
    ]
    return [visit for pair in pairs for visit in pair]


def presses_buttons(chance: Random) -> list[Visit]:
    """Opens one link in a browser and presses the button: four in five by a script, one in five by what looks like a mouse."""
    began, wait, score = arrival(chance), chance.uniform(1, 15) * SECOND, chance.choice(NPS)
    evidence: Evidence = "script" if chance.random() < 0.8 else "click"
    return [tap(score, began, cloud()), sent(score, began + wait, cloud(), evidence, wait)]


def sends_without_script(chance: Random) -> list[Visit]:
    began, score = arrival(chance), chance.choice(NPS)
    return [tap(score, began, cloud()), sent(score, began + chance.uniform(0.05, 0.9) * SECOND, cloud(), "form")]


def preview(chance: Random) -> list[Visit]:
    """A messenger shows what is behind a link of the mail that somebody forwarded."""
    return [tap(chance.choice(NPS), delay(chance), ClientKey("cloud900slackbot"), preview=True)]


def head(_: Random) -> list[Visit]:
    return []


def scan_again(chance: Random, answer: Answer) -> list[Visit]:
    """Opens the person's own link after them, from another address; one in five sends a form, with the score of some link."""
    first = answer.visits[0]
    seen = Visit(first.at + chance.uniform(20, 60) * SECOND, first.score, cloud(800))
    if chance.random() < 0.8:
        return [seen]
    evidence: Evidence = chance.choice(("form", "script"))
    return [seen, Visit(seen.at + 5 * SECOND, chance.choice(NPS), seen.client, "POST", evidence=evidence)]


# People


def delay(chance: Random) -> timedelta:
    """From the mail to the tap; within the survey's life."""
    drawn = exp(chance.gauss(log(MEDIAN_DELAY / SECOND), SPREAD)) * SECOND
    return min(max(drawn, 5 * SECOND), LIFE)


def opinion(chance: Random) -> int:
    return chance.choices(NPS, WEIGHTS)[0]


def hand(chance: Random) -> Evidence:
    chosen: Evidence = chance.choices(("touch", "click", "key"), (70, 25, 5))[0]
    return chosen


def _answers(score: int, at: timedelta, wait: float, evidence: Evidence) -> Answer:
    in_sight = None if evidence == "form" else wait * SECOND
    return Answer([tap(score, at, TELEPHONE), sent(score, at + wait * SECOND, TELEPHONE, evidence, in_sight)], score)


def confirms(chance: Random) -> Answer:
    return _answers(opinion(chance), delay(chance), chance.uniform(2, 60), hand(chance))


def hasty(chance: Random) -> Answer:
    return _answers(opinion(chance), chance.uniform(10, 60) * SECOND, chance.uniform(1, 8), hand(chance))


def taps_and_closes(chance: Random) -> Answer:
    score = opinion(chance)
    return Answer([tap(score, delay(chance), TELEPHONE)], score)


def changes_mind(chance: Random) -> Answer:
    """Confirms, and minutes to days later chooses another score: on the page, or by another link in the mail."""
    first = confirms(chance)
    meant, later = chance.choice([score for score in NPS if score != first.meant]), delay(chance)
    again = first.visits[-1].at - DELIVERED_AT + later
    visits = list(first.visits)
    if chance.random() < 0.5:
        visits.append(tap(meant, again - 4 * SECOND, TELEPHONE))
    return Answer([*visits, sent(meant, again, TELEPHONE, hand(chance), 4 * SECOND)], meant)


def without_script(chance: Random) -> Answer:
    return _answers(opinion(chance), delay(chance), chance.uniform(2, 60), "form")


def screen_reader(chance: Random) -> Answer:
    return _answers(opinion(chance), delay(chance), chance.uniform(10, 120), "click")


def voice_software(chance: Random) -> Answer:
    """Software that presses the button for somebody by a script, when they have read and spoken."""
    return _answers(opinion(chance), delay(chance), chance.uniform(8, 90), "script")


def unsteady(chance: Random) -> Answer:
    """Slips to the numbers beside the one that was meant; nine in ten then confirm, and one closes."""
    score, at = opinion(chance), delay(chance)
    beside = [near for near in (score - 1, score + 1) if near in NPS]
    slips = chance.sample(beside, chance.randint(1, len(beside)))
    visits = []
    for near in (*slips, score):
        visits.append(tap(near, at, TELEPHONE))
        at += chance.uniform(1, 4) * SECOND
    if chance.random() < 0.9:
        visits.append(sent(score, at + chance.uniform(2, 20) * SECOND, TELEPHONE, hand(chance)))
    return Answer(visits, score)


# The mix

MACHINES: Mapping[str, tuple[Callable[[Random], list[Visit]], float]] = {
    "opens every link within a second or two": (all_links, 12),
    "opens one link, with a current browser's name": (one_link, 4),
    "opens the links one by one, slowly": (slow_crawl, 1),
    "opens every link, each from another address": (many_addresses, 0.5),
    "runs scripts and sends the form": (script_sends, 1),
    "presses the button": (presses_buttons, 0.3),
    "sends the form without running scripts": (sends_without_script, 0.1),
    "previews a forwarded mail": (preview, 1),
    "only looks whether the page is there (HEAD)": (head, 2),
}
"""What comes before the person, in percent of all mails; the rest is left alone."""

SCANS_AGAIN = 0.05
"""Of people's taps: a service that checks links when they are clicked."""
ANSWERS = 0.3

PEOPLE: Mapping[str, tuple[Callable[[Random], Answer], float]] = {
    "taps and confirms": (confirms, 70),
    "taps within a minute of the mail, and confirms": (hasty, 3),
    "taps and closes": (taps_and_closes, 16),
    "confirms, and changes their mind later": (changes_mind, 4),
    "has no JavaScript": (without_script, 2),
    "uses a screen reader, which makes clicks only": (screen_reader, 3),
    "uses software that presses the button by a script": (voice_software, 0.2),
    "has an unsteady hand": (unsteady, 1.8),
}
"""In percent of those who answer."""


def machine_alone(name: str, chance: Random) -> Traffic:
    return _traffic(MACHINES[name][0](chance), name, None, None)


def mail(chance: Random, person: str | None = None) -> Traffic:
    """One mail of the mix: whatever machines come, and a person who answers or does not; `person` says which answers."""
    named = chance.choices(
        [None, *MACHINES], [100 - sum(share for _, share in MACHINES.values()), *(s for _, s in MACHINES.values())]
    )[0]
    visits = [] if named is None else MACHINES[named][0](chance)
    if person is None and chance.random() < ANSWERS:
        person = chance.choices(list(PEOPLE), [share for _, share in PEOPLE.values()])[0]
    if person is None:
        return _traffic(visits, named, None, None)
    answer = PEOPLE[person][0](chance)
    if chance.random() < SCANS_AGAIN:
        visits = [*visits, *scan_again(chance, answer)]
    return _traffic([*visits, *answer.visits], named, person, answer.meant)


def _traffic(visits: Sequence[Visit], machine: str | None, person: str | None, meant: int | None) -> Traffic:
    """As the survey's table would keep it: beyond the cap, no more GETs."""
    kept: list[Visit] = []
    for visit in sorted(visits, key=lambda visit: visit.at):
        if visit.method == "POST" or len(kept) < MOST_VISITS:
            kept.append(visit)
    replies = {visit.client: Reply(visit.at, visit.score, visit.client) for visit in kept if visit.method == "POST"}
    heads = 1 if machine is not None and MACHINES[machine][0] is head else 0
    return Traffic(tuple(kept), tuple(replies.values()), machine, person, meant, heads)
