"""The files of customers' histories: one line a customer, and how a file that grew too large comes apart.

A file is gzipped JSON lines, sorted by customer: `{"customer": key, "entries": [entry, ...]}`, entries sorted by id. A file that
has come apart is one line, `{"parts": name}`, and its lines stand in files of their own, by the key's next letter. Equal entries
give equal bytes, however and in whatever order they came.
"""

import gzip
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cx_domain.histories import Entry, newest
from cx_domain.surveys import CustomerKey, SurveyId

LETTERS = "234567abcdefghijklmnopqrstuvwxyz"
"""Of which a customer's key is made (`identities`), so that a file has at most 32 parts."""
MOST_CUSTOMERS = 20_000
"""Of one file. A night writes a file anew for one answer in it, so a file should be small; and each file that is touched costs a
request, so there should be few. Twenty thousand customers are about two megabytes."""

Lines = Mapping[str, str]
"""Each customer's line, as it stands in the file: what nobody touches is not read."""
Changes = Mapping[CustomerKey, Mapping[SurveyId, Entry | None] | None]
"""What must stand in a customer's line, by survey; None where it must not. A customer who must leave is None as a whole."""

_BEGIN = '{"customer":"'
_LEVEL = 6


@dataclass(frozen=True, slots=True)
class Parts:
    """A file whose lines stand in its parts; the name tells these parts from those of any other attempt."""

    name: str


def encode(content: Lines | Parts) -> bytes:
    """Equal contents give equal bytes."""
    rows = [_json({"parts": content.name})] if isinstance(content, Parts) else [content[key] for key in sorted(content)]
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=0, compresslevel=_LEVEL) as file:
        file.write("".join(f"{row}\n" for row in rows).encode())
    return packed.getvalue()


def decode(body: bytes) -> dict[str, str] | Parts:
    """Read a file back: its lines by customer, or where they stand now."""
    parts = parts_of(body)
    if parts is not None:
        return parts
    rows = gzip.decompress(body).decode().split("\n")
    return {row[len(_BEGIN) : row.index('"', len(_BEGIN))]: row for row in rows if row}


def parts_of(body: bytes) -> Parts | None:
    """Say where a file's lines stand that has come apart; None for one that has them itself."""
    with gzip.GzipFile(fileobj=io.BytesIO(body)) as file:
        first = file.read(len(_BEGIN))
        if not first or first == _BEGIN.encode():
            return None
        return Parts(json.loads(first + file.read())["parts"])


def upsert(lines: Lines, changes: Changes, oldest: datetime) -> dict[str, str]:
    """Put each changed entry in place of its old one. What is older than `oldest` leaves the lines that are touched."""
    merged = dict(lines)
    for customer, entries in changes.items():
        line = None if entries is None else _merged(merged.get(customer), customer, entries, oldest)
        if line is None:
            merged.pop(customer, None)
        else:
            merged[customer] = line
    return merged


def kept_since(lines: Lines, oldest: datetime) -> dict[str, str]:
    """Leave out whatever is older."""
    return upsert(lines, {CustomerKey(customer): {} for customer in lines}, oldest)


def without(lines: Lines, ids: Iterable[str]) -> dict[str, str]:
    """Leave out what these surveys told, whosever line it stands in."""
    gone = {survey_id: f'"id":"{survey_id}"' for survey_id in ids}
    cleaned = dict(lines)
    for customer, line in lines.items():
        found = {SurveyId(survey_id): None for survey_id, mark in gone.items() if mark in line}
        if found:
            cleaned = upsert(cleaned, {CustomerKey(customer): found}, _EVER)
    return cleaned


def come_apart(lines: Lines, letter: int) -> dict[str, dict[str, str]]:
    """Deal the lines out by the key's letter at that place."""
    parts: dict[str, dict[str, str]] = {}
    for customer, line in lines.items():
        parts.setdefault(customer[letter], {})[customer] = line
    return parts


def parts_name(body: bytes) -> str:
    """Name the parts of exactly this file: another version of it has parts of another name."""
    return hashlib.sha256(body).hexdigest()[:16]


_EVER = datetime.fromisoformat("0001-01-01T00:00:00Z")


def _merged(line: str | None, customer: str, changes: Mapping[SurveyId, Entry | None], oldest: datetime) -> str | None:
    known: dict[SurveyId, Entry | None] = {}
    if line is not None:
        known.update({told["id"]: told for told in json.loads(line)["entries"]})
    known.update(changes)
    kept = [told for _, told in sorted(known.items()) if told is not None and newest(told) >= oldest]
    return _json({"customer": customer, "entries": kept}) if kept else None


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
