"""What the customer table promises: one slot for one survey, and never again means never again."""

from datetime import timedelta

from cx_domain.shops import ShopId
from cx_domain.surveys import CustomerKey, SurveyId
from infra.aws import keys
from infra.aws.customer_table import MOST_ORDERS, Customer, CustomerTable, SlotRefusal, SlotTaken
from tests.contract.conftest import Database
from tests.contract.examples import ACME, ANNA, MONDAY, TENT_SURVEY, all_at_once, raw_item

LAMP_SURVEY = SurveyId("lampsurvey")
STRANGER = CustomerKey("somebodyelse")
QUARTER = timedelta(days=90)


def ask(
    customers: CustomerTable, survey: SurveyId = TENT_SURVEY, order: str = "order1001", after: timedelta = timedelta(0)
) -> SlotTaken | SlotRefusal:
    return customers.take_slot(ACME, ANNA, survey, order, MONDAY + after, QUARTER)


def test_a_new_customer_may_be_asked(customers: CustomerTable) -> None:
    outcome = ask(customers)

    assert outcome == SlotTaken(orders=1)
    assert customers.get(ACME, ANNA) == Customer(MONDAY, TENT_SURVEY, frozenset({"order1001"}))


def test_a_customer_who_was_asked_lately_is_not_asked_again(customers: CustomerTable) -> None:
    ask(customers)

    outcome = ask(customers, LAMP_SURVEY, "order1002", after=QUARTER - timedelta(seconds=1))

    assert outcome == "asked-recently"


def test_a_customer_may_be_asked_again_when_the_time_is_over(customers: CustomerTable) -> None:
    ask(customers)

    outcome = ask(customers, LAMP_SURVEY, "order1002", after=QUARTER)

    assert outcome == SlotTaken(orders=2)


def test_a_survey_that_has_the_slot_may_take_it_again_for_its_reminder(customers: CustomerTable) -> None:
    ask(customers)

    outcome = ask(customers, after=timedelta(days=5))

    assert outcome == SlotTaken(orders=1)


def test_of_twenty_surveys_at_once_exactly_one_gets_the_slot(customers: CustomerTable) -> None:
    outcomes = all_at_once(20, lambda place: ask(customers, SurveyId(f"survey{place}"), f"order{place}"))

    assert outcomes.count("asked-recently") == 19


def test_an_unsubscribed_customer_is_not_asked(customers: CustomerTable) -> None:
    customers.unsubscribe(ACME, ANNA, MONDAY)

    assert ask(customers, after=2 * QUARTER) == "unsubscribed"


def test_a_customer_who_subscribes_again_may_be_asked(customers: CustomerTable) -> None:
    customers.unsubscribe(ACME, ANNA, MONDAY)

    customers.resubscribe(ACME, ANNA)

    assert ask(customers) == SlotTaken(orders=1)


def test_subscribing_a_stranger_again_makes_no_customer(customers: CustomerTable) -> None:
    customers.resubscribe(ACME, ANNA)

    assert customers.get(ACME, ANNA) is None


def test_a_suppressed_address_stays_so_whatever_its_owner_subscribes_to(customers: CustomerTable) -> None:
    customers.suppress(ACME, ANNA, "bounced", MONDAY)
    customers.unsubscribe(ACME, ANNA, MONDAY)

    customers.resubscribe(ACME, ANNA)

    assert ask(customers) == "suppressed"


def test_the_first_bounce_is_the_one_that_is_remembered(customers: CustomerTable) -> None:
    customers.suppress(ACME, ANNA, "bounced", MONDAY)

    customers.suppress(ACME, ANNA, "complained", MONDAY + QUARTER)

    assert customers.get(ACME, ANNA) == Customer(suppressed_at=MONDAY, suppressed_why="bounced")


def test_a_slot_is_given_back_when_the_mail_was_not_sent(customers: CustomerTable) -> None:
    ask(customers)

    customers.release_slot(ACME, ANNA, TENT_SURVEY)

    assert ask(customers, LAMP_SURVEY, "order1002") == SlotTaken(orders=2)


def test_a_survey_cannot_give_back_the_slot_of_another(customers: CustomerTable) -> None:
    ask(customers)

    customers.release_slot(ACME, ANNA, LAMP_SURVEY)

    assert ask(customers, LAMP_SURVEY, "order1002") == "asked-recently"


def test_the_orders_of_a_regular_are_counted_up_to_the_cap(customers: CustomerTable) -> None:
    for number in range(MOST_ORDERS):
        ask(customers, order=f"order{number}")

    outcome = ask(customers, order="one more")
    again = ask(customers, order="order7")

    assert (outcome, again) == (SlotTaken(MOST_ORDERS), SlotTaken(MOST_ORDERS))


def test_a_customer_of_one_shop_is_nobody_to_another(customers: CustomerTable) -> None:
    customers.unsubscribe(ACME, ANNA, MONDAY)

    assert customers.get(ACME, STRANGER) is None


def test_who_must_not_be_asked_is_never_forgotten_by_the_database(customers: CustomerTable, database: Database) -> None:
    customers.take_slot(ACME, ANNA, TENT_SURVEY, "order1001", MONDAY, QUARTER, purge_at=MONDAY + QUARTER)
    before = raw_item(database.client, database.table, keys.customer(ACME, ANNA))

    customers.unsubscribe(ACME, ANNA, MONDAY)

    after = raw_item(database.client, database.table, keys.customer(ACME, ANNA))
    assert ("purge_at" in before, "purge_at" in after) == (True, False)


def test_an_erased_customer_leaves_nothing(customers: CustomerTable) -> None:
    ask(customers)

    customers.forget(ACME, ANNA)

    assert customers.get(ACME, ANNA) is None


def test_an_erased_customer_who_unsubscribed_is_still_not_asked(customers: CustomerTable) -> None:
    ask(customers)
    customers.unsubscribe(ACME, ANNA, MONDAY)

    customers.forget(ACME, ANNA)

    assert customers.get(ACME, ANNA) == Customer(unsubscribed_at=MONDAY)


def test_whom_ses_suppresses_is_suppressed_if_the_shop_knows_them_and_nobody_else_is_made_a_customer(
    customers: CustomerTable,
) -> None:
    ask(customers)

    number = customers.suppress_known(ACME, {ANNA: "complained", STRANGER: "bounced"}, MONDAY + QUARTER)

    assert number == 1
    assert ask(customers, LAMP_SURVEY, after=2 * QUARTER) == "suppressed"
    assert customers.get(ACME, STRANGER) is None


def test_whoever_is_suppressed_already_stays_so_for_the_first_reason(customers: CustomerTable) -> None:
    customers.suppress(ACME, ANNA, "bounced", MONDAY)

    number = customers.suppress_known(ACME, {ANNA: "complained"}, MONDAY + QUARTER)

    assert (number, customers.get(ACME, ANNA)) == (0, Customer(suppressed_at=MONDAY, suppressed_why="bounced"))


def test_whoever_another_service_asked_is_not_asked_until_the_time_is_over(customers: CustomerTable) -> None:
    assert customers.note_asked(ACME, ANNA, MONDAY, purge_at=MONDAY + 8 * QUARTER)

    assert ask(customers, after=QUARTER - timedelta(seconds=1)) == "asked-recently"
    assert ask(customers, after=QUARTER) == SlotTaken(orders=1)


def test_a_later_day_of_asking_stands(customers: CustomerTable) -> None:
    ask(customers)

    assert not customers.note_asked(ACME, ANNA, MONDAY - timedelta(days=1), purge_at=MONDAY + QUARTER)

    assert customers.get(ACME, ANNA) == Customer(MONDAY, TENT_SURVEY, frozenset({"order1001"}))


def test_whoever_must_never_be_asked_is_not_forgotten_with_the_day_they_were_asked(
    customers: CustomerTable, database: Database
) -> None:
    customers.unsubscribe(ACME, ANNA, MONDAY)

    assert customers.note_asked(ACME, ANNA, MONDAY, purge_at=MONDAY + QUARTER)

    item = raw_item(database.client, database.table, keys.customer(ACME, ANNA))
    assert item is not None
    assert ("purge_at" in item, "asked_at" in item, "unsubscribed_at" in item) == (False, True, True)


def test_many_customers_are_read_at_once(customers: CustomerTable) -> None:
    customers.unsubscribe(ACME, ANNA, MONDAY)

    found = customers.get_many(ACME, [ANNA, STRANGER])

    assert found == {ANNA: Customer(unsubscribed_at=MONDAY)}


def test_an_objection_stands_from_its_first_time_until_it_is_taken_back(customers: CustomerTable) -> None:
    customers.object(ACME, ANNA, MONDAY)
    customers.object(ACME, ANNA, MONDAY + QUARTER)

    assert (customers.objections(ACME), customers.objected_at(ACME, ANNA)) == (frozenset({ANNA}), MONDAY)
    customers.withdraw_objection(ACME, ANNA)
    assert (customers.objections(ACME), customers.objected_at(ACME, ANNA)) == (frozenset(), None)


def test_an_objection_is_one_shops_and_one_customers(customers: CustomerTable) -> None:
    customers.object(ACME, ANNA, MONDAY)

    assert customers.objections(ShopId("brook")) == frozenset()
    assert customers.objected_at(ACME, STRANGER) is None


def test_an_objection_is_not_forgotten_with_the_customer(customers: CustomerTable) -> None:
    ask(customers)
    customers.object(ACME, ANNA, MONDAY)

    customers.forget(ACME, ANNA)

    assert (customers.get(ACME, ANNA), customers.objections(ACME)) == (None, frozenset({ANNA}))
