"""The senders in Python, JavaScript and PHP: each runs as a program against the real order webhook."""

import pytest

from tests.senders.endpoint import Endpoint
from tests.senders.programs import LANGUAGES, Language, send

pytestmark = pytest.mark.parametrize("language", LANGUAGES)

OTHER_SECRET = "whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldCBpdCBpcyE="


def fulfilled(**data: object) -> dict[str, object]:
    order = {"id": "1001", "email": "anna@example.com", "first_name": "Anna", "language": "pl", "country": "PL"}
    return {"type": "order.fulfilled", "data": {**order, "total": "99.80", "currency": "PLN", **data}}


def test_an_order_that_was_sent_out_is_planned(language: Language, endpoint: Endpoint) -> None:
    sent = send(language, endpoint, fulfilled())

    assert (sent.returncode, sent.stderr) == (0, "")
    assert [(post.message_id, post.status) for post in endpoint.posts] == [(sent.stdout.strip(), 200)]
    assert endpoint.world.survey().stage == "planned"


def test_what_is_sent_is_as_the_published_schema_says(language: Language, endpoint: Endpoint) -> None:
    send(language, endpoint, fulfilled(items=[{"title": "Tent", "quantity": 1}]))

    assert endpoint.posts[0].event["data"]["items"] == [{"title": "Tent", "quantity": 1}]


def test_names_in_any_script_are_signed_and_read(language: Language, endpoint: Endpoint) -> None:
    send(language, endpoint, fulfilled(first_name="Żółć 🏕 Анна", items=[{"title": "Ściereczka"}]))

    details = endpoint.world.survey().order.details
    assert details is not None
    assert (details.first_name, details.items[0].title) == ("Żółć 🏕 Анна", "Ściereczka")


def test_after_a_503_the_same_message_comes_again_and_makes_one_survey(language: Language, endpoint: Endpoint) -> None:
    endpoint.troubles += [503]

    sent = send(language, endpoint, fulfilled())

    assert sent.returncode == 0
    assert [post.status for post in endpoint.posts] == [503, 200]
    assert len({(post.message_id, post.body) for post in endpoint.posts}) == 1
    assert len(endpoint.world.items()) == 1


def test_after_no_answer_the_same_message_comes_again(language: Language, endpoint: Endpoint) -> None:
    endpoint.troubles += ["silence"]

    sent = send(language, endpoint, fulfilled(), timeout=4)

    assert sent.returncode == 0
    assert [post.status for post in endpoint.posts] == [0, 200]
    assert len({(post.message_id, post.body) for post in endpoint.posts}) == 1


def test_when_all_tries_fail_the_id_is_told_for_another_try(language: Language, endpoint: Endpoint) -> None:
    endpoint.troubles += [503, 500, 503]

    sent = send(language, endpoint, fulfilled())

    assert (sent.returncode, len(endpoint.posts)) == (1, 3)
    assert f"message {endpoint.posts[0].message_id}: 503" in sent.stderr


def test_a_message_that_is_told_again_keeps_the_id_it_is_given(language: Language, endpoint: Endpoint) -> None:
    send(language, endpoint, fulfilled() | {"id": "msg_1001_fulfilled"})

    assert endpoint.posts[0].message_id == "msg_1001_fulfilled"


def test_a_wrong_secret_is_told_at_once_and_not_repeated(language: Language, endpoint: Endpoint) -> None:
    sent = send(language, endpoint, fulfilled(), secret=OTHER_SECRET)

    assert (sent.returncode, [post.status for post in endpoint.posts]) == (1, [401])
    assert "401: refused; check the secret, and this machine's clock" in sent.stderr


def test_a_wrong_field_is_told_by_its_name(language: Language, endpoint: Endpoint) -> None:
    sent = send(language, endpoint, fulfilled(total="-1"))

    assert (sent.returncode, [post.status for post in endpoint.posts]) == (1, [400])
    assert "data.total" in sent.stderr


def test_a_redirect_is_not_followed(language: Language, endpoint: Endpoint) -> None:
    endpoint.troubles += [307]

    sent = send(language, endpoint, fulfilled())

    assert (sent.returncode, [post.status for post in endpoint.posts]) == (1, [307])
    assert "not followed" in sent.stderr


def test_nothing_is_sent_without_encryption(language: Language, endpoint: Endpoint) -> None:
    sent = send(language, endpoint, fulfilled(), url="http://ask.acme.example/webhooks/acme/standard")

    assert (sent.returncode, sent.stderr) == (1, "the address must begin with https://\n")


def test_a_secret_that_was_copied_by_half_is_told(language: Language, endpoint: Endpoint) -> None:
    sent = send(language, endpoint, fulfilled(), secret="whsec_YWZ0ZXJv")

    assert (sent.returncode, sent.stderr) == (1, "the secret must be whsec_ and at least 24 bytes in base64\n")
    assert endpoint.posts == []
