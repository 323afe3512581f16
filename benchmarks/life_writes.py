"""What each step of a survey's life writes, and where it stands in the table's indexes before and after.

The surveys are made by the domain's own functions, the items by the adapter's, the indexes are those of template.yaml.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import Literal, NamedTuple, get_args

from cx_domain import mail_events, planning, sending
from cx_domain.identities import survey_id
from cx_domain.mail_events import MailEvent
from cx_domain.orders import OrderEvent
from cx_domain.shops import ShopId
from cx_domain.surveys import Survey
from cx_domain.visits import MOST_VISITS, Reply, Visit
from infra.aws import keys
from infra.aws.attribute_values import encode
from infra.aws.sizes import Index, indexes_of, item_size
from infra.aws.survey_items import survey_item
from infra.aws.survey_table import is_reported
from tests.builders import ACME, DUE_AT, KEY, NPS, PLACED_AT, SENT_AT, TELEPHONE, fulfilled, news, placed
from tests.template import resources

StepName = Literal["placed", "paid", "fulfilled", "claimed", "sent", "delivered", "visit", "reply"]
STEPS: tuple[StepName, ...] = get_args(StepName)
_UNIT = 1024


class Place(NamedTuple):
    """Where an item stands in an index: the index's name, its partition, and its sort key."""

    where: str
    partition: str
    sort: str


@dataclass(frozen=True, slots=True)
class Step:
    """One write of a survey's life: the units of its item, and in which indexes the item stands before and after."""

    name: StepName
    units: int
    before: frozenset[str]
    after: frozenset[str]


@lru_cache(maxsize=1)
def indexes() -> dict[str, Index]:
    """The table's indexes by name, as template.yaml has them."""
    (table,) = resources("AWS::DynamoDB::Table").values()
    names = [index["IndexName"] for index in table["GlobalSecondaryIndexes"]]
    return dict(zip(names, indexes_of(table), strict=True))


@lru_cache(maxsize=1)
def steps() -> dict[StepName, Step]:
    """Every step, by its name."""
    life = list(_life())
    before: list[Survey | None] = [None, *life]
    return {name: _step(name, *pair) for name, pair in zip(STEPS, zip(before, life, strict=False), strict=True)}


def fullest() -> int:
    """The units of a write to an item that holds as many visits as are kept."""
    visits = tuple(replace(_VISIT, at=SENT_AT + timedelta(seconds=number)) for number in range(MOST_VISITS))
    return _units(replace(list(_life())[-1], visits=visits))


def entry_bytes(name: str) -> int:
    """What a survey's entry in an index weighs."""
    index = indexes()[name]
    whole = {**_item(next(survey for survey in _life() if survey.due_at)), **keys.changed_at(ACME.id, DUE_AT)}
    return item_size(
        encode({key: value for key, value in whole.items() if index.copied is None or key in index.copied})
    )


def life_units(answered: float, machines: float) -> float:
    """The write units of a survey, its customer's slot and its closing among them; so many are answered, so often machines look."""
    made, others, moved = sum(_written(step) for step in steps().values() if step.name not in {"visit", "reply"}), 2, 2
    tapped = steps()["visit"].units + steps()["reply"].units + moved
    return made + others + answered * tapped + machines * (steps()["visit"].units + fullest()) / 2


def _written(step: Step) -> int:
    """The units of a step that comes within the hour of the one before."""
    return step.units + len(step.before ^ step.after)


def places(step: Step, shop: ShopId, number: int, at: datetime, before: datetime) -> Iterator[Place]:
    """Each write that the step makes in an index; the survey is the shop's order of this number, last written about at `before`.

    An entry that does not move costs nothing, one that moves is taken out and put in again.
    """
    for name, index in indexes().items():
        old = _place(name, index, shop, number, before) if name in step.before else None
        new = _place(name, index, shop, number, at) if name in step.after else None
        if old != new:
            yield from (place for place in (old, new) if place is not None)


def _place(name: str, index: Index, shop: ShopId, number: int, at: datetime) -> Place:
    partition, sort = index.keys
    if partition == "due_shard":
        return Place(name, shard(shop, number), "")
    changed = _changed_at(shop, at.replace(minute=0, second=0, microsecond=0))
    return Place(name, changed[partition], changed[sort])


@lru_cache(maxsize=1 << 10)
def shard(shop: ShopId, number: int) -> str:
    """The shard of the due index in which the survey about a shop's order of this number stands."""
    return keys.due_shard(survey_id(KEY, shop, "nps", "order", str(number)))


@lru_cache(maxsize=1 << 14)
def _changed_at(shop: ShopId, hour: datetime) -> keys.Key:
    return keys.changed_at(shop, hour)


def _life() -> Iterator[Survey]:
    """Anna's survey after each step: three pieces of news, one mail, one tap and its form."""
    known = planning.begin(KEY, ACME, NPS, "1001")
    for event in (placed(), _paid(), fulfilled()):
        known = planning.hear(known, event, NPS, ACME, key=KEY, now=event.updated_at)
        yield known
    known = sending.claimed(known, NPS, claim="0b2f5a9c-3f0e-4f43-9a52-5a7c6bdc21aa", language="pl", now=DUE_AT)
    yield known
    known = sending.accepted(known, NPS, ACME, message_id="0107018f3a1b2c3d-5d7f1c2e-000000", now=SENT_AT)
    known = replace(known, customer_orders=1)
    yield known
    delivered = MailEvent("delivered", known.id, known.message_id or "", SENT_AT, SENT_AT + timedelta(seconds=2))
    known = mail_events.note(known, delivered)
    yield known
    known = replace(known, visits=(_VISIT,))
    yield known
    reply = Reply(SENT_AT + timedelta(hours=1, seconds=9), 9, TELEPHONE, comment="The tent came early and it is dry.")
    yield replace(
        known, visits=(_VISIT, replace(_VISIT, at=reply.at, method="POST", evidence="touch")), replies=(reply,)
    )


_VISIT = Visit(SENT_AT + timedelta(hours=1), 9, TELEPHONE)


def _paid() -> OrderEvent:
    at = PLACED_AT + timedelta(minutes=1)
    return news(at, {"paid": at})


def _step(name: StepName, before: Survey | None, after: Survey) -> Step:
    units = max(_units(survey) for survey in (before, after) if survey is not None)
    return Step(name, units, _standing(before) if before is not None else frozenset(), _standing(after))


def _units(survey: Survey) -> int:
    return ceil(item_size(encode(_item(survey))) / _UNIT)


def _standing(survey: Survey) -> frozenset[str]:
    item = _item(survey)
    return frozenset(name for name, index in indexes().items() if all(key in item for key in index.keys))


def _item(survey: Survey) -> dict[str, object]:
    changed = keys.changed_at(survey.shop, datetime(2026, 1, 12, 9, tzinfo=UTC)) if is_reported(survey) else {}
    return survey_item(survey) | changed
