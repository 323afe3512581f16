"""The sums of docs/scale.md as tables."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from benchmarks import scale_sums as sums
from benchmarks.life_writes import entry_bytes, fullest
from benchmarks.scale_bills import bill
from benchmarks.shop_days import DAY, LINKS, SIZES, Size, minutes
from infra.aws import keys
from tests.template import parameter

Cell = str | float
_MINUTE = 60
_MOVES = {
    "`due`: a shard": "`SHARDS`",
    "`changes`: a shop's day": "`SendsPerSecond`; several keys a day",
    "`survey#…`, opened by a machine": "ends at 24 visits",
    "`customer#…`": "nothing",
    "`shop#…`, `config`": "`ShopCacheSeconds`",
    "`shop#…`, `deliveries#…`": "one write a minute and process",
    "`shop#…`, `warm-up#…`": "fewer senders at once",
    "`shops`": "several stacks",
}


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
    head = ("size", "key", "writes /s", "of 1 000", "reads /s", "of 3 000", "what moves it")
    return _table(head, (row for size in SIZES for row in _heat_rows(size, heats[size.name])))


def _heat_rows(size: Size, heat: Heat) -> Iterable[tuple[Cell, ...]]:
    webhook, sender, _, page = sums.loads(size)
    processes = max(1.0, webhook.at_once) + max(1.0, sender.at_once) + max(1.0, page.at_once)
    day = minutes(size)
    swept = sums.swept_keys(size.rate, max(*day.waiting, *day.due)) / keys.SHARDS * entry_bytes("due")
    yield _heat(size, "`due`: a shard", heat.hottest["due"][1], _paced(swept, sums.memory("dispatch", size)))
    changed = sums.largest(size) * entry_bytes("changes")
    yield _heat(
        size, "`changes`: a shop's day", heat.hottest["changes"][1], _paced(changed, sums.memory("rollup", size))
    )
    yield _heat(size, "`survey#…`, opened by a machine", LINKS * fullest(), 1)
    yield _heat(size, "`customer#…`", 1, 0)
    yield _heat(size, "`shop#…`, `config`", 0, processes / float(parameter("ShopCacheSeconds")))
    yield _heat(size, "`shop#…`, `deliveries#…`", max(1.0, webhook.at_once) / _MINUTE, 0)
    yield _heat(size, "`shop#…`, `warm-up#…`", *sums.warm_up(size))
    yield _heat(size, "`shops`", 0, size.shops * 40 / sums.READ_BYTES / 2)
    yield (
        size.name,
        "the whole table",
        _number(heat.whole),
        f"{heat.whole / sums.TABLE_WRITES:.1%} of 40 000",
        "",
        "",
        "AWS, when asked",
    )


def _heat(size: Size, key: str, writes: float, reads: float) -> tuple[Cell, ...]:
    heat = _number(writes), f"{writes / sums.WRITES:.1%}", _number(reads), f"{reads / sums.READS:.1%}"
    return size.name, key, *heat, _MOVES[key]


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
    yield "of the largest shop", sums.largest(size)
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
    most = sums.largest(size)
    closed = sums.closed(size, most)
    yield "shops", size.shops
    yield "rollups at once", sums.setting("Rollups", size)
    yield "minutes for all shops of one zone", size.shops * sums.SHOP_NIGHT / sums.setting("Rollups", size) / _MINUTE
    yield "the largest shop's surveys a day", most
    yield "its night, seconds", sums.folded(size, most) + closed
    yield "its Monday", sums.week_folded(size, most) + closed + sums.watched(size, most)
    yield "its first night of a month", sums.month_folded(size, most) + closed
    yield "of so many seconds", sums.setting("RollupSeconds", size)
    yield "the longest of them, MB", sums.held(most)
    yield "of so many MB", sums.setting("RollupMemory", size)
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
    """A column for each size."""
    columns = [list(rows(size)) for size in SIZES]
    lines = ((name, *(_cell(column[place][1]) for column in columns)) for place, (name, _) in enumerate(columns[0]))
    return _table(("", *(size.name for size in SIZES)), lines)


def _cell(value: Cell) -> str:
    return value if isinstance(value, str) else _number(value)


def _number(value: float) -> str:
    """Two digits below ten, whole numbers above, thousands apart."""
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.2g}"


def _table(head: Iterable[str], rows: Iterable[Iterable[Cell]]) -> str:
    head = tuple(head)
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return "\n".join([*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows)])
