"""The survey kinds and how strictly a score is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_domain.errors import BadField, NotFound
from cx_domain.kinds import Bucket, Kind, kind, kinds, parse_score


def test_there_are_five_kinds() -> None:
    assert [known.name for known in kinds()] == ["nps", "nps5", "csat", "ces", "yes-no"]


@pytest.mark.parametrize("known", kinds(), ids=lambda known: known.name)
def test_the_buckets_of_a_kind_are_its_scale_from_low_to_high(known: Kind) -> None:
    assert [*known.detractors, *known.passives, *known.promoters] == list(known.scale)


@pytest.mark.parametrize("known", kinds(), ids=lambda known: known.name)
def test_a_kind_has_a_headline_that_the_figures_know(known: Kind) -> None:
    assert known.headline in {"nps", "top-two-box", "mean", "share"}


@pytest.mark.parametrize(
    ("name", "buckets"),
    [
        ("nps", {0: "detractor", 6: "detractor", 7: "passive", 8: "passive", 9: "promoter", 10: "promoter"}),
        ("nps5", {1: "detractor", 3: "detractor", 4: "passive", 5: "promoter"}),
        ("csat", {1: "detractor", 2: "detractor", 3: "passive", 4: "promoter", 5: "promoter"}),
        ("ces", {1: "detractor", 3: "detractor", 4: "passive", 5: "promoter", 7: "promoter"}),
        ("yes-no", {0: "detractor", 1: "promoter"}),
    ],
)
def test_each_score_belongs_to_its_bucket(name: str, buckets: dict[int, Bucket]) -> None:
    assert {score: kind(name).bucket(score) for score in buckets} == buckets


@pytest.mark.parametrize("score", [-1, 11])
def test_a_score_outside_the_scale_has_no_bucket(score: int) -> None:
    with pytest.raises(BadField, match="from 0 to 10"):
        kind("nps").bucket(score)


def test_an_unknown_kind_is_told_which_there_are() -> None:
    with pytest.raises(NotFound, match="nps, nps5, csat, ces, yes-no"):
        kind("smiley")


@pytest.mark.parametrize("known", kinds(), ids=lambda known: known.name)
def test_every_score_of_the_scale_is_read(known: Kind) -> None:
    assert [parse_score(str(score), known.scale) for score in known.scale] == list(known.scale)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "+7",
            "-7",
            "-0",
            "07",
            "00",
            "7.5",
            "7.0",
            "1e1",
            "0x7",
            "1_0",
            "7,",
            "null",
            "None",
            "NaN",
            "true",
        ),
        *(" 7", "7 ", "7\n", "\t7", "7\x00", "11", "100", "9" * 5000),
        *("٩", "\uff17", "²"),  # digits, but an Arabic one, a full-width one and a power
    ],
)
def test_what_is_not_plainly_a_score_is_refused(text: str) -> None:
    with pytest.raises(BadField, match="score: must be a whole number from 0 to 10"):
        parse_score(text, kind("nps").scale)


def test_a_zero_is_refused_where_the_scale_begins_at_one() -> None:
    with pytest.raises(BadField, match="from 1 to 5"):
        parse_score("0", kind("csat").scale)


@given(st.text())
def test_any_text_is_a_score_of_the_scale_or_refused(text: str) -> None:
    scale = kind("nps").scale

    try:
        score = parse_score(text, scale)
    except BadField:
        assert text not in {str(known) for known in scale}
    else:
        assert str(score) == text
