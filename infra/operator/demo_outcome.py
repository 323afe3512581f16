"""What a demo came to, read from the reports, the day files and the mailbox, and copied to where people can look."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, get_args

from cx_domain import calendars
from cx_domain.errors import NotFound
from cx_domain.verdicts import Verdict
from infra.aws import keys
from infra.operator import screen
from infra.operator.local_doors import LocalDoors
from infra.rollups.fold import day_lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from cx_domain.shops import Shop
    from infra.operator.http import Http
    from infra.operator.session import Stack

_COUNTED = frozenset({"person", "unsure"})


@dataclass(frozen=True, slots=True)
class Played:
    """The days of the demo; `end` is the first that was not played."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of the summary. `shops` are their newest monthly (or weekly) report.json."""

    shops: tuple[dict[str, Any], ...]
    mails: int
    answers: int
    excluded: int
    reports: int
    links: tuple[str, ...]


def read_outcome(stack: Stack, http: Http, shops: Sequence[Shop], played: Played, out: Path) -> Outcome:
    """Build the newest report of each shop, count its answers, and copy all reports and mails into the folder."""
    doors = LocalDoors(http)
    period = _told_best_by(played)
    told = tuple(_report(stack, shop, period) for shop in shops)
    verdicts = sum((_verdicts(stack, shop, played) for shop in shops), Counter[str]())
    copied = [key for shop in shops for key in _copy_reports(stack, shop, out)]
    return Outcome(
        shops=told,
        mails=_copy_mails(doors, out / "mail"),
        answers=sum(verdicts[word] for word in _COUNTED),
        excluded=sum(verdicts.values()) - sum(verdicts[word] for word in _COUNTED),
        reports=sum(key.endswith("/report.json") for key in copied),
        links=tuple(f"{http.base}/_local/objects/{key}" for key in copied if key.endswith("/report.html")),
    )


def say(shops: Sequence[dict[str, Any]]) -> None:
    """Tell each shop's score with its uncertainty, what was not sent and why, and what was not counted."""
    for told in shops:
        head, asked, verdicts = told["headlines"][0], told["asked"], told["verdicts"]
        low, high = head["interval"] or (None, None)
        everything = _points(verdicts["scores_if_all_counted"].get(head["kind"]))
        screen.note("")
        screen.note(f"{told['shop']}, {told['period']['name']}: NPS {_points(head['score'])}")
        screen.note(
            f"  95 % interval {_points(low)} to {_points(high)}, from {head['n']} answers to {asked['sent']} mails"
        )
        screen.note(f"  not sent:    {_counts(asked['not_sent'])}")
        screen.note(
            f"  not counted: {_counts(_excluded(verdicts))}; with everything counted the NPS would be {everything}"
        )
    screen.note("")


def _excluded(verdicts: dict[str, Any]) -> dict[str, int]:
    return {word: verdicts[word] for word in get_args(Verdict) if word not in _COUNTED and verdicts[word]}


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {what}" for what, count in counts.items()) or "none"


def _points(score: float | None) -> str:
    return "unknown" if score is None else f"{score:+.0f}"


def _report(stack: Stack, shop: Shop, period: calendars.Period) -> dict[str, Any]:
    stack.rollup({"shop": shop.id, "period": period.name})
    stored = stack.files.read(keys.report_file(shop.id, period.name, "report.json"))
    if stored is None:
        raise NotFound(f"The rollup made no report of {shop.id} for {period.name}.")
    report: dict[str, Any] = json.loads(stored.body)
    return report


def _told_best_by(played: Played) -> calendars.Period:
    """Choose the last month that closed, if it saw two weeks of the demo; else the last week that closed; else the first."""
    month = calendars.period_of(played.end.replace(day=1) - timedelta(days=1), "month")
    if month.end - played.start >= timedelta(days=14):
        return month
    return calendars.period_of(max(played.start, played.end - timedelta(days=7)), "week")


def _verdicts(stack: Stack, shop: Shop, played: Played) -> Counter[str]:
    """Count the verdicts of all answers in the shop's day files; its days begin and end a little beside UTC's."""
    found: Counter[str] = Counter()
    for number in range((played.end - played.start).days + 1):
        lines, _ = day_lines(stack.files, shop.id, "answers", played.start + timedelta(days=number))
        found.update(str(line["verdict"]) for line in lines.values())
    return found


def _copy_reports(stack: Stack, shop: Shop, out: Path) -> list[str]:
    found = sorted(stack.files.list(keys.reports_folder(shop.id)))
    for key in found:
        stored = stack.files.read(key)
        if stored is not None:
            place = out / key
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(stored.body)
    return found


def _copy_mails(doors: LocalDoors, folder: Path) -> int:
    """Copy every mail as SES got it, numbered as they were sent; most programs for mail open such a file."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = doors.mails()
    for number, mail in enumerate(listed, 1):
        (folder / f"{number:04}-{mail.to}.eml").write_bytes(doors.mail(mail.id))
    return len(listed)
