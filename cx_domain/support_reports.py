"""What a report says of support cases, of who saw to them, and of the customer's journey, ready for JSON."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from cx_domain.backgrounds import Background
from cx_domain.calendars import Period
from cx_domain.contacts import contacts_json
from cx_domain.journeys import journey_json
from cx_domain.resolutions import open_at_close
from cx_domain.segments import Segment
from cx_domain.staff import staff_json
from cx_domain.totals import DayTotal


def support_json(
    period: Period, total: DayTotal, background: Background, segments: Iterable[Segment], hide_below: int
) -> dict[str, Any]:
    """The parts `open_at_close`, `contacts`, `staff` and `journey` of report.json (docs/report-support.schema.json)."""
    still = open_at_close(period, total, background)
    return {
        "open_at_close": {**asdict(still), "since": still.since.isoformat()},
        "contacts": contacts_json(period, total, background, hide_below),
        "staff": staff_json(total, segments, hide_below),
        "journey": journey_json(total, hide_below),
    }
