"""A platform is a file: how its webhooks are signed, what each topic means, and where its payloads keep what we need.

`<name>.toml` beside this module is one that we know; a shop brings its own in the same form (`afterorder platform put`).
docs/platforms/file.md tells the format.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

from cx_domain.errors import BadPlatformFile, Mistake, NotFound
from cx_domain.signature_schemes import KeyInAddress
from cx_domain.signatures import Scheme
from cx_domain.toml_checks import Notes, Table
from cx_domain.value_checks import any_text, flag, line, matching, one_of
from infra.platforms.expressions import Expression, expression
from infra.platforms.fetching import Fetch, fetch
from infra.platforms.schemes import HEADER, scheme
from infra.platforms.shapes import Ignored, Shape, shapes, topics

BodyFormat = Literal["json", "form"]

_CURRENCY = re.compile("[A-Z]{3}")
_MOST_DIGITS = 4
_PLAIN_PATTERN = re.compile(r"[^()|*+?{]*([*+?{][^()|*+?{]*){0,2}")
"""Nothing that a regular expression could try in more ways than the square of a text's length."""
_NAME = "[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?"


@dataclass(frozen=True, slots=True)
class Topic:
    """Where a delivery says what it is about: in a header, at a place of its body, or nowhere, for it is always the same."""

    header: str | None = None
    field: Expression | None = None
    always: str | None = None
    example: str = ""


@dataclass(frozen=True, slots=True)
class Ping:
    """What an unsigned "are you there?" looks like: its whole body, and with what none of its headers begins."""

    body: re.Pattern[bytes]
    without_headers: str


@dataclass(frozen=True, slots=True)
class Platform:
    """Everything that is particular to one platform.

    `steps` is for `shop connect`, with `{shop}`, `{url}` and `{secret}` to fill in; `secret_from` says who makes the secret.
    """

    name: str
    title: str
    scheme: Scheme
    steps: str
    secret_from: Literal["us", "platform"]
    body_format: BodyFormat
    topic: Topic
    topics: Mapping[str, Shape | Ignored]
    zoneless_is_utc: bool
    ping: Ping | None
    times_are_unix: bool = False
    """Times are seconds since 1970."""
    minor_units: Mapping[str, int] = field(default_factory=dict)
    """How many digits a currency's `total_minor` has behind the point, where that is not ISO 4217's number."""
    challenge: bool = False
    """The platform asks with GET ?challenge= whether the address is ours, and wants it echoed."""
    fetch: Fetch | None = None

    def test_headers(self, topic: str | None = None) -> dict[str, str]:
        """The headers, besides the signature's, that the platform would send with a payload of this topic."""
        return {} if self.topic.header is None else {self.topic.header: topic or self.topic.example}


@cache
def platforms() -> tuple[str, ...]:
    """The names of all platforms that we know, in alphabetical order."""
    names = (entry.name for entry in files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def platform(name: str) -> Platform:
    """The platform of this name that we know, or NotFound."""
    if name not in platforms():
        raise NotFound(f"there is no platform {name[:40]!r}; there are {', '.join(platforms())}")
    return _checked((files(__package__) / f"{name}.toml").read_text(encoding="utf-8"), name)


def is_platform_name(text: str) -> bool:
    """Say whether a platform could be called so."""
    return re.fullmatch(_NAME, text) is not None


def read_platform(text: str) -> Platform:
    """Read and check a shop's own platform; a BadPlatformFile holds every mistake, each with its key."""
    return _checked(text, None)


def _checked(text: str, name: str | None) -> Platform:
    notes = Notes()
    try:
        written = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadPlatformFile([Mistake("file", f"is not TOML: {error}")]) from None
    made = read_file(Table(written, notes), name)
    if notes.mistakes:
        raise BadPlatformFile(notes.mistakes)
    return made


def read_file(file: Table, name: str | None) -> Platform:
    """Read a platform's file; its mistakes, and every key that was asked for, are in the table's notes."""
    known = shapes(file)
    called = name or file.take("name", _own_name, "", required=True)
    title = file.take("title", line(60), "", required=True)
    signature = scheme(file.table("signature"))
    made = Platform(
        name=called,
        title=title,
        scheme=signature,
        steps=file.take("steps", any_text, _own_steps(signature), required=name is not None),
        secret_from=file.take("secret_from", one_of("us", "platform"), "us"),
        body_format=_body_format(file.table("body")),
        topic=_topic(file.table("topic")),
        topics=topics(file, known),
        zoneless_is_utc=file.take("zoneless_times_are_utc", flag, False),
        ping=_ping(file.table("ping")) if "ping" in file else None,
        fetch=fetch(file.table("fetch"), known) if "fetch" in file else None,
        times_are_unix=file.take("times_are_unix", flag, False),
        minor_units=file.entries("minor_units", _CURRENCY, lambda _, raw: _digits(raw)) or {},
        challenge=file.take("challenge", flag, False),
    )
    if not file.mistakes and made.topic.example not in made.topics:
        file.wrong("topic.example", "is none of [topics]")
    file.finish()
    return made


def _own_steps(signature: Scheme) -> str:
    """What a shop's own platform is connected by, where its file does not say."""
    signed = _UNSIGNED if isinstance(signature, KeyInAddress) else _SIGNED
    return f"1. Let your shop's software POST each event to\n     {{url}}\n{signed}3. See them come: afterorder shop deliveries {{shop}}\n"


_SIGNED = "2. Sign it with the secret\n     {secret}\n"
_UNSIGNED = "2. Nothing is signed: whoever knows this address can send orders. Keep it out of tickets and logs.\n"


def _own_name(raw: object) -> str:
    name = matching(_NAME, "a short name of a-z, 0-9 and -")(raw)
    if name in platforms():
        raise ValueError(f'"{name}" is a platform that we know; give yours a name of its own, such as "my-{name}"')
    return name


def _digits(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or not 0 <= raw <= _MOST_DIGITS:
        raise ValueError(f"must be a number of digits from 0 to {_MOST_DIGITS}")
    return raw


def _body_format(table: Table) -> BodyFormat:
    found: BodyFormat = table.take("format", one_of("json", "form"), "json")
    table.finish()
    return found


def _topic(table: Table) -> Topic:
    ways = [way for way in ("header", "field", "always") if way in table]
    if len(ways) != 1:
        table.wrong("header", "there must be one of header, field and always, where the topic is to be found")
    found = Topic(
        header=table.take("header", HEADER, None),
        field=table.take("field", expression, None),
        always=table.take("always", line(60), None),
        example=table.take("example", line(60), "") or str(table.take("always", line(60), "")),
    )
    table.finish()
    return found


def _ping(table: Table) -> Ping:
    ping = Ping(
        body=re.compile(table.take("body", _pattern, "x", required=True).encode("ascii")),
        without_headers=table.take("without_headers", HEADER, "-", required=True),
    )
    table.finish()
    return ping


def _pattern(raw: object) -> str:
    text = any_text(raw)
    try:
        re.compile(text.encode("ascii"))
    except (re.error, UnicodeEncodeError) as error:
        raise ValueError(f"is not a regular expression: {error}") from None
    if not _PLAIN_PATTERN.fullmatch(text):
        raise ValueError(
            "must do without ( ) and |, and with two of * + ? { at most: strangers choose what it is held against"
        )
    return text
