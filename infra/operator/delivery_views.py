"""What came of a shop's webhooks, as the command line shows it: JSON-ready for scripts, and tables in the shop's own time for people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from rich import box
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cx_domain.calendars import day_of
from cx_domain.deliveries import REFUSALS, TAKEN, DeliveryDay, RefusalReason, last_delivered_at, last_refused
from cx_domain.shops import Shop, ShopId

_DAY = timedelta(days=1)
_NONE = "·"
_ADVICE: Mapping[RefusalReason, tuple[str, str | None]] = {
    "bad-signature": (
        "the secret on the platform is not the one here, or somebody else is posting to this address; they are refused.",
        "afterorder shop connect {shop} {platform} --secret SECRET",
    ),
    "bad-input": (
        "a field is missing or not what the platform documents; the refusal names it. Once it is mended, send it again:",
        "afterorder webhook send {shop} {platform} FILE.json",
    ),
    "too-large": ("a body of more than a megabyte is not read: is a plugin on the platform adding to it?", None),
}
"""What to know, and the command that helps."""


@dataclass(frozen=True, slots=True)
class PlatformDeliveries:
    """One platform of a shop: whether it has a live secret, and its days of late."""

    name: str
    title: str
    connected: bool
    days: tuple[DeliveryDay, ...]


def platform_json(one: PlatformDeliveries) -> dict[str, Any]:
    """For scripts: times in UTC, days in the shop's zone, refusals the newest first."""
    return {
        "platform": one.name,
        "connected": one.connected,
        "last_delivery_at": _iso(last_delivered_at(one.days)),
        "days": [
            {"day": day.day.isoformat(), "outcomes": dict(day.outcomes), "last_at": _iso(day.last_at)}
            for day in one.days
        ],
        "refused": [{"at": _iso(each.at), "why": each.why, "said": each.said} for each in last_refused(one.days)],
    }


def shown(one: PlatformDeliveries, shop: Shop, now: datetime, days: int) -> Iterator[RenderableType]:
    """For people: a platform's last delivery, its table of days, its last refusals and what to do about them."""
    yield Text(one.title, style="bold")
    yield _indented(Text(_summary(one, shop, now, days)))
    if not one.days:
        return
    yield _indented(_table(one.days, day_of(now, shop.zone)))
    refusals = last_refused(one.days)
    if not refusals:
        return
    yield Text()
    yield _indented(Text("Refused last"))
    lines = Table.grid(padding=(0, 2))
    for (why, said), alike in groupby(refusals, key=lambda each: (each.why, each.said)):
        times = list(alike)
        more = f" ({len(times)} times)" if len(times) > 1 else ""
        lines.add_row(_clock(times[0].at, shop), why, Text(f"{said}{more}"))
    yield _indented(lines)
    yield Text()
    for why in REFUSALS:
        if any(each.why == why for each in refusals):
            known, command = _ADVICE[why]
            yield _indented(Text(f"{why}: {known}"))
            if command is not None:
                # On a line of its own, to be pasted.
                yield _indented(
                    _indented(Text(command.format(shop=shop.id, platform=one.name), overflow="ignore", no_wrap=True))
                )


def nothing_yet(shop: ShopId, platforms: Sequence[PlatformDeliveries], days: int) -> str:
    """Say what to do where nothing has come."""
    connected = [one.name for one in platforms if one.connected]
    if not connected:
        return f"{shop} is not connected to any platform: afterorder shop connect {shop} PLATFORM says what to click."
    return f"Nothing has come in {days} days. Try the wiring: afterorder webhook send {shop} {connected[0]} FILE.json"


def _summary(one: PlatformDeliveries, shop: Shop, now: datetime, days: int) -> str:
    last_at = last_delivered_at(one.days)
    came = f"last good delivery {_clock(last_at, shop)}, {_ago(now - last_at)} ago" if last_at else "no good delivery"
    connected = "" if one.connected else "; not connected any more"
    return f"{came}{'' if last_at else f' in {days} days'}{connected}"


def _table(days: Sequence[DeliveryDay], today: date) -> Table:
    """A row for each day from the first with deliveries on, the newest on top; a column for each outcome that there was."""
    outcomes = _outcomes(days)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("day", no_wrap=True, vertical="bottom")
    for outcome in outcomes:
        # Narrow columns, for a terminal of eighty characters.
        table.add_column(Text(outcome.replace("-", "-\n"), justify="right"), justify="right", vertical="bottom")
    by_day = {day.day: day.outcomes for day in days}
    for day in (today - number * _DAY for number in range((today - min(by_day)).days + 1)):
        counts = by_day.get(day, {})
        table.add_row(f"{day:%a %d %b}", *(str(counts[each]) if counts.get(each) else _NONE for each in outcomes))
    return table


def _outcomes(days: Sequence[DeliveryDay]) -> list[str]:
    """Taken first, refusals last, the reasons for passing over between them."""
    there = {outcome for day in days for outcome in day.outcomes}
    passed_over = sorted(there - {TAKEN} - set(REFUSALS))
    return [TAKEN, *passed_over, *(why for why in REFUSALS if why in there)]


def _clock(at: datetime, shop: Shop) -> str:
    return f"{at.astimezone(shop.zone):%Y-%m-%d %H:%M}"


def _ago(passed: timedelta) -> str:
    minutes = int(passed / timedelta(minutes=1))
    for unit, length in (("day", 24 * 60), ("hour", 60), ("minute", 1)):
        if (number := minutes // length) > 0:
            return f"{number} {unit}{'' if number == 1 else 's'}"
    return "less than a minute"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _indented(what: RenderableType) -> Padding:
    return Padding(what, (0, 0, 0, 2), expand=False)
