"""`afterorder webhook`: send one, as the platform would."""

import uuid
from pathlib import Path
from typing import Annotated

import typer

from cx_domain.shops import ShopId
from infra.operator import screen
from infra.operator.connections import connection
from infra.operator.http import Http
from infra.operator.session import open_stack
from infra.operator.shop_commands import PlatformArgument, ShopArgument
from infra.operator.webhooks import signed

app = typer.Typer(help="Webhooks: try a shop's connection.", no_args_is_help=True)
_OK = 200


@app.callback()
def webhook() -> None:
    """Webhooks: try a shop's connection."""


@app.command()
def send(
    shop: ShopArgument,
    platform: PlatformArgument,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE.json", exists=True, dir_okay=False, readable=True, help="The body, sent byte for byte."
        ),
    ],
    topic: Annotated[
        str | None, typer.Option(help="What happened, where the platform says it in a header: orders/cancelled, say.")
    ] = None,
) -> None:
    """Sign a payload with the shop's newest secret, post it, and print what came back.

    Ends with 1 if the answer is not 200.
    """
    stack = open_stack()
    made = connection(stack, ShopId(shop), stack.platform(ShopId(shop), platform))
    sent = signed(made, topic, file.read_bytes(), message_id=f"msg_{uuid.uuid4().hex}", now=stack.now())
    with Http(made.url) as http:
        answer = http.call("POST", made.url, sent.body, sent.headers)
    screen.say(str(answer.status))
    if answer.body:
        screen.say(answer.text)
    if answer.status != _OK:
        raise typer.Exit(1)
