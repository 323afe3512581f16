"""What managers guessed of a month: one item for each of them, the last word stands."""

from datetime import datetime
from typing import TYPE_CHECKING, get_args

from cx_domain.guesses import Guess, GuessSubject
from cx_domain.shops import ShopId
from infra.aws import keys
from infra.aws.attribute_values import Item, purge_mark, to_seconds
from infra.aws.dynamo_table import DynamoTable, Terms

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class GuessTable:
    """Guesses by shop, period and manager. Neither address nor name stands there."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._items = DynamoTable(client, table)

    def put(
        self, shop: ShopId, period: str, manager_key: str, guess: Guess, now: datetime, *, purge_at: datetime
    ) -> None:
        """Keep a manager's guess in place of their earlier one."""
        terms = Terms()
        values = {name: guess.of(name) for name in get_args(GuessSubject)}
        said = {name: value for name, value in values.items() if value is not None}
        unsaid = terms.remove([name for name in values if name not in said])
        change = terms.set(said | {"given_at": to_seconds(now)} | purge_mark(purge_at))
        self._items.update(keys.guess(shop, period, manager_key), f"{change} {unsaid}", "", terms)

    def get(self, shop: ShopId, period: str, manager_key: str) -> Guess | None:
        """Read one manager's own guess."""
        item = self._items.get(keys.guess(shop, period, manager_key))
        return None if item is None else _read(item)

    def list(self, shop: ShopId, period: str) -> tuple[Guess, ...]:
        """Read the guesses of all managers of a shop, and not whose they are; strongly consistent."""
        terms = Terms()
        partition = f"{terms.name('pk')} = {terms.value(keys.shop_partition(shop))}"
        prefix = f"begins_with({terms.name('sk')}, {terms.value(keys.guesses_of(period))})"
        return tuple(_read(item) for item in self._items.query(f"{partition} AND {prefix}", terms, consistent=True))


def _read(item: Item) -> Guess:
    return Guess(**{name: int(item[name]) for name in get_args(GuessSubject) if name in item})
