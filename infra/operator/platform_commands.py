"""`afterorder platform`: a shop's own platforms, and what a payload would mean."""

from pathlib import Path
from typing import Annotated

import typer

from cx_domain.errors import BadField, NotFound
from cx_domain.shops import ShopId
from cx_domain.signatures import Delivery
from infra import clock
from infra.operator import platform_views, screen
from infra.operator.session import open_stack
from infra.operator.shop_commands import JsonFlag, ShopArgument, read_text
from infra.platforms import Platform, platforms, read, read_platform
from infra.platforms import platform as platform_named

app = typer.Typer(help="Platforms of a shop's own: a file for each, and what its payloads mean.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The platform's name, as in its file.")]
FileArgument = Annotated[Path, typer.Argument(metavar="FILE.toml", exists=True, dir_okay=False, readable=True)]
_LARGEST_FILE = 100_000
"""Bytes; our own have five thousand."""


@app.command()
def put(shop: ShopArgument, file: FileArgument) -> None:
    """Check a platform's file and put it in place of the one before.

    Every mistake is named at once, and then nothing is written. docs/platforms/file.md explains each key.
    """
    stack = open_stack()
    named, here = stack.shop(ShopId(shop)), _read(file)
    stack.platforms.put(named.id, here.name, read_text(file), stack.now())
    screen.say(f"Platform {here.name} of {shop} is in place.")
    screen.note(f"Next: afterorder shop connect {shop} {here.name}")


@app.command("list")
def list_(shop: ShopArgument, as_json: JsonFlag = False) -> None:
    """List a shop's own platforms, besides those that every shop can connect."""
    stack = open_stack()
    names = stack.platforms.names(stack.shop(ShopId(shop)).id)
    if as_json:
        screen.say_json({"own": list(names), "known": list(platforms())})
        return
    for name in names:
        screen.say(name)
    if not names:
        screen.note(f"{shop} has no platform of its own. Every shop can connect {', '.join(platforms())}.")


@app.command()
def show(shop: ShopArgument, name: NameArgument) -> None:
    """Print the file of a shop's own platform, as it was put."""
    stack = open_stack()
    text = stack.platforms.text(stack.shop(ShopId(shop)).id, name)
    if text is None:
        raise _none_such(shop, name)
    screen.say(text.rstrip("\n"))


@app.command()
def remove(shop: ShopArgument, name: NameArgument) -> None:
    """Forget a shop's own platform: within a minute, nothing that it sends is taken."""
    stack = open_stack()
    if not stack.platforms.remove(stack.shop(ShopId(shop)).id, name):
        raise _none_such(shop, name)
    screen.say(f"Platform {name} of {shop} is gone. Its orders and surveys stay.")


@app.command("try")
def try_(
    file: Annotated[
        str, typer.Argument(metavar="FILE.toml", help="The platform's file, or the name of one that we know.")
    ],
    payload: Annotated[
        Path, typer.Argument(metavar="PAYLOAD.json", exists=True, dir_okay=False, readable=True, help="One body.")
    ],
    topic: Annotated[str | None, typer.Option(help="What happened, where the platform says it in a header.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Show what a payload would mean, field by field, and what is missing. Needs no stack; nothing is kept.

    Ends with 1 if it would be refused, with the path in the payload that is wrong.
    """
    here = platform_named(file) if file in platforms() else _read(Path(file))
    headers = {"webhook-id": "msg_try", **here.test_headers(topic)}
    reading = read(here, Delivery(payload.read_bytes(), headers), clock.now())
    if as_json:
        screen.say_json(platform_views.reading_json(reading))
        return
    for part in platform_views.shown(here, reading):
        screen.show(part)


def _read(file: Path) -> Platform:
    if not file.is_file():
        raise NotFound(f"There is no file {file}, and no platform of that name: {', '.join(platforms())}.")
    if file.stat().st_size > _LARGEST_FILE:
        raise BadField(file.name, f"is larger than {_LARGEST_FILE} bytes")
    return read_platform(read_text(file))


def _none_such(shop: str, name: str) -> NotFound:
    return NotFound(f"{shop} has no platform {name!r} of its own: afterorder platform list {shop}")
