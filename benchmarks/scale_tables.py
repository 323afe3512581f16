"""The sums of docs/scale.md as tables."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from benchmarks import scale_sums as sums
from benchmarks.life_writes import entry_bytes, fullest
from benchmarks.scale_bills import bill
from benchmarks.shop_days import DAY, LINKS, SIZES, Size, minutes, shares
from infra.aws import keys
from tests.template import parameter

Cell = str | float
_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Heat:
    """What was played of one size: the hottest partition of each index with its units in a second, and those of the whole table."""

    hottest: Mapping[str, tuple[str, int]]
    whole: int


def all_tables(heats: Mapping[str, Heat]) -> str:
    """Return all tables, each under its caption."""
    parts = (
        ("Writes and reads of the hottest keys", heat_table(heats)),
        ("Mails", _by_size(_pace)),
        ("Functions at their busiest", functions_table()),
        ("Nights", _by_size(_night)),
        ("Objects of S3", _by_size(_objects)),
        ("A month's bill, in US dollars", _by_size(bill)),
        ("Up to where each setting reaches", limits_table()),
    )
    return "\n\n".join(f"**{caption}**\n\n{table}" for caption, table in parts)


def heat_table(heats: Mapping[str, Heat]) -> str:
    """One row for each size and key."""
    head = ("size", "key", "writes /s", "of 1 000", "reads /s", "of 3 000")
    return _table(head, (row for size in SIZES for row in _heat_rows(size, heats[size.name])))


def _heat_rows(size: Size, heat: Heat) -> Iterable[tuple[Cell, ...]]:
    webhook, sender, _, page = sums.loads(size)
    processes = max(1.0, webhook.at_once) + max(1.0, sender.at_once) + max(1.0, page.at_once)
    day = minutes(size)
    swept = sums.swept_keys(size.rate, max(*day.waiting, *day.due)) / keys.SHARDS * entry_bytes("due")
    yield _heat(size, "`due`: a shard", heat.hottest["due"][1], _paced(swept, sums.memory("dispatch", size)))
    changed = sums.changed_a_night(size) * entry_bytes("changes")
    yield _heat(
        size, "`changes`: a shop's day", heat.hottest["changes"][1], _paced(changed, sums.memory("rollup", size))
    )
    yield _heat(size, "`survey#…`, opened by a machine", LINKS * fullest(), 1)
    yield _heat(size, "`customer#…`", 1, 0)
    yield _heat(size, "`shop#…`, `config`", 0, processes / float(parameter("ShopCacheSeconds")))
    yield _heat(size, "`shop#…`, `deliveries#…`", max(1.0, webhook.at_once) / _MINUTE, 0)
    yield _heat(size, "`shop#…`, `warm-up#…`", *sums.warm_up(size))
    yield _heat(size, "`shops`", 0, size.shops * 40 / sums.READ_BYTES / 2)
    yield (size.name, "the whole table", _number(heat.whole), f"{heat.whole / sums.TABLE_WRITES:.1%} of 40 000", "", "")


def _heat(size: Size, key: str, writes: float, reads: float) -> tuple[Cell, ...]:
    return size.name, key, _number(writes), f"{writes / sums.WRITES:.1%}", _number(reads), f"{reads / sums.READS:.1%}"


def _paced(read: float, megabytes: int) -> float:
    """Units a second of one reader who asks for page after page and takes every key apart."""
    page = min(read, sums.PAGE_BYTES)
    took = sums.PAGE_CALL + sums.seconds(page / entry_bytes("due") * sums.PER_KEY, megabytes)
    return page / sums.READ_BYTES / 2 / max(1.0 if read < sums.PAGE_BYTES else 0.0, took)


def _pace(size: Size) -> Iterable[tuple[str, Cell]]:
    day = minutes(size)
    crowd = max(range(DAY), key=lambda minute: day.due[minute])
    waiting = max(day.waiting)
    dispatch = sums.dispatched(size, size.rate, max(waiting, *day.due))
    yield "surveys a day", size.surveys
    yield "of the largest shop", size.surveys * shares(size.shops)[0]
    yield "SES's rate, mails a second", size.rate
    yield "due in one minute, at most", day.due[crowd]
    yield "minutes until all are mailed", max(day.due) / size.rate / _MINUTE
    yield "longest wait, minutes", max(day.latest)
    yield "messages of one pass", min(size.rate * _MINUTE, max(day.due))
    yield "seconds of one pass, of 50", dispatch
    yield "messages being worked on, of 120 000", 10 * sums.loads(size)[1].at_once


def functions_table() -> str:
    """One row for each size and function."""
    head = ("size", "function", "a second", "milliseconds each", "at once", "may")
    return _table(
        head,
        (
            (
                size.name,
                load.function,
                _number(load.a_second),
                _number(load.each * 1000),
                _number(load.at_once),
                load.most or "",
            )
            for size in SIZES
            for load in sums.loads(size)
        ),
    )


def _night(size: Size) -> Iterable[tuple[str, Cell]]:
    changed = sums.changed_a_night(size)
    took, megabytes = sums.rolled_up(size, changed)
    yield "shops", size.shops
    yield "rollups at once", sums.setting("Rollups", size)
    yield "minutes for all shops of one zone", size.shops * sums.SHOP_NIGHT / sums.setting("Rollups", size) / _MINUTE
    yield "the largest shop: surveys that changed", changed
    yield f"its seconds, of {sums.setting('RollupSeconds', size)}", took
    yield f"its MB, of {sums.setting('RollupMemory', size)}", megabytes
    yield "seconds to see which shops are due", size.shops * sums.TICK_SHOP
    yield "reads to reconcile with SES's list", sums.reconciled(size)


def _objects(size: Size) -> Iterable[tuple[str, Cell]]:
    yield "objects that a year leaves", size.shops * sums.FILES_A_YEAR
    yield "GET a day", size.shops * sums.GETS
    yield "PUT and LIST a day", size.shops * sums.PUTS
    yield "requests a second at midnight", (sums.GETS + sums.PUTS) * sums.setting("Rollups", size) / sums.SHOP_NIGHT


def limits_table() -> str:
    """One row for each limit: how far it reaches with `Size=usual` and with `large`."""
    usual, large = SIZES[1], SIZES[2]
    head = ("limit", "usual", "large", "what moves it")
    return _table(head, ((what, _number(of(usual)), _number(of(large)), moves) for what, of, moves in sums.LIMITS))


def _by_size(rows: Callable[[Size], Iterable[tuple[str, Cell]]]) -> str:
    """A column for each size; the names of the rows are those of the last, of which they say most."""
    columns = [list(rows(size)) for size in SIZES]
    names = [_same([column[place][0] for column in columns]) for place in range(len(columns[-1]))]
    lines = ((name, *(_cell(column[place][1]) for column in columns)) for place, name in enumerate(names))
    return _table(("", *(size.name for size in SIZES)), lines)


def _same(names: list[str]) -> str:
    """One name, or where a limit differs by size, all of them."""
    first, *others = dict.fromkeys(names)
    return first if not others else f"{first} ({', '.join(other.rpartition(' ')[2] for other in others)} when large)"


def _cell(value: Cell) -> str:
    return value if isinstance(value, str) else _number(value)


def _number(value: float) -> str:
    """Two digits below ten, whole numbers above, thousands apart."""
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.2g}"


def _table(head: Iterable[str], rows: Iterable[Iterable[Cell]]) -> str:
    head = tuple(head)
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows)])
