"""What is told of a shop besides its orders: support tickets, and feedback that was got elsewhere."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from cx_domain.order_fields import FeedbackEvent, TicketEvent
from cx_domain.shops import ShopId
from cx_domain.surveys import CustomerKey
from cx_domain.tickets import Course, Ticket
from infra.aws import keys
from infra.aws.attribute_values import Item, purge_mark, to_exact, to_milliseconds, to_time
from infra.aws.dynamo_table import ConditionFailed, DynamoTable, Terms

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_TICKET_TEXTS = ("agent", "topic", "order")
_TICKET_TIMES = {
    "openings": ("opened_at", "reopened_at"),
    "replies": ("first_reply_at",),
    "solvings": ("solved_at",),
}
"""The sets of all times that were told, and what of an event goes into each: a case comes back, and news come late."""

_CUT_OFF = "order_erased"
_ERASED = "erased"


class TicketTable:
    """Tickets by shop and id; events may come late, twice and in any order."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._items = DynamoTable(client, table)

    def put(self, shop: ShopId, event: TicketEvent, now: datetime, *, purge_at: datetime | None = None) -> None:
        """Add an event's news: what the newest event tells stands, what an older one tells fills gaps only.

        Once its buyer was erased, a ticket hears of no order any more.
        """
        told: Item = {name: text for name in _TICKET_TEXTS if (text := getattr(event, name)) is not None}
        if event.test:
            told["test"] = True
        always = {**keys.changed_at(shop, now), **purge_mark(purge_at)}
        failed = self._tell(shop, event, always, told)
        if failed is not None and "order" in told and _is_cut_off(failed):
            del told["order"]
            failed = self._tell(shop, event, always, told)
        if failed is not None and self._fill_gaps(shop, event, always, told) is not None:
            del told["order"]
            self._fill_gaps(shop, event, always, told)

    def _tell(self, shop: ShopId, event: TicketEvent, always: Item, told: Item) -> ConditionFailed | None:
        terms = Terms()
        updated_at, newest = terms.name("updated_at"), terms.value(to_milliseconds(event.updated_at))
        change = f"{terms.set({**always, **told})}, {updated_at} = {newest}{_times_of(event, terms)}"
        condition = f"(attribute_not_exists({updated_at}) OR {updated_at} <= {newest})"
        cut_off = f" AND {_not_cut_off(terms)}" if "order" in told else ""
        written = self._items.update(keys.ticket(shop, event.ticket_id), change, condition + cut_off, terms)
        return written if isinstance(written, ConditionFailed) else None

    def _fill_gaps(self, shop: ShopId, event: TicketEvent, always: Item, told: Item) -> ConditionFailed | None:
        terms = Terms()
        gaps = [f", {terms.name(n)} = if_not_exists({terms.name(n)}, {terms.value(v)})" for n, v in told.items()]
        change = terms.set(always) + "".join(gaps) + _times_of(event, terms)
        condition = _not_cut_off(terms) if "order" in told else ""
        written = self._items.update(keys.ticket(shop, event.ticket_id), change, condition, terms)
        return written if isinstance(written, ConditionFailed) else None

    def cut_off(self, shop: ShopId, ticket_id: str, now: datetime) -> None:
        """Forget about which order a ticket is, for good: its buyer was erased, and the case itself tells nothing of them."""
        terms = Terms()
        change = f"{terms.set({**keys.changed_at(shop, now), _CUT_OFF: True})} {terms.remove(['order'])}"
        self._items.update(keys.ticket(shop, ticket_id), change, "attribute_exists(pk)", terms)

    def get_many(self, shop: ShopId, ticket_ids: Iterable[str]) -> Iterator[Ticket]:
        """Read many tickets, strongly consistent, in no order; those that are not there are left out."""
        return map(_read_ticket, self._items.get_many(keys.ticket(shop, ticket_id) for ticket_id in ticket_ids))

    def scan(self, shop: ShopId) -> Iterator[Ticket]:
        """Look through the whole table for a shop's tickets: for an operator, never for a function."""
        return map(_read_ticket, _scan(self._items, keys.ticket(shop, "")))


class FeedbackTable:
    """Feedback by shop and id; told twice, it is kept once."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._items = DynamoTable(client, table)

    def put(self, shop: ShopId, event: FeedbackEvent, now: datetime, *, purge_at: datetime | None = None) -> None:
        """Keep a rating or mention, unless it is kept already."""
        item: Item = {**keys.feedback(shop, event.id), **keys.changed_at(shop, now), **purge_mark(purge_at)}
        item |= {"kind": event.kind, "touchpoint": event.touchpoint, "source": event.source}
        item["recorded_at"] = to_exact(event.recorded_at)
        if event.score is not None:
            item["score"] = event.score
        if event.stage is not None:
            item["stage"] = event.stage
        if event.comment:
            item["comment"] = event.comment
        if event.segments:
            item["segments"] = dict(event.segments)
        if event.customer is not None:
            item["customer"] = event.customer
            # First, so that no answer lies here which its giver's erasure would not find.
            whose = {**keys.imported(shop, event.customer, event.id), **purge_mark(purge_at)}
            self._items.put(whose | {"recorded_at": item["recorded_at"]})
        self._items.put_if(item, "attribute_not_exists(pk)")

    def of_customer(self, shop: ShopId, customer: CustomerKey) -> dict[str, datetime]:
        """Find a customer's imported answers: their ids, and when they were given. Strongly consistent."""
        terms = Terms()
        partition = f"{terms.name('pk')} = {terms.value(keys.customer(shop, customer)['pk'])}"
        prefix = f"begins_with({terms.name('sk')}, {terms.value(keys.IMPORTED_PREFIX)})"
        found = self._items.query(f"{partition} AND {prefix}", terms, consistent=True)
        return {keys.imported_answer(item["sk"]): to_time(item["recorded_at"]) for item in found}

    def erase(self, shop: ShopId, feedback_id: str, now: datetime, *, purge_at: datetime) -> None:
        """Leave nothing of an answer but that it was erased, so that the same row, imported again, does not bring it back.

        That is a change too: a rollup that finds none looks no further.
        """
        left = {**keys.feedback(shop, feedback_id), **keys.changed_at(shop, now), _ERASED: True}
        self._items.put(left | purge_mark(purge_at))

    def forget_whose(self, shop: ShopId, customer: CustomerKey, feedback_id: str) -> None:
        """Forget that an answer was a customer's, when nothing shows it any more."""
        self._items.delete(keys.imported(shop, customer, feedback_id))

    def known(self, shop: ShopId, feedback_ids: Iterable[str]) -> dict[str, Literal["kept", "erased"]]:
        """Say which of them are here, and which were erased."""
        items = self._items.get_many(keys.feedback(shop, each) for each in feedback_ids)
        return {keys.id_within_shop(item["pk"]): "erased" if _ERASED in item else "kept" for item in items}

    def get_many(self, shop: ShopId, feedback_ids: Iterable[str]) -> Iterator[FeedbackEvent]:
        """Read much feedback, strongly consistent, in no order; what is not there is left out."""
        return _read_all(self._items.get_many(keys.feedback(shop, each) for each in feedback_ids))

    def scan(self, shop: ShopId) -> Iterator[FeedbackEvent]:
        """Look through the whole table for a shop's feedback: for an operator, never for a function."""
        return _read_all(_scan(self._items, keys.feedback(shop, "")))


def _not_cut_off(terms: Terms) -> str:
    return f"attribute_not_exists({terms.name(_CUT_OFF)})"


def _is_cut_off(failed: ConditionFailed) -> bool:
    return failed.item is not None and _CUT_OFF in failed.item


def _scan(items: DynamoTable, begins: keys.Key) -> Iterator[Item]:
    terms = Terms()
    condition = f"begins_with({terms.name('pk')}, {terms.value(begins['pk'])})"
    return items.scan(f"{condition} AND {terms.name('sk')} = {terms.value(begins['sk'])}", terms)


def _times_of(event: TicketEvent, terms: Terms) -> str:
    """Add what the event tells to the sets of times: told again, or in another order, it makes the same sets."""
    told = {name: [at for each in told if (at := getattr(event, each))] for name, told in _TICKET_TIMES.items()}
    parts = [f"{terms.name(name)} {terms.value(set(map(to_exact, times)))}" for name, times in told.items() if times]
    return f" ADD {', '.join(parts)}" if parts else ""


def _read_ticket(item: Mapping[str, Any]) -> Ticket:
    course = Course(**{name: frozenset(map(to_time, item.get(name, ()))) for name in _TICKET_TIMES})
    texts = {name: item[name] for name in _TICKET_TEXTS if name in item}
    return Ticket(
        keys.id_within_shop(item["pk"]),
        to_time(item["updated_at"]),
        opened_at=course.opened_at,
        first_reply_at=course.first_reply_at,
        solved_at=course.solved_at,
        test=item.get("test", False),
        reopened=course.reopened,
        other_times=course.others(),
        **texts,
    )


def _read_all(items: Iterable[Item]) -> Iterator[FeedbackEvent]:
    return (_read_feedback(item) for item in items if _ERASED not in item)


def _read_feedback(item: Mapping[str, Any]) -> FeedbackEvent:
    return FeedbackEvent(
        id=keys.id_within_shop(item["pk"]),
        kind=item["kind"],
        score=int(item["score"]) if "score" in item else None,
        touchpoint=item["touchpoint"],
        source=item["source"],
        recorded_at=to_time(item["recorded_at"]),
        stage=item.get("stage"),
        comment=item.get("comment", ""),
        segments=tuple(sorted(item.get("segments", {}).items())),
        customer=item.get("customer"),
    )
