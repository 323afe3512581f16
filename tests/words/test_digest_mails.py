"""What the managers' digest says."""

from dataclasses import replace
from decimal import Decimal

import pytest

from cx_domain.digests import Digest, DigestGap, DigestIncident, DigestRolling, DigestScore
from infra.team.mails import digest_mail
from infra.writing.words import languages
from tests.words.acme import ACME, NOON, WEEK
from tests.words.documents import Page, part

SILENT = Digest("2026-W47", WEEK.start, WEEK.end, (), 0, 0, None, None, 0, (), 0, None, ())

EVENTFUL = replace(
    WEEK, incidents=(DigestIncident("customer", "new"),), gap=DigestGap("excellent", Decimal(80), Decimal(41))
)


def test_the_digest_says_score_interval_change_rate_and_worst_driver() -> None:
    text = part(
        digest_mail(replace(ACME, languages=("en",)), WEEK, "boss@acme.example", "https://a.example/r/T", NOON), "plain"
    )

    assert "Net Promoter Score: 51\n" in text
    assert "95% interval: 29 to 67\n" in text
    assert "up 4 since 2026-W46, may be chance\n" in text
    assert "Answered: 51 of 297 (17%)\n" in text
    assert "Most named by the dissatisfied: delivery (9 answers)\n" in text
    assert "3 (order 1001): Two days in <b>the rain</b>.\n" in text


def test_the_digest_says_thirteen_weeks_first_and_the_week_beside_them() -> None:
    (nps,) = WEEK.scores
    quarter = replace(nps, rolling=DigestRolling(580, Decimal(48), (Decimal(42), Decimal(53))))
    english = replace(ACME, languages=("en",))

    sent = digest_mail(english, replace(WEEK, scores=(quarter,)), "boss@acme.example", "https://a.example/r/T", NOON)

    assert sent.subject == "Acme Outdoor, 2026-W47: NPS 48"
    text = part(sent, "plain")
    assert "Net Promoter Score: 48\n" in text
    assert "580 answers in thirteen weeks\n" in text
    assert "95% interval: 42 to 53\n" in text
    assert "this period alone: 51, 51 answers, 95% interval: 29 to 67\n" in text


@pytest.mark.parametrize(
    ("language", "name"), [("de", "Bestellvorgang"), ("ru", "оформление заказа"), ("uk", "оформлення замовлення")]
)
def test_the_digest_names_touchpoints_in_its_language(language: str, name: str) -> None:
    (nps,) = WEEK.scores
    both = replace(WEEK, scores=(nps, replace(nps, touchpoint="ordering")))

    sent = digest_mail(replace(ACME, languages=(language,)), both, "boss@acme.example", "https://a.example/r/T", NOON)

    assert f" · {name}: 51\n" in part(sent, "plain")


def test_the_digest_keeps_new_words_and_old_ones_apart() -> None:
    (nps,) = WEEK.scores
    new = replace(nps, series="2026-11-18", several_series=True, reworded=True, change=None)
    old = replace(nps, newer="2026-11-18", several_series=True, target=None)
    english = replace(ACME, languages=("en",))

    text = part(
        digest_mail(english, replace(WEEK, scores=(new, old)), "boss@acme.example", "https://a.example/r/T", NOON),
        "plain",
    )

    assert "Net Promoter Score (in new words since 18 November 2026): 51\n" in text
    assert "asked in new words since 18 November 2026: not compared with before\n" in text
    assert "Net Promoter Score (in the words before 18 November 2026): 51\n" in text


def test_the_digest_names_what_goes_wrong_for_many() -> None:
    going_on = (DigestIncident("driver", "delivery"), DigestIncident("country", "DE"), DigestIncident("all", "all"))
    english = replace(ACME, languages=("en",))

    sent = digest_mail(english, replace(WEEK, incidents=going_on), "boss@acme.example", "https://a.example/r/T", NOON)

    assert "Going wrong for many: delivery; Country: Germany; low answers, for whatever reason\n" in part(sent, "plain")


def test_of_many_incidents_the_digest_names_the_newest_three() -> None:
    going_on = tuple(DigestIncident("tag:store", name) for name in ("wroclaw", "gdynia", "lublin", "opole", "radom"))
    english = replace(ACME, languages=("en",))

    sent = digest_mail(english, replace(WEEK, incidents=going_on), "boss@acme.example", "https://a.example/r/T", NOON)

    assert "Going wrong for many: store: wroclaw; store: gdynia; store: lublin; +2\n" in part(sent, "plain")


@pytest.mark.parametrize(
    ("gap", "told"),
    [
        (DigestGap("nps", Decimal(60), Decimal(-4)), "Our guess: NPS 60; customers: NPS \u22124\n"),
        (DigestGap("ces", Decimal("6.0"), Decimal("5.4")), "Our guess: Ease 6.0; customers: Ease 5.4\n"),
        (
            DigestGap("excellent", Decimal(80), Decimal(41)),
            "Our guess: highest marks 80%; customers: highest marks 41%\n",
        ),
    ],
)
def test_the_digest_puts_the_guess_beside_the_answer(gap: DigestGap, told: str) -> None:
    english = replace(ACME, languages=("en",))

    sent = digest_mail(english, replace(WEEK, gap=gap), "boss@acme.example", "https://a.example/r/T", NOON)

    assert told in part(sent, "plain")


def test_the_digests_subject_is_the_headline() -> None:
    sent = digest_mail(ACME, WEEK, "boss@acme.example", "https://a.example/r/T", NOON)

    assert sent.subject == "Acme Outdoor, 2026-W47: NPS 51"
    assert sent.to == "boss@acme.example"


def test_the_digest_leads_to_the_report_and_its_files() -> None:
    page = Page(part(digest_mail(ACME, WEEK, "boss@acme.example", "https://a.example/r/T", NOON), "html"))

    links = [link["href"] for link in page.all("a")]
    assert links == ["https://a.example/r/T", "https://a.example/r/T/report.xlsx", "https://a.example/r/T/answers.csv"]


def test_the_digest_ends_with_a_link_to_all_reports() -> None:
    sent = digest_mail(
        ACME, WEEK, "boss@acme.example", "https://a.example/r/T", NOON, all_reports="https://a.example/r/T/all"
    )

    (link,) = [link for link in Page(part(sent, "html")).all("a") if link["href"] == "https://a.example/r/T/all"]
    assert link == Page(part(sent, "html")).all("a")[-1]
    assert "Wszystkie raporty: https://a.example/r/T/all\n" in part(sent, "plain")


def test_a_digest_writes_numbers_as_its_language_does() -> None:
    ease = DigestScore("ces", "ticket", 9, Decimal("5.4"), (Decimal("4.6"), Decimal("6.2")), None, None)
    sent = digest_mail(ACME, replace(WEEK, scores=(ease,)), "boss@acme.example", "https://a.example/r/T", NOON)

    assert "przedział ufności 95%: od 4,6 do 6,2" in part(sent, "plain")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("digest", [WEEK, SILENT, EVENTFUL], ids=["a-week", "a-silent-week", "an-eventful-week"])
def test_every_digest_renders_in_every_language(language: str, digest: Digest) -> None:
    sent = digest_mail(replace(ACME, languages=(language,)), digest, "boss@acme.example", "https://a.example/r/T", NOON)

    assert "2026-W47" in sent.subject
    assert len(part(sent, "html").encode()) < 50_000


def test_markup_in_a_comment_is_shown_and_not_obeyed() -> None:
    sent = digest_mail(ACME, WEEK, "boss@acme.example", "https://a.example/r/T", NOON)

    assert "&lt;b&gt;the rain&lt;/b&gt;" in part(sent, "html")
