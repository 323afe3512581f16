"""A shop that leaves, with everything that was its own."""

import json
import re
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from cx_domain.shops import ShopId
from infra.operator.session import Stack

_NAME = re.compile(r"\w+")


class Left(NamedTuple):
    """How much of a shop there was."""

    items: int
    files: int
    messages: int


def erase_shop(stack: Stack, shop: ShopId) -> Left:
    """Erase a shop's secrets, dead letters, items and files. Safe to repeat, also after it broke off."""
    # The secrets first: from then on no webhook brings anything back.
    stack.secrets.forget(shop)
    # While the surveys still tell which letters were about them.
    surveys = {str(survey.id) for survey in stack.surveys.scan(shop)}
    messages = sum(queue.remove(lambda body: _is_about(body, shop, surveys)) for queue in stack.dead_letters)
    return Left(*stack.traces.erase(shop), messages)


def _is_about(body: str, shop: ShopId, surveys: AbstractSet[str]) -> bool:
    """Say so of a message that names the shop, or one of its surveys, as SES's events do with the mail's address beside it."""
    if not surveys.isdisjoint(_NAME.findall(body)):
        return True
    try:
        told = json.loads(body)
    except ValueError:
        return False
    if not isinstance(told, dict):
        return False
    failing = told.get("failing")
    return shop in {told.get("shop"), failing.get("shop") if isinstance(failing, dict) else None}
