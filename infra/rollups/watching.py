"""Watch a week of a shop for what goes wrong for many, and open its incidents."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from cx_domain.calendars import Period, closes_at, day_of, period_of, previous
from cx_domain.excesses import MOST_WEEKS, USUAL_WEEKS
from cx_domain.findings import ShownIncident
from cx_domain.incident_counts import counted
from cx_domain.incident_effects import QUIET, before_after, is_over
from cx_domain.incidents import Incident, shown_in, watch
from cx_domain.shops import Shop
from infra.aws.files import Files
from infra.aws.incident_table import IncidentTable
from infra.rollups.fold import answers_between, redo

_LOOK_BACK = timedelta(weeks=MOST_WEEKS + USUAL_WEEKS) - timedelta(days=1)
"""The longest window and the quarter before it."""
_LONGEST_EFFECT = timedelta(days=365)


def watch_last_week(
    files: Files, incidents: IncidentTable, shop: Shop, rolled_at: datetime | None, now: datetime
) -> tuple[Incident, ...]:
    """Watch the week that closed last, if it closed since the shop was rolled up; what is older is no news any more."""
    week = previous(period_of(day_of(now, shop.zone), "week"))
    if rolled_at is None or closes_at(week, shop.zone) <= rolled_at:
        return ()
    return watch_week(files, incidents, shop, week)


def shown(files: Files, shop: Shop, period: Period, known: Iterable[Incident]) -> tuple[ShownIncident, ...]:
    """Say which incidents a period's report shows, with what came of the steps against them by its end."""
    found = shown_in(period, known, shop.zone)
    if not found:
        return ()
    first = min(each.start for each in found)
    since = max(min(first, period.end - QUIET), period.end - _LONGEST_EFFECT)
    counts, _ = counted(answers_between(files, shop, since, period.end), shop)
    return tuple(
        ShownIncident(
            each,
            before_after(each, counts.get(each.watched, {}), period.end, shop.zone),
            is_over(each, counts.get(each.watched, {}), period.end),
        )
        for each in found
    )


def watch_week(files: Files, incidents: IncidentTable, shop: Shop, week: Period) -> tuple[Incident, ...]:
    """Open and bring up to date the incidents of a week that has closed; returns those. Doing it again changes nothing."""
    counts, detractors = counted(answers_between(files, shop, week.end - _LOOK_BACK, week.end), shop)

    def keep() -> tuple[Incident, ...]:
        found = watch(
            counts,
            detractors,
            week.end,
            incidents.list(shop.id),
            opened_at=closes_at(week, shop.zone),
            zone=shop.zone,
            least_answers=shop.reports.hide_below,
        )
        for incident in found:
            incidents.save(shop.id, incident)
        return found

    return redo(keep)
