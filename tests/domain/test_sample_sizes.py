"""How many answers it takes to see five points."""

import pytest

from cx_domain.histograms import Histogram
from cx_domain.kinds import kind
from cx_domain.sample_sizes import answers_needed
from cx_domain.statistics import headline

NPS = kind("nps")


def of_variance(variance: float) -> Histogram:
    """So many answers that the pseudo-answers weigh nothing: as many promoters as detractors, so that only they differ."""
    return Histogram({10: int(5e6 * variance), 0: int(5e6 * variance), 8: int(1e7 * (1 - variance))})


@pytest.mark.parametrize(
    ("variance", "points", "answers"),
    [(0.7, 10, 266), (1.0, 10, 382), (0.7, 5, 1073), (1.0, 5, 1534), (0.7, 15, 117), (1.0, 15, 168)],
)
def test_the_published_sizes_for_an_interval(variance: float, points: float, answers: int) -> None:
    needed = answers_needed(NPS, of_variance(variance), points)

    assert needed is not None
    assert needed.interval == answers


def test_with_so_many_answers_the_interval_does_reach_five_points_either_way() -> None:
    few = Histogram({10: 60, 8: 25, 3: 15})
    needed = answers_needed(NPS, few)
    assert needed is not None

    many = headline(NPS, Histogram({score: count * needed.interval // 100 for score, count in few.counts.items()}))

    assert many.interval is not None
    assert many.interval[1] - many.interval[0] == pytest.approx(10, abs=0.2)


def test_a_percentage_takes_as_many_as_its_own_interval_says() -> None:
    few = Histogram({5: 42, 4: 32, 3: 10, 2: 9, 1: 14})
    needed = answers_needed(kind("csat"), few)
    assert needed is not None

    many = headline(
        kind("csat"), Histogram({5: round(needed.interval * 74 / 107), 1: round(needed.interval * 33 / 107)})
    )

    assert many.interval is not None
    assert many.interval[1] - many.interval[0] == pytest.approx(10, abs=0.2)


def test_a_change_takes_more_answers_in_each_period_than_an_interval_does() -> None:
    needed = answers_needed(NPS, of_variance(0.7))

    # (1.95996 + 0.84162)² * 2 * 0.7 / 0.05² - 3
    assert needed is not None
    assert needed.change == 4393


def test_a_mean_has_no_points_and_nobody_tells_nothing() -> None:
    assert answers_needed(kind("ces"), Histogram({5: 10, 7: 10})) is None
    assert answers_needed(NPS, Histogram()) is None


def test_answers_that_are_all_alike_do_not_pretend_that_one_more_is_enough() -> None:
    needed = answers_needed(NPS, Histogram({10: 10}))

    assert needed is not None
    assert needed.interval > 100
