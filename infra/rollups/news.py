"""Fold what was told of a shop since the last rollup, by who objects and who was erased meanwhile."""

from collections.abc import Set as AbstractSet
from datetime import datetime

from cx_domain.objections import respected_elsewhere
from cx_domain.rollup_times import oldest_kept
from cx_domain.shops import Shop
from cx_domain.surveys import CustomerKey
from infra.aws.changes import Changes
from infra.aws.erasure_table import ErasureTable
from infra.aws.files import Files
from infra.rollups import placements, profiles
from infra.rollups.erasing import take_out_again
from infra.rollups.fold import NOTHING_FOLDED, Folded, fold
from infra.rollups.tables import Tables

AT_ONCE = 100_000
"""Surveys that are held in memory together: half a gigabyte, of the one that a rollup has as it is deployed."""


def fold_news(  # noqa: PLR0917  what changed, where everything is, and by which key histories name orders
    changes: Changes, tables: Tables, noted: ErasureTable, files: Files, shop: Shop, key: bytes, now: datetime
) -> Folded:
    """Read what changed and bring the day files, totals and histories up to date; very many one part after the other, as several rollups would."""
    folded = NOTHING_FOLDED
    for part in changes.parts(AT_ONCE):
        folded |= _fold_part(part, tables, noted, files, shop, key, now)
    return folded


def _fold_part(  # noqa: PLR0917  as above
    changes: Changes, tables: Tables, noted: ErasureTable, files: Files, shop: Shop, key: bytes, now: datetime
) -> Folded:
    surveys = list(tables.surveys.get_many(changes.surveys))
    elsewhere = list(tables.feedback.get_many(shop.id, changes.feedback))
    cases = placements.of_tickets(tables.tickets.get_many(shop.id, changes.tickets), shop)

    def by_who_objects(objected: AbstractSet[CustomerKey]) -> Folded:
        told = profiles.kept(files, shop, surveys, objected, key, now)
        rated = placements.of_feedback(respected_elsewhere(elsewhere, objected), shop)
        whole = placements.together(placements.of_surveys(told, shop), cases, rated)
        return fold(files, shop, placements.since(oldest_kept(shop, now), whole))

    theirs = {survey.customer for survey in surveys} | {one.customer for one in elsewhere}
    folded = profiles.as_long_as_they_change(tables.customers, shop, theirs, by_who_objects)
    # Whoever was erased while we held them in memory must not come back by us.
    return folded | take_out_again(noted, files, shop)
