"""Day files as they lie in the bucket: gzipped JSON lines, sorted by id, written and read a row at a time.

A day can have a million lines. Those that nobody changed are copied as they stand, and no file is ever held unpacked as a whole.
"""

import gzip
import io
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

from cx_domain.day_lines import Line, upsert
from cx_domain.errors import NotConfigured

FIRST: Final = (
    *("kind", "touchpoint", "question", "journey_stage", "score", "score_if_all_counted", "verdict", "protection"),
    *("segments", "drivers", "id"),
)
"""What an answer is counted by stands first in its row, before its id, so that `day_counts` can tell equal ones without reading the rest."""
BEGINS: Final = '{"kind":"'
"""How such a row begins; an older release sorted all keys."""

_LEVEL = 3
"""Packs in half the time of the usual 6, and makes a file a fifth larger."""
_OLD = ('{"answered":', '{"comment":')
"""How an older release began the rows of `asked` and of `answers`."""
_ID = '"id":"'
_AT_ONCE = 1000

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def row(line: Line) -> str:
    """Equal lines give equal rows."""
    ordered = {key: line[key] for key in FIRST if key in line}
    if "segments" in ordered:
        ordered["segments"] = dict(sorted(line["segments"].items()))
    ordered.update((key, line[key]) for key in sorted(line) if key not in ordered)
    return _encode(ordered) + "\n"


def packed(rows: Iterable[str]) -> bytes:
    """Pack rows, each with its line end, that are sorted by id."""
    body = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=body, mtime=0, compresslevel=_LEVEL) as file:
        for part in _together(rows):
            file.write(part.encode())
    return body.getvalue()


def rows(body: bytes) -> Iterator[str]:
    """Unpack a file's rows, each with its line end. NotConfigured for a torn file: an operator must act."""
    try:
        # Only "\n" ends a line: a comment may hold U+2028 and its like.
        with gzip.open(io.BytesIO(body), "rt", encoding="utf-8", newline="\n") as file:
            yield from file
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise NotConfigured("torn: bring its earlier version back, or delete it and recount its day") from error


def encode(lines: Mapping[str, Line]) -> bytes:
    """Pack lines by id; equal lines give equal bytes."""
    return packed(row(lines[id_]) for id_ in sorted(lines))


def decode(body: bytes) -> dict[str, Line]:
    """Read a file's lines, by id."""
    lines = map(json.loads, rows(body))
    return {line["id"]: line for line in lines}


def ids(body: bytes) -> Iterator[str]:
    """Read the ids of a file's lines, in their order, without the lines."""
    for known in rows(body):
        try:
            yield _id(known)
        except _WrittenOtherwise:
            yield json.loads(known)["id"]


def changed(body: bytes | None, changes: Mapping[str, Line | None]) -> bytes:
    """Put each changed line in place of its old one, None removing it: the same bytes as `encode` of all the lines."""
    try:
        return packed(_merged(rows(body) if body else (), changes))
    except _WrittenOtherwise:
        return encode(upsert(decode(body) if body else {}, changes))


class _WrittenOtherwise(Exception):
    """An older release, or somebody's hand, wrote a row otherwise than we do; then the file is read and written as a whole."""


def _merged(old: Iterable[str], changes: Mapping[str, Line | None]) -> Iterator[str]:
    """Both are sorted by id, and so is what comes of them."""
    coming = sorted(changes, reverse=True)
    before = ""
    for known in old:
        id_ = _id(known)
        if id_ < before or known.startswith(_OLD):
            raise _WrittenOtherwise
        before = id_
        while coming and coming[-1] < id_:
            yield from _new(changes[coming.pop()])
        if coming and coming[-1] == id_:
            yield from _new(changes[coming.pop()])
        else:
            yield known
    for id_ in reversed(coming):
        yield from _new(changes[id_])


def _new(line: Line | None) -> tuple[str, ...]:
    return () if line is None else (row(line),)


def _id(known: str) -> str:
    # A quote within a text is escaped, so nothing but the key itself reads like this.
    start = known.find(_ID)
    if start < 0:
        raise _WrittenOtherwise
    start += len(_ID)
    id_ = known[start : known.index('"', start)]
    return json.loads(known)["id"] if "\\" in id_ else id_


def _together(rows: Iterable[str]) -> Iterator[str]:
    """Packing many rows at once costs less than one by one."""
    remaining = iter(rows)
    while part := "".join(islice(remaining, _AT_ONCE)):
        yield part
