"""`afterorder manager`: who reads a shop's reports, by which link, and since when they have not come."""

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from cx_domain import identities
from cx_domain.addresses import address as plain_address
from cx_domain.calendars import day_of
from cx_domain.errors import BadField, NotFound
from cx_domain.readers import Reader, readers
from cx_domain.shops import Shop, ShopId
from cx_domain.value_checks import did_you_mean, line
from infra import report_links
from infra.operator import screen
from infra.operator.session import Stack, open_stack
from infra.operator.shop_commands import JsonFlag, ShopArgument

app = typer.Typer(help="Managers: who reads a shop's reports, and by which link.", no_args_is_help=True)

AddressArgument = Annotated[str, typer.Argument(metavar="ADDRESS", help="The manager's e-mail address.")]
_LONGEST_NAME = 100


@app.command()
def add(
    shop: ShopArgument,
    address: AddressArgument,
    name: Annotated[str | None, typer.Option(help="Who it is, as the list and the manager's own page show it.")] = None,
) -> None:
    """Let a manager read the reports: digests go there from now on. Prints the link to all reports.

    Who was removed before gets new links; the old ones stay dead.
    """
    plain, called = _checked(address), _checked_name(name)
    stack = open_stack()
    named = stack.shop(ShopId(shop))
    stack.readers.add(named.id, _key(stack, named, plain), plain, called, stack.now())
    found = _found(stack, named, plain)
    screen.note(f"{called or plain} reads the reports of {shop}. The link to all of them, for this manager alone:")
    screen.say(_link(stack, named, found))


@app.command()
def remove(shop: ShopArgument, address: AddressArgument) -> None:
    """Revoke every link of a manager at once, and send no more digests there."""
    stack = open_stack()
    named = stack.shop(ShopId(shop))
    found = _found(stack, named, _checked(address))
    stack.readers.remove(named.id, found.key, stack.now())
    screen.say(f"No link of {found.address} opens any more, and no digest goes there.")
    if found.in_file:
        screen.note(f"The file of {shop} still names {found.address}. It has no effect until `afterorder manager add`.")


@app.command()
def link(shop: ShopArgument, address: AddressArgument) -> None:
    """Print a manager's link to all reports: the same one each time, until they are removed."""
    stack = open_stack()
    named = stack.shop(ShopId(shop))
    screen.say(_link(stack, named, _found(stack, named, _checked(address))))


@app.command("list")
def list_(shop: ShopArgument, as_json: JsonFlag = False) -> None:
    """List a shop's managers: from where they are known, and when each last opened a report or the list of them."""
    stack = open_stack()
    named = stack.shop(ShopId(shop))
    known = _readers(stack, named)
    if as_json:
        screen.say_json([_json(reader) for reader in known])
    elif known:
        screen.show(_table(known, named))
    else:
        screen.note(f"Nobody reads the reports of {shop} yet; say `afterorder manager add {shop} ADDRESS`.")


def _readers(stack: Stack, shop: Shop) -> tuple[Reader, ...]:
    return readers(stack.secrets.key_ring().identity, shop, stack.readers.list(shop.id))


def _key(stack: Stack, shop: Shop, address: str) -> str:
    return identities.manager_key(stack.secrets.key_ring().identity, shop.id, address)


def _found(stack: Stack, shop: Shop, address: str) -> Reader:
    reading = [reader for reader in _readers(stack, shop) if reader.reads]
    key = _key(stack, shop, address)
    for reader in reading:
        if reader.key == key:
            return reader
    near = did_you_mean(address, (reader.address for reader in reading))
    raise NotFound(f"{address} does not read the reports of {shop.id}{near}")


def _link(stack: Stack, shop: Shop, reader: Reader) -> str:
    return f"{stack.public_url}/r/{report_links.token(stack.secrets.key_ring().links, shop.id, reader)}"


def _checked(address: str) -> str:
    plain = plain_address(address)
    if plain is None:
        raise BadField("ADDRESS", "is not an e-mail address")
    return plain


def _checked_name(name: str | None) -> str | None:
    if name is None:
        return None
    try:
        return line(_LONGEST_NAME)(name)
    except ValueError as wrong:
        raise BadField("--name", str(wrong)) from None


def _json(reader: Reader) -> dict[str, object]:
    record = reader.record
    return {
        "address": reader.address,
        "name": record.name,
        "key": reader.key,
        "in_file": reader.in_file,
        "added_at": _iso(record.added_at),
        "removed_at": _iso(record.removed_at),
        "opened_at": _iso(record.opened_at),
    }


def _table(known: tuple[Reader, ...], shop: Shop) -> Table:
    table = Table("manager", "name", "from", "last opened", "in logs")
    for reader in known:
        opened_at = reader.record.opened_at
        opened = day_of(opened_at, shop.zone).isoformat() if opened_at is not None else "never"
        table.add_row(reader.address, reader.record.name or "", _origin(reader), opened, reader.key)
    return table


def _origin(reader: Reader) -> str:
    if not reader.reads:
        return "file, removed"
    return "file" if reader.in_file else "added"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
