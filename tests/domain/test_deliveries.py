"""What is told of a shop's deliveries: how many were good, when the last one came, and what was refused last."""

from datetime import UTC, date, datetime, timedelta

from cx_domain.deliveries import LONGEST_SAID, MOST_REFUSED, DeliveryDay, last_delivered_at, last_refused, refused

MONDAY = date(2026, 1, 5)
AT_NINE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_what_was_passed_over_was_delivered_and_what_was_refused_was_not() -> None:
    day = DeliveryDay(MONDAY, "shopify", {"taken": 3, "topic-ignored": 2, "bad-signature": 7, "bad-input": 1})

    assert day.delivered == 5


def test_the_last_refusals_are_the_newest_of_all_days() -> None:
    earlier = tuple(refused(AT_NINE + minute * MINUTE, "bad-input", "id: is missing") for minute in range(8))
    later = tuple(refused(AT_NINE + timedelta(days=1, minutes=minute), "bad-signature", "no") for minute in range(4))

    found = last_refused(
        [DeliveryDay(MONDAY, "shopify", refused=earlier), DeliveryDay(MONDAY, "shopify", refused=later)]
    )

    assert len(found) == MOST_REFUSED
    assert [one.why for one in found[:5]] == ["bad-signature"] * 4 + ["bad-input"]
    assert found[0].at == AT_NINE + timedelta(days=1, minutes=3)


def test_a_refusal_is_one_line_that_is_not_too_long() -> None:
    one = refused(AT_NINE, "bad-input", "tags.store\n" + "x" * 500)

    assert one.said.startswith("tags.store xxx")
    assert len(one.said) == LONGEST_SAID


def test_a_shop_that_was_only_refused_was_never_delivered() -> None:
    assert last_delivered_at([DeliveryDay(MONDAY, "shopify", {"bad-signature": 1})]) is None
