"""The questions in the words that were agreed on, and whose words are used."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from cx_domain.kinds import kind as kind_named
from cx_domain.shops import KindName, Shop, SubjectType, SurveyRule, Tone
from cx_domain.surveys import Survey
from infra.writing.questions import Question, follow_up, question, wordings
from infra.writing.words import Words, words, words_for
from tests.words.acme import ACME, survey
from tests.words.documents import mail, part

AGREED: Mapping[str, Mapping[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "agreed_words.toml").read_text(encoding="utf-8")
)
FIVE = replace(ACME, name="Acme", languages=("pl", "en", "ru", "uk", "de"), tone=None, surveys=())
NPS = SurveyRule(kind="nps", touchpoint="order", on="fulfilled", delay=timedelta(days=7), expires=timedelta(days=30))
YES_NO = replace(NPS, kind="yes-no")

KINDS: Mapping[str, KindName] = {name: name for name in get_args(KindName)}
TONES: Mapping[str, Tone] = {name: name for name in get_args(Tone)}


def agreed(section: str) -> pytest.MarkDecorator:
    """Each agreed word of one kind: in which voice (`pl-formal`), about what (`csat.delivery`), and how it reads."""
    rows = [
        (voice, what, said) for voice, words_of in AGREED.items() for what, said in words_of.get(section, {}).items()
    ]
    return pytest.mark.parametrize(("voice", "what", "said"), rows, ids=[f"{voice}-{what}" for voice, what, _ in rows])


def heard(voice: str, what: str) -> tuple[Shop, Survey, Words]:
    """A shop that speaks so, and what it asks."""
    language, _, tone = voice.partition("-")
    named, _, touchpoint = what.rpartition(".")
    about: SubjectType = "ticket" if touchpoint == "support" else "order"
    shop = replace(FIVE, tone={language: TONES[tone]} if tone else None)
    asked = replace(survey(language, kind=KINDS[named or what], about=about), touchpoint=touchpoint or "order")
    return shop, asked, words_for(language, shop)


def put(voice: str, what: str) -> Question:
    return question(*heard(voice, what))


@agreed("questions")
def test_every_kind_is_asked_in_the_agreed_words(voice: str, what: str, said: str) -> None:
    assert put(voice, what).text == said


@agreed("ends")
def test_a_scale_says_at_both_ends_which_way_it_runs(voice: str, what: str, said: list[str]) -> None:
    asked = put(voice, what)

    assert [asked.low, asked.high] == said
    assert [choice.shown for choice in asked.choices] == [str(score) for score in kind_named(KINDS[what]).scale]


@agreed("names")
def test_a_number_has_a_whole_name(voice: str, what: str, said: str) -> None:
    assert put(voice, "nps.order").choices[int(what.rpartition(".")[2])].name == said


@agreed("labels")
def test_a_scale_in_words_has_a_word_for_each_answer(voice: str, what: str, said: list[str]) -> None:
    asked = put(voice, what)

    assert [choice.shown for choice in asked.choices] == said
    assert (asked.low, asked.high, asked.worded) == (None, None, True)


@agreed("follow-ups")
def test_the_follow_up_is_asked_in_the_agreed_words(voice: str, what: str, said: str) -> None:
    score = int(what.rpartition(".")[2])
    _, asked, spoken = heard(voice, what)

    assert follow_up(asked, score, spoken) == said


@agreed("subjects")
def test_the_subject_asks_what_the_mail_asks(voice: str, what: str, said: str) -> None:
    shop, asked, _ = heard(voice, what)

    assert mail(asked, shop).subject == said


def test_yes_and_no_are_no_scale() -> None:
    assert [choice.name for choice in put("de", "yes-no").choices] == ["Nein", "Ja"]


@pytest.mark.parametrize(
    ("kind", "about", "score", "asked"),
    [
        ("nps", "order", 0, "What went wrong?"),
        ("nps", "order", 4, "What went wrong?"),
        ("nps", "order", 5, "What could we do better?"),
        ("nps", "order", 6, "What could we do better?"),
        ("nps", "order", 8, "What could we do better?"),
        ("nps", "order", 9, "What did you like most?"),
        ("nps5", "order", 3, "What went wrong?"),
        ("csat", "ticket", 2, "What went wrong?"),
        ("ces", "ticket", 3, "What made it difficult?"),
        ("ces", "order", 7, "What did you like most?"),
        ("yes-no", "ticket", 0, "What made it difficult?"),
        ("yes-no", "order", 0, "What went wrong?"),
        ("yes-no", "order", 1, "What did you like most?"),
    ],
)
def test_the_follow_up_fits_the_answer(kind: KindName, about: SubjectType, score: int, asked: str) -> None:
    assert follow_up(survey(kind=kind, about=about), score, words("en")) == asked


def test_the_shops_own_question_for_the_tone_goes_before_the_one_for_the_language() -> None:
    rule = replace(NPS, question={"pl": "Polecisz nas?", "pl-formal": "Polecą nas Państwo?"})
    informal = replace(FIVE, surveys=(rule,))
    formal = replace(informal, tone={"pl": "formal"})

    assert question(informal, survey("pl"), words_for("pl", informal)).text == "Polecisz nas?"
    assert question(formal, survey("pl"), words_for("pl", formal)).text == "Polecą nas Państwo?"
    assert question(formal, survey("en"), words_for("en", formal)).text.startswith("How likely are you to recommend")


def test_a_shops_own_question_is_shown_as_it_is_braces_and_all() -> None:
    own = "Would you recommend {shop} after {number}, {} or {0!r}?"
    shop = replace(FIVE, surveys=(replace(NPS, question={"en": own}),))

    assert own in part(mail(survey("en"), shop), "plain")


def test_a_wording_is_the_question_with_its_labels_in_each_language_that_the_shop_speaks() -> None:
    shop = replace(FIVE, languages=("tlh", "en", "pl"))

    assert wordings(shop, NPS) == {
        "en": "How likely are you to recommend {shop} to a friend or family member?\nnot at all likely\nextremely likely",
        "pl": "Jak bardzo prawdopodobne jest, że polecisz sklep {shop} znajomym lub rodzinie?\n"
        "zupełnie nieprawdopodobne\nbardzo prawdopodobne",
    }
    assert wordings(shop, YES_NO)["en"] == "Is everything all right with order {number}?\nNo\nYes"


def test_a_tone_a_noun_and_own_words_make_another_wording_and_a_new_name_does_not() -> None:
    polish = replace(FIVE, languages=("pl",))

    before = wordings(polish, NPS)

    assert wordings(replace(polish, tone={"pl": "formal"}), NPS) != before
    assert wordings(replace(polish, noun="company"), NPS) != before
    assert wordings(polish, replace(NPS, question={"pl": "Polecisz nas?"})) != before
    assert wordings(replace(polish, name="Acme Indoor", tone={"pl": "informal"}), NPS) == before
