"""What the managers guessed stands in the page beside what customers said, with how far apart the guesses are."""

from dataclasses import replace

import pytest

from cx_domain.findings import Report
from cx_domain.guesses import Guess, together
from cx_domain.shops import Shop
from infra.reports.html import render_html
from tests.words.documents import Page


def read(report: Report, shop: Shop) -> str:
    return " ".join(Page(render_html(report, shop).replace("<", " <")).words.split())


def test_the_mean_of_the_guesses_stands_beside_the_score(week: Report, acme: Shop) -> None:
    text = read(replace(week, guesses=together([Guess(40), Guess(90), Guess(80)])), acme)

    assert "Our guess 70 Customers 51 Customers are 19 points below our guess. (3 guesses, from 40 to 90)" in text


def test_the_share_of_the_highest_marks_stands_below_it(week: Report, acme: Shop) -> None:
    text = read(replace(week, guesses=together([Guess(40, 90)])), acme)

    assert "Our guess 90% Customers 63% Highest marks: Customers are 27 points below our guess. (1 guess)" in text


def test_how_far_apart_they_are_is_rounded_once(week: Report, acme: Shop) -> None:
    text = read(replace(week, self_assessment={"nps": 40.49}), acme)

    assert "Our guess 40 Customers 51 Customers are 10 points above our guess." in text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "3 Schätzungen, von 40 bis 90"),
        ("pl", "3 prognozy, od 40 do 90"),
        ("ru", "3 прогноза, от 40 до 90"),
        ("uk", "3 прогнози, від 40 до 90"),
    ],
)
def test_guesses_are_counted_in_each_language(week: Report, acme: Shop, language: str, said: str) -> None:
    guessed = replace(week, guesses=together([Guess(40), Guess(90), Guess(80)]))

    assert said in read(guessed, replace(acme, languages=(language,)))


def test_the_guess_of_the_shops_file_is_nobodys_in_particular(week: Report, acme: Shop) -> None:
    text = read(week, acme)

    assert "Customers are 9 points below our guess." in text
    assert "guesses" not in text
