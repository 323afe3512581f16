"""Single values of a shop's file: what is right is returned, what is wrong is said in plain words."""

from datetime import date

import pytest

from cx_domain.value_checks import any_text, called, did_you_mean, https_url, line, number, whole_number, word


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (True, "true or false"),
        (1, "a number"),
        (1.5, "a number"),
        ("x", "text"),
        ([], "a list"),
        ({}, "a table"),
        (date(2026, 1, 5), "a date or time"),
    ],
)
def test_every_kind_of_value_has_a_plain_name(raw: object, words: str) -> None:
    assert called(raw) == words


def test_only_a_near_word_is_suggested() -> None:
    assert did_you_mean("remindr", ["reminder", "expires"]) == '; did you mean "reminder"?'
    assert did_you_mean("colour", ["reminder", "expires"]) == ""


@pytest.mark.parametrize("raw", ["", " ", "a\nb", "a\x00", "x" * 11, 5, None])
def test_a_line_is_short_visible_text(raw: object) -> None:
    with pytest.raises(ValueError, match="must"):
        line(10)(raw)


@pytest.mark.parametrize("raw", ["Delivery", "clear information", "-x", "x--y", "x" * 41, "ż"])
def test_a_word_is_in_kebab_case(raw: str) -> None:
    with pytest.raises(ValueError, match="clear-information"):
        word(raw)


@pytest.mark.parametrize("raw", [True, "5", float("nan"), float("inf"), 11, -1, 10**400])
def test_a_number_is_within_its_range(raw: object) -> None:
    with pytest.raises(ValueError, match="must be"):
        number(0, 10)(raw)


@pytest.mark.parametrize("raw", [True, 5.0, 0, 11])
def test_a_whole_number_has_no_fraction(raw: object) -> None:
    with pytest.raises(ValueError, match="must be"):
        whole_number(1, 10)(raw)


def test_a_link_is_https_and_nothing_else() -> None:
    assert https_url("https://acme.example/review?x=1") == "https://acme.example/review?x=1"


@pytest.mark.parametrize(
    "raw",
    [
        "http://acme.example",
        "https://",
        "https:///x",
        "//acme.example",
        "https://a b.example",
        'https://x.example/"',
        "https://[",
        "javascript:1",
        "https://u:p@x.example",
    ],
)
def test_any_other_link_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match="https://"):
        https_url(raw)


def test_text_is_text() -> None:
    with pytest.raises(ValueError, match="must be text, not a list"):
        any_text([])
