"""A shop's customers, by a keyed name and without an address: when they were last asked, and whether they may be asked at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from cx_domain.errors import Conflict
from cx_domain.shops import ShopId
from cx_domain.surveys import CustomerKey, SurveyId
from infra.aws import keys
from infra.aws.attribute_values import purge_mark, to_seconds, to_time
from infra.aws.dynamo_table import ConditionFailed, DynamoTable, Terms

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MOST_ORDERS = 50
"""Whoever has ordered more often is a regular anyway; a set in an item must not grow without end."""
ASKED_ELSEWHERE = SurveyId("asked-elsewhere")
"""What holds the slot of somebody whom another service asked last: no survey of ours, so none of ours can take it again."""
SlotRefusal = Literal["asked-recently", "unsubscribed", "suppressed"]


@dataclass(frozen=True, slots=True)
class SlotTaken:
    """The survey may be sent; `orders` is how many of the customer's orders are known, this one among them (50: or more)."""

    orders: int


@dataclass(frozen=True, slots=True)
class Customer:
    """All that is kept of a customer. `asked_at` and `survey_id` are the slot: the latest survey that was asked, and when."""

    asked_at: datetime | None = None
    survey_id: SurveyId | None = None
    orders: frozenset[str] = frozenset()
    unsubscribed_at: datetime | None = None
    suppressed_at: datetime | None = None
    suppressed_why: str | None = None


class CustomerTable:
    """Customers by shop and key. An item whose customer must not be asked again never expires."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._items = DynamoTable(client, table)

    def get(self, shop: ShopId, key: CustomerKey) -> Customer | None:
        """Read one customer, strongly consistent."""
        item = self._items.get(keys.customer(shop, key))
        return _read_customer(item) if item is not None else None

    def get_many(self, shop: ShopId, customers: Iterable[CustomerKey]) -> dict[CustomerKey, Customer]:
        """Read many customers, strongly consistent; those whom nobody knows are left out."""
        by_pk = {keys.customer(shop, key)["pk"]: key for key in customers}
        items = self._items.get_many(keys.customer(shop, key) for key in by_pk.values())
        return {by_pk[item["pk"]]: _read_customer(item) for item in items}

    def take_slot(  # noqa: PLR0917  who, for what, when, how often: each is a type of its own
        self,
        shop: ShopId,
        key: CustomerKey,
        survey_id: SurveyId,
        order_hash: str,
        now: datetime,
        ask_again_after: timedelta,
        *,
        purge_at: datetime | None = None,
    ) -> SlotTaken | SlotRefusal:
        """Take the customer's slot for a survey and count its order, or say why not. To take it again is harmless.

        A slot is free when nobody has it, when it is older than `ask_again_after`, and for the survey that has it (its reminder).
        """
        with_order = True
        for _ in range(2):
            terms = Terms()
            change = terms.set({"asked_at": to_seconds(now), "survey_id": survey_id} | purge_mark(purge_at))
            condition = _may_take(terms, survey_id, now - ask_again_after)
            if with_order:
                orders, hashes = terms.name("orders"), terms.value({order_hash})
                change += f" ADD {orders} {hashes}"
                condition += (
                    f" AND (attribute_not_exists({orders}) OR size({orders}) < {terms.value(MOST_ORDERS)}"
                    f" OR contains({orders}, {terms.value(order_hash)}))"
                )
            written = self._items.update(keys.customer(shop, key), change, condition, terms)
            if not isinstance(written, ConditionFailed):
                return SlotTaken(len(written.get("orders", ())))
            refusal = _refusal(_read_customer(written.item or {}), survey_id, now - ask_again_after)
            if refusal is not None:
                return refusal
            with_order = False  # the set is full: what remains is the slot
        raise Conflict("the customer's slot changed hands in between")

    def release_slot(self, shop: ShopId, key: CustomerKey, survey_id: SurveyId) -> None:
        """Give the slot back because the survey's mail was certainly not sent; nothing happens to another survey's slot.

        Not for a reminder: its survey was sent, and keeps the slot.
        """
        terms = Terms()
        condition = f"{terms.name('survey_id')} = {terms.value(survey_id)}"
        self._items.update(keys.customer(shop, key), terms.remove(("asked_at", "survey_id")), condition, terms)

    def note_asked(self, shop: ShopId, key: CustomerKey, asked_at: datetime, *, purge_at: datetime) -> bool:
        """Fill the slot of somebody whom another service asked, unless it is known that they were asked later; says whether it was.

        Who must never be asked again is never forgotten either: such an item gets no date of its end.
        """
        for is_stopped in (False, True):
            terms = Terms()
            change = terms.set(
                {"asked_at": to_seconds(asked_at), "survey_id": ASKED_ELSEWHERE}
                | ({} if is_stopped else purge_mark(purge_at))
            )
            last = terms.name("asked_at")
            condition = f"(attribute_not_exists({last}) OR {last} < {terms.value(to_seconds(asked_at))})"
            for stop in () if is_stopped else ("unsubscribed_at", "suppressed_at"):
                condition += f" AND attribute_not_exists({terms.name(stop)})"
            written = self._items.update(keys.customer(shop, key), change, condition, terms)
            if not isinstance(written, ConditionFailed):
                return True
        return False

    def unsubscribe(self, shop: ShopId, key: CustomerKey, now: datetime) -> None:
        """Never ask this customer again, until they say otherwise."""
        self._stop(shop, key, {"unsubscribed_at": to_seconds(now)})

    def resubscribe(self, shop: ShopId, key: CustomerKey) -> None:
        """Let this customer be asked again, unless their address is suppressed."""
        terms = Terms()
        condition = f"attribute_exists({terms.name('unsubscribed_at')})"
        self._items.update(keys.customer(shop, key), terms.remove(["unsubscribed_at"]), condition, terms)

    def suppress(self, shop: ShopId, key: CustomerKey, reason: str, now: datetime) -> None:
        """Never mail this customer again: the address bounced for good, or its owner complained."""
        self._stop(shop, key, {"suppressed_at": to_seconds(now), "suppressed_why": reason})

    def suppress_known(self, shop: ShopId, reasons: Mapping[CustomerKey, str], now: datetime) -> int:
        """Suppress those of them whom the shop knows and has not suppressed; makes no new customers. Returns how many."""
        known = {keys.customer(shop, key)["pk"]: key for key in reasons}
        items = self._items.get_many(keys.customer(shop, key) for key in reasons)
        found = [known[item["pk"]] for item in items if "suppressed_at" not in item]
        for key in found:
            marks = {"suppressed_at": to_seconds(now), "suppressed_why": reasons[key]}
            self._stop(shop, key, marks, condition="attribute_exists(pk)")
        return len(found)

    def _stop(self, shop: ShopId, key: CustomerKey, marks: Mapping[str, str], *, condition: str = "") -> None:
        terms = Terms()
        # The first time stands: an event that comes twice tells nothing new.
        parts = [f"{terms.name(n)} = if_not_exists({terms.name(n)}, {terms.value(v)})" for n, v in marks.items()]
        self._items.update(
            keys.customer(shop, key), f"SET {', '.join(parts)} {terms.remove(['purge_at'])}", condition, terms
        )

    def object(self, shop: ShopId, key: CustomerKey, now: datetime) -> None:
        """Note that a customer must not be profiled, until they say otherwise. The first time stands.

        Such items lie beside the shop's file: a rollup reads them all at once, and whatever it folds then goes by them.
        """
        self._items.put_if({**keys.objection(shop, key), "objected_at": to_seconds(now)}, "attribute_not_exists(pk)")

    def withdraw_objection(self, shop: ShopId, key: CustomerKey) -> None:
        """Let a customer be counted in groups again."""
        self._items.delete(keys.objection(shop, key))

    def objected_at(self, shop: ShopId, key: CustomerKey) -> datetime | None:
        """Say since when a customer must not be profiled; None where they may."""
        return _time(self._items.get(keys.objection(shop, key)) or {}, "objected_at")

    def objections(self, shop: ShopId) -> frozenset[CustomerKey]:
        """List whom of a shop must not be profiled; strongly consistent."""
        terms = Terms()
        partition = f"{terms.name('pk')} = {terms.value(keys.shop_partition(shop))}"
        prefix = f"begins_with({terms.name('sk')}, {terms.value(keys.OBJECTION_PREFIX)})"
        items = self._items.query(f"{partition} AND {prefix}", terms, consistent=True)
        return frozenset(keys.objector(item["sk"]) for item in items)

    def forget(self, shop: ShopId, key: CustomerKey) -> None:
        """Erase what is known of a customer, except that they must not be asked again or profiled, if that is so."""
        terms = Terms()
        change = terms.remove(("asked_at", "survey_id", "orders"))
        condition = (
            f"attribute_exists({terms.name('unsubscribed_at')}) OR attribute_exists({terms.name('suppressed_at')})"
        )
        if isinstance(self._items.update(keys.customer(shop, key), change, condition, terms), ConditionFailed):
            self._items.delete(keys.customer(shop, key))


def _may_take(terms: Terms, survey_id: SurveyId, asked_before: datetime) -> str:
    holder = terms.name("survey_id")
    return (
        f"attribute_not_exists({terms.name('unsubscribed_at')}) AND attribute_not_exists({terms.name('suppressed_at')})"
        f" AND (attribute_not_exists({holder}) OR {holder} = {terms.value(survey_id)}"
        f" OR {terms.name('asked_at')} <= {terms.value(to_seconds(asked_before))})"
    )


def _refusal(customer: Customer, survey_id: SurveyId, asked_before: datetime) -> SlotRefusal | None:
    if customer.suppressed_at is not None:
        return "suppressed"
    if customer.unsubscribed_at is not None:
        return "unsubscribed"
    if customer.asked_at is None or customer.survey_id == survey_id:
        return None
    return None if to_seconds(customer.asked_at) <= to_seconds(asked_before) else "asked-recently"


def _read_customer(item: Mapping[str, Any]) -> Customer:
    return Customer(
        asked_at=_time(item, "asked_at"),
        survey_id=item.get("survey_id"),
        orders=frozenset(item.get("orders", ())),
        unsubscribed_at=_time(item, "unsubscribed_at"),
        suppressed_at=_time(item, "suppressed_at"),
        suppressed_why=item.get("suppressed_why"),
    )


def _time(item: Mapping[str, Any], name: str) -> datetime | None:
    return to_time(item[name]) if name in item else None
