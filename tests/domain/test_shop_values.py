"""Values that only a shop's file has."""

from datetime import time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from cx_domain.kinds import kinds
from cx_domain.shop_values import amount, headline_figure, news, order_link, quiet_hours, segment, span, zone


def test_a_misspelt_zone_is_told_the_right_one() -> None:
    with pytest.raises(ValueError, match='did you mean "Europe/Warsaw"'):
        zone("Europe/Warszaw")


def test_a_zone_is_a_zone() -> None:
    assert zone("Europe/London") == ZoneInfo("Europe/London")


@pytest.mark.parametrize("kind", [kind.name for kind in kinds()])
def test_every_kind_has_a_range_for_its_figure(kind: str) -> None:
    assert headline_figure(kind, 1) == 1

    with pytest.raises(ValueError, match="must be from"):
        headline_figure(kind, 101)


@pytest.mark.parametrize(
    "line", ["More at https://acme.example/sale", "See www.acme.example", "Write to care@acme.example"]
)
def test_a_shops_news_hold_no_link(line: str) -> None:
    assert news("You asked for parcel lockers: they are here.") == "You asked for parcel lockers: they are here."

    with pytest.raises(ValueError, match="without a link"):
        news(line)


def test_quiet_hours_may_go_over_midnight() -> None:
    assert quiet_hours(["21:00", "08:00"]) == (time(21), time(8))


@pytest.mark.parametrize(("raw", "meant"), [("10.00", Decimal("10.00")), (10, Decimal("10.0")), (0.5, Decimal("0.5"))])
def test_an_amount_is_exact(raw: object, meant: Decimal) -> None:
    assert amount(raw) == meant


def test_a_span_has_a_shortest_and_a_longest() -> None:
    check = span(timedelta(minutes=1))

    assert check("60s") == timedelta(minutes=1)
    for raw, told in (("59s", "longer"), ("3651d", "shorter")):
        with pytest.raises(ValueError, match=told):
            check(raw)


def test_a_segment_is_one_of_six_or_a_tag() -> None:
    assert (segment("country"), segment("tag:store")) == ("country", "tag:store")

    with pytest.raises(ValueError, match="name of a tag"):
        segment("store")


@pytest.mark.parametrize(
    "wrong", ["https://acme.example/admin", "https://acme.example/{order}/{id}", "http://acme.example/{id}", "{id}"]
)
def test_a_link_to_an_order_has_a_place_for_it(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"must (hold|be an address)"):
        order_link(wrong)


def test_a_link_to_an_order_may_name_it_by_id_and_by_number() -> None:
    assert order_link("https://acme.example/{id}?n={number}") == "https://acme.example/{id}?n={number}"
