"""`afterorder shop`: put, list, show and connect shops, and see what their webhooks bring."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from cx_domain.calendars import day_of
from cx_domain.deliveries import KEPT_DAYS
from cx_domain.durations import duration
from cx_domain.errors import BadField
from cx_domain.series import NewSeries, rule_name
from cx_domain.shop_files import read_shop_file
from cx_domain.shops import Shop, ShopId
from infra.holiday_calendars import known_place
from infra.operator import api_connections, connections, delivery_views, screen
from infra.operator.connections import make_key_ring
from infra.operator.delivery_views import PlatformDeliveries
from infra.operator.given_secrets import given
from infra.operator.leaving import erase_shop
from infra.operator.session import Stack, open_stack
from infra.platforms import platforms
from infra.writing.questions import wordings
from infra.writing.words import languages

app = typer.Typer(help="Shops: their files, and the webhooks that their orders come by.", no_args_is_help=True)

ShopArgument = Annotated[str, typer.Argument(metavar="SHOP", help="The shop's id, as in its file.")]
PlatformArgument = Annotated[
    str, typer.Argument(metavar="PLATFORM", help=f"{', '.join(platforms())}, or one of the shop's own.")
]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]


@app.command()
def put(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", exists=True, dir_okay=False, readable=True)],
) -> None:
    """Check a shop's file and put it in place of the one before.

    Every mistake is named at once, and then nothing is written. docs/configuration.md explains each key.
    """
    stack = open_stack()
    shop, new_series = put_shop(stack, read_text(file))
    screen.say(f"Shop {shop} is in place.")
    for series in new_series:
        screen.note(_told(series))
    screen.note(f"Next: afterorder shop connect {shop} PLATFORM")


@app.command("list")
def list_(as_json: JsonFlag = False) -> None:
    """List the shops of the stack."""
    stack = open_stack()
    shops = [stack.shop(shop) for shop in sorted(stack.shops.ids())]
    if as_json:
        screen.say_json([{"shop": shop.id, "name": shop.name, "timezone": shop.zone.key} for shop in shops])
        return
    table = Table("shop", "name", "timezone", "languages", "surveys")
    for shop in shops:
        surveys = ", ".join(f"{rule.kind} on {rule.on}" for rule in shop.surveys)
        table.add_row(shop.id, shop.name, shop.zone.key, ", ".join(shop.languages), surveys)
    screen.show(table)


@app.command()
def show(shop: ShopArgument) -> None:
    """Print a shop's file, as it was put."""
    stack = open_stack()
    stack.shop(ShopId(shop))
    screen.say((stack.shops.text(ShopId(shop)) or "").rstrip("\n"))


@app.command()
def connect(  # noqa: PLR0917 (the command's own arguments and options)
    shop: ShopArgument,
    platform: PlatformArgument,
    secret: Annotated[
        str | None,
        typer.Option(
            help="The secret that the platform shows, @FILE with it in it, or for Saleor the https address of its keys. "
            "Without it, a new one is made."
        ),
    ] = None,
    api: Annotated[
        str | None, typer.Option(help="Where the platform's API is: the shop's address, its name there, or its number.")
    ] = None,
    token: Annotated[
        str | None, typer.Option(help="The token that orders are read with; - asks for it. It is never shown.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Make, set or rotate a shop's webhook secret, and print the address to paste and what to click.

    The secret before stays good beside the new one, until it is retired or the next one is made. The secret is shown once.
    With --token, orders are read through the platform's API; the webhook secret then stays as it is, unless --secret is given too.
    """
    if api is not None or token is not None:
        _connect_api(shop, platform, api, token, as_json=as_json and secret is None)
        if secret is None:
            return
    stack = open_stack()
    here = stack.platform(ShopId(shop), platform)
    made = connections.connect(stack, ShopId(shop), here, None if secret is None else given(secret, here))
    if as_json:
        screen.say_json({"url": made.url, "secret": made.secret, "live": made.live, "steps": made.steps})
        return
    screen.say(f"URL: {made.url}")
    screen.say(f"Secret: {made.secret}")
    screen.say()
    screen.say(made.steps)
    if secret is None and made.platform.secret_from == "platform":  # noqa: S105 - who makes it, not what it is
        screen.note(f"{made.platform.title} makes its own secret; until you set that one, this one serves for trying.")
    if made.live > 1:
        screen.note(
            "Two secrets are good now: this one, and the one before. "
            f"When the platform signs with this one: afterorder shop retire {shop} {platform}"
        )
        if made.ended:
            screen.note(
                "The one before those two ended with this: what is signed with it is refused from now on. "
                f"If the platform still signs with it, paste this one there at once: afterorder shop deliveries {shop}"
            )
    else:
        screen.note(f'Try it here before the platform sends anything: {_page(platform)}, "Try it"')
        screen.note("Moving in from another service? docs/moving-in.md first, before the first mail goes out.")


def _page(platform: str) -> str:
    """Name the page that tells how a platform is connected and tried."""
    known = {"standard": "own-system"}.get(platform, platform) if platform in platforms() else "file"
    return f"docs/platforms/{known}.md"


def _connect_api(shop: str, platform: str, api: str | None, token: str | None, *, as_json: bool) -> None:
    """Keep the token, and say where orders are read from now on."""
    asked_for = typer.prompt("Token", hide_input=True) if token == "-" else token  # noqa: S105 - a dash is no token
    stack = open_stack()
    here = stack.platform(ShopId(shop), platform)
    made = api_connections.connect(stack, ShopId(shop), here, api, asked_for)
    when = "what was changed is read each hour" if made.hourly else "each webhook tells which one"
    if as_json:
        screen.say_json({"api": made.base, "hourly": made.hourly})
    else:
        screen.note(f"Orders of {shop} are read from {made.base}: {when}.")


@app.command()
def reconcile(
    shop: ShopArgument,
    platform: PlatformArgument,
    since: Annotated[str, typer.Option(help="How far to look back: 7d, 12h.")] = "7d",
    off: Annotated[bool, typer.Option("--off", help="Read no more orders, and forget the token.")] = False,
) -> None:
    """Read now, through the platform's API, which orders were changed, and fill in what webhooks lost.

    It goes on by itself. What is known already stays as it is.
    """
    stack = open_stack()
    here = stack.platform(ShopId(shop), platform)
    if off:
        was_read = api_connections.disconnect(stack, ShopId(shop), here)
        screen.say("No more orders are read; the token is forgotten." if was_read else "No orders were read.")
        return
    api_connections.reconcile(stack, ShopId(shop), here, duration(since))
    screen.say(f"Reading what was changed in the last {since}. See it come: afterorder survey list {shop}")


@app.command()
def retire(shop: ShopArgument, platform: PlatformArgument) -> None:
    """Retire the older one of a shop's two webhook secrets; the newest one stays."""
    stack = open_stack()
    if connections.retire(stack, ShopId(shop), stack.platform(ShopId(shop), platform)):
        screen.say("The older secret is retired: within a minute, nothing that is signed with it is taken.")
    else:
        screen.note("There is only one secret, and it stays.")


@app.command()
def deliveries(
    shop: ShopArgument,
    days: Annotated[int, typer.Option(min=1, max=KEPT_DAYS, help="How many days to look back, today included.")] = 14,
    as_json: JsonFlag = False,
) -> None:
    """Show what came of a shop's webhooks: when the last one came, how many each day, and what was refused and why."""
    stack = open_stack()
    read, now = stack.shop(ShopId(shop)), stack.now()
    came = list(_deliveries(stack, read, day_of(now, read.zone) - timedelta(days=days - 1)))
    if as_json:
        told = [delivery_views.platform_json(one) for one in came]
        screen.say_json({"shop": shop, "timezone": read.zone.key, "platforms": told})
        return
    for one in came:
        for part in delivery_views.shown(one, read, now, days):
            screen.show(part)
        screen.say()
    if not any(one.days for one in came):
        screen.note(delivery_views.nothing_yet(read.id, came, days))
    for refused in api_connections.refused_tokens(stack, read):
        screen.note(refused)


@app.command()
def erase(
    shop: ShopArgument,
    yes: Annotated[
        str | None, typer.Option("--yes", metavar="SHOP", help="The shop's id once more, to go ahead.")
    ] = None,
) -> None:
    """Erase everything of a shop for good: secrets, surveys, answers, customers, reports, dead letters. Its links lead nowhere afterwards.

    Nothing happens before its id is said twice. Safe to repeat; the bucket keeps older versions of files for thirty days.
    """
    stack = open_stack()
    stack.shop(ShopId(shop))
    if yes != shop:
        raise BadField("--yes", f"say `afterorder shop erase {shop} --yes {shop}` to erase everything of {shop}")
    left = erase_shop(stack, ShopId(shop))
    screen.say(f"Erased: the shop {shop}, {left.items} items and {left.files} files.")
    if left.messages:
        screen.say(f"Dead letters deleted: {left.messages}.")


def _deliveries(stack: Stack, shop: Shop, since: date) -> Iterator[PlatformDeliveries]:
    """Every platform that is connected or sent something, the others not."""
    found = stack.deliveries.list(shop.id, since)
    for name in sorted({*platforms(), *stack.platforms.names(shop.id), *(day.platform for day in found)}):
        days = tuple(day for day in found if day.platform == name)
        connected = bool(stack.secrets.webhook_secrets(shop.id, name))
        if days or connected:
            title = days[-1].title if days else stack.platform(shop.id, name).title
            yield PlatformDeliveries(name, title, connected, days)


def put_shop(stack: Stack, text: str) -> tuple[ShopId, tuple[NewSeries, ...]]:
    """Check a file and write it, with the keys that its links and ids need if this is the stack's first; BadShopFile.

    Returns also which of its questions are asked in new words from now on.
    """
    shop, now = read_shop_file(text, languages(), known_place), stack.now()
    make_key_ring(stack)
    asked = {rule_name(rule): wordings(shop, rule) for rule in shop.surveys}
    return shop.id, stack.shops.put(shop.id, text, now, asked, day_of(now, shop.zone))


def _told(series: NewSeries) -> str:
    languages = " and ".join(series.languages)
    rule = series.rule.removesuffix("/order")
    return (
        f"{rule}: a new series begins today, because the question changed in {languages}; "
        "answers are not compared across it."
    )


def read_text(file: Path) -> str:
    """Read a file that must be UTF-8."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as damage:
        raise BadField(
            file.name, f"is not UTF-8: byte {damage.start} is {file.read_bytes()[damage.start]:#04x}"
        ) from None
