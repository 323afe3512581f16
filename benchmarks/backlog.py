"""One shop's sale lets very many surveys fall due at once: how fast the dispatcher lets them out, and how long other shops wait.

    python -m benchmarks.backlog [--surveys 50000] [--rate 50] [--write]

The dispatcher itself sweeps the table minute by minute. Of the messages, all of the small shops' and every fiftieth of the sale's go to
`send_survey` itself, and so to SES. For the others SES just stands at the queue's end: what it took is no longer due. `--write` puts
the table into docs/faults.md.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sqs.models import Message, sqs_backends

from benchmarks.deployed import deployed
from benchmarks.marked_pages import MarkedPage
from cx_domain import identities
from cx_domain.shops import ShopId
from cx_domain.surveys import Survey, SurveyId
from functions import dispatch, send_survey
from infra import adapters, clock, settings
from infra.aws import clients, keys
from infra.aws.attribute_values import encode
from infra.aws.survey_items import survey_item
from tests.builders import KEY, TENT_ORDER, planned
from tests.functions.envelopes import CONTEXT, batch
from tests.functions.world import ACME_FILE, REGION, World

if TYPE_CHECKING:
    from botocore.client import BaseClient

PAGE = MarkedPage("faults.md", "backlog")
NINE = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
LATER = timedelta(minutes=5)
RATE = 50.0
SMALL = 50
EVERY = 50
_AT_ONCE = 25
"""What DynamoDB takes in one BatchWriteItem."""
_PAGE = 1000
"""Entries: DynamoDB Local takes seconds for a page of 1 MB."""


@dataclass(frozen=True, slots=True)
class Line:
    """So many surveys of a shop, due at one moment; each `every`-th message goes to the real sender."""

    shop: ShopId
    number: int
    due_at: datetime = NINE
    every: int = 1


@dataclass(slots=True)
class Course:
    """What came of it."""

    mails: Counter[int] = field(default_factory=Counter)
    """Of each second since nine."""
    waited: dict[ShopId, list[float]] = field(default_factory=lambda: defaultdict(list))
    """The seconds from due to sent of each survey of a shop."""
    minutes: int = 0
    sent: int = 0
    """Mails that the real sender gave to SES."""
    read_units: float = 0
    """Of the dearest sweep."""


def course(world: World, lines: Sequence[Line]) -> Course:
    """Sweep until everything was let out. Raises when a survey is let out twice, or one stays."""
    owners = {survey: line for line in lines for survey in _planned(line)}
    rate, total, course = settings.SENDS_PER_SECOND.read_number(), len(owners), Course()
    most = max(line.due_at for line in lines) - NINE + timedelta(seconds=2 * total / rate, minutes=2)
    while owners:
        minute = NINE + timedelta(minutes=course.minutes)
        world.at(minute.isoformat())
        released, units = _swept(minute)
        course.read_units = max(course.read_units, units)
        simulated = [told for told in released if _take(world, told, minute, owners, course)]
        _no_longer_due(survey for survey, _ in simulated)
        course.minutes += 1
        if timedelta(minutes=course.minutes) > most:
            raise AssertionError(f"{len(owners)} surveys stay due")
    if len({str(mail["To"]) for mail in world.mails()}) != course.sent:
        raise AssertionError("SES did not get each mail once")
    return course


def _take(
    world: World, told: tuple[SurveyId, int], minute: datetime, owners: dict[SurveyId, Line], course: Course
) -> bool:
    """Take one message when its delay is over; False if it went to the real sender."""
    survey, delay = told
    line = owners.pop(survey, None)
    if line is None:
        raise AssertionError("a survey was let out twice")
    at = minute + timedelta(seconds=delay)
    course.mails[(at - NINE) // timedelta(seconds=1)] += 1
    course.waited[line.shop].append((at - line.due_at).total_seconds())
    if len(course.waited[line.shop]) % line.every:
        return True
    world.at(at.isoformat())
    with redirect_stdout(StringIO()):  # metrics
        answer = send_survey.handler(batch("send_queue", (survey, json.dumps({"survey": survey}))), CONTEXT)
    found = adapters.surveys().get(survey)
    if answer["batchItemFailures"] or found is None or found.stage != "sent":
        raise AssertionError(f"the sender did not send {found}")
    course.sent += 1
    return False


def _swept(minute: datetime) -> tuple[list[tuple[SurveyId, int]], float]:
    """Sweep once: the surveys let out, with the seconds that each message waits; and the read units that DynamoDB counted."""
    released, counted = list[tuple[SurveyId, int]](), list[float]()
    queue = sqs_backends[DEFAULT_ACCOUNT_ID][REGION].queues["afterorder-SendQueue"]

    def ask(params: dict[str, Any], **_: Any) -> None:
        params |= {"ReturnConsumedCapacity": "TOTAL", "Limit": min(params.get("Limit", _PAGE), _PAGE)}

    def note(parsed: dict[str, Any], **_: Any) -> None:
        counted.append(parsed["ConsumedCapacity"]["CapacityUnits"])

    def take(**_: Any) -> None:
        # At once, for moto counts all messages of a queue whenever one is put there; and what waits cannot be received.
        released.extend((SurveyId(json.loads(each.body)["survey"]), _delay(each)) for each in queue._messages)  # noqa: SLF001
        queue._messages = []  # noqa: SLF001

    hooks: tuple[tuple[BaseClient, str, Callable[..., None]], ...] = (
        (clients.dynamodb(), "provide-client-params.dynamodb.Query", ask),
        (clients.dynamodb(), "after-call.dynamodb.Query", note),
        (clients.sqs(), "after-call.sqs.SendMessageBatch", take),
    )
    for client, event, hook in hooks:
        client.meta.events.register(event, hook)
    dispatch.release(minute, range(keys.SHARDS))
    for client, event, hook in hooks:
        client.meta.events.unregister(event, hook)
    return released, sum(counted)


def _delay(message: Message) -> int:
    """The whole seconds that a message waits; moto notes no end of it where that is none."""
    return max(0, round((message.delayed_until - float(str(message.sent_timestamp))) / 1000))


# --- what is due ------------------------------------------------------------------------------------------------------


def _planned(line: Line) -> list[SurveyId]:
    """Put a shop's file and its surveys."""
    text = ACME_FILE.read_text(encoding="utf-8").replace("warm_up = 200", "")
    adapters.shops().put(line.shop, text.replace('shop = "acme"', f'shop = "{line.shop}"'), clock.now())
    made = [_survey(line, str(number)) for number in range(1, line.number + 1)]
    _write({"PutRequest": {"Item": encode(survey_item(each))}} for each in made)
    return [each.id for each in made]


def _survey(line: Line, order: str) -> Survey:
    made, address = planned(), f"customer{order}@{line.shop}-customers.example"
    return replace(
        made,
        id=identities.survey_id(KEY, line.shop, "nps", "order", order),
        shop=line.shop,
        subject_id=order,
        due_at=line.due_at,
        customer=identities.customer_key(KEY, line.shop, address),
        order=replace(made.order, details=replace(TENT_ORDER, number=order, email=address)),
    )


def _no_longer_due(surveys: Iterable[SurveyId]) -> None:
    _write({"DeleteRequest": {"Key": encode(keys.survey(survey))}} for survey in surveys)


def _write(requests: Iterable[Any]) -> None:
    remaining, table = iter(requests), settings.TABLE.read()
    while some := list(islice(remaining, _AT_ONCE)):
        clients.dynamodb().batch_write_item(RequestItems={table: some})


# --- the table --------------------------------------------------------------------------------------------------------


def row(surveys: int, rate: float) -> str:
    """Play a sale of so many surveys in a stack of its own, beside two small shops."""
    lines = (
        Line(ShopId("acme"), surveys, every=EVERY),
        Line(ShopId("tarn"), SMALL),
        Line(ShopId("hill"), SMALL, NINE + LATER),
    )
    with (
        tempfile.TemporaryDirectory() as folder,
        deployed(Path(folder)) as world,
        pytest.MonkeyPatch.context() as environ,
    ):
        environ.setenv("AFTERORDER_SENDS_PER_SECOND", str(rate))
        told = course(world, lines)
    acme, tarn, hill = (max(told.waited[line.shop]) for line in lines)
    cells = (
        *(f"{surveys:,}", f"{rate:g}", max(told.mails.values()), f"{told.mails.total():,}", f"{told.sent:,}"),
        *(f"{acme / 60:.0f} min", f"{tarn:.0f} s", f"{hill:.0f} s", f"{told.read_units:,.0f}"),
    )
    return f"| {' | '.join(map(str, cells))} |"


def table(surveys: int, rate: float) -> str:
    heading = (
        "surveys of the sale",
        "SES's rate a second",
        "most mails in a second",
        "let out, each once",
        "of them really sent",
        "the sale's last after",
        f"{SMALL} of another shop, due with it: last after",
        f"{SMALL} of a third, due five minutes later: last after",
        "read units of the dearest sweep",
    )
    return "\n".join([f"| {' | '.join(heading)} |", f"|{'---|' * len(heading)}", row(surveys, rate)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--surveys", type=int, default=50_000)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    told = table(asked.surveys, asked.rate)
    sys.stdout.write(f"{told}\n")
    if asked.write:
        PAGE.write(told)


if __name__ == "__main__":
    main()
