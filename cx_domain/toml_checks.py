"""Reading a TOML table strictly, and collecting every mistake instead of stopping at the first.

A check turns a raw value into what it means, or raises ValueError with what is wrong. After a mistake a stand-in is returned,
so that reading goes on; whoever reads must throw the result away if there are mistakes.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from cx_domain.errors import Mistake
from cx_domain.value_checks import called, did_you_mean

T = TypeVar("T")
Check = Callable[[object], T]
Names = tuple[str, ...] | re.Pattern[str]
"""The keys that a table may have: these, or all of this form."""


@dataclass
class Notes:
    """What came up while a file was read: its mistakes, and every key that was asked for (`surveys[].kind`)."""

    mistakes: list[Mistake] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def wrong(self, key: str, why: str) -> None:
        self.mistakes.append(Mistake(key, why))


class Table:
    """One table of the file. Keys that nobody asked for by `finish` are mistakes."""

    def __init__(self, values: Mapping[str, object], notes: Notes, path: str = "", kind: str = "") -> None:
        self._values = values
        self._notes = notes
        self._path = path
        self._kind = kind
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._values

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """The mistakes of the whole file so far."""
        return tuple(self._notes.mistakes)

    def is_empty_list(self, key: str) -> bool:
        return self._values.get(key) == []

    def named(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def wrong(self, key: str, why: str) -> None:
        self._notes.wrong(self.named(key), why)

    def take(self, key: str, check: Check[T], stand_in: T, *, required: bool = False) -> T:
        """Return the key's meaning; the stand-in if it is absent or wrong."""
        if not self._has(key, required):
            return stand_in
        return self._try(self.named(key), check, self._raw(key), stand_in)

    def take_each(self, key: str, check: Check[T], stand_in: tuple[T, ...], *, required: bool = False) -> tuple[T, ...]:
        """Return a list without repetitions; each wrong element is a mistake of its own (`managers[0]`)."""
        if not self._has(key, required):
            return stand_in
        raw = self._raw(key)
        if not isinstance(raw, list):
            self.wrong(key, f"must be a list, not {called(raw)}")
            return stand_in
        before = len(self._notes.mistakes)
        found = [self._try(f"{self.named(key)}[{n}]", check, value, None) for n, value in enumerate(raw)]
        if len(self._notes.mistakes) > before:
            return stand_in
        good = tuple(value for value in found if value is not None)
        if len(set(good)) < len(good):
            self.wrong(key, "says the same twice")
        return good

    def table(self, key: str) -> "Table":
        """Return the table under this key; an empty one stands in for one that is absent, and says what it lacks."""
        raw = self._raw(key) if self._has(key) else {}
        if not isinstance(raw, dict):
            self.wrong(key, f"must be a table, not {called(raw)}")
            raw = {}
        return Table(raw, self._notes, self.named(key), self._kind_named(key))

    def tables(self, key: str) -> Iterator["Table"]:
        """Yield each `[[key]]`."""
        raw = self._raw(key) if self._has(key) else []
        if not isinstance(raw, list) or not all(isinstance(each, dict) for each in raw):
            self.wrong(key, f"must be tables, each under its own [[{key}]]")
            return
        for number, each in enumerate(raw):
            yield Table(each, self._notes, f"{self.named(key)}[{number}]", f"{self._kind_named(key)}[]")

    def entries(self, key: str, names: Names, check: Callable[[str, object], T]) -> dict[str, T] | None:
        """Return a table whose keys are the shop's choice out of `names`, or None if it is absent."""
        if not self._has(key):
            return None
        table, found = self.table(key), {}
        known = names if isinstance(names, tuple) else tuple(filter(names.fullmatch, table._values))  # noqa: SLF001 - a table of the same class
        for name in table._values:  # noqa: SLF001
            if name in known:
                value = table.take(name, partial(check, name), None)
                found.update({} if value is None else {name: value})
        table.finish(known)
        return found

    def tables_by_name(self, key: str, names: re.Pattern[str], read: Callable[["Table"], T]) -> dict[str, T]:
        """Read each `[key.<name>]`; its keys are named `key.*` in general."""
        table, found = self.table(key), {}
        for name, raw in table._values.items():  # noqa: SLF001 - a table of the same class
            if not names.fullmatch(name):
                table.wrong(name, "is no name that a table may have here: " + names.pattern)
            elif not isinstance(raw, dict):
                table.wrong(name, f"must be a table, not {called(raw)}")
            else:
                found[name] = read(Table(raw, self._notes, table.named(name), f"{self._kind_named(key)}.*"))
        return found

    def finish(self, also_known: Iterable[str] = ()) -> None:
        """Call every key that was never asked for a mistake."""
        known = self._asked.union(also_known)
        for key in self._values:
            if key not in known:
                self.wrong(key, "is not a key that is known here" + did_you_mean(key, known))

    def _raw(self, key: str) -> object:
        return self._values.get(key)

    def _kind_named(self, key: str) -> str:
        return f"{self._kind}.{key}" if self._kind else key

    def _has(self, key: str, required: bool = False) -> bool:
        self._asked.add(key)
        self._notes.keys.append(self._kind_named(key))
        if key not in self._values and required:
            self.wrong(key, "must be there")
        return key in self._values

    def _try(self, name: str, check: Check[T], raw: object, stand_in: T) -> T:
        try:
            return check(raw)
        except ValueError as why:
            self._notes.wrong(name, str(why))
            return stand_in
