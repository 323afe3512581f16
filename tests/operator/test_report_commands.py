"""Reports are listed as they lie in the bucket; a period that there is not is refused before anything is done."""

import json
from collections.abc import Callable

from typer.testing import Result

from infra.operator.session import Stack

Say = Callable[..., Result]


def test_a_shops_reports_are_listed_and_no_other_shops(acme: Stack, afterorder: Say) -> None:
    for key in ("reports/acme/2026-W02/report.html", "reports/acme-two/2026-W02/report.html"):
        acme.files.put(key, b"<html>", "text/html")

    listed = json.loads(afterorder("report", "list", "acme", "--json").stdout)

    assert listed == ["reports/acme/2026-W02/report.html"]


def test_a_shop_without_reports_is_told_when_one_comes(acme: Stack, afterorder: Say) -> None:
    del acme

    listed = afterorder("report", "list", "acme")

    assert (listed.exit_code, listed.stdout) == (0, "")
    assert listed.stderr.startswith("No reports of acme yet")


def test_a_week_that_the_calendar_has_not_is_refused(acme: Stack, afterorder: Say) -> None:
    del acme

    built = afterorder("report", "build", "acme", "2026-W54")

    assert (built.exit_code, built.stderr) == (1, "period: there is no 2026-W54 in the calendar\n")
