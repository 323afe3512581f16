"""Small groups are not shown, and cannot be subtracted back."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cx_domain.small_groups import UNKNOWN, shown_groups

SIZES = st.dictionaries(st.sampled_from([UNKNOWN, "other", *"abcdefgh"]), st.integers(1, 20), max_size=10)


def test_groups_that_are_large_enough_are_shown_the_largest_first() -> None:
    assert shown_groups({"DE": 7, "PL": 40}, 5) == {"PL": ("PL",), "DE": ("DE",)}


def test_the_rest_is_shown_together() -> None:
    assert shown_groups({"PL": 40, "DE": 3, "CZ": 2}, 5) == {"PL": ("PL",), "other": ("CZ", "DE")}


def test_a_single_small_group_takes_the_next_larger_with_it() -> None:
    # Shown alone, PL and DE would tell of the two in CZ: the whole less both.
    assert shown_groups({"PL": 40, "DE": 7, "CZ": 2}, 5) == {"PL": ("PL",), "other": ("CZ", "DE")}


def test_who_says_nothing_is_among_the_others() -> None:
    assert shown_groups({"PL": 40, UNKNOWN: 6}, 5) == {"PL": ("PL",), "other": (UNKNOWN,)}


def test_a_dimension_of_which_nothing_is_left_is_not_told() -> None:
    assert shown_groups({"PL": 40, "DE": 2}, 5) == {}
    assert shown_groups({UNKNOWN: 40}, 5) == {}
    assert shown_groups({}, 5) == {}


def test_at_most_fifty_values_are_told_apart() -> None:
    shown = shown_groups({f"store-{number:02}": 100 - number for number in range(60)}, 5)

    assert len(shown) == 50
    assert len(shown["other"]) == 11


def test_a_value_that_is_called_other_is_among_the_others() -> None:
    assert shown_groups({"PL": 40, "other": 9, "DE": 1}, 5) == {"PL": ("PL",), "other": ("DE", "other")}


@settings(deadline=None)
@given(SIZES, st.integers(1, 10))
def test_whatever_is_shown_and_whatever_is_left_over_is_large_enough(sizes: dict[str, int], hide_below: int) -> None:
    shown = shown_groups(sizes, hide_below)

    members = [sum(sizes[value] for value in values) for values in shown.values()]
    assert all(size >= hide_below for size in members)
    assert sum(members) in {0, sum(sizes.values())}
