"""`afterorder customer`: a person's rights to see what is kept of them, and to have it erased."""

import json
from pathlib import PurePosixPath
from typing import Annotated

import typer

from cx_domain.errors import NotFound
from cx_domain.shops import ShopId
from infra.aws import keys
from infra.operator import screen
from infra.operator.persons import erase as erase_person
from infra.operator.persons import export as export_person
from infra.operator.persons import object_to_profiling
from infra.operator.session import open_stack
from infra.operator.shop_commands import ShopArgument

app = typer.Typer(help="Customers: what is kept of a person, and its erasure.", no_args_is_help=True)

AddressArgument = Annotated[str, typer.Argument(metavar="ADDRESS", help="The person's e-mail address.")]


@app.command()
def export(shop: ShopArgument, address: AddressArgument) -> None:
    """Print all that is kept of a person in one shop, as JSON: surveys with visits and answers, imported answers, and their choices."""
    stack = open_stack()
    stack.shop(ShopId(shop))
    screen.say_json(export_person(stack, ShopId(shop), address))


@app.command()
def erase(shop: ShopArgument, address: AddressArgument) -> None:
    """Erase a person in one shop, from surveys, imported answers, day files, totals, reports, support cases and dead letters.

    What stays: that a survey existed, by an id that says nothing, so that repeated webhooks do not bring it back; and, by a keyed
    hash, that this address must not be written to, if it is so. Safe to repeat.
    """
    stack = open_stack()
    stack.shop(ShopId(shop))
    erased = erase_person(stack, ShopId(shop), address)
    screen.say(f"Surveys erased: {erased.surveys}. Files made again without them: {len(erased.keys)}.")
    if erased.imported:
        screen.say(f"Imported answers erased: {erased.imported}.")
    if erased.tickets or erased.messages:
        screen.say(f"Support cases cut off from them: {erased.tickets}. Dead letters deleted: {erased.messages}.")
    if erased.do_not_mail:
        screen.say("Kept, by a keyed hash only: that this address must not be written to.")


@app.command(name="object")
def object_(
    shop: ShopArgument,
    address: AddressArgument,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the objection back.")] = False,
) -> None:
    """Take a person who objects to it out of every group: segments, movements, loyalty and histories.

    Their answers still count in every figure of everybody, with the words that they wrote. Kept by a keyed hash, also after an erasure.
    """
    stack = open_stack()
    stack.shop(ShopId(shop))
    surveys, made = object_to_profiling(stack, ShopId(shop), address, withdrawn=withdraw)
    state = "counted in groups again" if withdraw else "in no group any more"
    screen.say(f"The person is {state}. Surveys: {surveys}. Report files made again: {len(made)}.")


@app.command()
def requests(
    shop: ShopArgument,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Which one to print; without it, all are listed.")
    ] = None,
) -> None:
    """List what was gathered for customers who asked their platform what is kept of them, or print one as JSON.

    Shopify passes such wishes on. A file is deleted thirty days after it was made.
    """
    stack = open_stack()
    stack.shop(ShopId(shop))
    if name is None:
        for made in stack.files.list(keys.exports_folder(ShopId(shop))):
            screen.say(PurePosixPath(made).stem)
        return
    stored = stack.files.read(keys.export_file(ShopId(shop), name))
    if stored is None:
        raise NotFound(f"{shop} has no request {name!r}: `afterorder customer requests {shop}` lists them.")
    screen.say_json(json.loads(stored.body))
