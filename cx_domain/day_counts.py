"""A day's total from the rows of its files, so that a day of a million answers is counted in seconds and in little memory.

What an answer is counted by stands first in its row (`day_files.FIRST`). That beginning is cut into the question with its score, each
segment, and the reasons; what is the same in many rows is read once, and counted as often as it stands there. Totals can be added: so
a thousand equal lines are ten doublings, and a file is counted in parts.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from cx_domain.day_files import BEGINS, FIRST
from cx_domain.shops import Shop
from cx_domain.totals import WHOLE, DayTotal, day_total, together

# A quote within a text is escaped, so no comment reads like one of these.
_SEGMENTS, _DRIVERS, _REST = (f',"{key}":' for key in FIRST[-3:])
_NEXT = '"],"'
"""What stands between two segments, and within one whose value begins with `],`: then the cut leaves a piece that ends like `_UNCLEAR`."""
_UNCLEAR = ("[", ",")
_AT_ONCE = 5_000

Parts = Mapping[str, Mapping[str, int]]
"""By the beginnings of rows, how often they have what there."""


def counted(answers: Iterable[str], asked: Iterable[str], tickets: Iterable[str], shop: Shop) -> DayTotal:
    """Count the rows of a day's three files: the same as `day_total` of their lines."""
    parts = [day_total((), map(json.loads, rows), shop) for rows in _some(asked)]
    parts.append(day_total((), (), shop, map(json.loads, tickets)))
    return together((_of_answers(answers, shop), *parts))


def _of_answers(answers: Iterable[str], shop: Shop) -> DayTotal:
    heads: Counter[str] = Counter()
    by_segment: Counter[tuple[str, str]] = Counter()
    by_drivers: Counter[tuple[str, str]] = Counter()
    uncut = [DayTotal()]
    for rows in _some(answers):
        segments, drivers = _cut(rows)
        if not _is_clear(segments):
            uncut.append(day_total(map(json.loads, rows), (), shop))
            continue
        heads.update({head: sum(found.values()) for head, found in drivers.items()})
        _add(by_segment, segments)
        _add(by_drivers, drivers)
    whole = _total({_line(head): times for head, times in heads.items()}, shop)
    segmented = _total({_line(head, f'{{"{one}"]}}'): times for (head, one), times in by_segment.items() if one}, shop)
    named = _total({_line(head, drivers=some): times for (head, some), times in by_drivers.items()}, shop)
    cells = {cell: found for cell, found in segmented.cells.items() if cell.dimension != WHOLE}
    return together((replace(whole, cells={**whole.cells, **cells}, drivers=named.drivers), *uncut))


def _cut(rows: Iterable[str]) -> tuple[Parts, Parts]:
    """Cut rows into their segments and their reasons, both by what stands before."""
    segments: defaultdict[str, list[str]] = defaultdict(list)
    drivers: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        begin = row.find(_SEGMENTS)
        middle = row.find(_DRIVERS, begin)
        end = row.find(_REST, middle)
        head = row[:begin] if 0 < begin < middle < end else ""
        # From within the first key's quote to within the last value's: {"country":["PL"],"language":["pl"]}.
        segments[head] += row[begin + len(_SEGMENTS) + 2 : middle - 3].split(_NEXT)
        drivers[head].append(row[middle + len(_DRIVERS) : end])
    return _counts(segments), _counts(drivers)


def _counts(parts: Mapping[str, list[str]]) -> Parts:
    return {head: Counter(found) for head, found in parts.items()}


def _is_clear(segments: Parts) -> bool:
    """Say whether all rows were written as ours are now, and cut where a segment ends."""
    return all(
        head.startswith(BEGINS) and not any(one.endswith(_UNCLEAR) for one in found) for head, found in segments.items()
    )


def _add(counts: Counter[tuple[str, str]], parts: Parts) -> None:
    for head, found in parts.items():
        counts.update({(head, value): times for value, times in found.items()})


def _line(head: str, segments: str = "{}", drivers: str = "[]") -> str:
    return f"{head}{_SEGMENTS}{segments}{_DRIVERS}{drivers}}}"


def _total(lines: Mapping[str, int], shop: Shop) -> DayTotal:
    """Count each line so many times, by the digits of the number in base two."""
    read = [(json.loads(line), times) for line, times in lines.items()]
    whole = DayTotal()
    for digit in reversed(range(max(lines.values(), default=0).bit_length())):
        digits = day_total((line for line, times in read if times >> digit & 1), (), shop)
        whole = together((whole, whole, digits))
    return whole


def _some(rows: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(rows)
    while some := list(islice(remaining, _AT_ONCE)):
        yield some
