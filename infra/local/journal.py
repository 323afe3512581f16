"""What the local stack keeps through a kill: results, not requests, in one SQLite file."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Kind = Literal["item", "object", "message", "parameter", "mail", "suppressed"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One kept thing: `place` is its table, bucket or queue, `key` names it there; without a value it is gone."""

    kind: Kind
    place: str
    key: str
    value: Mapping[str, Any] | None
    body: bytes = b""


class Journal:
    """The file. Its owner writes each call's entries before the call is answered, under its own lock."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        # A killed process loses nothing that SQLite handed to the system; only a power cut could, and a laptop may lose that.
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        # What is deleted is written over, so that an erased person's bytes do not linger in pages that are free.
        self._connection.execute("PRAGMA secure_delete = ON")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS kept (kind TEXT, place TEXT, key TEXT, value TEXT NOT NULL, body BLOB NOT NULL,"
            " UNIQUE (kind, place, key))"
        )

    def write(self, entries: Iterable[Entry]) -> None:
        """Keep all of them or none."""
        entries = tuple(entries)
        if not entries:
            return
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for entry in entries:
                self._write(entry)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _write(self, entry: Entry) -> None:
        if entry.value is None:
            where = (entry.kind, entry.place, entry.key)
            self._connection.execute("DELETE FROM kept WHERE kind = ? AND place = ? AND key = ?", where)
            return
        row = (entry.kind, entry.place, entry.key, json.dumps(entry.value), entry.body)
        # An upsert keeps the row's place, and with it the order of messages and mails.
        self._connection.execute(
            "INSERT INTO kept VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (kind, place, key) DO UPDATE SET value = excluded.value, body = excluded.body",
            row,
        )

    def read(self, kind: Kind) -> Iterator[Entry]:
        """Give all that is kept of a kind, in the order in which it first came."""
        rows = self._connection.execute(
            "SELECT place, key, value, body FROM kept WHERE kind = ? ORDER BY rowid", (kind,)
        )
        for place, key, value, body in rows:
            yield Entry(kind, place, key, json.loads(value), body)

    def close(self) -> None:
        self._connection.close()
