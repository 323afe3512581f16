"""One person's data in one shop: gathered, or erased so that nothing but keyed hashes is left.

Erasing goes in steps that can each be repeated: the surveys lose all that was told, and keep whose they were and on which days;
the rollup makes those days' files again without them; and only then is that forgotten too. After a break, the same command finds
them again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from cx_domain.calendars import parse_period
from cx_domain.day_lines import candidate_days
from cx_domain.errors import BadField, Conflict
from cx_domain.identities import customer_key
from cx_domain.orders import OrderFacts
from cx_domain.shops import Shop, ShopId
from cx_domain.surveys import CustomerKey, Survey
from infra.aws import keys
from infra.operator import survey_views
from infra.operator.session import Stack

_TRIES = 8


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done: how many surveys, which files were made again, and whether the address must still not be written to."""

    surveys: int
    keys: tuple[str, ...]
    do_not_mail: bool


def export(stack: Stack, shop: ShopId, address: str) -> dict[str, Any]:
    """Gather all that is kept of a person, JSON-ready."""
    decided, key, now = stack.shop(shop), _key(stack, shop, address), stack.now()
    customer = stack.customers.get(shop, key)
    return {
        "shop": shop,
        "address": address,
        "customer": None if customer is None else survey_views.customer(customer),
        "surveys": [survey_views.story(survey, decided, now) for survey in _surveys(stack, shop, key)],
    }


def erase(stack: Stack, shop: ShopId, address: str) -> Erased:
    """Erase a person; safe to repeat, also after it broke off."""
    decided = stack.shop(shop)
    key = _key(stack, shop, address)
    found = [_replace(stack, survey, partial(emptied, owner=key)) for survey in _surveys(stack, shop, key)]
    stack.customers.forget(shop, key)
    # Asked also where no survey is left: a history may be.
    remade = _remade_without(stack, decided, found, key)
    for survey in found:
        _replace(stack, survey, tombstone)
    return Erased(len(found), remade, stack.customers.get(shop, key) is not None)


def tombstone(survey: Survey) -> Survey:
    """Return what stays of a survey: an id that says nothing, so that repeated webhooks bring nothing back."""
    return Survey(
        id=survey.id,
        shop=survey.shop,
        kind=survey.kind,
        touchpoint=survey.touchpoint,
        subject_type=survey.subject_type,
        subject_id="",
        order=OrderFacts(),
        stage="erased",
        version=survey.version,
    )


def emptied(survey: Survey, owner: CustomerKey) -> Survey:
    """Return a tombstone that still knows its owner and, by its times, the days whose files may hold its lines."""
    asked_at = survey.refused_at or survey.due_at
    return replace(tombstone(survey), customer=owner, sent_at=survey.sent_at, refused_at=asked_at, visits=survey.visits)


def _remade_without(stack: Stack, shop: Shop, found: Sequence[Survey], owner: CustomerKey) -> tuple[str, ...]:
    days = sorted({day.isoformat() for survey in found for day in candidate_days(survey, shop.zone)})
    gone = {"ids": [survey.id for survey in found], "days": days, "customer": owner}
    told = stack.rollup({"shop": shop.id, "erase": gone})
    remade = set(told.get("keys", ()))
    for period in _reported(stack, shop, days):
        if keys.report_file(shop.id, period, "report.json") not in remade:
            remade.update(stack.rollup({"shop": shop.id, "period": period}).get("keys", ()))
    return tuple(sorted(remade))


def _reported(stack: Stack, shop: Shop, days: Sequence[str]) -> Iterator[str]:
    """Name the periods with these days that have a report: an operator may have had some built that the calendar would not."""
    for key in stack.files.list(keys.reports_folder(shop.id)):
        path = PurePosixPath(key)
        if path.name == "report.json":
            period = parse_period(path.parent.name)
            if any(period.start.isoformat() <= day <= period.end.isoformat() for day in days):
                yield period.name


def _replace(stack: Stack, survey: Survey, by: Callable[[Survey], Survey]) -> Survey:
    """Put another survey in this one's place, also against somebody who writes at the same time."""
    for _ in range(_TRIES):
        current = stack.surveys.get(survey.id)
        if current is None:
            return survey
        try:
            return stack.surveys.overwrite(current, by(current), stack.now())
        except Conflict:
            continue
    raise Conflict(f"survey {survey.id} changes faster than it can be erased; say it again")


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
