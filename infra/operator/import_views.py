"""What an import says: which columns it takes, which rows are wrong, and what becomes of the others.

Nothing that stands in a cell is ever printed: cells hold addresses, and a terminal's lines are kept in many places.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from cx_domain.errors import BadField
from cx_domain.imports import Columns, Table, WrongRow, table
from infra.operator import screen

T = TypeVar("T", bound=str)
R = TypeVar("R")

_FIRST = 5
_PROGRESS = 10_000


@dataclass(slots=True)
class Seen:
    """What was met on the way through a file: rows that are wrong, and rows that are left out for a reason."""

    wrong: list[WrongRow] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    rows: int = 0


@contextmanager
def opened(file: Path) -> Iterator[Table]:
    """The file's table, for as long as it is read."""
    with file.open("rb") as stream:
        yield table(stream)


def say_columns(file: Path, columns: Callable[[Sequence[str]], Columns]) -> None:
    """Tell which columns are taken for what, before anything else is said of the file."""
    with opened(file) as found:
        recognised = columns(found.header)
    taken = [f"{ours} from {', '.join(map(repr, names))}" for ours, names in recognised.named.items()]
    screen.say(f"Columns taken: {'; '.join(taken)}.")
    screen.say(f"Columns not used: {', '.join(map(repr, recognised.unused)) or 'none'}.")


def checked(read: Callable[[Seen], Iterable[object]], *, dry_run: bool, skip_wrong: bool) -> Seen:
    """Go through the whole file before anything is written; BadField if a row is wrong and must not be skipped."""
    seen = Seen()
    for _ in read(seen):
        pass
    if dry_run:
        return seen
    for wrong in seen.wrong:
        screen.note(f"line {wrong.line}: {wrong.why}")
    if seen.wrong and not skip_wrong:
        count = f"{len(seen.wrong)} of {seen.rows} rows are wrong"
        raise BadField("FILE", f"{count}, and nothing was written; mend them, or leave them out with --skip-wrong")
    return seen


def good(rows: Iterable[R | WrongRow | str], seen: Seen) -> Iterator[R]:
    """Let the good rows through, and note the others."""
    for row in rows:
        seen.rows += 1
        if isinstance(row, WrongRow):
            seen.wrong.append(row)
        elif isinstance(row, str):
            seen.left[row] += 1
        else:
            yield row


def _waited_for(parts: Iterable[Mapping[T, int]]) -> Counter[str]:
    """Add up what was done, and tell from time to time how far it has come."""
    done: Counter[str] = Counter()
    for part in parts:
        before = done.total()
        done.update(part)
        if done.total() // _PROGRESS > before // _PROGRESS:
            screen.note(f"{done.total()} rows so far")
    return done


def say_outcome(parts: Iterable[Mapping[T, int]], seen: Seen, words: Mapping[str, str], *, dry_run: bool) -> None:
    """Wait for the parts, and tell what becomes of how many rows; of a dry run also which are wrong."""
    _say_counts(_waited_for(parts) + seen.left, words, dry_run=dry_run)
    if dry_run:
        _say_first(seen.wrong)


def _say_counts(counts: Mapping[str, int], words: Mapping[str, str], *, dry_run: bool) -> None:
    """Tell what becomes of how many rows."""
    screen.say("Nothing was written. This would happen:" if dry_run else "Done:")
    for name, said in words.items():
        if counts.get(name):
            screen.say(f"  {said}: {counts[name]}")
    if not any(counts.values()):
        screen.say("  nothing")


def _say_first(wrong: Sequence[WrongRow]) -> None:
    """Tell the first wrong rows, as a dry run does."""
    if not wrong:
        return
    screen.say(f"Wrong rows: {len(wrong)}")
    for each in wrong[:_FIRST]:
        screen.say(f"  line {each.line}: {each.why}")
    if len(wrong) > _FIRST:
        screen.say(f"  and {len(wrong) - _FIRST} more")
