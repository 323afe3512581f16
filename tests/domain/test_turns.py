"""Whose turn it is when more surveys are due than may go out."""

from cx_domain.shops import ShopId
from cx_domain.surveys import Due, SurveyId
from cx_domain.turns import by_turns, crowding, shop_by_shop


def due(shop: str, *names: str) -> list[Due]:
    return [Due(SurveyId(name), ShopId(shop)) for name in names]


def many(shop: str, number: int) -> list[Due]:
    return due(shop, *(f"{shop}-{count}" for count in range(number)))


def test_a_small_shop_has_every_second_turn_beside_one_with_a_sale() -> None:
    waiting = [*many("acme", 5), *due("tarn", "boots", "socks")]

    names = [each.survey for each in shop_by_shop(waiting)]

    assert names == ["acme-0", "boots", "acme-1", "socks", "acme-2", "acme-3", "acme-4"]


def test_a_shops_own_surveys_keep_their_order() -> None:
    assert shop_by_shop(many("acme", 20)) == many("acme", 20)


def test_lines_of_any_length_are_taken_from_in_turn() -> None:
    assert by_turns(["ad", "", "bef", "c"]) == ["a", "b", "c", "d", "e", "f"]


def test_a_shop_with_a_tenth_of_what_was_read_crowds_it() -> None:
    read = [*many("acme", 10), *(Due(SurveyId(str(n)), ShopId(f"shop-{n % 15}")) for n in range(90))]

    assert crowding(read) == {"acme"}


def test_twenty_equal_shops_crowd_nobody() -> None:
    read = [each for number in range(20) for each in many(f"shop-{number}", 5)]

    assert crowding(read) == frozenset()


def test_no_more_than_ten_shops_can_crowd() -> None:
    read = [each for number in range(10) for each in many(f"shop-{number}", 5)]

    assert len(crowding(read)) == 10


def test_nobody_crowds_where_nothing_is_due() -> None:
    assert crowding([]) == frozenset()
