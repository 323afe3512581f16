"""What no person does to the links of one mail: each rule at its edge."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from cx_domain.scanners import ScannerReason, clients_of
from cx_domain.visits import ClientKey, Reply, Visit

NPS = range(11)
TEN = datetime(2026, 1, 5, 10, tzinfo=UTC)
CLIENT = ClientKey("somebody")


def taps(*scores_at: tuple[int, float], client: ClientKey = CLIENT) -> list[Visit]:
    """(score, seconds after ten o'clock) each."""
    return [Visit(TEN + timedelta(seconds=seconds), score, client) for score, seconds in scores_at]


def post(score: int, seconds: float) -> Visit:
    return Visit(TEN + timedelta(seconds=seconds), score, CLIENT, "POST")


def reason(visits: Sequence[Visit], scale: range = NPS) -> ScannerReason | None:
    (client,) = clients_of(visits, [], scale)
    return client.scanner


@pytest.mark.parametrize(("apart", "expected"), [(0, True), (0.999, True), (1, False)])
def test_two_links_less_than_a_second_apart_are_a_scanners_though_it_posts(apart: float, expected: bool) -> None:
    found = reason([*taps((9, 0), (10, apart)), post(10, 60)])

    assert (found == "faster-than-a-hand") is expected


def test_one_link_twice_within_a_second_is_a_double_click() -> None:
    assert reason(taps((9, 0), (9, 0.2))) is None


@pytest.mark.parametrize(("last", "expected"), [(10, "burst"), (10.1, None)])
def test_four_links_within_ten_seconds_are_a_scanners_though_it_posts(
    last: float, expected: ScannerReason | None
) -> None:
    assert reason([*taps((1, 0), (2, 3), (3, 6), (4, last)), post(4, 60)]) == expected


def test_a_burst_is_found_in_the_midst_of_other_taps() -> None:
    found = reason([*taps((9, 0), (9, 60), (1, 100), (2, 102), (3, 104), (4, 106), (9, 5000)), post(9, 6000)])

    assert found == "burst"


@pytest.mark.parametrize(("last", "expected"), [(10, "unconfirmed-burst"), (10.1, None)])
def test_two_links_within_ten_seconds_want_a_confirmation(last: float, expected: ScannerReason | None) -> None:
    assert reason(taps((7, 0), (8, last))) == expected


def test_three_links_within_ten_seconds_and_a_post_are_an_unsteady_hand() -> None:
    assert reason([*taps((6, 0), (7, 1), (8, 3)), post(8, 9)]) is None


def test_a_reply_confirms_as_its_post_does() -> None:
    (client,) = clients_of(taps((7, 0), (8, 3)), [Reply(TEN, 8, CLIENT)], NPS)

    assert client.scanner is None


def test_every_link_is_a_scanners_though_a_day_lies_between_them() -> None:
    assert reason([*taps(*((score, score * 86_400) for score in NPS)), post(0, 10**6)]) == "every-score"


def test_every_link_but_one_within_days_may_be_a_persons() -> None:
    assert reason(taps(*((score, score * 86_400) for score in range(10)))) is None


def test_yes_and_later_no_is_a_change_of_mind() -> None:
    assert reason(taps((1, 0), (0, 60)), scale=range(2)) is None


@pytest.mark.parametrize(("last", "expected"), [(3600, "many-scores"), (3601, None)])
def test_six_links_within_an_hour_want_a_confirmation(last: float, expected: ScannerReason | None) -> None:
    assert reason(taps((0, 0), (1, 600), (2, 1200), (3, 1800), (4, 2400), (5, last))) == expected


def test_six_links_within_an_hour_and_a_post_are_a_persons() -> None:
    assert reason([*taps(*((score, 600 * score) for score in range(6))), post(5, 7200)]) is None


def test_five_links_within_an_hour_may_be_a_persons() -> None:
    assert reason(taps(*((score, 600 * score) for score in range(5)))) is None


def test_arrow_keys_on_the_page_are_not_a_burst() -> None:
    posts = [post(score, 2 + (10 - score) * 0.2) for score in range(10, 4, -1)]

    assert reason([*taps((10, 0)), *posts]) is None


def test_clients_are_judged_apart() -> None:
    machine = taps(*((score, 0.1 * score) for score in NPS), client=ClientKey("machine"))

    clients = clients_of([*machine, *taps((9, 0.5))], [], NPS)

    assert {client.key: client.scanner for client in clients} == {"machine": "faster-than-a-hand", "somebody": None}


def test_a_score_that_is_not_on_the_scale_is_no_visit() -> None:
    assert clients_of(taps((99, 0)), [Reply(TEN, 12, CLIENT)], NPS) == ()
