"""The surveys of a shop's file: every `[[surveys]]`, and in what languages and tones a shop may speak."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import get_args

from cx_domain.asking import is_quiet
from cx_domain.shop_values import LONGEST, span, time_of_day
from cx_domain.shops import Fallback, JourneyStage, KindName, Limits, SurveyRule, Tone, Trigger
from cx_domain.toml_checks import Check, Names, Table
from cx_domain.value_checks import line, matching, one_of, word

KINDS: tuple[KindName, ...] = get_args(KindName)
TRIGGERS: tuple[Trigger, ...] = get_args(Trigger)
AN_ORDERS_LIFE: tuple[Trigger, ...] = ("placed", "paid", "fulfilled", "delivered")
STAGES: tuple[JourneyStage, ...] = get_args(JourneyStage)
TONES: tuple[Tone, ...] = get_args(Tone)
_TAG = r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?"


@dataclass(frozen=True, slots=True)
class Voices:
    """In what a shop may speak: its languages, and the keys of what it says by language, or by language and tone."""

    language: Check[str]
    tags: Names
    wordings: Names


def voices_in(known: Sequence[str] | None) -> Voices:
    """Say what a shop may speak; None for any language that has a name."""
    if known is None:
        tagged = matching(_TAG, 'a language such as "pl" or "pt-BR"')
        return Voices(tagged, re.compile(_TAG), re.compile(f"{_TAG}(-({'|'.join(TONES)}))?"))
    toned = (f"{language}-{tone}" for language in known for tone in TONES)
    return Voices(one_of(*known), tuple(known), (*known, *toned))


def surveys(file: Table, limits: Limits, voices: Voices) -> tuple[SurveyRule, ...]:
    """Read every `[[surveys]]`: at least one, and no two of one kind about the same order or ticket."""
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


def _survey(table: Table, limits: Limits, voices: Voices) -> SurveyRule:
    on: Trigger = table.take("on", one_of(*TRIGGERS), "fulfilled", required=True)
    rule = SurveyRule(
        kind=table.take("kind", one_of(*KINDS), "nps", required=True),
        touchpoint=table.take("touchpoint", word, "support" if on == "ticket-solved" else "order"),
        on=on,
        delay=table.take("delay", span(), timedelta(), required=True),
        reminder=table.take("reminder", span(timedelta(minutes=1)), None),
        expires=table.take("expires", span(timedelta(minutes=1)), LONGEST, required=True),
        fallback=_fallback(table, on),
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


def _fallback(table: Table, on: Trigger) -> Fallback | None:
    before = len(table.mistakes)
    inner = table.table("fallback")
    is_there = "fallback" in table and len(table.mistakes) == before
    fallback = Fallback(
        on=inner.take("on", one_of(*AN_ORDERS_LIFE), "placed", required=is_there),
        delay=inner.take("delay", span(), timedelta(), required=is_there),
    )
    inner.finish()
    if not is_there:
        return None
    if on == "ticket-solved":
        table.wrong("fallback", "is for surveys about orders; that a ticket is solved follows from nothing else")
    elif AN_ORDERS_LIFE.index(fallback.on) >= AN_ORDERS_LIFE.index(on):
        inner.wrong("on", f'must come before on = "{on}" in an order\'s life: {", ".join(AN_ORDERS_LIFE)}')
    return fallback
