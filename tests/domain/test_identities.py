"""Names that say nothing: the same facts give the same name, anything else another."""

import pytest

from cx_domain.identities import client_key, customer_key, manager_key, normalised, order_hash, survey_id
from cx_domain.shops import ShopId
from cx_domain.visits import ClientKey, address_hash, agent_hash
from tests.builders import KEY

ACME, BROOK = ShopId("acme"), ShopId("brook")


def test_a_repeated_webhook_names_the_survey_that_it_made() -> None:
    first = survey_id(KEY, ACME, "nps", "order", "1001")

    again = survey_id(KEY, ACME, "nps", "order", "1001")

    assert again == first


def test_every_shop_kind_subject_and_order_has_a_survey_of_its_own() -> None:
    names = [
        survey_id(KEY, ACME, "nps", "order", "1001"),
        survey_id(KEY, BROOK, "nps", "order", "1001"),
        survey_id(KEY, ACME, "csat", "order", "1001"),
        survey_id(KEY, ACME, "nps", "ticket", "1001"),
        survey_id(KEY, ACME, "nps", "order", "1002"),
    ]

    assert len(set(names)) == len(names)


def test_a_name_is_26_small_letters_and_digits_which_a_link_and_a_mail_tag_can_hold() -> None:
    name = survey_id(KEY, ACME, "nps", "order", "#1001 / A")

    assert len(name) == 26
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz234567")


def test_without_the_key_nobody_can_test_whether_an_address_is_a_customer() -> None:
    ours = customer_key(KEY, ACME, "anna@kowalska.example")

    guessed = customer_key(b"another key of the same length!!", ACME, "anna@kowalska.example")

    assert guessed != ours


@pytest.mark.parametrize(
    "spelling",
    [
        "ANNA@kowalska.example",
        " anna@kowalska.example\n",
        "\u00a0anna@kowalska.example\u3000",
        "anna@KOWALSKA.Example",
        "Anna@Kowalska.EXAMPLE",
        "anna@kowalska.example.",
        "anna@kowalska。example",
        "anna@kowalska.example",
    ],
)
def test_spellings_of_one_address_are_one_customer(spelling: str) -> None:
    assert customer_key(KEY, ACME, spelling) == customer_key(KEY, ACME, "anna@kowalska.example")


@pytest.mark.parametrize(
    "other",
    ["an.na@kowalska.example", "anna+acme@kowalska.example", "anna@mail.kowalska.example", "anna@kowalska.test"],
)
def test_what_only_some_mail_services_take_for_one_mailbox_is_another_customer(other: str) -> None:
    assert customer_key(KEY, ACME, other) != customer_key(KEY, ACME, "anna@kowalska.example")


def test_two_domains_that_old_programs_wrote_alike_are_two() -> None:
    assert normalised("anna@straße.example") == normalised("anna@xn--strae-oqa.example")
    assert normalised("anna@straße.example") != normalised("anna@strasse.example")


def test_an_international_domain_is_one_domain_in_both_its_forms() -> None:
    assert normalised("anna@ŻÓŁW.example") == normalised("anna@xn--w-uga1v8h.example")


def test_a_domain_that_dns_does_not_know_still_names_somebody() -> None:
    assert normalised(f"anna@{'a' * 70}.example") == f"anna@{'a' * 70}.example"


def test_two_shops_cannot_see_that_they_share_a_customer() -> None:
    in_acme = customer_key(KEY, ACME, "anna@kowalska.example")

    in_brook = customer_key(KEY, BROOK, "anna@kowalska.example")

    assert in_acme != in_brook


def test_lists_of_parts_that_read_alike_when_joined_have_different_names() -> None:
    assert order_hash(KEY, ShopId("acme1"), "001") != order_hash(KEY, ACME, "1001")


def test_a_manager_has_another_name_than_a_customer_with_the_same_address() -> None:
    assert manager_key(KEY, ACME, "boss@acme.example") != customer_key(KEY, ACME, "boss@acme.example")


def test_a_telephone_that_changes_its_ipv6_address_at_home_stays_the_same_client() -> None:
    morning = client_key(KEY, "2001:db8:1:2:aaaa::1", "Safari")

    evening = client_key(KEY, "2001:0db8:0001:0002:bbbb::9", "Safari")

    assert evening == morning


def test_the_neighbours_ipv6_network_is_another_client() -> None:
    assert client_key(KEY, "2001:db8:1:2::1", "Safari") != client_key(KEY, "2001:db8:1:3::1", "Safari")


def test_an_ipv4_address_counts_whole() -> None:
    assert client_key(KEY, "192.0.2.1", "Safari") != client_key(KEY, "192.0.2.2", "Safari")


def test_another_browser_at_the_same_address_is_another_client() -> None:
    assert client_key(KEY, "192.0.2.1", "Safari") != client_key(KEY, "192.0.2.1", "Firefox")


def test_an_address_that_is_none_still_names_a_client() -> None:
    assert client_key(KEY, "unknown", "Safari") == client_key(KEY, "unknown", "Safari")


def test_a_client_tells_whether_it_has_the_address_of_another() -> None:
    telephone, laptop = client_key(KEY, "192.0.2.1", "Safari"), client_key(KEY, "192.0.2.1", "Firefox")

    assert address_hash(telephone) == address_hash(laptop)
    assert agent_hash(telephone) != agent_hash(laptop)


def test_a_client_tells_whether_it_has_the_agent_of_another() -> None:
    here, there = client_key(KEY, "192.0.2.1", "Safari"), client_key(KEY, "192.0.2.2", "Safari")

    assert agent_hash(here) == agent_hash(there)
    assert address_hash(here) != address_hash(there)


def test_a_client_is_sixteen_small_letters_and_digits_also_where_address_and_agent_are_one_word() -> None:
    named = client_key(KEY, "unknown", "unknown")

    assert len(named) == 16
    assert set(named) <= set("abcdefghijklmnopqrstuvwxyz234567")
    assert address_hash(named) != agent_hash(named)


def test_a_client_named_before_keys_had_two_parts_tells_neither() -> None:
    named = ClientKey("geztcnbvgy3tq")

    assert (address_hash(named), agent_hash(named)) == (None, None)
