"""Whose turn it is when more surveys are due than may go out: every shop's, so that one with very many delays no other."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import TypeVar

from cx_domain.shops import ShopId
from cx_domain.surveys import Due

_MOST_THAT_CROWD = 20
"""Five looks pass over a hundred so; more, a filter of DynamoDB's does not take."""

T = TypeVar("T")


def crowding(due: Sequence[Due]) -> frozenset[ShopId]:
    """Name the shops with the most of what was read, twenty at most: behind them others may wait unseen. One survey alone crowds nobody."""
    counts = Counter(each.shop for each in due)
    return frozenset(shop for shop, number in counts.most_common(_MOST_THAT_CROWD) if number > 1)


def shop_by_shop(due: Iterable[Due]) -> list[Due]:
    """Let each shop have its turn, and begin again; of a shop in the order that was given."""
    lines: dict[ShopId, list[Due]] = {}
    for each in due:
        lines.setdefault(each.shop, []).append(each)
    return by_turns(list(lines.values()))


def by_turns(lines: Sequence[Sequence[T]]) -> list[T]:
    """Take the first of every line, then the second of every line, until all are at their ends."""
    return [each for row in zip_longest(*lines) for each in row if each is not None]
