"""What a million surveys cost on AWS beyond SES: measured calls, list prices, and what must be assumed because only AWS could measure it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from random import Random

from benchmarks.account import Step
from benchmarks.scanner_traffic import mail
from benchmarks.shop_nights import A_DAY, Nights

MILLION = 1_000_000
GB = 1_000_000_000

# us-east-1, November 2026: dollars for a million, on demand, without what AWS gives for nothing.
WRITE_UNIT, READ_UNIT = 0.625, 0.125
HTTP_REQUEST, LAMBDA_REQUEST, SQS_REQUEST, SNS_PUBLISH = 1.00, 0.20, 0.40, 0.50
S3_WRITE, S3_READ = 5.00, 0.40
GB_SECOND_ARM, LOG_GB, EGRESS_GB = 0.0000133334, 0.50, 0.09
"""Dollars for one."""

FLOOR = 3.7
"""Dollars: one bare write for each step of a survey, in functions of 128 MB that do nothing else."""

ANSWERED, COMMENTS = 0.2, 0.3
TIMES: Mapping[str, float] = {
    "webhook": 1,
    "send": 1,
    "delivered": 1,
    "tap": ANSWERED,
    "form": ANSWERED,
    "comment": ANSWERED * COMMENTS,
}
"""How often each step happens in the life of one survey, besides what machines do and what nights do."""
CLOSED: Mapping[str, float] = {"closing": 1 - ANSWERED * COMMENTS, "closing, with words": ANSWERED * COMMENTS}
"""So is each survey closed, in one of its shop's nights."""
PAGES = ("tap", "form", "comment", "machine")

MONTH_MINUTES = 43_800
TICKS = MONTH_MINUTES // 15
SHOPS = MILLION / A_DAY / (MONTH_MINUTES / 60 / 24)
SHOP_ENTRY = 80
"""Bytes of a shop in the list of all, which each tick reads."""

# What only AWS could measure, and is assumed.
MILLISECONDS: Mapping[str, float] = {
    "GetItem": 5,
    "PutItem": 5,
    "UpdateItem": 5,
    "Query": 5,
    "BatchGetItem": 15,
    "HeadObject": 10,
    "GetObject": 20,
    "PutObject": 30,
    "ListObjectsV2": 30,
    "DeleteObject": 20,
    "SendEmail": 60,
    "SendMessageBatch": 10,
    "GetQueueAttributes": 10,
    "GetParameter": 10,
}
"""How long a function waits for each call."""
CPU: Mapping[str, float] = {"rollup": 250.0, "send": 5.0}
CPU_OF_OTHERS = 3.0
"""Milliseconds of a whole core that an invocation computes; of a smaller function it takes longer."""
MEGABYTES: Mapping[str, int] = {"rollup": 1024, "send": 256}
MEGABYTES_OF_OTHERS = 512
MEGABYTES_OF_A_CORE = 1769
COLD, COLD_SECONDS = 0.01, 0.5
"""Of a hundred invocations one starts a process."""
ACCESS_BYTES = 190
"""Of a request in API Gateway's log."""
AT_ONCE: Mapping[str, int] = {"send": 4, "delivered": 4}
"""Messages in one invocation: a sweep releases a minute's mails within seconds, and events are gathered for a minute."""
RELEASED_AT_ONCE = 10
POLLS = 4 * 5 * 3 * MONTH_MINUTES
"""How often Lambda asks four queues in a month: five pollers each, for twenty seconds at a time, whether anything is there or not."""


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of the bill: so many of something for a million surveys, at so many dollars a million (or a GB, or a GB-second)."""

    what: str
    number: float
    price: float
    unit: float = MILLION

    @property
    def dollars(self) -> float:
        return self.number * self.price / self.unit


def machine_visits(mails: int = 20_000) -> float:
    """How many links machines open for each mail, in the mix of docs/scanners.md."""
    chance = Random("machines")
    seen = (visit.method == "GET" for _ in range(mails) for visit in mail(chance).by_machine())
    return sum(seen) / mails


def times() -> Mapping[str, float]:
    """How often each step happens for one survey, machines' visits included."""
    return {**TIMES, "machine": machine_visits()}


GIVEN: Mapping[str, float] = {
    "Lambda, invocations": MILLION,
    "Lambda, GB-seconds": 400_000,
    "SQS, asking for messages": MILLION,
    "SNS, events of SES": MILLION,
    "CloudWatch, bytes of logs": 5 * GB,
    "bytes of pages sent out": 100 * GB,
}
"""What AWS gives every account each month for nothing, and not only in its first year."""


def given(charges: Iterable[Charge]) -> float:
    """Say how many dollars of a month's bill that takes off, in an account that does nothing else."""
    return sum(
        charge.dollars * min(1.0, GIVEN[charge.what] / charge.number) for charge in charges if charge.what in GIVEN
    )


@dataclass(frozen=True, slots=True)
class _Use:
    """One kind of invocation, and how often it happens in a month with a million surveys."""

    name: str
    step: Step
    number: float

    def __call__(self, of_one: float) -> float:
        return of_one / self.step.invocations * self.number

    def calls(self, *operations: str) -> float:
        return self(sum(self.step.counts[name] for name in operations))

    @property
    def invocations(self) -> float:
        return TICKS if self.name == "tick" else self.number / AT_ONCE.get(self.name, 1)

    @property
    def gb_seconds(self) -> float:
        memory = MEGABYTES.get(self.name, MEGABYTES_OF_OTHERS)
        waited = sum(MILLISECONDS[name] * number for name, number in self.step.counts.items()) / self.step.invocations
        computed = CPU.get(self.name, CPU_OF_OTHERS) / min(1.0, memory / MEGABYTES_OF_A_CORE)
        seconds = self.number * (waited + computed) / 1000 + self.invocations * COLD * COLD_SECONDS
        return seconds * memory / 1024


def bill(life: Mapping[str, Step], nights: Nights) -> list[Charge]:
    """Every line, the dearest first."""
    uses = list(_uses(life, nights))
    rollups = sum(use.number for use in uses if use.name == "rollup")
    released = MONTH_MINUTES * ceil(MILLION / MONTH_MINUTES / RELEASED_AT_ONCE)
    deleted = sum(use.invocations for use in uses if use.name in AT_ONCE)
    requests = sum(use.number for use in uses if use.name in {*PAGES, "webhook"})
    invocations = sum(use.invocations for use in uses)
    logged = sum(use(use.step.log_bytes) for use in uses) + requests * ACCESS_BYTES
    listing = TICKS * ceil(SHOPS * SHOP_ENTRY / 4096) / 2
    charges = [
        Charge("DynamoDB, write units", sum(use(use.step.write_units) for use in uses), WRITE_UNIT),
        Charge("DynamoDB, read units", sum(use(use.step.read_units) for use in uses) + listing, READ_UNIT),
        Charge("HTTP API, requests", requests, HTTP_REQUEST),
        Charge("Lambda, invocations", invocations, LAMBDA_REQUEST),
        Charge("Lambda, GB-seconds", sum(use.gb_seconds for use in uses), GB_SECOND_ARM, 1),
        Charge("SQS, messages put and deleted", released + MILLION + deleted + 2 * rollups, SQS_REQUEST),
        Charge("SQS, asking for messages", POLLS, SQS_REQUEST),
        Charge("SNS, events of SES", MILLION, SNS_PUBLISH),
        Charge("S3, PUT and LIST", sum(use.calls("PutObject", "ListObjectsV2") for use in uses), S3_WRITE),
        Charge("S3, GET and HEAD", sum(use.calls("GetObject", "HeadObject") for use in uses), S3_READ),
        Charge("CloudWatch, bytes of logs", logged, LOG_GB, GB),
        Charge("bytes of pages sent out", sum(use(use.step.answer_bytes) for use in uses), EGRESS_GB, GB),
    ]
    return sorted(charges, key=lambda charge: -charge.dollars)


def _uses(life: Mapping[str, Step], nights: Nights) -> Iterator[_Use]:
    for name, often in times().items():
        yield _Use(name, life[name], often * MILLION)
    yield _Use("sweep", life["sweep"], MONTH_MINUTES)
    days = MILLION / A_DAY / nights.days
    yield _Use("rollup", nights.rollup, nights.rollup.invocations * days)
    # What a tick does for a shop that is due; that it looks at all is counted for all shops together.
    yield _Use("tick", nights.tick, nights.tick.invocations * days)
