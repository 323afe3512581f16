"""`afterorder demo`: a month of two shops against the local stack, with customers and mail scanners, and what became of it."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from cx_domain.errors import BadField
from cx_domain.shops import ShopId
from infra.operator import screen
from infra.operator.connections import connect
from infra.operator.demo_month import THREADS, Month
from infra.operator.demo_orders import deliveries, orders
from infra.operator.demo_outcome import Outcome, Played, read_outcome, say
from infra.operator.demo_tickets import PLATFORM, ticket_deliveries, tickets
from infra.operator.http import Http
from infra.operator.shop_commands import put_shop
from infra.platforms import platform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from cx_domain.shops import Shop
    from infra.operator.demo_payloads import Order
    from infra.operator.session import Stack

START = datetime(2026, 1, 5, tzinfo=UTC)
"""A Monday."""
PLATFORMS = {"acme": "shopify", "brook": "woocommerce"}
SUPPORTED = "brook"
"""The shop whose help desk tells of its cases."""
_AFTERWARDS = timedelta(hours=9)
"""After the last day, so that its rollup has run and its digest is out."""
_MARK = ".afterorder-demo"
_OURS = ("data", "reports", "mail")


@dataclass(frozen=True, slots=True)
class Demo:
    """What was played, and what came of it."""

    orders: int
    visits: int
    outcome: Outcome

    def line(self) -> str:
        """Return the summary as one line of JSON."""
        outcome = self.outcome
        return json.dumps(
            {
                "shops": len(outcome.shops),
                "orders": self.orders,
                "mails": outcome.mails,
                "visits": self.visits,
                "answers": outcome.answers,
                "excluded": outcome.excluded,
                "reports": outcome.reports,
            }
        )


def make_room(out: Path) -> Path:
    """Empty a demo's folder, or make it; BadField if there is something else in it. Returns where its data goes."""
    if out.exists() and any(out.iterdir()) and not (out / _MARK).exists():
        raise BadField("--out", f"{out} holds something that is not a demo's; choose another folder")
    out.mkdir(parents=True, exist_ok=True)
    (out / _MARK).write_text("Made by `afterorder demo`, which empties this folder when it runs again.\n")
    for name in _OURS:
        shutil.rmtree(out / name, ignore_errors=True)
    return out / "data"


def play(stack: Stack, out: Path, days: int, seed: int) -> Demo:
    """Put the shops, play the days, and gather the outcome into the folder."""
    shops = [stack.shop(put_shop(stack, shop_file(name))[0]) for name in PLATFORMS]
    names = [*PLATFORMS.items(), (SUPPORTED, PLATFORM)]
    connections = {(ShopId(shop), name): connect(stack, ShopId(shop), platform(name)) for shop, name in names}
    drawn = [order for shop in shops for order in orders(shop.id, START, days, seed)]
    end = START + timedelta(days=days)
    cases = tickets([order for order in drawn if order.person.shop == SUPPORTED], seed)
    told = [*map(deliveries, drawn), *map(ticket_deliveries, cases)]
    posts = [delivery for story in told for delivery in story if delivery.at < end]
    with Http(stack.public_url, THREADS) as http, _progress(days, len(posts)) as watch:
        month = Month(http, connections, _reminders(shops), watch)
        month.expect(posts, [order.person for order in drawn], _mail_times(shops, drawn, end))
        for day in range(1, days + 1):
            month.play(START + timedelta(days=day))
            watch("days", 1)
        month.play(end + _AFTERWARDS)
        outcome = read_outcome(stack, http, shops, Played(START.date(), end.date()), out)
    return Demo(len(drawn), month.counts["visits"], outcome)


def shop_file(name: str) -> str:
    return (files("infra.operator") / "demo_shop_files" / f"{name}.toml").read_text(encoding="utf-8")


def _reminders(shops: Sequence[Shop]) -> dict[ShopId, timedelta]:
    return {shop.id: shop.surveys[0].reminder for shop in shops if shop.surveys[0].reminder is not None}


def _mail_times(shops: Sequence[Shop], drawn: Sequence[Order], end: datetime) -> list[datetime]:
    """Say when surveys fall due, before the end."""
    delays = {shop.id: shop.surveys[0].delay for shop in shops}
    times = {order.shipped_at + delays[order.person.shop] for order in drawn}
    return sorted(at for at in times if at < end)


@contextmanager
def _progress(days: int, webhooks: int) -> Iterator[Callable[[str, int], None]]:
    """Show bars on stderr, and count under each."""
    columns = (
        TextColumn("{task.description:>9}"),
        BarColumn(),
        TextColumn("{task.completed:>4.0f}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=screen.ERR) as bars:
        totals = {"days": days, "webhooks": webhooks, "mails": None, "visits": None}
        tasks = {name: bars.add_task(name, total=total) for name, total in totals.items()}
        yield lambda name, by: bars.update(tasks[name], advance=by)


def tell(demo: Demo, out: Path, url: str | None) -> None:
    """Say what happened, and where to look; `url` is None if nothing is served."""
    outcome = demo.outcome
    screen.note(
        f"{demo.orders} orders, {outcome.mails} mails, {demo.visits} visits to rating pages, {outcome.answers} answers."
    )
    say(outcome.shops)
    screen.note(f"Reports: {out / 'reports'}")
    screen.note(f"Mails:   {out / 'mail'}")
    if url is not None:
        screen.note(f"Mailbox, surveys, reports and the clock: {url}/_local/")
        for link in outcome.links[-len(outcome.shops) :]:
            screen.note(f"  {link}")
        screen.note("Ctrl-C ends it.")
