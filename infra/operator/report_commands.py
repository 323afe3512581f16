"""`afterorder report`: build a report now, and list those that were made."""

from typing import Annotated

import typer

from cx_domain.calendars import parse_period
from cx_domain.shops import ShopId
from infra.aws import keys
from infra.operator import screen
from infra.operator.session import open_stack
from infra.operator.shop_commands import JsonFlag, ShopArgument

app = typer.Typer(help="Reports: what a shop's customers said, by period.", no_args_is_help=True)


@app.command()
def build(
    shop: ShopArgument,
    period: Annotated[
        str,
        typer.Argument(
            metavar="PERIOD", help="A day 2026-11-20, week 2026-W47, month 2026-11, quarter 2026-Q4 or year 2026."
        ),
    ],
) -> None:
    """Build the reports of a period now, and print where they lie."""
    named = parse_period(period)
    stack = open_stack()
    stack.shop(ShopId(shop))
    for key in stack.rollup({"shop": shop, "period": named.name}).get("keys", []):
        screen.say(key)


@app.command("list")
def list_(shop: ShopArgument, as_json: JsonFlag = False) -> None:
    """List a shop's report files."""
    stack = open_stack()
    stack.shop(ShopId(shop))
    found = sorted(stack.files.list(keys.reports_folder(ShopId(shop))))
    if as_json:
        screen.say_json(found)
        return
    for key in found:
        screen.say(key)
    if not found:
        screen.note(f"No reports of {shop} yet; the first is made when a period of its calendar has closed.")
