"""`afterorder shop`: put, list, show and connect shops."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from cx_domain.calendars import day_of
from cx_domain.errors import BadField
from cx_domain.series import NewSeries, rule_name
from cx_domain.shop_files import read_shop_file
from cx_domain.shops import ShopId
from infra.holiday_calendars import known_place
from infra.operator import screen
from infra.operator.connections import connect as connect_shop
from infra.operator.connections import make_key_ring
from infra.operator.session import Stack, open_stack
from infra.platforms import platform as platform_named
from infra.writing.questions import wordings
from infra.writing.words import languages

app = typer.Typer(help="Shops: their files, and the webhooks that their orders come by.", no_args_is_help=True)

ShopArgument = Annotated[str, typer.Argument(metavar="SHOP", help="The shop's id, as in its file.")]
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
def connect(
    shop: ShopArgument,
    platform: Annotated[str, typer.Argument(metavar="PLATFORM", help="shopify, woocommerce or standard.")],
    secret: Annotated[
        str | None, typer.Option(help="The secret that the platform shows; without it, a new one is made.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Make, set or rotate a shop's webhook secret, and print the address to paste and what to click.

    The secret before stays valid beside the new one, until the next rotation. The secret is shown once.
    """
    made = connect_shop(open_stack(), ShopId(shop), platform_named(platform), secret)
    if as_json:
        screen.say_json({"url": made.url, "secret": made.secret, "steps": made.steps})
        return
    screen.say(f"URL: {made.url}")
    screen.say(f"Secret: {made.secret}")
    screen.say()
    screen.say(made.steps)
    if secret is None and made.platform.secret_from == "platform":  # noqa: S105 - who makes it, not what it is
        screen.note(f"{made.platform.title} makes its own secret; until you set that one, this one serves for trying.")


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
