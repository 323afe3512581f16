"""Sums about three sizes: what each function, the rollup, S3 and the bill come to, and up to where each setting of the template reaches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from benchmarks.life_writes import entry_bytes
from benchmarks.shop_days import ANSWERED, LARGE, LINKS, NEWS, SCANNED, Size, minutes, shares
from infra.aws import keys
from tests.template import functions, sized, sizes, template

WRITES, READS, TABLE_WRITES = 1_000, 3_000, 40_000
"""Units a second: of a partition, and what a table may use until more is asked for."""
CALL, SES_CALL, SQS_CALL, PAGE_CALL, BATCH_GET, S3_CALL = 0.005, 0.060, 0.010, 0.060, 0.015, 0.030
"""Assumed: seconds until DynamoDB, SES, SQS and S3 answer; `PAGE_CALL` for a whole megabyte of keys."""
COMPUTED, PER_KEY, PER_BATCH, PER_CHANGED = 0.005, 34e-6, 0.001, 180e-6
"""Seconds of one core: an invocation; a key that is read, ten messages put, a changed survey folded. The last three were measured."""
CORE = 1769
"""MB for which Lambda gives one core."""
PAGE_BYTES, READ_BYTES = 1_000_000, 4_096
LOOKS = 3
"""How often a pass of the dispatcher reads a shard when many wait: first all, then past the shops that crowd it."""
CHANGED_BYTES, BARE_MB = 5_000, 150
"""Measured: what a changed survey takes while its night is folded, and what the process takes without any."""
FOLDED_A_SECOND = 66_000
"""docs/rollup.md."""
SHOP_NIGHT = 4.0
"""Assumed: seconds of a usual shop's night; it waits for about eighty requests of S3."""
TICK_SHOP = 0.012
"""Seconds to read a shop's file and how far its rollup came, and to see whether it is due."""
TIMEOUT = 50
"""Seconds of the dispatcher."""
BOUNCED = 0.005
"""The share of mails whose address SES puts on its list."""
LINE_BYTES = 4_600
"""Measured: an answer that is held in memory."""
FILES_A_YEAR, GETS, PUTS = 1_000, 60, 14
"""Of one shop: files that stay, and requests in a night on average."""


def setting(name: str, size: Size) -> int:
    """What the template's `Sizes` give a stack of this size."""
    return int(sizes()["large" if size is LARGE else "usual"][name])


def seconds(computed: float, megabytes: int) -> float:
    """How long so much of a core takes in a function of this memory."""
    return computed / min(1.0, megabytes / CORE)


@dataclass(frozen=True, slots=True)
class Load:
    """One function at its busiest: so many a second, each so long."""

    function: str
    a_second: float
    each: float
    most: int | None = None

    @property
    def at_once(self) -> float:
        return self.a_second * self.each


def memory(function: str, size: Size) -> int:
    """MB."""
    own = functions()[function].get("MemorySize", template()["Globals"]["Function"]["MemorySize"])
    return int(sized(own, "large" if size is LARGE else "usual"))


def loads(size: Size) -> list[Load]:
    """Each function at its busiest minute."""
    day = minutes(size)
    mails = min(size.rate, max(day.sent))
    taps = max(day.tapped(minute) for minute in range(0, len(day.sent), 15)) / 60
    news = (
        max((NEWS - 1) * placed + fulfilled for placed, fulfilled in zip(day.placed, day.fulfilled, strict=True)) / 60
    )
    own = seconds(COMPUTED, memory("survey_page", size))
    return [
        Load("order_webhook", news, 2 * CALL + own),
        Load("send_survey", mails, 4 * CALL + SES_CALL + own, setting("Senders", size)),
        Load("mail_events", mails, 2 * CALL + own),
        Load("survey_page", mails * SCANNED * LINKS + 2 * taps, CALL + own),
    ]


def swept_keys(rate: float, waiting: float) -> float:
    """How many keys of the due index a pass of the dispatcher reads, over all shards."""
    room = min(rate * 60, waiting)
    return keys.SHARDS * min(room, waiting / keys.SHARDS) * (LOOKS if waiting > rate * 60 else 1)


def dispatched(size: Size, rate: float, waiting: float) -> float:
    """How long a pass takes that lets out a minute's mails while so many wait."""
    read, batches = swept_keys(rate, waiting), ceil(min(rate * 60, waiting) / 10)
    pages = ceil(read * entry_bytes("due") / PAGE_BYTES) + keys.SHARDS
    waited = pages * PAGE_CALL + batches * SQS_CALL
    return waited + seconds(read * PER_KEY + batches * PER_BATCH, memory("dispatch", size))


def changed_a_night(size: Size) -> float:
    """Of the largest shop: what was mailed, and what was answered on a later day."""
    return size.surveys * shares(size.shops)[0] * (1 + ANSWERED)


def rolled_up(size: Size, changed: float) -> tuple[float, float]:
    """The seconds and MB of a shop's night."""
    folded = 2 * changed / FOLDED_A_SECOND
    return (
        SHOP_NIGHT + changed * BATCH_GET / 100 + seconds(changed * PER_CHANGED + folded, memory("rollup", size)),
        BARE_MB + changed * CHANGED_BYTES / 1e6,
    )


def warm_up(size: Size) -> tuple[float, float]:
    """Writes and reads a second of a day's item while its places are taken: of those who try at once one wins."""
    sender = loads(size)[1]
    at_once = min(sender.at_once, sender.most or sender.at_once)
    taken = min(sender.a_second, 1 / (CALL + COMPUTED))
    return taken * max(1.0, at_once * (CALL + COMPUTED) / sender.each), 1 / CALL / 60


def reconciled(size: Size) -> float:
    """Read units of a night: each address that SES listed in two days is looked for in each shop."""
    return 2 * size.surveys * BOUNCED * size.shops


def reach(test: Callable[[float], bool], most: float = 1e8) -> float:
    """The largest number that passes, to two digits."""
    low, high = 1.0, most
    while high - low > low / 400:
        middle = (low * high) ** 0.5
        low, high = (middle, high) if test(middle) else (low, middle)
    return float(f"{low:.2g}")


def _by_time(size: Size) -> float:
    return reach(lambda changed: rolled_up(size, changed)[0] < setting("RollupSeconds", size))


def _by_memory(size: Size) -> float:
    return reach(lambda changed: rolled_up(size, changed)[1] < setting("RollupMemory", size))


def _in_memory(size: Size) -> float:
    return (setting("RollupMemory", size) - BARE_MB) * 1e6 / LINE_BYTES


LIMITS: Sequence[tuple[str, Callable[[Size], float], str]] = (
    (
        "mails a second that senders manage",
        lambda size: setting("Senders", size) / loads(size)[1].each,
        "`Size`; `Senders`",
    ),
    (
        "mails a second that one dispatcher lets out in its 50 seconds",
        lambda size: reach(lambda rate: dispatched(size, rate, 1e9) < TIMEOUT, 1e5),
        "`Size`: a whole core; beyond that, messages put side by side",
    ),
    ("surveys a second through the due index", lambda _: keys.SHARDS * WRITES / 2, "`SHARDS` in infra/aws/keys.py"),
    (
        "mails a second of one shop through its changes key",
        lambda _: WRITES / (1 + 2 * ANSWERED / 2),
        "several keys a day",
    ),
    (
        "requests a second",
        lambda size: setting("RequestsPerSecond", size),
        "`Size`; API Gateway's 10 000 for an account",
    ),
    ("surveys of one shop that change in a day, by memory", _by_memory, "`Size`"),
    ("the same, by time", _by_time, "`Size`; Lambda's fifteen minutes end it"),
    (
        "shops that are looked at in time",
        lambda size: setting("RollupSeconds", size) / TICK_SHOP,
        "a schedule for each part of them",
    ),
)
"""What bounds it, how far that reaches in a stack of this size, and what moves it."""
