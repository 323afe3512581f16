"""A shop's file: TOML in, a checked Shop out, or every mistake at once. The format is told in docs/configuration.md."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import get_args
from zoneinfo import ZoneInfo

from cx_domain.asking import is_quiet
from cx_domain.errors import BadShopFile, Mistake
from cx_domain.shop_values import (
    LONGEST,
    amount,
    headline_figure,
    news,
    order_link,
    plain_address,
    quiet_hours,
    segment,
    sender,
    span,
    time_of_day,
    zone,
)
from cx_domain.shops import (
    Brand,
    CustomerRule,
    JourneyStage,
    KindName,
    Legal,
    Limits,
    Noun,
    PeriodKind,
    Protection,
    ReportRule,
    Shop,
    ShopId,
    SurveyRule,
    Tone,
    Trigger,
)
from cx_domain.support_files import support
from cx_domain.toml_checks import Check, Names, Notes, Table
from cx_domain.value_checks import flag, https_url, line, matching, number, one_of, whole_number, word

KINDS: tuple[KindName, ...] = get_args(KindName)
TRIGGERS: tuple[Trigger, ...] = get_args(Trigger)
TONES: tuple[Tone, ...] = get_args(Tone)
PERIOD_KINDS: tuple[PeriodKind, ...] = get_args(PeriodKind)
NOUNS: tuple[Noun, ...] = get_args(Noun)
STAGES: tuple[JourneyStage, ...] = get_args(JourneyStage)
PROTECTIONS: tuple[Protection, ...] = get_args(Protection)

_DAY = timedelta(days=1)
_SHOP_ID = r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?"
_UTC = ZoneInfo("UTC")
_TONE = one_of(*TONES)
_TAG = r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?"


@dataclass(frozen=True, slots=True)
class _Voices:
    """In what a shop may speak: its languages, and the keys of what it says by language, or by language and tone."""

    language: Check[str]
    tags: Names
    wordings: Names


def read_shop_file(text: str, languages: Sequence[str] | None = None, holidays: Check[str] | None = None) -> Shop:
    """Read and check the whole file; a BadShopFile holds every mistake, each with its key as the file writes it.

    `languages` are those that there are words in; without them any is taken for one. So is any country for one whose holidays are known,
    unless `holidays` checks it.
    """
    notes = Notes()
    shop = _shop(Table(_parsed(text), notes), _voices(languages), holidays)
    if notes.mistakes:
        raise BadShopFile(notes.mistakes)
    return shop


def known_keys() -> frozenset[str]:
    """Every key that a shop's file may have, lists of tables written as `surveys[].kind`."""
    notes = Notes()
    _shop(Table({"surveys": [{}]}, notes), _voices(None), None)
    return frozenset(notes.keys)


def _voices(known: Sequence[str] | None) -> _Voices:
    if known is None:
        tagged = matching(_TAG, 'a language such as "pl" or "pt-BR"')
        return _Voices(tagged, re.compile(_TAG), re.compile(f"{_TAG}(-({'|'.join(TONES)}))?"))
    toned = (f"{language}-{tone}" for language in known for tone in TONES)
    return _Voices(one_of(*known), tuple(known), (*known, *toned))


def _parsed(text: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise BadShopFile([Mistake("line 1", "nests too deeply to be a shop's file")]) from None
    except ValueError as error:
        said = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", str(error), re.DOTALL)
        number_of_line = (said and said[2]) or str(text.count("\n") + 1)
        raise BadShopFile([Mistake(f"line {number_of_line}", f"is not TOML: {said[1] if said else error}")]) from None


def _shop(file: Table, voices: _Voices, holidays: Check[str] | None) -> Shop:
    limits, reports = _limits(file.table("limits")), _reports(file.table("reports"))
    shop = Shop(
        id=ShopId(file.take("shop", matching(_SHOP_ID, "a short name of a-z, 0-9 and -"), "", required=True)),
        name=file.take("name", line(80), "", required=True),
        zone=file.take("timezone", zone, _UTC, required=True),
        languages=_languages(file, voices),
        sender=file.take("from", sender, "", required=True),
        reply_to=file.take("reply_to", plain_address, None),
        managers=file.take_each("managers", plain_address, ()),
        brand=_brand(file.table("brand")),
        noun=file.take("noun", one_of(*NOUNS), "shop"),
        review_link=file.take("review_link", https_url, None),
        order_link=file.take("order_link", order_link, None),
        news=file.entries("news", voices.wordings, lambda _, raw: news(raw)),
        legal=_legal(file.table("legal")),
        tone=file.entries("tone", voices.tags, lambda _, raw: _TONE(raw)),
        drivers=file.take_each("drivers", word, ()),
        targets=file.entries("targets", KINDS, headline_figure),
        self_assessment=file.entries("self_assessment", KINDS, headline_figure),
        surveys=_surveys(file, limits, voices),
        limits=limits,
        consent_required=_consent(file.table("consent")),
        protection=_protection(file.table("answers")),
        reports=reports,
        customers=_customers(file.table("customers"), reports),
        support=support(file.table("support"), holidays),
    )
    file.finish()
    return shop


def _languages(file: Table, voices: _Voices) -> tuple[str, ...]:
    if file.is_empty_list("languages"):
        file.wrong("languages", "must name at least one")
    return file.take_each("languages", voices.language, (), required=True)


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


def _surveys(file: Table, limits: Limits, voices: _Voices) -> tuple[SurveyRule, ...]:
    rules: list[SurveyRule] = []
    tables = list(file.tables("surveys"))
    if not tables and ("surveys" not in file or file.is_empty_list("surveys")):
        file.wrong("surveys", "must be there: at least one [[surveys]]")
    for table in tables:
        before = len(table.mistakes)
        rule = _survey(table, limits, voices)
        if len(table.mistakes) > before:
            continue
        if any((other.kind, other.subject_type) == (rule.kind, rule.subject_type) for other in rules):
            table.wrong("kind", f"is asked about each {rule.subject_type} by another survey of this file already")
        rules.append(rule)
    return tuple(rules)


def _survey(table: Table, limits: Limits, voices: _Voices) -> SurveyRule:
    on: Trigger = table.take("on", one_of(*TRIGGERS), "fulfilled", required=True)
    rule = SurveyRule(
        kind=table.take("kind", one_of(*KINDS), "nps", required=True),
        touchpoint=table.take("touchpoint", word, "support" if on == "ticket-solved" else "order"),
        on=on,
        delay=table.take("delay", span(), timedelta(), required=True),
        reminder=table.take("reminder", span(timedelta(minutes=1)), None),
        expires=table.take("expires", span(timedelta(minutes=1)), LONGEST, required=True),
        at=table.take("at", time_of_day, None),
        question=table.entries("question", voices.wordings, lambda _, raw: line(300)(raw)),
        stage=table.take("stage", one_of(*STAGES), None),
    )
    if rule.reminder is not None and rule.reminder >= rule.expires:
        table.wrong("expires", "must be longer than reminder: both count from the mail")
    if rule.at is not None and limits.quiet_hours is not None and is_quiet(rule.at, *limits.quiet_hours):
        begin, end = limits.quiet_hours
        table.wrong("at", f"lies in limits.quiet_hours, {begin:%H:%M} to {end:%H:%M}, when no mail goes out")
    table.finish()
    return rule


def _limits(table: Table) -> Limits:
    usual = Limits()
    limits = Limits(
        ask_again_after=table.take("ask_again_after", span(), usual.ask_again_after),
        quiet_hours=table.take("quiet_hours", quiet_hours, None),
        sample=table.take("sample", number(0, 1), usual.sample),
        minimum_total=table.take("minimum_total", amount, usual.minimum_total),
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
