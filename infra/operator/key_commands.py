"""`afterorder keys`: change the key that links are signed with, while links of the keys before go on opening."""

from dataclasses import replace
from secrets import token_bytes
from typing import Annotated

import typer

from cx_domain.errors import BadField
from infra import clock
from infra.operator import screen
from infra.operator.session import open_stack

KEY_BYTES = 32
KNOWN_EVERYWHERE = 120
"""Seconds: twice what a function goes by its secrets, if ShopCacheSeconds is as it was."""

app = typer.Typer(help="Keys: what the links in mails are signed with.", no_args_is_help=True)


@app.command()
def rotate(
    wait: Annotated[
        int, typer.Option(metavar="SECONDS", min=0, help="Twice the parameter ShopCacheSeconds.")
    ] = KNOWN_EVERYWHERE,
) -> None:
    """Sign links with a new key from now on; links that are in people's mailboxes go on opening.

    First every function learns the new key, which takes a while; then it signs. Broken off in between, the old key goes on signing.
    """
    stack = open_stack()
    ring, new = stack.secrets.key_ring(), token_bytes(KEY_BYTES)
    stack.secrets.put_key_ring(replace(ring, links=(*ring.links[:-1], new, ring.links[-1])), replace=True)
    screen.note(f"Waiting {wait} seconds, until every function opens what the new key signs.")
    clock.wait(wait)
    links = (*ring.links, new)
    stack.secrets.put_key_ring(replace(ring, links=links), replace=True)
    screen.say(f"Links are signed with a new key; {len(links)} keys open links.")
    screen.note("When the last mail that the oldest signed has expired: afterorder keys retire")


@app.command()
def retire() -> None:
    """Forget the oldest key of links: whatever it signed opens no more, managers' links among it."""
    stack = open_stack()
    ring = stack.secrets.key_ring()
    if len(ring.links) == 1:
        raise BadField("keys", "there is one key only, and it signs: first `afterorder keys rotate`")
    stack.secrets.put_key_ring(replace(ring, links=ring.links[1:]), replace=True)
    screen.say(f"The oldest key is forgotten; {len(ring.links) - 1} open links.")
