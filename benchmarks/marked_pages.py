"""Pages of the documentation that hold a benchmark's tables between two marks."""

from dataclasses import dataclass
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

    def with_tables(self, tables: str) -> str:
        """The page's text with these tables in place of those it holds."""
        begin = f"<!-- benchmarks/{self.benchmark}.py writes from here -->"
        before, rest = self.text.split(begin)
        return f"{before}{begin}\n\n{tables}\n\n{END}{rest.split(END)[1]}"

    def write(self, tables: str) -> None:
        (DOCS / self.name).write_text(self.with_tables(tables), encoding="utf-8")
