"""A table that another service exported: bytes become rows, and its columns get our names.

It is read once from its beginning to its end, whatever its size. What makes the whole file unreadable is a BadField of `FILE`; what is
wrong with one row is a `WrongRow`. Neither repeats what stands in a cell, because cells hold addresses.
"""

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import BinaryIO, NamedTuple

from cx_domain.errors import BadField

SEPARATORS = (",", ";", "\t")
_CHUNK = 65_536
_LONGEST_LINE = 1_000_000
_HEAD = 40
"""A header cell may have line breaks in it, but a header of forty lines is none."""
_END_OF_LINE = re.compile(r"\r\n|\n|\r(?=.)", re.DOTALL)
_SEPARATOR_LINE = re.compile(r"(?i)sep=(.)\s*")
_MARKS = re.compile(r"[\s_\-./\\:;?!*#()\[\]{}\"'`\u2019\u00ad\ufeff]+")
_WORKBOOK = b"PK\x03\x04"

Synonyms = Mapping[str, Sequence[str]]
"""By our name of a column, what others call it, as `normalised` writes it; the surest first."""


class Row(NamedTuple):
    """One record, and the line of the file on which it begins (the first is 1)."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrongRow:
    """What is wrong with one row, in words that hold nothing of it."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Table:
    """The names of the columns, and the rows after them; the rows can be gone through once."""

    header: tuple[str, ...]
    rows: Iterator[Row | WrongRow]


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each of our columns stands in a row, and by which name of the file's; and the names that nothing is taken from."""

    places: Mapping[str, tuple[int, ...]]
    named: Mapping[str, tuple[str, ...]]
    unused: tuple[str, ...]

    def has(self, *names: str) -> bool:
        """Say whether the file has any of these columns."""
        return any(name in self.places for name in names)

    def texts(self, row: Row, name: str) -> list[str]:
        """What the row says there, trimmed, empty cells left out."""
        return [text for place in self.places.get(name, ()) if (text := row.cells[place].strip())]

    def text(self, row: Row, name: str) -> str:
        """The first of them; nothing where there is none."""
        return next(iter(self.texts(row, name)), "")


def table(file: BinaryIO) -> Table:
    """Read a file in UTF-8 (with or without a byte order mark) or UTF-16 (with one), whose cells stand between commas, semicolons or tabs."""
    lines = _lines(_texts(file))
    head = list(islice(lines, _HEAD))
    told = _SEPARATOR_LINE.fullmatch(head[0]) if head else None
    skipped = 1 if told else 0
    separator = told[1] if told else _separator(head)
    rows = _rows(chain(head[skipped:], lines), separator, skipped)
    first = next(rows, None)
    if first is None:
        raise BadField("FILE", "holds no rows")
    if any("@" in cell for cell in first.cells):
        raise BadField("FILE", f"line {first.line} must name the columns, and holds an address")
    return Table(first.cells, _as_wide(rows, len(first.cells)))


def columns(
    header: Sequence[str],
    synonyms: Synonyms,
    *,
    several: Iterable[str] = (),
    given: Mapping[str, str] | None = None,
    ignored: Iterable[str] = (),
) -> Columns:
    """Give columns our names: those that `given` says, then those that are known by a synonym. Only `several` may stand twice.

    Of two columns that could be meant, the one with the surer name is; the other is left unused, as those are that are `ignored`.
    """
    given, left_out = given or {}, {normalised(name) for name in ignored}
    names = ["" if normalised(name) in left_out else normalised(name) for name in header]
    places = {ours: _given(ours, theirs, names, synonyms) for ours, theirs in given.items()}
    for ours, known in synonyms.items():
        taken = {place for found in places.values() for place in found}
        by_name = [
            [place for place, theirs in enumerate(names) if theirs == name and place not in taken] for name in known
        ]
        found = list(dict.fromkeys(chain.from_iterable(by_name)))
        if ours in places or not found:
            continue
        if ours not in several and len(found) > 1 and names[found[0]] == names[found[1]]:
            raise BadField("FILE", f"two columns are named {header[found[0]]!r}: rename one of them")
        places[ours] = tuple(found) if ours in several else (found[0],)
    used = {place for found in places.values() for place in found}
    return Columns(
        places=places,
        named={ours: tuple(header[place] for place in found) for ours, found in places.items()},
        unused=tuple(name for place, name in enumerate(header) if place not in used),
    )


def normalised(name: str) -> str:
    """Write a column's name, or a word in a cell, as its other spellings would be: `Opt-Out?` and `opt_out` are `opt out`."""
    return _MARKS.sub(" ", name.casefold()).strip()


def _given(ours: str, theirs: str, names: Sequence[str], synonyms: Synonyms) -> tuple[int, ...]:
    if ours not in synonyms:
        raise BadField("--column", f"{ours!r} is none of ours; there is {', '.join(synonyms)}")
    found = tuple(place for place, name in enumerate(names) if name == normalised(theirs))
    if not found:
        raise BadField("--column", f"the file has no column {theirs!r}")
    return found[:1]


def _texts(file: BinaryIO) -> Iterator[str]:
    """Decode piece by piece; the error names the byte, and the line on which it stands."""
    chunk = file.read(_CHUNK)
    encoding, mark = _encoding(chunk)
    decoder, chunk, lines = codecs.getincrementaldecoder(encoding)(), chunk[mark:], 1
    while True:
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode(encoding)
            raise BadField(
                "FILE",
                f"line {lines + _breaks(before)} holds the byte 0x{error.object[error.start]:02x}, which is not "
                f"{'UTF-8' if encoding == 'utf-8' else 'UTF-16'}; save the file as CSV in UTF-8 (spreadsheets often "
                "write cp1250 or cp1252)",
            ) from error
        lines += _breaks(text)
        yield text
        if not chunk:
            return
        chunk = file.read(_CHUNK)


def _encoding(begin: bytes) -> tuple[str, int]:
    """By its mark, with the mark's length."""
    if begin.startswith(_WORKBOOK):
        raise BadField("FILE", "is a workbook, not a CSV file; save it as CSV in UTF-8")
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if begin.startswith(mark):
            return name, len(mark)
    return "utf-8", 0


def _breaks(text: str) -> int:
    return text.count("\n") or text.count("\r")


def _lines(texts: Iterable[str]) -> Iterator[str]:
    """Whole lines with their ends; a line separator of Unicode's within a cell ends none."""
    rest, number = "", 0
    for text in texts:
        rest += text
        end = 0
        for found in _END_OF_LINE.finditer(rest):
            number += 1
            yield rest[end : found.end()]
            end = found.end()
        rest = rest[end:]
        if len(rest) > _LONGEST_LINE:
            raise BadField("FILE", f"line {number + 1} is longer than {_LONGEST_LINE} characters: this is no table")
    if rest:
        yield rest


def _separator(head: Sequence[str]) -> str:
    """The one that cuts the header into most cells."""
    return max(SEPARATORS, key=lambda each: _width(head, each))


def _width(head: Sequence[str], separator: str) -> int:
    try:
        return len(next(csv.reader(head, delimiter=separator, strict=True), ()))
    except csv.Error:
        return 0


def _rows(lines: Iterable[str], separator: str, skipped: int) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        begins = reader.line_num + skipped + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            why = "its quotation marks do not pair, or a cell is longer than 131072 characters"
            raise BadField("FILE", f"the row that begins on line {begins} cannot be read: {why}") from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield Row(begins, tuple(cells))


def _as_wide(rows: Iterable[Row], width: int) -> Iterator[Row | WrongRow]:
    """Spreadsheets leave out empty cells at the end of a row, and programs that forget quotes make more cells than there are columns."""
    for row in rows:
        if any(cell.strip() for cell in row.cells[width:]):
            yield WrongRow(row.line, f"has {len(row.cells)} cells, where the header has {width}")
        else:
            yield Row(row.line, (*row.cells, *[""] * width)[:width])
