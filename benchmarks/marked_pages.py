"""Pages of the documentation that hold a benchmark's tables between two marks."""

import os
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
END = "<!-- to here -->"


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """A page of `docs/`, and the benchmark whose tables it holds."""

    name: str
    benchmark: str

    @property
    def text(self) -> str:
        return (DOCS / self.name).read_text(encoding="utf-8")

    def tables(self) -> str:
        """What stands between the marks now."""
        _, rest = self.text.split(self._begin)
        inside, _ = rest.split(END, 1)
        return inside.strip()

    def with_tables(self, tables: str) -> str:
        """The page's text with these tables in place of those it holds; ValueError where a mark is missing."""
        before, rest = self.text.split(self._begin)
        _, after = rest.split(END, 1)
        return f"{before}{self._begin}\n\n{tables}\n\n{END}{after}"

    @property
    def _begin(self) -> str:
        return f"<!-- benchmarks/{self.benchmark}.py writes from here -->"

    def write(self, tables: str) -> None:
        (DOCS / self.name).write_text(self.with_tables(tables), encoding="utf-8")

    def say(self, tables: Callable[[], str], arguments: Sequence[str]) -> None:
        """Make the tables, and print them; `--write` puts them into the page instead."""
        if "--write" in arguments:
            self.write(tables())
        else:
            sys.stdout.write(f"{tables()}\n")


def measured_here(python: str | None = None) -> str:
    """Say when and on what machine something was measured, and by which Python if it is not the one that runs this."""
    cores = len(os.sched_getaffinity(0))
    version = python or platform.python_version()
    return f"Measured on {datetime.now(tz=UTC):%Y-%m-%d}, {cores} cores ({platform.machine()}), Python {version}."
