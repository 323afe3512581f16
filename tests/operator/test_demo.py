"""The demo's month: the same seed tells the same story, and its webhooks mean what their course says."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from cx_domain.errors import BadField
from cx_domain.order_fields import TicketEvent
from cx_domain.orders import OrderEvent
from cx_domain.shop_files import read_shop_file
from cx_domain.shops import ShopId
from cx_domain.signatures import Delivery as Sent
from infra.operator.demo import PLATFORMS, START, make_room, shop_file
from infra.operator.demo_mail import rating_form, survey_mail
from infra.operator.demo_orders import Delivery, deliveries, orders
from infra.operator.demo_people import bucket, people
from infra.operator.demo_tickets import ticket_deliveries, tickets
from infra.platforms import platform, read

MONTH = 30
ACME, BROOK = ShopId("acme"), ShopId("brook")


def meant(delivery: Delivery) -> OrderEvent:
    """Read a delivery as the webhook function does."""
    named = platform(delivery.platform)
    event = read(named, Sent(delivery.body, named.test_headers(delivery.topic)), delivery.at)
    assert isinstance(event, OrderEvent)
    return event


@pytest.mark.parametrize("shop", [ACME, BROOK])
def test_the_same_seed_tells_the_same_story(shop: ShopId) -> None:
    first, second = (
        [delivery for order in orders(shop, START, MONTH, 7) for delivery in deliveries(order)] for _ in range(2)
    )

    assert first == second
    assert first != [delivery for order in orders(shop, START, MONTH, 8) for delivery in deliveries(order)]


def test_a_month_has_a_few_hundred_orders() -> None:
    drawn = [*orders(ACME, START, MONTH, 7), *orders(BROOK, START, MONTH, 7)]

    assert len(drawn) == 330
    assert {order.course for order in drawn} == {
        "plain",
        "twice",
        "shuffled",
        "cancelled",
        "refunded-before",
        "refunded-after",
        "no-address",
        "test",
        "again",
        "small",
    }


@pytest.mark.parametrize("shop", [ACME, BROOK])
def test_every_shipped_order_is_told_as_fulfilled_when_it_was(shop: ShopId) -> None:
    shipped = [order for order in orders(shop, START, MONTH, 7) if order.course != "cancelled"]

    for order in shipped:
        told = [meant(delivery).happened.get("fulfilled") for delivery in deliveries(order)]
        assert order.shipped_at in told, order


@pytest.mark.parametrize(
    ("shop", "course", "standing"),
    [
        (ACME, "cancelled", "cancelled"),
        (ACME, "refunded-before", "refunded"),
        (BROOK, "cancelled", "cancelled"),
        (BROOK, "refunded-before", "refunded"),
    ],
)
def test_a_course_ends_as_it_says(shop: ShopId, course: str, standing: str) -> None:
    ended = [order for order in orders(shop, START, MONTH, 7) if order.course == course]

    assert ended
    assert {meant(deliveries(order)[-1]).standing for order in ended} == {standing}


def test_a_shuffled_orders_first_news_comes_last() -> None:
    shuffled = next(order for order in orders(ACME, START, MONTH, 7) if order.course == "shuffled")

    assert [delivery.topic for delivery in deliveries(shuffled)] == ["orders/fulfilled", "orders/create"]


def test_nobody_shares_an_address() -> None:
    drawn = [*people(ACME, 180, 7), *people(BROOK, 150, 7)]

    assert len({person.email for person in drawn}) == len(drawn)


@pytest.mark.parametrize(("shop", "about"), [(ACME, 45), (BROOK, 20)])
def test_a_shops_customers_think_of_it_as_its_distribution_says(shop: ShopId, about: int) -> None:
    said = [bucket(person.score) for person in people(shop, 2000, 7) if person.habit == "answers"]

    nps = 100 * (said.count("promoter") - said.count("detractor")) / len(said)
    assert nps == pytest.approx(about, abs=4)


@pytest.mark.parametrize("name", list(PLATFORMS))
def test_the_demos_shop_files_are_good_ones(name: str) -> None:
    assert read_shop_file(shop_file(name)).id == name


def test_the_links_of_a_mail_are_found_as_mail_programs_find_them() -> None:
    message = EmailMessage()
    message["List-Unsubscribe"] = "<https://ask.acme.test/u/TOKEN>"
    message.set_content("0: https://ask.acme.test/s/TOKEN/0\n10: https://ask.acme.test/s/TOKEN/10\n")

    links = survey_mail(message.as_bytes())

    assert links is not None
    assert links.scores == {0: "https://ask.acme.test/s/TOKEN/0", 10: "https://ask.acme.test/s/TOKEN/10"}
    assert links.unsubscribe == "https://ask.acme.test/u/TOKEN"


def test_a_mail_without_rating_links_is_no_survey() -> None:
    message = EmailMessage()
    message.set_content("Your report: https://ask.acme.test/r/TOKEN")

    assert survey_mail(message.as_bytes()) is None


def test_a_rating_pages_form_is_read_with_its_hidden_fields_and_reasons() -> None:
    form = rating_form(
        '<form method="post" action="/s/TOKEN"><input type="hidden" name="visit" value="v1">'
        '<input type="radio" name="score" value="7" checked><input type="checkbox" name="driver" value="price"></form>'
    )

    assert (form.action, form.hidden, form.drivers) == ("/s/TOKEN", [("visit", "v1")], ["price"])


def test_a_demos_folder_is_emptied_and_a_strangers_is_not(tmp_path: Path) -> None:
    ours, strangers = tmp_path / "ours", tmp_path / "strangers"
    (make_room(ours) / "old").mkdir(parents=True)
    strangers.mkdir()
    (strangers / "thesis.txt").write_text("mine")

    make_room(ours)

    assert not (ours / "data" / "old").exists()
    with pytest.raises(BadField, match="not a demo's"):
        make_room(strangers)


def test_the_same_seed_tells_of_the_same_cases() -> None:
    drawn = orders(BROOK, START, MONTH, 7)

    assert tickets(drawn, 7) == tickets(drawn, 7) != tickets(drawn, 8)


def test_a_case_is_read_as_the_help_desk_meant_it() -> None:
    case = next(case for case in tickets(orders(BROOK, START, MONTH, 7), 7) if case.solved_again_at is not None)

    told = [
        (delivery.topic, read(platform(delivery.platform), Sent(delivery.body, {}), delivery.at))
        for delivery in ticket_deliveries(case)
    ]

    assert [topic for topic, _ in told] == [
        "ticket.opened",
        "ticket.replied",
        "ticket.solved",
        "ticket.reopened",
        "ticket.solved",
    ]
    assert all(isinstance(event, TicketEvent) and event.ticket_id == f"case-{case.order.number}" for _, event in told)


def test_cases_are_answered_and_solved_when_the_support_works() -> None:
    rule = read_shop_file(shop_file("brook")).support
    assert rule.hours is not None

    for case in tickets(orders(BROOK, START, MONTH, 7), 7):
        assert case.opened_at <= case.first_reply_at <= (case.solved_at or case.first_reply_at)
        assert case.first_reply_at.weekday() < 5
        assert 9 <= case.first_reply_at.hour < 17
