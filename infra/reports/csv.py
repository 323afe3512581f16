"""Every answer of a period as one row, counted or not, for whatever a shop does its own sums with.

UTF-8 with a byte order mark, commas, CRLF: as RFC 4180 and spreadsheets expect it. What a spreadsheet could take for a formula
gets an apostrophe in front (https://owasp.org/www-community/attacks/CSV_Injection); numbers stay numbers.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from cx_domain.day_lines import Line
from cx_domain.shops import Shop

_BEFORE = ("given_at", "kind", "touchpoint", "score", "verdict", "comment", "drivers", "may_reply")
_AFTER = ("order", "total", "currency", "source", "id", "series")
_LINE_KEYS = {"series": "question"}
"""Where a column has another name than in a line."""
_NUMBERS = frozenset({"score", "total"})
_FORMULA = re.compile(r"""((?:^|[;\t\r\n])[\s"']*)([=+@\uff0b\uff0d\uff1d\uff20]|-(?!\)))|^(?=[\t\r\n])""")
"""Where a cell can begin with a formula, full-width signs too. Not only at the text's own start: a spreadsheet whose list separator
is the semicolon, as in most of Europe, ends a cell there, sees no quotes around the field, and begins a row at a line break. A smile
;-) is none.
"""

Cell = str | int


def render_csv(lines: Iterable[Line], shop: Shop) -> bytes:
    """The rows, oldest first; a column for each of the shop's segments, `given_at` in its zone."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*_BEFORE, *map(harmless, shop.reports.segments), *_AFTER])
    writer.writerows(_row(line, shop) for line in sorted(lines, key=lambda line: (line["given_at"], line["id"])))
    return text.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """The text, with an apostrophe wherever a cell could otherwise start as a formula does."""
    return _FORMULA.sub(lambda found: f"{found[1] or ''}'{found[2] or ''}", text)


def _row(line: Line, shop: Shop) -> Sequence[Cell]:
    segments = [harmless(", ".join(line["segments"].get(name, ()))) for name in shop.reports.segments]
    return [*(_cell(line, name, shop) for name in _BEFORE), *segments, *(_cell(line, name, shop) for name in _AFTER)]


def _cell(line: Line, name: str, shop: Shop) -> Cell:
    value = line[_LINE_KEYS.get(name, name)]
    if value is None:
        return ""
    if name == "given_at":
        return datetime.fromisoformat(value).astimezone(shop.zone).isoformat(timespec="seconds")
    if name == "drivers":
        return harmless(", ".join(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if name in _NUMBERS else harmless(str(value))
