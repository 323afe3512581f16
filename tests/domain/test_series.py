"""A question in new words starts a new series; whatever else changes in a shop's file starts none."""

from collections.abc import Mapping
from datetime import date

import pytest

from cx_domain.series import MOST_EARLIER, NewSeries, Series, age_order, all_begun, begins_on, begun, fingerprint

MONDAY, TUESDAY = date(2026, 1, 5), date(2026, 1, 6)
FRIEND = {"pl": "Czy polecisz nas znajomym?", "en": "Would you recommend us to a friend?"}
FAMILY = {"pl": "Czy polecisz nas rodzinie?", "en": "Would you recommend us to a friend?"}


def asked(*wordings: Mapping[str, str], today: date = TUESDAY) -> Series:
    """The series after the shop asked in these words, one after the other, all but the last on Monday."""
    series = None
    for words in wordings[:-1]:
        series = begun(series, words, words, MONDAY)
    return begun(series, wordings[-1], wordings[-1], today)


def test_what_is_asked_from_the_beginning_has_a_series_without_a_name() -> None:
    assert asked(FRIEND).name is None


def test_the_same_words_again_continue_the_series() -> None:
    assert asked(FRIEND, FRIEND).name is None


def test_other_words_in_one_language_begin_a_series_that_day() -> None:
    assert asked(FRIEND, FAMILY).name == "2026-01-06"


def test_another_line_break_is_no_other_wording() -> None:
    broken = {**FRIEND, "pl": "Czy polecisz nas\n  znajomym? "}

    assert asked(FRIEND, broken).name is None


@pytest.mark.parametrize(
    ("before", "after"), [({"pl": FRIEND["pl"]}, FRIEND), (FRIEND, {"pl": FRIEND["pl"]})], ids=["added", "dropped"]
)
def test_a_language_that_is_added_or_dropped_begins_no_series(
    before: Mapping[str, str], after: Mapping[str, str]
) -> None:
    assert asked(before, after).name is None


def test_a_language_that_comes_back_in_other_words_begins_a_series() -> None:
    english = {"en": FRIEND["en"]}

    assert asked(FRIEND, english, FAMILY).name == "2026-01-06"


def test_a_language_that_was_never_asked_in_the_series_may_come_back_in_any_words() -> None:
    english = {"en": "How likely are you to recommend us?"}

    assert asked(FRIEND, english, {**FAMILY, **english}).name == "2026-01-05"


def test_the_second_and_third_change_of_a_day_have_names_of_their_own() -> None:
    second = asked(FRIEND, FAMILY, FRIEND, today=MONDAY)

    third = begun(second, FAMILY, FAMILY, MONDAY)

    assert (second.name, third.name) == ("2026-01-05-2", "2026-01-05-3")


def test_a_shop_that_moves_west_begins_no_series_before_the_one_it_has() -> None:
    series = begun(Series("2026-01-06", {"pl": fingerprint(FRIEND["pl"])}), FAMILY, FAMILY, MONDAY)

    assert series.name == "2026-01-06-2"


def test_series_are_sorted_by_age_and_not_by_letter() -> None:
    names = ["2026-01-05-10", "2026-01-06", None, "2026-01-05-2", "2026-01-05"]

    assert sorted(names, key=age_order) == [None, "2026-01-05", "2026-01-05-2", "2026-01-05-10", "2026-01-06"]


def test_the_second_series_of_a_day_began_on_that_day() -> None:
    assert begins_on("2026-01-05-2") == MONDAY


def test_only_the_rule_that_changed_is_told_with_its_languages() -> None:
    before, _ = all_begun({}, {"nps/order": FRIEND, "ces/ticket": FRIEND}, {}, MONDAY)

    after, new = all_begun(before, {"nps/order": FAMILY, "ces/ticket": FRIEND}, {}, TUESDAY)

    assert new == (NewSeries("nps/order", "2026-01-06", ("pl",)),)
    assert {rule: series.name for rule, series in after.items()} == {"nps/order": "2026-01-06", "ces/ticket": None}


def test_a_rule_that_comes_back_goes_on_where_it_was() -> None:
    before, _ = all_begun({"nps/order": asked(FRIEND, FAMILY)}, {"ces/ticket": FRIEND}, {}, TUESDAY)

    after, new = all_begun(before, {"nps/order": FAMILY}, {}, date(2026, 3, 2))

    assert (after["nps/order"].name, new) == ("2026-01-06", ())


def test_the_words_of_earlier_series_are_kept_for_those_who_were_asked_in_them() -> None:
    series = asked(FRIEND, FAMILY)

    assert (series.own, series.earlier) == (FAMILY, {None: FRIEND})


def test_of_many_changes_the_newest_words_are_kept() -> None:
    series = asked(*[FRIEND, FAMILY] * MOST_EARLIER, today=MONDAY)

    assert len(series.earlier) == MOST_EARLIER
    assert list(series.earlier.values())[-1] == FRIEND
