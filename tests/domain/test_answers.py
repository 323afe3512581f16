"""The rating page's form: strict about the score, kind about the rest."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cx_domain.answers import LONGEST_COMMENT, FormAnswer, read_form
from cx_domain.errors import BadField
from cx_domain.kinds import kind

NPS = kind("nps")
DRIVERS = ("delivery", "price", "courtesy")


def test_a_whole_form_is_read() -> None:
    fields = {
        "score": ["3"],
        "comment": ["  The tent came late.\r\nAnd wet. "],
        "driver": ["price", "delivery"],
        "may_reply": ["on"],
        "evidence": ["touch"],
        "visible": ["4200"],
    }

    answer = read_form(fields, NPS, DRIVERS)

    assert answer == FormAnswer(
        3,
        "The tent came late.\nAnd wet.",
        ("delivery", "price"),
        may_reply=True,
        evidence="touch",
        visible=timedelta(seconds=4.2),
    )


@pytest.mark.parametrize("text", ["", "-1", "1.5", "1e3", "١٢", "4200 ", "NaN", "9" * 16, "9" * 5000])
def test_a_time_in_sight_that_is_none_is_not_known(text: str) -> None:
    assert read_form({"score": ["9"], "visible": [text]}, NPS, DRIVERS).visible is None


def test_a_time_in_sight_is_a_day_at_most() -> None:
    assert read_form({"score": ["9"], "visible": ["9" * 15]}, NPS, DRIVERS).visible == timedelta(days=1)


def test_a_score_alone_is_an_answer() -> None:
    assert read_form({"score": ["9"]}, NPS, DRIVERS) == FormAnswer(9)


def test_a_form_without_a_score_is_refused() -> None:
    with pytest.raises(BadField, match="score: is missing"):
        read_form({"comment": ["Lovely tent"]}, NPS, DRIVERS)


def test_a_form_with_two_scores_is_refused() -> None:
    with pytest.raises(BadField, match="score: is given more than once"):
        read_form({"score": ["9", "0"]}, NPS, DRIVERS)


@pytest.mark.parametrize("score", ["", "11", "+7", "null"])
def test_a_form_with_no_real_score_is_refused(score: str) -> None:
    with pytest.raises(BadField, match="score: must be a whole number"):
        read_form({"score": [score]}, NPS, DRIVERS)


def test_control_characters_are_taken_out_of_a_comment() -> None:
    fields = {"score": ["9"], "comment": ["Great\x00 \x1b[31mtent\x85,\tthanks\rAnna \ud83d"]}

    assert read_form(fields, NPS, DRIVERS).comment == "Great [31mtent, thanks\nAnna"


def test_letters_of_every_language_stay_in_a_comment() -> None:
    comment = "Zażółć gęślą jaźń, палатка отличная, 👩‍👩‍👧"

    assert read_form({"score": ["9"], "comment": [comment]}, NPS, DRIVERS).comment == comment


def test_a_very_long_comment_is_cut_and_its_score_kept() -> None:
    answer = read_form({"score": ["9"], "comment": ["tent " * 1000]}, NPS, DRIVERS)

    assert answer.score == 9
    assert len(answer.comment) == LONGEST_COMMENT - 1  # the cut falls on a space, which goes too


@given(st.text())
def test_every_comment_can_be_stored_and_cleaning_it_twice_changes_nothing(text: str) -> None:
    once = read_form({"score": ["9"], "comment": [text]}, NPS, DRIVERS).comment
    twice = read_form({"score": ["9"], "comment": [once]}, NPS, DRIVERS).comment

    assert once.encode() == twice.encode()


def test_drivers_that_the_shop_does_not_list_are_ignored() -> None:
    fields = {"score": ["2"], "driver": ["<script>", "courtesy", "Delivery", "courtesy"]}

    assert read_form(fields, NPS, DRIVERS).drivers == ("courtesy",)


@pytest.mark.parametrize("value", ["", "0", "no", "off", "false"])
def test_an_unticked_box_allows_no_reply(value: str) -> None:
    assert not read_form({"score": ["2"], "may_reply": [value]}, NPS, DRIVERS).may_reply


@pytest.mark.parametrize("value", ["", "mind-reading", "CLICK"])
def test_unknown_evidence_is_none(value: str) -> None:
    assert read_form({"score": ["2"], "evidence": [value]}, NPS, DRIVERS).evidence is None
