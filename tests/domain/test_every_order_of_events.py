"""Every order of every subset of what a shop can tell of an order leads to the same survey: that of the same news in their own order."""

from datetime import timedelta
from itertools import combinations, permutations

import pytest

from cx_domain.orders import OrderEvent
from cx_domain.shops import SurveyRule
from tests.builders import ACME, NPS, NPS_WITH_REMINDER, PLACED_AT, TENT_ORDER, heard

HOUR = timedelta(hours=1)
LIFE = (
    OrderEvent("1001", PLACED_AT, {"placed": PLACED_AT}, "live", TENT_ORDER),
    OrderEvent("1001", PLACED_AT + HOUR, {"paid": PLACED_AT + HOUR}, "live", TENT_ORDER),
    OrderEvent("1001", PLACED_AT + 2 * HOUR, {"fulfilled": PLACED_AT + 2 * HOUR}, "live", TENT_ORDER),
    OrderEvent("1001", PLACED_AT + 3 * HOUR, {"delivered": PLACED_AT + 3 * HOUR}, "live", TENT_ORDER),
    OrderEvent("1001", PLACED_AT + 4 * HOUR, {}, "cancelled", None),
    OrderEvent("1001", PLACED_AT + 5 * HOUR, {}, "refunded", None),
)
SUBSETS = [events for size in range(1, len(LIFE) + 1) for events in combinations(LIFE, size)]


def end(events: tuple[OrderEvent, ...], rule: SurveyRule) -> tuple[object, ...]:
    survey = heard(*events, rule=rule, shop=ACME, now=PLACED_AT + 6 * HOUR)
    email = survey.order.details.email if survey.order.details else None
    return survey.stage, survey.reason, survey.due_at, sorted(survey.order.happened.items()), survey.customer, email


@pytest.mark.parametrize("rule", [NPS, NPS_WITH_REMINDER])
def test_every_order_of_every_subset_of_an_orders_news_leads_to_one_end(rule: SurveyRule) -> None:
    orders = [[end(order, rule) for order in permutations(events)] for events in SUBSETS]

    assert sum(map(len, orders)) == 1956
    assert [ends for ends in orders if any(one != ends[0] for one in ends)] == []
