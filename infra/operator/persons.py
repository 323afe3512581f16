"""One person's data in one shop, found by their address: gathered, or erased by the rollup so that nothing but keyed hashes is left."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cx_domain import history_files
from cx_domain.errors import BadField
from cx_domain.identities import customer_key, normalised
from cx_domain.shops import ShopId
from cx_domain.surveys import CustomerKey, Survey
from cx_domain.tickets import Ticket
from infra.operator import survey_views
from infra.operator.session import Stack
from infra.rollups import histories
from infra.rollups.erasing import Erasure
from infra.rollups.profiles import Objector
from infra.survey_records import customer as customer_record
from infra.survey_records import imported_record, iso
from infra.survey_records import ticket as ticket_record


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done: to how many surveys, imported answers, support cases and dead letters, which files were made again, and whether the address must
    still not be written to.
    """

    surveys: int
    imported: int
    tickets: int
    messages: int
    keys: tuple[str, ...]
    do_not_mail: bool


def export(stack: Stack, shop: ShopId, address: str) -> dict[str, Any]:
    """Gather all that is kept of a person, JSON-ready."""
    decided, key, now = stack.shop(shop), _key(stack, shop, address), stack.now()
    customer, surveys = stack.customers.get(shop, key), list(_surveys(stack, shop, key))
    return {
        "shop": shop,
        "address": address,
        "key": key,
        "customer": None if customer is None else customer_record(customer),
        "objected_at": iso(stack.customers.objected_at(shop, key)),
        "surveys": [survey_views.story(survey, decided, now) for survey in surveys],
        "imported": [
            imported_record(one) for one in stack.feedback.get_many(shop, stack.feedback.of_customer(shop, key))
        ],
        "tickets": [ticket_record(ticket) for ticket in _tickets(stack, shop, surveys)],
        "history": next((line for each in histories.bodies(stack.files, shop) for line in _lines_of(each, key)), None),
    }


def erase(stack: Stack, shop: ShopId, address: str) -> Erased:
    """Erase a person; safe to repeat, also after it broke off."""
    stack.shop(shop)
    key = _key(stack, shop, address)
    surveys = list(_surveys(stack, shop, key))
    tickets = tuple(ticket.id for ticket in _tickets(stack, shop, surveys))
    # While the surveys still tell which orders were theirs.
    messages = _remove_dead_letters(stack, shop, _Traces.of(key, address, surveys, tickets))
    gone = Erasure(key, tuple(survey.id for survey in surveys), tickets)
    told = stack.rollup({"shop": shop, "erase": gone.message()})
    do_not_mail = stack.customers.get(shop, key) is not None
    return Erased(told["surveys"], told["imported"], len(tickets), messages, tuple(told["keys"]), do_not_mail)


@dataclass(frozen=True, slots=True)
class _Traces:
    """By what a message is known to be about a person: words that stand nowhere else, and their orders' and cases' ids."""

    words: re.Pattern[str]
    subjects: frozenset[str]

    @staticmethod
    def of(key: CustomerKey, address: str, surveys: Iterable[Survey], tickets: Iterable[str]) -> "_Traces":
        known = list(surveys)
        names = "|".join(map(re.escape, (normalised(address), key, *(survey.id for survey in known))))
        # Whole ones only: joanna@acme.example is somebody else than anna@acme.example.
        words = re.compile(rf"(?<![\w.%+-])(?:{names})(?![\w-]|\.\w)")
        subjects = frozenset(survey.subject_id for survey in known if survey.subject_id)
        return _Traces(words, subjects.union(tickets))

    def are_in(self, body: str, shop: ShopId) -> bool:
        """Say so of a message's body, also of one in which another message is quoted."""
        return self.words.search(body.casefold()) is not None or self._names_order(body, shop)

    def _names_order(self, body: str, shop: ShopId) -> bool:
        try:
            told = json.loads(body)
        except ValueError:
            return False
        if not isinstance(told, dict) or told.get("shop") != shop:
            return False
        passed = told.get("privacy")
        orders = passed.get("orders", []) if isinstance(passed, dict) else [told.get("order")]
        return not self.subjects.isdisjoint(str(order) for order in orders)


def _remove_dead_letters(stack: Stack, shop: ShopId, traces: _Traces) -> int:
    return sum(queue.remove(lambda body: traces.are_in(body, shop)) for queue in stack.dead_letters)


def _tickets(stack: Stack, shop: ShopId, surveys: Iterable[Survey]) -> list[Ticket]:
    """Find the support cases that are known to be a person's: asked about, or about an order of theirs."""
    known = list(surveys)
    asked = {survey.subject_id for survey in known if survey.subject_type == "ticket"}
    orders = {survey.subject_id for survey in known if survey.subject_type == "order"}
    orders |= {survey.order.details.number for survey in known if survey.order.details is not None}
    if not {*asked, *orders} - {""}:
        return []
    return [one for one in stack.tickets.scan(shop) if one.id in asked or (one.order and one.order in orders)]


def _lines_of(body: bytes, key: CustomerKey) -> Iterator[Any]:
    content = history_files.decode(body)
    if not isinstance(content, history_files.Parts) and key in content:
        yield json.loads(content[key])


def object_to_profiling(stack: Stack, shop: ShopId, address: str, *, withdrawn: bool) -> tuple[int, tuple[str, ...]]:
    """Take a person out of every group, or let them in again; how many surveys they have, and which reports were made again.

    Safe to repeat.
    """
    stack.shop(shop)
    key = _key(stack, shop, address)
    # Noted first: what a rollup folds from now on goes by it.
    if withdrawn:
        stack.customers.withdraw_objection(shop, key)
    else:
        stack.customers.object(shop, key, stack.now())
    who = Objector(key, tuple(survey.id for survey in _surveys(stack, shop, key)))
    told = stack.rollup({"shop": shop, "profile": who.message()})
    return len(who.surveys), tuple(told["keys"])


def _key(stack: Stack, shop: ShopId, address: str) -> CustomerKey:
    if "@" not in address:
        raise BadField("ADDRESS", f"{address!r} is no e-mail address")
    return customer_key(stack.secrets.key_ring().identity, shop, address)


def _surveys(stack: Stack, shop: ShopId, key: CustomerKey) -> Iterator[Survey]:
    """Find a person's surveys: by the key that they carry, or by the address where they carry none yet."""
    identity = stack.secrets.key_ring().identity
    for survey in stack.surveys.scan(shop):
        email = survey.order.details.email if survey.order.details is not None else None
        if survey.customer == key or (email is not None and customer_key(identity, shop, email) == key):
            yield survey
