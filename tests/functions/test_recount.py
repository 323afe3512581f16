"""Counting anew from the table: the very bytes that the nightly rollups made, and nothing that they did not."""

import gzip
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import pytest

from functions import rollup, survey_page
from infra import adapters, clock, settings
from infra.aws import clients
from infra.aws.shop_traces import ShopTraces
from infra.operator.recount_commands import MOST_DAYS, MOST_ITEMS, chunks, recounted
from infra.operator.session import Stack
from tests.functions.conftest import Play
from tests.functions.envelopes import CONTEXT, batch, form, request
from tests.functions.world import World, order_id

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

ANSWERS = {"1001": ("10", "Świetny namiot!"), "1002": ("3", "Przecieka"), "1003": ("7", ""), "1004": ("0", "")}


class Function:
    """The rollup function, as an operator invokes it."""

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803 (boto3's own names)
        assert FunctionName == "afterorder-rollup"
        told = rollup.handler(json.loads(Payload), CONTEXT)
        return {"Payload": io.BytesIO(json.dumps(told).encode())}


@pytest.fixture
def month(after: Callable[[Play], World]) -> World:
    return after(january)


def january(world: World) -> None:
    """January of Acme Outdoor: five orders on five days, four answers, a changed mind, a case, a rating in the store; each night a rollup."""
    happens: dict[str, list[Callable[[], None]]] = {}
    for place, order in enumerate(["1001", "1002", "1003", "1004", "1005"]):
        day = date(2026, 1, 12) + timedelta(days=3 * place)
        happens[f"{day}T09:00:00Z"] = [partial(_mail, world, order)]
        if order in ANSWERS:
            happens[f"{day + timedelta(days=1)}T18:00:00Z"] = [partial(_say, world, order, *ANSWERS[order])]
    happens["2026-01-20T10:00:00Z"] = [partial(_say, world, "1001", "8", "Jednak trochę przecieka")]
    happens["2026-01-22T10:00:00Z"] = [
        partial(_post, world, "ticket_solved"),
        partial(_post, world, "feedback_recorded"),
    ]
    nights = [f"2026-01-{day:02}T23:00:00Z" for day in range(12, 32)]
    for moment in sorted([*happens, *nights]):
        world.at(moment)
        for happening in happens.get(moment, ()):
            happening()
        if moment in nights:
            rollup.handler(batch("rollup_queue", ("m-1", json.dumps({"shop": "acme"}))), CONTEXT)


def _mail(world: World, order: str) -> None:
    world.order(id=order, number=order, email=f"c{order}@example.com")
    survey = world.survey(order)
    assert survey.due_at is not None
    now = clock.now()
    world.at(max(now, survey.due_at).isoformat().replace("+00:00", "Z"))
    world.send(order_id(order), message=f"message-{order}")
    world.at(now.isoformat().replace("+00:00", "Z"))


def _say(world: World, order: str, score: str, comment: str) -> None:
    token = world.link(order=order)
    survey_page.handler(request("tap", {"token": token, "score": score}), CONTEXT)
    body = form(("score", score), ("comment", comment), ("driver", "quality"))
    survey_page.handler(request("answer", {"token": token}, body=body), CONTEXT)


def _post(world: World, sample: str) -> None:
    world.order(sample)


def stack() -> Stack:
    return Stack(
        surveys=adapters.surveys(),
        tickets=adapters.tickets(),
        feedback=adapters.feedback(),
        customers=adapters.customers(),
        erasures=adapters.erasures(),
        shops=adapters.shops(),
        platforms=adapters.own_platforms(),
        readers=adapters.readers(),
        incidents=adapters.incidents(),
        deliveries=adapters.deliveries(),
        apis=adapters.apis(),
        files=adapters.files(),
        dead_letters=(),
        traces=ShopTraces(clients.dynamodb(), settings.TABLE.read(), adapters.files()),
        secrets=adapters.secrets(),
        mailer=adapters.mailer(),
        public_url="https://ask.acme.test",
        rollup_function="afterorder-rollup",
        fetch_function="afterorder-fetch-orders",
        functions=cast("LambdaClient", Function()),
    )


def recount(first: date | None = None, last: date | None = None) -> list[str]:
    here = stack()
    return list(recounted(here, here.shop(World.acme), first, last))


def everything() -> dict[str, bytes]:
    found = {}
    for key in adapters.files().list(""):
        stored = adapters.files().read(key)
        assert stored is not None
        found[key] = stored.body
    return found


def test_a_recount_changes_not_one_byte_of_what_the_rollups_made(month: World) -> None:
    del month
    nightly = everything()

    made = recount()

    assert everything() == nightly
    assert {"reports/acme/2026-W03/report.json", "reports/acme/2026-W04/report.json"} <= set(made)
    assert json.loads(nightly["reports/acme/2026-W03/report.json"])["revision"] == 1


def test_a_recount_after_everything_was_lost_makes_the_very_same_bytes(month: World) -> None:
    del month
    nightly = everything()
    for key in nightly:
        adapters.files().delete(key)

    recount()

    assert {key: body for key, body in everything().items() if not key.startswith("reports/")} == {
        key: body for key, body in nightly.items() if not key.startswith("reports/")
    }
    again = json.loads(everything()["reports/acme/2026-W03/report.json"])
    before = json.loads(nightly["reports/acme/2026-W03/report.json"])
    assert {**again, "revision": None} == {**before, "revision": None}


def test_a_report_that_was_never_revised_is_the_same_bytes_too(month: World) -> None:
    del month
    nightly = everything()
    for key in nightly:
        adapters.files().delete(key)

    recount()

    for name in ("report.json", "report.html", "report.xlsx", "answers.csv"):
        key = f"reports/acme/2026-W04/{name}"
        assert everything()[key] == nightly[key]


def test_lines_that_are_in_no_item_are_taken_out_and_lost_ones_put_back(month: World) -> None:
    del month
    nightly = everything()
    key = "answers/acme/2026-01-13/answers.jsonl.gz"
    stored = adapters.files().read(key)
    assert stored is not None
    (line,) = [json.loads(row) for row in gzip.decompress(stored.body).decode().split("\n") if row]
    forged = gzip.compress((json.dumps({**line, "id": "nobody", "score": 0}) + "\n").encode())
    adapters.files().write(key, forged, if_match=stored.etag, content_type="application/gzip")

    recount(date(2026, 1, 13), date(2026, 1, 13))

    assert everything() == nightly


def test_only_the_days_that_were_asked_for_are_counted_anew(month: World) -> None:
    del month
    for key in list(adapters.files().list("asked/")):
        adapters.files().delete(key)

    recount(date(2026, 1, 18), date(2026, 1, 19))

    assert list(adapters.files().list("asked/")) == ["asked/acme/2026-01-18/asked.jsonl.gz"]


def test_no_call_of_the_function_is_told_too_much() -> None:
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(100)]
    items = {day: ({f"{day}-{number}" for number in range(300)}, set[str](), set[str]()) for day in days[40:50]}
    items[days[60]] = ({str(number) for number in range(5_000)}, set(), set())

    parts = list(chunks(items, days[0], days[-1]))

    assert [day for part in parts for day in part.days] == days
    assert {survey for part in parts for survey in part.surveys} == set().union(*(ids[0] for ids in items.values()))
    assert all(len(part.days) <= MOST_DAYS for part in parts)
    assert all(len(part.surveys) <= MOST_ITEMS or len(part.days) == 1 for part in parts)
