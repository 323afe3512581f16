"""Sums about three sizes: what each function, the rollup, S3 and the bill come to, and up to where each setting of the template reaches."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from benchmarks.life_writes import entry_bytes
from benchmarks.shop_days import ANSWERED, LARGE, LINKS, NEWS, SCANNED, Size, minutes, shares
from cx_domain.excesses import MOST_WEEKS, USUAL_WEEKS
from infra.aws import keys
from infra.rollups.closing import AT_ONCE as CLOSED_AT_ONCE
from infra.rollups.news import AT_ONCE as FOLDED_AT_ONCE
from tests.template import functions, sized, sizes, template

WRITES, READS, TABLE_WRITES = 1_000, 3_000, 40_000
"""Units a second: of a partition, and what a table may use until more is asked for."""
CALL, SES_CALL, SQS_CALL, PAGE_CALL, BATCH_GET, PLATFORM_CALL = 0.005, 0.060, 0.010, 0.060, 0.015, 0.5
"""Assumed: seconds until DynamoDB, SES, SQS and a shop's platform answer; `PAGE_CALL` for a whole megabyte of keys."""
COMPUTED, PER_KEY, PER_BATCH, PER_CHANGED = 0.005, 34e-6, 0.001, 180e-6
"""Seconds of one core: an invocation; a key that is read, ten messages put, a changed survey folded. The last three were measured."""
CORE = 1769
"""MB for which Lambda gives one core."""
PAGE_BYTES, READ_BYTES = 1_000_000, 4_096
LOOKS = 3
"""How often a pass of the dispatcher reads a shard when many wait: first all, then past the shops that crowd it."""
CHANGED_BYTES, ID_BYTES, BARE_MB = 5_000, 90, 150
"""Measured: what a changed survey takes in memory, its id alone, and the process without any."""
FOLDED_A_SECOND = 66_000
"""docs/rollup.md."""
PER_READ, PER_WRITE, PER_WATCHED = 80e-6, 0.001, 34e-6
"""Seconds of one core, measured: a survey that is read, one that is closed, an answer that is watched."""
WEEKS_WATCHED = MOST_WEEKS + USUAL_WEEKS
WEEK, MONTH = 7, 31
SHOP_NIGHT = 2.5
"""Assumed: seconds of a usual shop's night; it waits for about seventy requests of S3."""
TICK_SHOP = 0.012
"""Seconds to read a shop's file and how far its rollup came, and to see whether it is due."""
TIMEOUT = 50
"""Seconds of the dispatcher."""
BOUNCED = 0.005
"""The share of mails whose address SES puts on its list."""
FILES_A_YEAR, GETS, PUTS = 1_000, 60, 9
"""Of one shop: files that stay, and requests in a night on average, as docs/performance.md has them."""


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
    told = ((NEWS - 1) * placed + fulfilled for placed, fulfilled in zip(day.placed, day.fulfilled, strict=True))
    return [
        Load("order_webhook", max(told) / 60, 2 * CALL + _own("order_webhook", size)),
        Load("send_survey", mails, 4 * CALL + SES_CALL + _own("send_survey", size), setting("Senders", size)),
        Load("mail_events", mails, 2 * CALL + _own("mail_events", size)),
        Load("survey_page", mails * SCANNED * LINKS + 2 * taps, CALL + _own("survey_page", size)),
    ]


def _own(function: str, size: Size) -> float:
    return seconds(COMPUTED, memory(function, size))


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


def largest(size: Size) -> float:
    """The surveys a day of the largest shop."""
    return size.surveys * shares(size.shops)[0]


def folded(size: Size, surveys: float, days: int = 1) -> float:
    """The seconds of a night in which some days of so many surveys are folded; each answer is a change of a later day."""
    changed = surveys * (1 + ANSWERED)
    # Each part unpacks the day's files again, and counts them.
    files = ceil(changed / FOLDED_AT_ONCE) * changed / FOLDED_A_SECOND
    own = seconds(changed * PER_CHANGED + files, memory("rollup", size))
    return SHOP_NIGHT + days * (changed * BATCH_GET / 100 + own)


def closed(size: Size, surveys: float) -> float:
    """The seconds until a day of so many is closed: read when it expires, written one by one, read again ninety days later.

    A day of more is closed by other messages.
    """
    own = seconds(2 * PER_READ + PER_WRITE, memory("rollup", size))
    return min(surveys, CLOSED_AT_ONCE) * (2 * BATCH_GET / 100 + CALL + own)


def watched(size: Size, surveys: float) -> float:
    """The seconds of a Monday's watch over so many surveys a day."""
    return surveys * ANSWERED * WEEKS_WATCHED * 7 * seconds(PER_WATCHED, memory("rollup", size))


def held(surveys: float) -> float:
    """The MB of the longest night: a part of what changed in a month, and the ids of all of it."""
    changed = surveys * (1 + ANSWERED)
    return BARE_MB + (min(MONTH * changed, FOLDED_AT_ONCE) * CHANGED_BYTES + MONTH * changed * ID_BYTES) / 1e6


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


def reaches(size: Size, *parts: Callable[[Size, float], float]) -> float:
    """The surveys a day of one shop for which these parts of a night end in time."""
    return reach(lambda surveys: sum(part(size, surveys) for part in parts) < setting("RollupSeconds", size))


def week_folded(size: Size, surveys: float) -> float:
    """A Monday's night reads what changed in the week again, before its report."""
    return folded(size, surveys, WEEK)


def month_folded(size: Size, surveys: float) -> float:
    """The same of the first night of a month."""
    return folded(size, surveys, MONTH)


LIMITS: Sequence[tuple[str, Callable[[Size], float], str]] = (
    ("mails a second that senders manage", lambda size: setting("Senders", size) / loads(size)[1].each, "`Size`"),
    (
        "mails a second that one dispatcher lets out in its 50 seconds",
        lambda size: reach(lambda rate: dispatched(size, rate, 1e9) < TIMEOUT, 1e5),
        "`Size`: a whole core; then several stacks",
    ),
    ("surveys a second through the due index", lambda _: keys.SHARDS * WRITES / 2, "`SHARDS` in infra/aws/keys.py"),
    (
        "mails a second of one shop, through its changes key",
        lambda _: WRITES / (1 + ANSWERED),
        "several keys a day in `changed_at`",
    ),
    (
        "orders a second that are read through platforms' APIs",
        lambda size: setting("Fetchers", size) / (PLATFORM_CALL + 2 * CALL),
        "`Size`; then each platform's own limit",
    ),
    (
        "requests a second",
        lambda size: setting("RequestsPerSecond", size),
        "`Size`; then API Gateway's 10 000 for an account",
    ),
    (
        "shops of one zone that a tick looks at in time",
        lambda size: setting("RollupSeconds", size) / TICK_SHOP,
        "`Size`; then several stacks",
    ),
    (
        "surveys a day of one shop: its usual night in time",
        lambda size: reaches(size, folded, closed),
        "`Size`; then several messages for a night, too",
    ),
    (
        "the same: its Monday",
        lambda size: reaches(size, week_folded, closed, watched),
        "`Size`; then reading less than a week again",
    ),
    (
        "the same: its first night of a month",
        lambda size: reaches(size, month_folded, closed),
        "`Size`; then reading less than a month again",
    ),
    (
        "the same: its night in memory",
        lambda size: reach(lambda surveys: held(surveys) < setting("RollupMemory", size)),
        "`Size`",
    ),
)
"""What bounds it, how far that reaches in a stack of this size, and what moves it."""
