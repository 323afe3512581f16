"""What a platform passes on for a person's or a shop's sake, done: shown, or erased."""

import json
from collections.abc import Iterator
from datetime import datetime

from cx_domain.erasure import unheard
from cx_domain.errors import Trouble
from cx_domain.identities import survey_id
from cx_domain.kinds import kinds
from cx_domain.shops import Shop
from cx_domain.surveys import SurveyId
from infra import adapters
from infra.aws import keys
from infra.aws.files import Files
from infra.aws.mailer import Accepted
from infra.aws.survey_table import SurveyTable
from infra.logs import logger
from infra.privacy_messages import Passed
from infra.rollups.digests import reading
from infra.rollups.erasing import Erasure
from infra.rollups.tables import Tables
from infra.survey_records import customer, imported_record, record
from infra.team.mails import privacy_mail


def bar_the_way(surveys: SurveyTable, shop: Shop, passed: Passed, key: bytes, now: datetime) -> None:
    """Leave a tombstone about each order that was never told: its webhook may be on its way still."""
    for rule in shop.surveys:
        if rule.subject_type == "order":
            for order in passed.orders:
                id_ = survey_id(key, shop.id, rule.kind, "order", order)
                surveys.create(unheard(id_, shop.id, rule), now, purge_at=now + shop.reports.retention)


def erasure(shop: Shop, passed: Passed, key: bytes) -> Erasure:
    """Say whose what must be erased."""
    return Erasure(passed.customer, tuple(_surveys(shop, passed, key)))


def export(tables: Tables, files: Files, shop: Shop, passed: Passed, key: bytes) -> None:
    """Write all that is kept of a person about these orders into a file, for an operator to fetch."""
    known, imported = None, {}
    if passed.customer is not None:
        known = tables.customers.get(shop.id, passed.customer)
        imported = tables.feedback.of_customer(shop.id, passed.customer)
    found = sorted(
        tables.surveys.get_many(_surveys(shop, passed, key)), key=lambda survey: (survey.subject_id, survey.kind)
    )
    told = {
        "shop": shop.id,
        "request": passed.id,
        "customer": None if known is None else customer(known),
        "surveys": [record(survey, shop) for survey in found if survey.stage != "erased"],
        "imported": [imported_record(one) for one in tables.feedback.get_many(shop.id, imported)],
    }
    body = json.dumps(told, ensure_ascii=False, indent=1).encode()
    files.put(keys.export_file(shop.id, passed.name), body, "application/json")


def tell(shop: Shop, passed: Passed, now: datetime) -> None:
    """Mail each manager what was passed on, once."""
    for reader in reading(shop):
        # Claimed before it is sent, as digests are.
        told = f"privacy-{passed.kind}-{passed.name}"
        if not adapters.shops().claim_digest(shop.id, told, reader.key):
            continue
        outcome = adapters.mailer().send(privacy_mail(shop, passed, reader.address, now), None)
        if not isinstance(outcome, Accepted):
            logger.warning("manager not told", shop=shop.id, kind=passed.kind, outcome=outcome.kind)
            if outcome.kind != "unknown":
                adapters.shops().release_digest(shop.id, told, reader.key)
                raise Trouble(f"a manager was not told of a {passed.kind}: {outcome.kind}")


def _surveys(shop: Shop, passed: Passed, key: bytes) -> Iterator[SurveyId]:
    # Of every kind, also those that the shop's file does not hold any more.
    for order in passed.orders:
        for each in kinds():
            yield survey_id(key, shop.id, each.name, "order", order)
