"""The page on which a manager guesses a month before they read its report."""

from typing import Literal

from cx_domain.calendars import Period
from cx_domain.guesses import Guess
from cx_domain.shops import Shop
from infra.team.guess_words import guess_words
from infra.writing.pages import page
from infra.writing.words import words_for

GuessState = Literal["chosen", "saved"]


def guess_page(shop: Shop, month: Period, guess: Guess, *, state: GuessState, action: str) -> str:
    """What a manager guesses of a month: one form, with what was tapped or kept, and nothing of what others guessed."""
    spoken = words_for(None, shop)
    said = guess_words(shop, month, spoken, guess)
    return page("guess", spoken, shop.brand, shop=shop, guess=said, state=state, action=action)
