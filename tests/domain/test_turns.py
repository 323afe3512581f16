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


def test_each_of_twenty_equal_shops_may_hide_somebody_behind_it() -> None:
    read = [each for number in range(20) for each in many(f"shop-{number}", 5)]

    assert len(crowding(read)) == 20


def test_of_more_shops_than_twenty_those_with_the_most_crowd() -> None:
    read = [each for number in range(40) for each in many(f"shop-{number}", 60 if number % 2 else 6)]

    assert crowding(read) == {f"shop-{number}" for number in range(1, 40, 2)}


def test_one_survey_alone_crowds_nobody() -> None:
    assert crowding([*many("acme", 2), *due("tarn", "boots")]) == {"acme"}


def test_nobody_crowds_where_nothing_is_due() -> None:
    assert crowding([]) == frozenset()
