"""Segments: only those large enough, each against the rest, and a warning against seeing patterns in luck."""

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_domain.histograms import Histogram
from cx_domain.kinds import kind
from cx_domain.segments import MOST_VALUES, OTHER, Segment, segments
from cx_domain.shops import Legal, ReportRule, Shop, ShopId
from cx_domain.statistics import change, holm
from cx_domain.totals import WHOLE, Cell, DayTotal

ACME = Shop(
    id=ShopId("acme"),
    name="Acme Outdoor",
    zone=ZoneInfo("Europe/Warsaw"),
    languages=("pl",),
    sender="Acme Outdoor <hello@acme.example>",
    consent_required=(),
    surveys=(),
    legal=Legal("Acme sp. z o.o.", "Teczowa 7, Wroclaw"),
    reports=ReportRule(segments=("country", "category"), hide_below=5),
)
NPS = kind("nps")


def total(whole: Histogram, **parts: Histogram) -> DayTotal:
    return total_by("country", whole, parts)


def total_by(dimension: str, whole: Histogram, parts: Mapping[str, Histogram]) -> DayTotal:
    cells = {Cell("nps", "order", dimension, value): part for value, part in parts.items()}
    return DayTotal(cells={Cell("nps", "order", WHOLE, WHOLE): whole, **cells})


def values(found: tuple[Segment, ...]) -> list[str]:
    return [segment.value for segment in found]


def test_a_segment_with_fewer_answers_than_the_shop_allows_is_not_listed() -> None:
    found = segments(ACME, total(Histogram({10: 15}), PL=Histogram({10: 5}), DE=Histogram({10: 4})))

    assert values(found) == ["PL"]


def test_a_small_segment_cannot_be_worked_out_by_taking_the_others_away_from_the_whole() -> None:
    parts = {"PL": Histogram({10: 20}), "DE": Histogram({10: 6}), "CZ": Histogram({0: 1})}

    found = segments(ACME, total(Histogram({10: 26, 0: 1}), **parts))

    assert values(found) == ["PL"]


def test_answers_that_belong_to_no_value_hide_a_small_one_too() -> None:
    found = segments(ACME, total(Histogram({10: 28, 0: 1}), PL=Histogram({10: 20}), CZ=Histogram({0: 1})))

    assert values(found) == ["PL"]


@given(st.lists(st.integers(0, 30), min_size=1, max_size=70), st.integers(0, 12), st.integers(1, 12))
def test_whatever_is_not_listed_is_nobody_or_as_many_as_the_shop_demands(
    numbers: list[int], of_no_value: int, hide_below: int
) -> None:
    parts = {f"v{place}": Histogram({10: number}) for place, number in enumerate(numbers) if number}
    whole = Histogram({10: sum(numbers) + of_no_value})
    shop = replace(ACME, reports=ReportRule(segments=("country",), hide_below=hide_below))

    found = segments(shop, total_by("country", whole, parts))

    left = whole.n - sum(segment.headline.n for segment in found)
    assert left == 0 or left >= min(hide_below, whole.n)
    assert all(segment.headline.n >= hide_below for segment in found)


def test_segments_come_largest_first_in_the_order_of_the_shops_dimensions() -> None:
    boots = total_by("category", Histogram({10: 20}), {"boots": Histogram({10: 6})})
    countries = total(Histogram(), PL=Histogram({10: 8}), DE=Histogram({10: 12}))

    found = segments(ACME, boots + countries)

    assert values(found) == ["DE", "PL", "boots"]


def test_each_segment_is_tested_against_the_rest_after_holms_correction() -> None:
    poland, germany, czechia = Histogram({10: 40, 2: 10}), Histogram({10: 10, 2: 20}), Histogram({10: 12, 2: 8})
    whole = poland + germany + czechia

    found = {
        segment.value: segment.p_value for segment in segments(ACME, total(whole, PL=poland, DE=germany, CZ=czechia))
    }

    plain = [
        change(NPS, rest, part)
        for rest, part in ((germany + czechia, poland), (poland + czechia, germany), (poland + germany, czechia))
    ]
    corrected = holm([each.p_value for each in plain if each is not None and each.p_value is not None])
    assert [found["PL"], found["DE"], found["CZ"]] == pytest.approx(list(corrected))


def test_a_segment_that_is_everybody_has_nothing_to_be_compared_with() -> None:
    everybody = Histogram({10: 30})

    found = segments(ACME, total(everybody, PL=everybody))

    assert found[0].p_value is None


@given(
    st.dictionaries(
        st.text("abcdefgh", min_size=3, max_size=3), st.integers(1, 9), min_size=MOST_VALUES + 1, max_size=90
    )
)
def test_beyond_fifty_values_the_smallest_are_added_up_under_other(numbers: dict[str, int]) -> None:
    parts = {value: Histogram({10: number}) for value, number in numbers.items()}
    shop = replace(ACME, reports=ReportRule(segments=("country",), hide_below=1))

    found = segments(shop, total_by("country", Histogram({10: sum(numbers.values())}), parts))

    assert len(found) == MOST_VALUES
    assert OTHER in values(found)
    assert sum(segment.headline.n for segment in found) == sum(numbers.values())
