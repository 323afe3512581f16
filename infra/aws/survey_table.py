"""The surveys of the table: made once, saved if the version is still ours, visited whoever else is writing."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from cx_domain.errors import Conflict
from cx_domain.shops import KindName, ShopId
from cx_domain.surveys import Due, Stage, Survey, SurveyId
from cx_domain.visits import Reply, Visit
from infra.aws import keys
from infra.aws.attribute_values import purge_mark, to_seconds, to_time
from infra.aws.dynamo_table import ConditionFailed, DynamoTable, Terms
from infra.aws.survey_items import read_survey, survey_attributes, survey_item
from infra.aws.visit_writes import (
    VisitRefusal,
    Write,
    is_full,
    is_kept,
    refusal,
    reply_write,
    visit_write,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_TRIES = 8
_PAGES_PASSED = 50
"""Of 1 MB, and so of some ten thousand entries of the due index each."""
_NOT_IN_REPORTS = frozenset(
    {"claim", "message_id", "customer", "due_at", "due_shard", "purge_at", "admitted_on", "settled_at"}
)


@dataclass(frozen=True, slots=True)
class VisitRefused:
    """Why a visit or reply was not kept. `survey` is None only where there is none; an erased one is `missing` too."""

    reason: VisitRefusal
    survey: Survey | None


class SurveyTable:
    """Surveys by their id. A write that loses a race raises Conflict: read again and redo."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._items = DynamoTable(client, table)

    def get(self, survey_id: SurveyId) -> Survey | None:
        """Read one survey, strongly consistent."""
        item = self._items.get(keys.survey(survey_id))
        return read_survey(item) if item is not None else None

    def create(self, survey: Survey, now: datetime, *, purge_at: datetime | None = None) -> Survey | None:
        """Keep a new survey; None when it is kept, else the one that was there before."""
        item = survey_item(survey) | purge_mark(purge_at)
        if is_reported(survey):
            item |= keys.changed_at(survey.shop, now)
        failed = self._items.put_if(item, "attribute_not_exists(pk)")
        if failed is None:
            return None
        if failed.item is None:
            raise Conflict(f"survey {survey.id} was removed while it was made")
        return read_survey(failed.item)

    def save(self, before: Survey, after: Survey, now: datetime, *, purge_at: datetime | None = None) -> Survey:
        """Write what differs, except visits and replies; the survey as it is then, with what visitors did meanwhile.

        `purge_at` is when the database may forget the item: without it, or where nothing else differs, what was said before
        stands. Raises Conflict.
        """
        old, new = survey_attributes(before), survey_attributes(after)
        changed = {name: value for name, value in new.items() if old.get(name) != value}
        removed = [name for name in old if name not in new]
        if not changed and not removed:
            return before
        changed |= purge_mark(purge_at)
        # Closing tells reports nothing; an operator's ruling does, however long the survey has been over.
        shown = (after.stage != "closed" or before.rulings != after.rulings) and (
            is_reported(before) or is_reported(after)
        )
        if shown and not _NOT_IN_REPORTS.issuperset((*changed, *removed)):
            changed |= keys.changed_at(after.shop, now)
        written = self._items.save_version(keys.survey(before.id), changed, removed, before.version)
        if isinstance(written, ConditionFailed):
            raise Conflict(f"survey {before.id} was changed by somebody else")
        return read_survey(written)

    def change(
        self,
        known: Survey,
        change: Callable[[Survey], Survey],
        now: datetime,
        *,
        kept_until: Callable[[Survey], datetime] | None = None,
    ) -> Survey | None:
        """Save what `change` makes of a survey, read again and made again for as long as others write first.

        `kept_until` says of the changed survey when the database may forget it. None when the survey was removed meanwhile.
        Conflict when the others do not let off.
        """
        for _ in range(_TRIES):
            after = change(known)
            try:
                return self.save(known, after, now, purge_at=kept_until(after) if kept_until else None)
            except Conflict:
                again = self.get(known.id)
            if again is None:
                return None
            known = again
        raise Conflict(f"survey {known.id} changes faster than it can be written")

    def overwrite(self, before: Survey, after: Survey, now: datetime, *, purge_at: datetime | None = None) -> Survey:
        """Write the whole item anew, visits and replies included: an erasure leaves only its tombstone. Raises Conflict."""
        renewed = replace(after, version=before.version + 1)
        item = survey_item(renewed) | keys.changed_at(after.shop, now) | purge_mark(purge_at)
        terms = Terms()
        failed = self._items.put_if(item, f"{terms.name('version')} = {terms.value(before.version)}", terms)
        if failed is not None:
            raise Conflict(f"survey {before.id} was changed by somebody else")
        return renewed

    def visit(
        self, shop: ShopId, survey_id: SurveyId, visit: Visit, kinds: Sequence[KindName], now: datetime
    ) -> Survey | VisitRefused:
        """Keep a visit, if the shop's survey is of one of these kinds (whose scales have its score), was sent and has not expired.

        One write and no read: the write's own condition refuses, and what stood there then tells why.
        """

        def attempt(survey: Survey) -> Survey | VisitRefused | Write:
            if survey.shop != shop:
                return VisitRefused("missing", None)
            if is_kept(visit, survey):
                return survey
            reason = refusal(survey, kinds, now) or ("full" if is_full(survey) else None)
            return visit_write(shop, visit, kinds, now) if reason is None else VisitRefused(reason, survey)

        return self._write_while_it_fits(survey_id, visit_write(shop, visit, kinds, now), attempt)

    def reply(
        self, known: Survey, visit: Visit, reply: Reply, kinds: Sequence[KindName], now: datetime
    ) -> Survey | VisitRefused:
        """Keep a client's reply in place of its older one, and the visit that brought it. A reminder to come is taken back."""

        def attempt(survey: Survey) -> VisitRefused | Write:
            reason = refusal(survey, kinds, now)
            return reply_write(survey, visit, reply, kinds, now) if reason is None else VisitRefused(reason, survey)

        first = attempt(known)
        return self._write_while_it_fits(known.id, first, attempt) if isinstance(first, Write) else first

    def _write_while_it_fits(
        self, survey_id: SurveyId, write: Write, attempt: Callable[[Survey], Survey | VisitRefused | Write]
    ) -> Survey | VisitRefused:
        """Write; where that was refused, ask `attempt` what to make of the survey that stood there."""
        for _ in range(_TRIES):
            written = self._items.update(keys.survey(survey_id), write.change, write.condition, write.terms)
            if not isinstance(written, ConditionFailed):
                return read_survey(written)
            if written.item is None:
                return VisitRefused("missing", None)
            decided = attempt(read_survey(written.item))
            if not isinstance(decided, Write):
                return decided
            write = decided
        raise Conflict(f"survey {survey_id} changes faster than it can be written")

    def due(self, shard: int, now: datetime, limit: int, *, besides: Collection[ShopId] = ()) -> list[Due]:
        """Say which surveys of a shard must be sent or reminded by now, the longest due first.

        `besides` are at most a hundred shops that are passed over, as far as half a million surveys reach.
        """
        terms = Terms()
        condition = f"{_in_shard(terms, shard)} AND {terms.name('due_at')} <= {terms.value(to_seconds(now))}"
        where = f"NOT {terms.any_of('shop', sorted(besides))}" if besides else None
        pages = _PAGES_PASSED if besides else None
        return [
            Due(keys.survey_id(item["pk"]), ShopId(item["shop"]))
            for item in self._items.query(condition, terms, index=keys.DUE_INDEX, limit=limit, where=where, pages=pages)
        ]

    def next_due(self, shard: int) -> datetime | None:
        """Say when the next survey of a shard is due, or was."""
        terms = Terms()
        for item in self._items.query(_in_shard(terms, shard), terms, index=keys.DUE_INDEX, limit=1):
            return to_time(item["due_at"])
        return None

    def get_many(self, survey_ids: Iterable[SurveyId], *, consistent: bool = True) -> Iterator[Survey]:
        """Read many surveys, in no order; those that are not there are left out. Not `consistent` costs half."""
        return map(read_survey, self._items.get_many(map(keys.survey, survey_ids), consistent=consistent))

    def scan(self, shop: ShopId, stage: Stage | None = None) -> Iterator[Survey]:
        """Look through the whole table for a shop's surveys: for an operator, never for a function."""
        terms = Terms()
        condition = f"begins_with({terms.name('pk')}, {terms.value(keys.SURVEY_PREFIX)}) AND {terms.name('shop')} = {terms.value(shop)}"
        if stage is not None:
            condition += f" AND {terms.name('stage')} = {terms.value(stage)}"
        return map(read_survey, self._items.scan(condition, terms))


def is_reported(survey: Survey) -> bool:
    """Say whether reports count this survey: it was sent, refused, or nobody knows."""
    if survey.stage == "sending":
        return survey.reason is not None
    return survey.stage not in {"waiting", "planned"}


def _in_shard(terms: Terms, shard: int) -> str:
    return f"{terms.name('due_shard')} = {terms.value(str(shard))}"
