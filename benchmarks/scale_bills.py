"""What a month of each size costs by list prices of us-east-1, free tiers left out."""

from collections.abc import Iterator

from benchmarks import scale_sums as sums
from benchmarks.life_writes import life_units
from benchmarks.shop_days import ANSWERED, LINKS, NEWS, SCANNED, Size

DAYS = 30
MILLION = 1_000_000
MAIL = 100.0
"""A million mails without a plan."""
WRITE, READ, HTTP, INVOKED, QUEUED, NOTIFIED, GET, PUT = 0.625, 0.125, 1.00, 0.20, 0.40, 0.50, 0.40, 5.00
GB_SECOND, LOG_GB, STORED_GB, BACKED_UP_GB = 0.0000133334, 0.50, 0.25, 0.20
READS, REQUESTS, QUEUE_CALLS, LOGGED, SENT = 6, 3, 1.7, 230, 9_640
"""Of a survey, as docs/performance.md has it: read units; requests of one who answers; messages put and deleted; bytes that an invocation logs;
bytes of pages."""
POLLS, EGRESS_GB = 2.6, 0.09
"""Millions of questions a month for messages, whatever there is to send."""
KEPT_MONTHS, ITEM = 24, 1_300
"""How long a survey stays, and its bytes with its customer's and its indexes' share."""


def bill(size: Size) -> Iterator[tuple[str, str | float]]:
    """Each line of the bill; the last is their sum."""
    surveys = size.surveys * DAYS / MILLION
    machines = SCANNED * LINKS
    pages, invoked = machines + ANSWERED * REQUESTS, NEWS + 0.1 + 0.1 + machines + ANSWERED * REQUESTS
    nights = size.shops * DAYS
    lines = {
        "mails": surveys * MAIL,
        "DynamoDB, writes": surveys * life_units(ANSWERED, machines) * WRITE,
        "DynamoDB, reads": surveys * READS * READ + sums.reconciled(size) * DAYS / MILLION * READ,
        "HTTP API": surveys * (NEWS + pages) * HTTP,
        "Lambda": surveys * (invoked * INVOKED + _gb_seconds(size) * GB_SECOND) + _nights(size),
        "SQS and SNS": surveys * (QUEUE_CALLS * QUEUED + NOTIFIED) + POLLS * QUEUED,
        "S3, requests": nights * (sums.GETS * GET + sums.PUTS * PUT) / MILLION,
        "logs": surveys * invoked * LOGGED / 1000 * LOG_GB,
        "pages sent out": surveys * SENT / 1000 * EGRESS_GB,
        "kept in the table, and backed up": surveys * MILLION * KEPT_MONTHS * ITEM / 1e9 * (STORED_GB + BACKED_UP_GB),
    }
    yield from lines.items()
    yield "together", sum(lines.values())
    yield "of it mails", f"{lines['mails'] / sum(lines.values()):.0%}"


def _gb_seconds(size: Size) -> float:
    """Of a million surveys, in the functions that each of them calls."""
    webhook, sender, event, page = sums.loads(size)
    seconds = NEWS * webhook.each + sender.each + event.each + (SCANNED * LINKS + ANSWERED * REQUESTS) * page.each
    return MILLION * seconds * sums.memory("survey_page", size) / 1024


def _nights(size: Size) -> float:
    """Dollars of the rollups: usual shops', and what the largest takes besides."""
    seconds = (
        size.shops * sums.SHOP_NIGHT + sums.folded(size, sums.largest(size)) + sums.closed(size, sums.largest(size))
    )
    return DAYS * seconds * sums.memory("rollup", size) / 1024 * GB_SECOND
