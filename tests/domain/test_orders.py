"""What an order's events add up to does not depend on when and how often they come."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_domain.orders import Happening, OrderDetails, OrderEvent, OrderFacts, Standing, merge, not_from_the_future

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
HAPPENINGS: list[Happening] = ["placed", "paid", "fulfilled", "delivered", "solved"]
STANDINGS: list[Standing | None] = ["live", "partly-refunded", "refunded", "cancelled", None]

# Few different times and details, so that ties are frequent.
moments = st.sampled_from([NINE, TEN, TEN + timedelta(days=1)])
some_details = st.sampled_from(
    [None, OrderDetails(number="1001", email="anna@example.com"), OrderDetails(number="1001")]
)
events = st.builds(
    OrderEvent,
    subject_id=st.just("1001"),
    updated_at=moments,
    happened=st.dictionaries(st.sampled_from(HAPPENINGS), moments),
    standing=st.sampled_from(STANDINGS),
    details=some_details,
)


def add_up(*news: OrderEvent) -> OrderFacts:
    return reduce(merge, news, OrderFacts())


@settings(deadline=None)
@given(st.lists(events, max_size=4))
def test_the_order_of_arrival_does_not_matter(news: list[OrderEvent]) -> None:
    assert all(add_up(*other) == add_up(*news) for other in permutations(news))


@settings(deadline=None)
@given(st.lists(events, min_size=1, max_size=6), st.data())
def test_a_repeated_event_changes_nothing(news: list[OrderEvent], data: st.DataObject) -> None:
    again = data.draw(st.sampled_from(news))

    assert add_up(*news, again) == add_up(*news)


def test_a_later_payment_does_not_undo_fulfilment() -> None:
    fulfilled = OrderEvent("1001", NINE, {"fulfilled": NINE}, "live")
    paid_on_delivery = OrderEvent("1001", TEN, {"paid": TEN}, "live")

    assert add_up(fulfilled, paid_on_delivery).happened == {"fulfilled": NINE, "paid": TEN}


def test_the_earliest_time_of_a_happening_is_kept() -> None:
    seen_late = OrderEvent("1001", TEN, {"paid": TEN})
    seen_first = OrderEvent("1001", NINE, {"paid": NINE})

    assert add_up(seen_late, seen_first).happened == {"paid": NINE}


def test_on_a_tie_the_cancellation_wins() -> None:
    live = OrderEvent("1001", NINE, standing="live")
    refunded = OrderEvent("1001", NINE, standing="refunded")
    cancelled = OrderEvent("1001", NINE, standing="cancelled")

    assert add_up(cancelled, refunded, live).standing == "cancelled"


def test_on_a_tie_a_partial_refund_wins_over_none_and_loses_to_a_whole_one() -> None:
    live = OrderEvent("1001", NINE, standing="live")
    partly = OrderEvent("1001", NINE, standing="partly-refunded")
    refunded = OrderEvent("1001", NINE, standing="refunded")

    assert add_up(partly, live).standing == "partly-refunded"
    assert add_up(refunded, partly).standing == "refunded"


def test_on_a_tie_whoever_must_not_be_asked_is_not() -> None:
    asked = OrderEvent("1001", NINE, details=OrderDetails(number="1001", country="DE", consent=True))
    took_it_back = OrderEvent("1001", NINE, details=OrderDetails(number="1001", country="DE", consent=False))
    tried = OrderEvent("1001", NINE, details=OrderDetails(number="0", country="DE", test=True))

    without, with_test = add_up(took_it_back, asked).details, add_up(asked, tried, took_it_back).details

    assert without is not None
    assert without.consent is False
    assert with_test is not None
    assert with_test.test


def test_what_kind_of_address_it_was_does_not_decide_which_news_is_believed() -> None:
    noted = OrderDetails(number="1001", country="PL", address_kind="staff-address")
    facts = OrderFacts(details=noted, details_at=NINE, standing_at=NINE)

    again = merge(facts, OrderEvent("1001", NINE, details=OrderDetails(number="1001", country="DE")))

    assert again.details == noted


def test_an_older_cancellation_does_not_cancel_an_order_that_was_reopened() -> None:
    reopened = OrderEvent("1001", TEN, standing="live")
    cancelled = OrderEvent("1001", NINE, standing="cancelled")

    assert add_up(reopened, cancelled).standing == "live"


def test_a_cancellation_before_the_order_is_remembered() -> None:
    cancelled = OrderEvent("1001", TEN, standing="cancelled")
    placed = OrderEvent("1001", NINE, {"placed": NINE}, "live", OrderDetails(number="1001"))

    facts = add_up(cancelled, placed)

    assert (facts.standing, facts.details) == ("cancelled", OrderDetails(number="1001"))


def test_news_of_a_parcel_leaves_the_buyer_as_known() -> None:
    placed = OrderEvent("1001", NINE, {"placed": NINE}, "live", OrderDetails(number="1001", email="anna@example.com"))
    parcel = OrderEvent("1001", TEN, {"delivered": TEN})

    facts = add_up(placed, parcel)

    assert (facts.details_at, facts.standing_at) == (NINE, NINE)
    assert facts.happened == {"placed": NINE, "delivered": TEN}


def test_a_clock_that_is_ahead_wins_by_five_minutes_at_most() -> None:
    ahead = OrderEvent("1001", TEN + timedelta(days=365), {"paid": TEN, "placed": NINE}, "live")

    clamped = not_from_the_future(ahead, NINE)

    soon = NINE + timedelta(minutes=5)
    assert (clamped.updated_at, clamped.happened) == (soon, {"paid": soon, "placed": NINE})
