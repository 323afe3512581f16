"""A shop's file: TOML in, a checked Shop out, or every mistake at once. The format is told in docs/configuration.md."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from cx_domain.errors import BadShopFile, Mistake
from cx_domain.shop_values import (
    amount,
    domain,
    headline_figure,
    news,
    order_link,
    plain_address,
    quiet_hours,
    segment,
    sender,
    span,
    zone,
)
from cx_domain.shops import (
    Brand,
    CustomerRule,
    Legal,
    Limits,
    Noun,
    PartlyRefunded,
    PeriodKind,
    Protection,
    ReportRule,
    Shop,
    ShopId,
    StatusMeaning,
)
from cx_domain.support_files import support
from cx_domain.survey_files import KINDS, TONES, Voices, surveys, voices_in
from cx_domain.toml_checks import Check, Notes, Table
from cx_domain.value_checks import flag, https_url, line, matching, number, one_of, whole_number, word

PERIOD_KINDS: tuple[PeriodKind, ...] = get_args(PeriodKind)
NOUNS: tuple[Noun, ...] = get_args(Noun)
PROTECTIONS: tuple[Protection, ...] = get_args(Protection)
STATUS_MEANINGS: tuple[StatusMeaning, ...] = get_args(StatusMeaning)
PARTLY_REFUNDED: tuple[PartlyRefunded, ...] = get_args(PartlyRefunded)

_DAY = timedelta(days=1)
_SHOP_ID = r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?"
_UTC = ZoneInfo("UTC")
_TONE = one_of(*TONES)
_STATUS_MEANING = one_of(*STATUS_MEANINGS)
_STATUS = re.compile(r"[^\s\x00-\x1f]([^\x00-\x1f]{0,38}[^\s\x00-\x1f])?")


def is_shop_id(text: str) -> bool:
    """Say whether a shop could be called so."""
    return re.fullmatch(_SHOP_ID, text) is not None


def read_shop_file(text: str, languages: Sequence[str] | None = None, holidays: Check[str] | None = None) -> Shop:
    """Read and check the whole file; a BadShopFile holds every mistake, each with its key as the file writes it.

    `languages` are those that there are words in; without them any is taken for one. So is any country for one whose holidays are known,
    unless `holidays` checks it.
    """
    notes = Notes()
    shop = _shop(Table(_parsed(text), notes), voices_in(languages), holidays)
    if notes.mistakes:
        raise BadShopFile(notes.mistakes)
    return shop


def known_keys() -> frozenset[str]:
    """Every key that a shop's file may have, lists of tables written as `surveys[].kind`."""
    notes = Notes()
    _shop(Table({"surveys": [{}]}, notes), voices_in(None), None)
    return frozenset(notes.keys)


def _parsed(text: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise BadShopFile([Mistake("line 1", "nests too deeply to be a shop's file")]) from None
    except ValueError as error:
        said = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", str(error), re.DOTALL)
        number_of_line = (said and said[2]) or str(text.count("\n") + 1)
        raise BadShopFile([Mistake(f"line {number_of_line}", f"is not TOML: {said[1] if said else error}")]) from None


def _shop(file: Table, voices: Voices, holidays: Check[str] | None) -> Shop:
    limits, reports = _limits(file.table("limits")), _reports(file.table("reports"))
    shop = Shop(
        id=ShopId(file.take("shop", matching(_SHOP_ID, "a short name of a-z, 0-9 and -"), "", required=True)),
        name=file.take("name", line(80), "", required=True),
        zone=file.take("timezone", zone, _UTC, required=True),
        languages=_languages(file, voices),
        sender=file.take("from", sender, "", required=True),
        reply_to=file.take("reply_to", plain_address, None),
        managers=file.take_each("managers", plain_address, ()),
        developers=file.take_each("developers", plain_address, ()),
        brand=_brand(file.table("brand")),
        noun=file.take("noun", one_of(*NOUNS), "shop"),
        review_link=file.take("review_link", https_url, None),
        order_link=file.take("order_link", order_link, None),
        news=file.entries("news", voices.wordings, lambda _, raw: news(raw)),
        statuses=_statuses(file),
        legal=_legal(file.table("legal")),
        tone=file.entries("tone", voices.tags, lambda _, raw: _TONE(raw)),
        drivers=file.take_each("drivers", word, ()),
        targets=file.entries("targets", KINDS, headline_figure),
        self_assessment=file.entries("self_assessment", KINDS, headline_figure),
        surveys=surveys(file, limits, voices),
        limits=limits,
        consent_required=_consent(file.table("consent")),
        protection=_protection(file.table("answers")),
        reports=reports,
        customers=_customers(file.table("customers"), reports),
        support=support(file.table("support"), holidays),
    )
    file.finish()
    return shop


def _languages(file: Table, voices: Voices) -> tuple[str, ...]:
    if file.is_empty_list("languages"):
        file.wrong("languages", "must name at least one")
    return file.take_each("languages", voices.language, (), required=True)


def _statuses(file: Table) -> dict[str, StatusMeaning] | None:
    found = file.entries("statuses", _STATUS, lambda _, raw: _STATUS_MEANING(raw))
    for status in found or ():
        if status.startswith("wc-"):
            file.wrong(f"statuses.{status}", f'is sent by WooCommerce as "{status.removeprefix("wc-")}", without "wc-"')
    return found


def _brand(table: Table) -> Brand:
    brand = Brand(
        colour=table.take("colour", matching("#[0-9a-fA-F]{6}", 'a colour such as "#0b6e4f"'), Brand().colour),
        logo=table.take("logo", https_url, None),
    )
    table.finish()
    return brand


def _legal(table: Table) -> Legal:
    legal = Legal(
        name=table.take("name", line(120), "", required=True),
        address=table.take("address", line(200), "", required=True),
        privacy=table.take("privacy", https_url, None),
    )
    table.finish()
    return legal


def _limits(table: Table) -> Limits:
    usual = Limits()
    limits = Limits(
        ask_again_after=table.take("ask_again_after", span(), usual.ask_again_after),
        quiet_hours=table.take("quiet_hours", quiet_hours, None),
        sample=table.take("sample", number(0, 1), usual.sample),
        minimum_total=table.take("minimum_total", amount, usual.minimum_total),
        partly_refunded=table.take("partly_refunded", one_of(*PARTLY_REFUNDED), usual.partly_refunded),
        gift_cards=table.take("gift_cards", flag, usual.gift_cards),
        staff_domains=table.take_each("staff_domains", domain, ()),
        warm_up=table.take("warm_up", whole_number(1, 1_000_000), None),
    )
    table.finish()
    return limits


def _consent(table: Table) -> tuple[str, ...]:
    check = matching(r"[A-Z]{2}|\*", 'a country such as "DE", or "*" for all')
    required = table.take_each("required", check, (), required=True)
    if "*" in required and len(required) > 1:
        table.wrong("required", 'has "*" and countries beside it; "*" alone means all')
    table.finish()
    return required


def _protection(table: Table) -> Protection:
    protection: Protection = table.take("protection", one_of(*PROTECTIONS), "balanced")
    table.finish()
    return protection


def _reports(table: Table) -> ReportRule:
    usual = ReportRule()
    rule = ReportRule(
        every=table.take_each("every", one_of(*PERIOD_KINDS), usual.every),
        segments=table.take_each("segments", segment, usual.segments),
        hide_below=table.take("hide_below", whole_number(1, 1000), usual.hide_below),
        retention=table.take("retention", span(_DAY), usual.retention),
        guess=table.take("guess", flag, usual.guess),
    )
    if rule.guess and "month" not in rule.every:
        table.wrong("guess", 'is about a month, and every does not name "month": no report would show it')
    table.finish()
    return rule


def _customers(table: Table, reports: ReportRule) -> CustomerRule:
    rule = CustomerRule(
        sleeping_after=table.take("sleeping_after", span(_DAY), None),
        lost_after=table.take("lost_after", span(2 * _DAY), None),
    )
    if rule.lost_after is not None and rule.sleeping_after is not None and rule.lost_after <= rule.sleeping_after:
        table.wrong("lost_after", "must be longer than sleeping_after: nobody is lost before they sleep")
    if rule.lost_after is not None and rule.lost_after >= reports.retention:
        table.wrong("lost_after", "must be shorter than reports.retention, after which nothing is known of an order")
    table.finish()
    return rule
