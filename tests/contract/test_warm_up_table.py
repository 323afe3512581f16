"""What the table of warm-ups promises: no place twice, and no day fuller than it may be, whoever asks at once."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from cx_domain.warming import EARLY, Place
from infra.aws import keys
from infra.aws.warm_up_table import WarmUpTable
from tests.builders import ACME, acme
from tests.contract.conftest import Database
from tests.contract.examples import all_at_once, raw_item

AT_TEN = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)
THE_TWELFTH = date(2026, 1, 12)
COLD = acme(warm_up=6)
DAY = timedelta(days=1)


def test_the_first_mail_may_leave_at_once_and_the_next_ones_later_that_day(warm_ups: WarmUpTable) -> None:
    places = [warm_ups.take(COLD, AT_TEN) for _ in range(3)]

    sixth_of_eleven_hours = timedelta(hours=11) / 6
    turns = [AT_TEN + sixth_of_eleven_hours * number for number in range(3)]
    assert places == [Place(THE_TWELFTH, max(AT_TEN, turn - EARLY)) for turn in turns]


def test_when_a_day_is_full_the_next_has_twice_as_many_places(warm_ups: WarmUpTable) -> None:
    places = [warm_ups.take(COLD, AT_TEN) for _ in range(18)]

    assert Counter(place.on for place in places if place) == {THE_TWELFTH: 6, THE_TWELFTH + DAY: 12}


def test_of_senders_that_ask_at_once_no_two_get_the_same_place(warm_ups: WarmUpTable) -> None:
    places = all_at_once(20, lambda _: warm_ups.take(acme(warm_up=8), AT_TEN))

    found = [place for place in places if place]
    assert len({place.at for place in found}) == 20
    assert Counter(place.on for place in found) == {THE_TWELFTH: 8, THE_TWELFTH + DAY: 12}


def test_the_day_on_which_it_began_stays_whoever_asks_later(warm_ups: WarmUpTable, database: Database) -> None:
    warm_ups.take(COLD, AT_TEN)

    others = WarmUpTable(database.client, database.table)
    two_days_later = [others.take(COLD, AT_TEN + 2 * DAY) for _ in range(24)]

    assert {place.on for place in two_days_later if place} == {THE_TWELFTH + 2 * DAY}


def test_a_warm_up_that_is_over_has_no_places_and_needs_none(warm_ups: WarmUpTable) -> None:
    warm_ups.take(COLD, AT_TEN)

    assert warm_ups.take(COLD, AT_TEN + 14 * DAY) is None


def test_a_mail_that_finds_no_place_on_any_day_waits_for_the_first_morning_after(warm_ups: WarmUpTable) -> None:
    hasty = acme(warm_up=1_000_000)
    late = datetime(2026, 1, 12, 21, 0, tzinfo=UTC)  # the day of its only places is over

    assert warm_ups.take(hasty, late) == Place(THE_TWELFTH + DAY, datetime(2026, 1, 13, 7, 0, tzinfo=UTC))


def test_a_new_sender_of_the_same_shop_warms_up_anew(warm_ups: WarmUpTable) -> None:
    warm_ups.take(COLD, AT_TEN)

    renamed = replace(COLD, sender="Acme Outdoor <hello@acme-outdoor.example>")

    assert warm_ups.take(renamed, AT_TEN + 14 * DAY) == Place(THE_TWELFTH + 14 * DAY, AT_TEN + 14 * DAY)


def test_the_places_of_a_day_are_forgotten_a_month_later(warm_ups: WarmUpTable, database: Database) -> None:
    warm_ups.take(COLD, AT_TEN)

    item = raw_item(database.client, database.table, keys.warm_up_day(ACME.id, "acme.example", THE_TWELFTH))
    closes_at = datetime(2026, 1, 12, 20, 0, tzinfo=UTC)
    assert item["purge_at"] == {"N": str(int((closes_at + 30 * DAY).timestamp()))}


def test_two_processes_that_each_remember_what_they_saw_share_one_day(
    warm_ups: WarmUpTable, database: Database
) -> None:
    others = WarmUpTable(database.client, database.table)

    places = [table.take(COLD, AT_TEN) for table in (warm_ups, others, warm_ups, others)]

    sixth_of_eleven_hours = timedelta(hours=11) / 6
    turns = [AT_TEN + sixth_of_eleven_hours * number for number in range(4)]
    assert places == [Place(THE_TWELFTH, max(AT_TEN, turn - EARLY)) for turn in turns]
