"""An incident: opened when detractors exceed what chance explains, noted on by people, and closed by them when it is over."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal
from unicodedata import normalize
from zoneinfo import ZoneInfo

from cx_domain.calendars import Period, closes_at, day_of, starts_at
from cx_domain.errors import BadInput
from cx_domain.excesses import (
    DRIVER,
    WHOLE,
    Count,
    DailyCounts,
    Detractors,
    Excess,
    Ground,
    Watched,
    excesses,
)

Status = Literal["open", "closed"]

MOST_SURVEYS = 50
MOST_STEPS = 50
_NAME = 48
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody did about it."""

    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Closing:
    """When it was closed and why; and when it was opened again, if it was."""

    at: datetime
    why: str
    reopened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """One thing that went wrong for many.

    `number` counts the incidents of the same thing; `start` and `end` are the days in which it was first seen, with the
    answers then (`seen`) and in the quarter before (`usual`). `last_seen_on` ends the last week that exceeded the usual.
    `surveys` are the newest detractors' own. `version` is the stored one, 0 before it is stored.
    """

    id: str
    number: int
    watched: Watched
    opened_at: datetime
    start: date
    end: date
    seen: Count
    usual: Count
    p_value: float
    last_seen_on: date
    surveys: tuple[str, ...] = ()
    owner: str | None = None
    root_cause: str | None = None
    changed: str | None = None
    steps: tuple[Step, ...] = ()
    closings: tuple[Closing, ...] = ()
    version: int = 0

    @property
    def status(self) -> Status:
        return "closed" if self.closings and self.closings[-1].reopened_at is None else "open"

    @property
    def closing(self) -> Closing | None:
        """The one that holds."""
        return self.closings[-1] if self.status == "closed" else None


def watch(
    counts: DailyCounts,
    detractors: Detractors,
    week_end: date,
    known: Sequence[Incident],
    *,
    opened_at: datetime,
    zone: ZoneInfo,
    least_answers: int = 0,
) -> tuple[Incident, ...]:
    """The incidents that a week opens (`version` 0) or that it saw again, as they are then.

    Asked again with what came of it, it changes nothing: an open incident takes in every later excess of its own, and a window
    that a closed one reaches into opens none.
    """
    by_thing = _by_thing(known)
    still_open = {watched for watched, ours in by_thing.items() if ours[-1].status == "open"}
    grounds = {watched: ground(ours, zone) for watched, ours in by_thing.items()}
    taken = {incident.id for incident in known}
    changed: list[Incident] = []
    for excess in excesses(counts, detractors, week_end, grounds, first=still_open, least_answers=least_answers):
        ours = by_thing.get(excess.watched, [])
        if excess.watched in still_open:
            after = _seen_again(ours[-1], excess)
            changed += [after] if after != ours[-1] else []
        elif not ours or excess.start > _closed_on(ours[-1], zone):
            incident = _opened(excess, len(ours) + 1, taken, opened_at)
            taken.add(incident.id)
            changed.append(incident)
    return tuple(changed)


def ground(ours: Sequence[Incident], zone: ZoneInfo) -> Ground:
    """Which days say what is usual for something that had these incidents, the oldest first.

    While one is open, what was usual when it began. Its days count no more once it is over. Who closes one that has not stopped
    says that things are so now: then what went before counts no more.
    """
    since, spans = date.min, []
    for incident in ours:
        if incident.status == "open":
            return Ground(fixed=incident.usual)
        if _closed_on(incident, zone) > incident.last_seen_on + _WEEK:
            spans.append((incident.start, incident.last_seen_on))
        else:
            since = max(since, incident.start)
    return Ground(since, tuple(spans))


def shown_in(period: Period, known: Iterable[Incident], zone: ZoneInfo) -> tuple[Incident, ...]:
    """The incidents of a report: opened by the end of its period, and not closed before it began; the open and the newest first."""
    begins_at, ends_at = starts_at(period.start, zone), closes_at(period, zone)
    shown = (
        each for each in known if each.opened_at <= ends_at and (each.closing is None or each.closing.at >= begins_at)
    )
    return tuple(sorted(shown, key=lambda each: (each.status != "open", -each.opened_at.timestamp(), each.id)))


def noted(
    incident: Incident,
    now: datetime,
    *,
    step: str | None = None,
    owner: str | None = None,
    root_cause: str | None = None,
    changed: str | None = None,
) -> Incident:
    """Add a step, and put the owner, the cause or the changed process in place of those before; BadInput for a closed one."""
    if incident.status == "closed":
        raise BadInput(f"{incident.id} is closed; `afterorder incident reopen` opens it again")
    if step is not None and len(incident.steps) == MOST_STEPS:
        raise BadInput(f"{incident.id} has {MOST_STEPS} steps already")
    return replace(
        incident,
        owner=owner or incident.owner,
        root_cause=root_cause or incident.root_cause,
        changed=changed or incident.changed,
        steps=(*incident.steps, Step(now, step)) if step else incident.steps,
    )


def closed(incident: Incident, why: str, now: datetime) -> Incident:
    """Close it; BadInput if it is closed."""
    if incident.status == "closed":
        raise BadInput(f"{incident.id} is closed already")
    return replace(incident, closings=(*incident.closings, Closing(now, why)))


def reopened(incident: Incident, known: Iterable[Incident], now: datetime) -> Incident:
    """Open it again; BadInput if it is open, or if a newer one of the same thing is there."""
    closing = incident.closing
    if closing is None:
        raise BadInput(f"{incident.id} is open")
    newer = [each.id for each in known if each.watched == incident.watched and each.number > incident.number]
    if newer:
        raise BadInput(f"{incident.id} has come back as {newer[-1]}; note there what is done")
    return replace(incident, closings=(*incident.closings[:-1], replace(closing, reopened_at=now)))


def named(watched: Watched) -> str:
    """`delivery`, `tag-store-wroclaw`, `csat-ticket-waiting`: in the letters of any language, digits and hyphens."""
    question = [part for part, usual in ((watched.kind, "nps"), (watched.touchpoint, "order")) if part != usual]
    thing = [watched.value] if watched.dimension in {DRIVER, WHOLE} else [watched.dimension, watched.value]
    words = normalize("NFC", " ".join([*question, *thing]).casefold())
    return re.sub(r"[\W_]+", "-", words).strip("-")[:_NAME].strip("-") or "unnamed"


def _opened(excess: Excess, number: int, taken: set[str], opened_at: datetime) -> Incident:
    week = excess.end.isocalendar()
    wanted = f"{named(excess.watched)}-{week.year}-w{week.week:02}"
    free = (name for again in range(1, len(taken) + 2) if (name := wanted + f"-{again}" * (again > 1)) not in taken)
    return Incident(
        id=next(free),
        number=number,
        watched=excess.watched,
        opened_at=opened_at,
        start=excess.start,
        end=excess.end,
        seen=excess.seen,
        usual=excess.usual,
        p_value=excess.p_value,
        last_seen_on=excess.end,
        surveys=excess.surveys[:MOST_SURVEYS],
    )


def _seen_again(incident: Incident, excess: Excess) -> Incident:
    newer = excess.end > incident.last_seen_on
    both = (*excess.surveys, *incident.surveys) if newer else (*incident.surveys, *excess.surveys)
    surveys = tuple(dict.fromkeys(both))[:MOST_SURVEYS]
    return replace(incident, last_seen_on=max(incident.last_seen_on, excess.end), surveys=surveys)


def _by_thing(known: Iterable[Incident]) -> dict[Watched, list[Incident]]:
    found: dict[Watched, list[Incident]] = {}
    for incident in sorted(known, key=lambda each: each.number):
        found.setdefault(incident.watched, []).append(incident)
    return found


def _closed_on(incident: Incident, zone: ZoneInfo) -> date:
    """The day on which it was closed last, for one that is closed."""
    return day_of(incident.closings[-1].at, zone)
