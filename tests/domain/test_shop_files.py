"""A shop's file: everything that is right is read, everything that is wrong is told at once."""

import re
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cx_domain.errors import BadShopFile
from cx_domain.shop_files import known_keys, read_shop_file
from cx_domain.shops import CustomerRule, Fallback, Limits, ReportRule, SurveyRule

ROOT = Path(__file__).parents[2]
ACME = (ROOT / "tests/shop_files/acme.toml").read_text(encoding="utf-8")
HOUR = timedelta(hours=1)
BROOK = (ROOT / "tests/shop_files/brook.toml").read_text(encoding="utf-8")


def mistakes(text: str) -> dict[str, str]:
    with pytest.raises(BadShopFile) as refused:
        read_shop_file(text)
    return {mistake.key: mistake.why for mistake in refused.value.mistakes}


def acme_with(key: str, value: str) -> str:
    """The same file with one line `key = …` changed."""
    text, changed = re.subn(rf"(?m)^{re.escape(key)} = .*$", lambda _: f"{key} = {value}", ACME)
    assert changed == 1, f"{key} is not on exactly one line of acme.toml"
    return text


def test_acme_is_read_whole() -> None:
    shop = read_shop_file(ACME)

    assert (shop.id, shop.name, shop.zone) == ("acme", "Acme Outdoor", ZoneInfo("Europe/Warsaw"))
    assert shop.languages == ("pl", "en")
    assert shop.sender == "Acme Outdoor <hello@acme.example>"
    assert shop.managers == ("boss@acme.example",)
    assert shop.brand.colour == "#0b6e4f"
    assert shop.legal.address == "Teczowa 7, Wroclaw"
    assert shop.tone == {"pl": "informal", "de": "formal"}
    assert shop.drivers[-2:] == ("clear-information", "website")
    assert (shop.targets, shop.self_assessment) == ({"nps": 55}, {"nps": 60})
    assert shop.consent_required == ("DE",)


def test_acme_asks_a_week_after_fulfilment_and_reminds_once() -> None:
    (rule,) = read_shop_file(ACME).surveys

    assert rule == SurveyRule(
        kind="nps",
        touchpoint="order",
        on="fulfilled",
        delay=timedelta(days=7),
        reminder=timedelta(days=5),
        expires=timedelta(days=30),
        question={"en": "How likely are you to recommend Acme to a friend?"},
    )


def test_acme_keeps_quiet_at_night() -> None:
    limits = read_shop_file(ACME).limits

    assert limits.quiet_hours == (time(21), time(8))
    assert (limits.minimum_total, limits.warm_up) == (Decimal("0.00"), 200)


def test_brook_leaves_out_what_may_be_left_out() -> None:
    shop = read_shop_file(BROOK)

    assert (shop.limits, shop.reports) == (Limits(), ReportRule())
    assert (shop.reply_to, shop.review_link, shop.tone, shop.targets) == (None, None, None, None)
    assert shop.surveys[0].reminder is None
    assert shop.consent_required == ()


def test_an_empty_file_is_told_everything_that_it_lacks() -> None:
    lacking = mistakes("")

    assert set(lacking) == {
        "shop",
        "name",
        "timezone",
        "languages",
        "from",
        "legal.name",
        "legal.address",
        "surveys",
        "consent.required",
    }


def test_all_mistakes_are_told_at_once() -> None:
    text = (
        ACME.replace("Europe/Warsaw", "Europe/Warsav")
        .replace('delay = "7d"', 'delay = "7"')
        .replace('"#0b6e4f"', '"green"')
    )

    assert set(mistakes(text)) == {"timezone", "surveys[0].delay", "brand.colour"}


def test_a_misspelt_key_is_not_passed_over() -> None:
    text = ACME.replace("quiet_hours", "quiet_hour")

    assert mistakes(text) == {"limits.quiet_hour": 'is not a key that is known here; did you mean "quiet_hours"?'}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('shop = "acme"\nname = "Acme\n', "line 2"),
        ('shop = "acme"\nshop = "acme"\n', "line 2"),
        ("\n\nlimits = [", "line 3"),
        ("shop = 1\n" * 3, "line 2"),
    ],
)
def test_what_is_not_toml_is_told_with_its_line(text: str, line: str) -> None:
    assert list(mistakes(text)) == [line]


@pytest.mark.parametrize("text", ["a = " + "[" * 20_000, "a = " + "9" * 5_000, "\x00", "a = {" * 5_000])
def test_a_monstrous_file_is_refused_like_any_other(text: str) -> None:
    assert [key.split()[0] for key in mistakes(text)] == ["line"]


@pytest.mark.parametrize(
    ("key", "value", "where"),
    [
        ("shop", '"Acme"', "shop"),
        ("shop", '"acme-"', "shop"),
        ("shop", '"a/b"', "shop"),
        ("name", '""', "name"),
        ("name", '"Acme\\r\\nBcc: x@evil.example"', "name"),
        ("timezone", '"CEST"', "timezone"),
        ("timezone", '"Europe"', "timezone"),
        ("timezone", '"../etc/passwd"', "timezone"),
        ("languages", "[]", "languages"),
        ("languages", '["pl", "french"]', "languages[1]"),
        ("languages", '["PL"]', "languages[0]"),
        ("languages", '["pt_BR"]', "languages[0]"),
        ("languages", '["pl", "pl"]', "languages"),
        ("languages", '"pl"', "languages"),
        ("from", '"Acme Outdoor"', "from"),
        ("from", '"Acme <hello@acme>"', "from"),
        ("from", f'"{"Acme " * 200}<hello@acme.example>"', "from"),
        ("reply_to", '"Care <care@acme.example>"', "reply_to"),
        ("managers", '["boss@acme.example", "boss"]', "managers[1]"),
        ("managers", '[]\ndevelopers = ["dev"]', "developers[0]"),
        ("managers", '[]\nstatuses = { wyslane = "shipped" }', "statuses.wyslane"),
        ("managers", '[]\nstatuses = { wc-wyslane = "fulfilled" }', "statuses.wc-wyslane"),
        ("managers", '[]\nstatuses = { "" = "fulfilled" }', "statuses."),
        ("brand", '{ logo = "http://acme.example/logo.png" }', "brand.logo"),
        ("brand", '{ color = "#0b6e4f" }', "brand.color"),
        ("review_link", '"javascript:alert(1)"', "review_link"),
        ("review_link", '"https://user:word@acme.example/"', "review_link"),
        ("legal", '{ name = "Acme" }', "legal.address"),
        ("tone", '{ pl = "familiar" }', "tone.pl"),
        ("tone", '{ french = "formal" }', "tone.french"),
        ("tone", '{ pl-formal = "formal" }', "tone.pl-formal"),
        ("drivers", '["Clear information"]', "drivers[0]"),
        ("targets", "{ nps = 101 }", "targets.nps"),
        ("targets", "{ csat = -1 }", "targets.csat"),
        ("targets", "{ ces = nan }", "targets.ces"),
        ("targets", "{ sat = 5 }", "targets.sat"),
        ("self_assessment", "{ ces = 7.5 }", "self_assessment.ces"),
        ("self_assessment", "{ nps = true }", "self_assessment.nps"),
        ("kind", '"stars"', "surveys[0].kind"),
        ("question", '{ en = "Two\\nlines?" }', "surveys[0].question.en"),
        ("touchpoint", '"The Order"', "surveys[0].touchpoint"),
        ("on", '"shipped"', "surveys[0].on"),
        ("delay", '"a week"', "surveys[0].delay"),
        ("delay", "7", "surveys[0].delay"),
        ("delay", '"999999d"', "surveys[0].delay"),
        ("reminder", '"30d"', "surveys[0].expires"),
        ("expires", '"0d"', "surveys[0].expires"),
        ("expires", '"30d"\nfallback = { on = "fulfilled", delay = "14d" }', "surveys[0].fallback.on"),
        ("expires", '"30d"\nfallback = { on = "delivered", delay = "14d" }', "surveys[0].fallback.on"),
        ("expires", '"30d"\nfallback = { on = "ticket-solved", delay = "14d" }', "surveys[0].fallback.on"),
        ("expires", '"30d"\nfallback = { on = "placed" }', "surveys[0].fallback.delay"),
        ("expires", '"30d"\nfallback = { delay = "14d" }', "surveys[0].fallback.on"),
        ("expires", '"30d"\nfallback = { on = "placed", delay = "14d", at = "10:00" }', "surveys[0].fallback.at"),
        ("expires", '"30d"\nfallback = "14d"', "surveys[0].fallback"),
        ("ask_again_after", '"-1d"', "limits.ask_again_after"),
        ("ask_again_after", '"90d"\npartly_refunded = "never"', "limits.partly_refunded"),
        ("ask_again_after", '"90d"\ngift_cards = "no"', "limits.gift_cards"),
        ("ask_again_after", '"90d"\nstaff_domains = ["dev@acme.example"]', "limits.staff_domains[0]"),
        ("ask_again_after", '"90d"\nstaff_domains = ["com"]', "limits.staff_domains[0]"),
        ("quiet_hours", '["21:00"]', "limits.quiet_hours"),
        ("quiet_hours", '["21:00", "24:00"]', "limits.quiet_hours"),
        ("quiet_hours", '["21:00", "21:00"]', "limits.quiet_hours"),
        ("sample", "1.01", "limits.sample"),
        ("sample", "1" + "0" * 400, "limits.sample"),
        ("minimum_total", '"ten"', "limits.minimum_total"),
        ("minimum_total", '"-1.00"', "limits.minimum_total"),
        ("warm_up", "0", "limits.warm_up"),
        ("warm_up", "2.5", "limits.warm_up"),
        ("required", '["de"]', "consent.required[0]"),
        ("required", '["*", "DE"]', "consent.required"),
        ("every", '["decade"]', "reports.every[0]"),
        ("segments", '["contry"]', "reports.segments[0]"),
        ("segments", '["tag:"]', "reports.segments[0]"),
        ("hide_below", "0", "reports.hide_below"),
        ("retention", '"1h"', "reports.retention"),
    ],
)
def test_a_wrong_value_is_one_mistake_with_its_key(key: str, value: str, where: str) -> None:
    assert list(mistakes(acme_with(key, value))) == [where]


@pytest.mark.parametrize("tag", ["pl", "fil", "pt-BR", "zh-Hant", "zh-Hant-TW", "es-419"])
def test_a_file_alone_may_name_any_language(tag: str) -> None:
    text = acme_with("languages", f'["{tag}"]').replace("tone = { pl =", f"tone = {{ {tag} =")

    shop = read_shop_file(text)

    assert shop.languages == (tag,)
    assert shop.tone == {tag: "informal", "de": "formal"}


def test_a_question_may_be_worded_for_a_language_or_for_one_of_its_tones() -> None:
    text = acme_with("question", '{ pt-BR = "Recomenda?", pt-BR-formal = "O senhor recomenda?" }')

    assert read_shop_file(text).surveys[0].question == {"pt-BR": "Recomenda?", "pt-BR-formal": "O senhor recomenda?"}
    assert list(mistakes(acme_with("question", '{ pl-polite = "Polecisz?" }'))) == ["surveys[0].question.pl-polite"]


def test_where_it_is_known_what_there_are_words_in_other_languages_are_mistakes() -> None:
    text = acme_with("languages", '["pl", "fr"]').replace("tone = { pl =", "tone = { fr =").replace("{ en =", "{ plx =")

    with pytest.raises(BadShopFile) as refused:
        read_shop_file(text, ["de", "en", "pl"])

    assert {mistake.key: mistake.why for mistake in refused.value.mistakes} == {
        "languages[1]": 'must be one of de, en, pl, not "fr"',
        "tone.fr": "is not a key that is known here",
        "surveys[0].question.plx": 'is not a key that is known here; did you mean "pl"?',
    }


def test_a_tag_can_be_a_segment() -> None:
    text = acme_with("segments", '["country", "tag:store"]')

    assert read_shop_file(text).reports.segments == ("country", "tag:store")


def test_a_shop_may_say_when_a_customer_sleeps_and_is_lost() -> None:
    shop = read_shop_file(ACME + '\n[customers]\nsleeping_after = "90d"\nlost_after = "270d"\n')

    assert shop.customers == CustomerRule(timedelta(days=90), timedelta(days=270))


@pytest.mark.parametrize(
    ("sleeping", "lost", "why"),
    [
        ("90d", "90d", "must be longer than sleeping_after: nobody is lost before they sleep"),
        ("90d", "730d", "must be shorter than reports.retention, after which nothing is known of an order"),
    ],
)
def test_a_customer_cannot_be_lost_too_early_or_too_late(sleeping: str, lost: str, why: str) -> None:
    text = ACME + f'\n[customers]\nsleeping_after = "{sleeping}"\nlost_after = "{lost}"\n'

    assert mistakes(text) == {"customers.lost_after": why}


def test_a_shop_may_say_when_its_support_works() -> None:
    text = """
[support]
hours = { mon-fri = ["09:00-13:00", "14:00-17:00"], sun = "22:00-24:00" }
holidays = "PL"
closed = ["2026-12-24", 2026-12-31]
"""

    support = read_shop_file(ACME + text).support

    assert support.hours is not None
    assert support.hours[0] == support.hours[4] == ((9 * HOUR, 13 * HOUR), (14 * HOUR, 17 * HOUR))
    assert support.hours[5:] == ((), ((22 * HOUR, 24 * HOUR),))
    assert (support.holidays, support.closed) == ("PL", (date(2026, 12, 24), date(2026, 12, 31)))


@pytest.mark.parametrize(
    ("support", "where"),
    [
        ('hours = { mon = "9-17" }', "support.hours.mon"),
        ('hours = { mon = "17:00-09:00" }', "support.hours.mon"),
        ('hours = { mon = "09:00-24:30" }', "support.hours.mon"),
        ('hours = { mon = ["14:00-17:00", "09:00-13:00"] }', "support.hours.mon"),
        ('hours = { mon = ["09:00-13:00", "12:00-17:00"] }', "support.hours.mon"),
        ("hours = { mon = [] }", "support.hours.mon"),
        ("hours = { mon = 9 }", "support.hours.mon"),
        ('hours = { fri-mon = "09:00-17:00" }', "support.hours.fri-mon"),
        ('hours = { mon-fri = "09:00-17:00", fri = "09:00-15:00" }', "support.hours"),
        ("hours = {}", "support.hours"),
        ('holidays = "PL"', "support.holidays"),
        ('closed = ["2026-12-24"]', "support.closed"),
        ('hours = { mon = "09:00-17:00" }\nholidays = "Poland"', "support.holidays"),
        ('hours = { mon = "09:00-17:00" }\nclosed = ["2026-02-30"]', "support.closed[0]"),
        ('hours = { mon = "09:00-17:00" }\nclosed = ["24 December"]', "support.closed[0]"),
        ('staff = "no"', "support.staff"),
    ],
)
def test_hours_that_cannot_be_meant_are_one_mistake_with_their_key(support: str, where: str) -> None:
    assert list(mistakes(f"{ACME}\n[support]\n{support}\n")) == [where]


def test_a_survey_may_say_where_in_the_journey_it_asks() -> None:
    said = acme_with("touchpoint", '"product"\nstage = "after"')

    assert read_shop_file(said).surveys[0].journey_stage == "after"
    assert read_shop_file(ACME).surveys[0].journey_stage == "during"


def test_a_survey_after_delivery_may_fall_back_to_what_comes_before_it() -> None:
    text = acme_with("on", '"delivered"\nfallback = { on = "fulfilled", delay = "14d" }')

    assert read_shop_file(text).surveys[0].fallback == Fallback("fulfilled", timedelta(days=14))


def test_a_survey_about_support_has_no_fallback() -> None:
    text = acme_with("on", '"ticket-solved"\nfallback = { on = "placed", delay = "14d" }')

    assert list(mistakes(text)) == ["surveys[0].fallback"]


def test_a_shop_may_say_which_orders_it_does_not_ask_about() -> None:
    said = 'partly_refunded = "skip"\ngift_cards = true\nstaff_domains = ["ACME.example", "żółw.example"]'

    limits = read_shop_file(acme_with("ask_again_after", f'"90d"\n{said}')).limits

    assert (limits.partly_refunded, limits.gift_cards) == ("skip", True)
    assert limits.staff_domains == ("acme.example", "xn--w-uga1v8h.example")


def test_a_shop_may_say_what_its_own_statuses_mean_and_who_minds_the_webhooks() -> None:
    said = 'developers = ["dev@acme.example"]\nstatuses = { wyslane = "fulfilled", "Для B2B" = "ignored" }'

    shop = read_shop_file(acme_with("managers", f'["boss@acme.example"]\n{said}'))

    assert shop.statuses == {"wyslane": "fulfilled", "Для B2B": "ignored"}
    assert shop.developers == ("dev@acme.example",)


def test_consent_has_no_default() -> None:
    text = ACME.replace('required = ["DE"]', "")

    assert mistakes(text) == {"consent.required": "must be there"}


def test_two_surveys_of_one_kind_about_one_order_are_refused() -> None:
    second = '\n[[surveys]]\nkind = "nps"\non = "delivered"\ndelay = "1d"\nexpires = "9d"\n'

    assert mistakes(ACME + second) == {
        "surveys[1].kind": "is asked about each order by another survey of this file already"
    }


def test_a_time_of_day_in_the_quiet_hours_could_never_be_kept_and_is_refused() -> None:
    text = ACME.replace('expires = "30d"', 'expires = "30d"\nat = "07:30"')

    assert mistakes(text) == {"surveys[0].at": "lies in limits.quiet_hours, 21:00 to 08:00, when no mail goes out"}


def test_a_time_of_day_at_the_end_of_the_quiet_hours_is_a_good_one() -> None:
    text = ACME.replace('expires = "30d"', 'expires = "30d"\nat = "08:00"')

    assert read_shop_file(text).surveys[0].at == time(8)


def test_an_order_and_a_ticket_may_be_asked_about_alike() -> None:
    second = '\n[[surveys]]\nkind = "nps"\non = "ticket-solved"\ndelay = "1h"\nexpires = "9d"\n'

    assert [rule.subject_type for rule in read_shop_file(ACME + second).surveys] == ["order", "ticket"]


def test_a_name_with_a_comma_is_put_in_quotes_for_the_mail() -> None:
    text = acme_with("from", '"Acme, Outdoor <hello@acme.example>"')

    assert read_shop_file(text).sender == '"Acme, Outdoor" <hello@acme.example>'


@settings(deadline=None)
@given(st.text(max_size=200))
def test_no_text_is_refused_in_any_other_way(text: str) -> None:
    assert mistakes(text)


def test_every_key_is_in_the_documentation() -> None:
    page = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")

    missing = [key for key in sorted(known_keys()) if f"`{key}`" not in page]

    assert missing == []
