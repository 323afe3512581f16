"""Answers add up in any order, and nothing enters that is not on the scale."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_domain.errors import BadField
from cx_domain.histograms import ZERO, Histogram

NPS = range(11)
HISTOGRAMS = st.dictionaries(st.sampled_from(NPS), st.integers(0, 1000)).map(Histogram)


@given(HISTOGRAMS, HISTOGRAMS, HISTOGRAMS)
def test_adding_days_is_associative(monday: Histogram, tuesday: Histogram, wednesday: Histogram) -> None:
    assert (monday + tuesday) + wednesday == monday + (tuesday + wednesday)


@given(HISTOGRAMS, HISTOGRAMS)
def test_adding_days_is_commutative(monday: Histogram, tuesday: Histogram) -> None:
    assert monday + tuesday == tuesday + monday


@given(HISTOGRAMS)
def test_a_day_without_answers_adds_nothing(monday: Histogram) -> None:
    assert monday + ZERO == monday == ZERO + monday


@given(st.lists(st.sampled_from(NPS)), st.lists(st.sampled_from(NPS)))
def test_counting_together_is_counting_apart_and_adding(morning: list[int], evening: list[int]) -> None:
    assert Histogram.of(morning + evening, NPS) == Histogram.of(morning, NPS) + Histogram.of(evening, NPS)


@given(HISTOGRAMS)
def test_what_was_written_is_read_back(day: Histogram) -> None:
    assert Histogram.from_json(day.to_json(), NPS) == day


@given(HISTOGRAMS, HISTOGRAMS)
def test_n_adds_up(monday: Histogram, tuesday: Histogram) -> None:
    assert (monday + tuesday).n == monday.n + tuesday.n


def test_scores_are_written_in_the_order_of_their_numbers() -> None:
    week = Histogram.of([10, 9, 10, 2, 0], NPS)

    written = week.to_json()

    assert list(written.items()) == [("0", 1), ("2", 1), ("9", 1), ("10", 2)]


def test_a_score_that_nobody_gave_is_not_kept() -> None:
    assert Histogram({9: 0, 10: 1}) == Histogram({10: 1})


def test_answers_within_a_range_are_counted() -> None:
    assert Histogram({6: 1, 9: 2, 10: 4}).within(range(9, 11)) == 6


@pytest.mark.parametrize("score", [-1, 11, 72])
def test_a_score_outside_the_scale_never_enters(score: int) -> None:
    with pytest.raises(BadField, match="not on the scale from 0 to 10"):
        Histogram.of([9, score], NPS)


def test_a_score_outside_the_scale_is_not_read_either() -> None:
    with pytest.raises(BadField, match="11 is not on the scale"):
        Histogram.from_json({"9": 4, "11": 1}, NPS)


def test_fewer_than_no_answers_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="negative"):
        Histogram({9: -1})
