"""How orders are read through a platform's API: `[fetch]` of its file."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import quote, urlsplit

from cx_domain.errors import BadField
from cx_domain.toml_checks import Table
from cx_domain.value_checks import any_text, flag, line, matching, one_of
from infra.platforms.expressions import Expression, expression
from infra.platforms.schemes import HEADER
from infra.platforms.shapes import Shape

Paging = Literal["time", "link"]
"""The next page begins at the time of the last order, or is where the header Link says."""

ORDER_ID = re.compile("[A-Za-z0-9_-]{1,64}")
"""What we put into an address; ids come from webhooks."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PLACEHOLDER = re.compile(r"\{([a-z]*)\}")
_ADDRESS, _API = "{address}", "{api}"
_BASE = re.compile(r"https://[A-Za-z0-9.{}-]+(/[A-Za-z0-9._{}/-]*)?")
_API_NAME = re.compile("[A-Za-z0-9_-]{1,64}")
_MOST_PER_PAGE = 250
_STATUSES = range(400, 500)


@dataclass(frozen=True, slots=True)
class Auth:
    """Where the token goes: a header with `{token}` in its value, or `key:secret` as HTTP's own Basic."""

    header: str
    value: str
    basic: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """Where a platform lists the orders that were changed since a time, the oldest change first."""

    path: str
    orders: Expression | None
    """Where the list stands in the answer; None where it is the answer."""
    at: Expression
    """Where an order says when it was changed."""
    paging: Paging
    size: int


@dataclass(frozen=True, slots=True)
class Pace:
    """The headers that tell how many requests are left, and in how many milliseconds there are more again."""

    left: str
    reset_milliseconds: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """A platform's API, as far as orders are read from it."""

    base: str
    api: str
    """What an operator says with `--api`, in words; empty where nothing has to be said."""
    token: str
    """What the token is, in words, and where it is got."""
    auth: Auth
    path: str
    order: Expression | None
    """Where the order stands in the answer; None where it is the answer."""
    shape: Shape
    gone: tuple[int, ...]
    items_path: str | None
    items_key: str
    changed: Changed | None
    pace: Pace | None

    def base_of(self, given: str | None) -> str:
        """Say where the API of one shop is, from what its operator gives: a name for the file's address, or a whole one. BadField."""
        if given is not None and "://" in given:
            return _address(given)
        if self.base == _ADDRESS:
            raise BadField("--api", f"must be an address that begins with https://: {self.api}")
        if _API not in self.base:
            if given is not None:
                raise BadField("--api", f"is not needed: the address is always {self.base}")
            return self.base
        if given is None or _API_NAME.fullmatch(given) is None:
            raise BadField("--api", f"must be letters, digits, - and _ only: {self.api}")
        return self.base.replace(_API, given)

    def order_address(self, base: str, order_id: str) -> str:
        """Say where one order is read; BadField for what is no id that could stand in an address."""
        return base + _filled(self.path, {"id": _checked_id(order_id)})

    def items_address(self, base: str, order_id: str) -> str | None:
        """Say where an order's lines are read; None where they come with the order."""
        return None if self.items_path is None else base + _filled(self.items_path, {"id": _checked_id(order_id)})


def changed_address(changed: Changed, base: str, since: str, page: int) -> str:
    """Say where a page of changed orders is read, from this time on (`2026-01-05T09:00:00`)."""
    return base + _filled(changed.path, {"since": since, "page": str(page), "size": str(changed.size)})


def is_loopback(host: str | None) -> bool:
    """Say whether this is this machine itself, which alone is spoken to without TLS: for tests and local stacks."""
    return host in LOOPBACK


def fetch(table: Table, known: Mapping[str, Shape]) -> Fetch:
    """Read `[fetch]`; every mistake is noted with its key."""
    api = table.take("api", line(200), "")
    base = table.take("base", _base, _ADDRESS, required=True)
    if bool(_PLACEHOLDER.search(base)) != bool(api):
        table.wrong("api", "must say what stands for the {…} of base, and only then be there")
    made = Fetch(
        base=base,
        api=api,
        token=table.take("token", line(300), "", required=True),
        auth=_auth(table.table("auth")),
        path=table.take("path", _path("id"), "/", required=True),
        order=table.take("order", expression, None),
        shape=_shape(table, known),
        gone=table.take_each("gone", _status, (404, 410)),
        items_path=table.take("items_path", _path("id"), None),
        items_key=table.take("items_key", matching("[a-z_]{1,40}", "a key in small letters"), "items"),
        changed=_changed(table.table("changed")) if "changed" in table else None,
        pace=_pace(table.table("pace")) if "pace" in table else None,
    )
    table.finish()
    return made


def _shape(table: Table, known: Mapping[str, Shape]) -> Shape:
    name = table.take("shape", one_of(*known), "", required=True)
    found = known.get(name) or next(iter(known.values()), _NO_SHAPE)
    if name in known and found.becomes != "order":
        table.wrong("shape", "must be a shape that becomes an order")
    return found


def _auth(table: Table) -> Auth:
    found = Auth(
        header=table.take("header", HEADER, "authorization"),
        value=table.take("value", _token_value, "{token}"),
        basic=table.take("basic", flag, False),
    )
    table.finish()
    return found


def _changed(table: Table) -> Changed:
    found = Changed(
        path=table.take("path", _path("since", "page", "size"), "/", required=True),
        orders=table.take("orders", expression, None),
        at=table.take("at", expression, expression("updated_at"), required=True),
        paging=table.take("paging", one_of(*get_args(Paging)), "time", required=True),
        size=table.take("size", _size, 50),
    )
    if found.paging == "time" and "{page}" not in found.path:
        table.wrong("path", "must have {page} in it, for many orders can be changed in one second")
    table.finish()
    return found


def _pace(table: Table) -> Pace:
    found = Pace(
        left=table.take("left", HEADER, "", required=True),
        reset_milliseconds=table.take("reset_milliseconds", HEADER, "", required=True),
    )
    table.finish()
    return found


def _base(raw: object) -> str:
    text = any_text(raw)
    if text == _ADDRESS:
        return text
    if _BASE.fullmatch(text) is None or text.replace(_API, "", 1).count("{") or text.endswith("/"):
        raise ValueError(
            f'must be "{_ADDRESS}", or an https address with at most one {_API} in it, without a slash at the end'
        )
    return text


def _path(first: str, *others: str) -> Callable[[object], str]:
    """A path, with a query if need be, in which the first placeholder must stand and the others may."""

    def check(raw: object) -> str:
        text = any_text(raw)
        if re.fullmatch(r"/[!-~]*", text) is None:
            raise ValueError("must be a path that begins with a slash, without spaces")
        names = _PLACEHOLDER.findall(text)
        if first not in names or not {first, *others} >= set(names):
            allowed = ", ".join(f"{{{name}}}" for name in (first, *others))
            raise ValueError(f"must have {{{first}}} in it, and no placeholder but {allowed}")
        return text

    return check


def _token_value(raw: object) -> str:
    text = line(100)(raw)
    if _PLACEHOLDER.findall(text) != ["token"]:
        raise ValueError("must have {token} in it")
    return text


def _status(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or raw not in _STATUSES:
        raise ValueError("must be a status from 400 to 499")
    return raw


def _size(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 1 < raw <= _MOST_PER_PAGE:
        raise ValueError(f"must be a number from 2 to {_MOST_PER_PAGE}")
    return raw


def _checked_id(order_id: str) -> str:
    if ORDER_ID.fullmatch(order_id) is None:
        raise BadField("order", "must be at most 64 letters, digits, - and _")
    return order_id


def _address(given: str) -> str:
    try:
        parts = urlsplit(given)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise BadField("--api", "is not an address") from None
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise BadField("--api", "must begin with https://")
    if not host or parts.username is not None or parts.query or parts.fragment or not re.fullmatch("[!-~]+", given):
        raise BadField(
            "--api", "must be an address without a name, a question mark or a #, such as https://shop.example"
        )
    return given.rstrip("/")


def _filled(path: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: quote(values[found[1]], safe=""), path)


_NO_SHAPE = Shape("order", {}, {}, {}, {}, {}, None, None, "topic-ignored")
"""Stands in where a file has no shape at all, which is told as a mistake elsewhere."""
