"""Let every AWS call of an order's whole life fail in every way, and print what came of it.

    python -m tests.faults.table [--write | --check]

Without an option every call is struck, and the table is printed. `--write` puts it into docs/faults.md. `--check` strikes each place in
our code from which calls are made, at its first call, in the ways that tell something new, and compares with that page. It fails if a promise was broken.
"""

import argparse
import resource
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tests.faults.ends import End
from tests.faults.forks import Outcome, Walk
from tests.faults.life import Life
from tests.faults.stack import deployed, forget_process
from tests.faults.strikes import WAYS, Strikes
from tests.functions.moto_snapshot import MotoSnapshot

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
_BEGIN, _END = "<!-- tests/faults/table.py writes from here -->", "<!-- to here -->"
_NOTHING_SUPPRESSED = {"ListSuppressedDestinations": b'{"SuppressedDestinationSummaries": []}'}
"""moto does not know SES's list."""
_KEPT = ("same", "later", "unknown")
_UNANSWERED = ("timed out", "timed out once")

Row = tuple[str, str]


def judge(undisturbed: End, disturbed: End) -> str:
    """Compare the end of a walk with the undisturbed one: `later`, `unknown`, or what was promised and not kept."""
    if disturbed == undisturbed:
        return "later"
    lost = [order for order, fate in disturbed.fates.items() if fate != undisturbed.fates[order]]
    missing, too_many = undisturbed.mails - disturbed.mails, disturbed.mails - undisturbed.mails
    told = disturbed.not_sent - undisturbed.not_sent
    as_reports_tell = all(reason == "outcome-unknown" and number == 1 for (_, reason), number in told.items())
    is_survey = len(lost) == 1 and "'outcome-unknown'" in disturbed.fates[lost[0]]
    if too_many or missing.total() > 2 or disturbed.given_up or len(lost) > 1:
        return f"broken: {disturbed}"
    if is_survey and as_reports_tell:
        return "unknown"
    # A mail to a manager: claimed, and then nobody knows.
    is_managers = not lost and missing.total() == 1 and disturbed.reports == undisturbed.reports
    return "unknown" if is_managers else f"broken: {disturbed}"


def is_kept(outcome: Outcome) -> bool:
    """Say whether the promises were kept: only a mail that SES may have, or a process that died with it in hand, may stay unknown."""
    if outcome.result != "unknown":
        return outcome.result in _KEPT
    return outcome.way.startswith("killed") or (outcome.operation == "SendEmail" and outcome.way in _UNANSWERED)


def struck(*, everywhere: bool) -> list[Outcome]:
    """Walk, and strike."""
    with tempfile.TemporaryDirectory() as folder, deployed(Path(folder)) as world:
        before = MotoSnapshot()
        walk = Walk(judge, everywhere=everywhere)
        Strikes(walk.begun, walk.ended, _NOTHING_SUPPRESSED).install()
        walk.lay(Life(world))
        before.put_back()
        forget_process()
        return walk.strike(Life(world))


def cells(outcomes: Iterable[Outcome]) -> dict[Row, dict[str, set[str]]]:
    found: dict[Row, dict[str, set[str]]] = {}
    for each in outcomes:
        found.setdefault((each.step, each.operation), {}).setdefault(each.way, set()).add(each.result)
    return found


def table(outcomes: Sequence[Outcome]) -> str:
    lines = [f"| step | call | times | {' | '.join(WAYS)} |", f"|---|---|{'---|' * (len(WAYS) + 1)}"]
    for (step, operation), ways in cells(outcomes).items():
        times = len({each.number for each in outcomes if (each.step, each.operation) == (step, operation)})
        told = " | ".join(_told(ways.get(way, set())) for way in WAYS)
        lines.append(f"| {step} | {operation} | {times} | {told} |")
    calls, kept = len({each.number for each in outcomes}), sum(map(is_kept, outcomes))
    counted = {result: sum(each.result == result for each in outcomes) for result in _KEPT}
    sums = ", ".join(f"{number:,} {result}" for result, number in counted.items())
    return "\n".join(
        [*lines, "", f"{calls} calls, {len(outcomes):,} faults: {sums}; {len(outcomes) - kept} exceptions."]
    )


def _told(results: set[str]) -> str:
    return ", ".join(result for result in (*_KEPT, "broken") if any(one.startswith(result) for one in results))


def not_as_written(outcomes: Sequence[Outcome], page: str) -> list[str]:
    """Name the cells that the page tells otherwise. A call that is not struck now tells nothing."""
    written = _written(page)
    return [
        f"{step}, {operation}, {way}: {_told(results)}"
        for (step, operation), ways in cells(outcomes).items()
        for way, results in ways.items()
        if not results <= written.get((step, operation), {}).get(way, set())
    ]


def _written(page: str) -> Mapping[Row, Mapping[str, set[str]]]:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("|")]
    return {
        (step, operation): {way: set(told.split(", ")) for way, told in zip(WAYS, ways, strict=True)}
        for step, operation, _times, *ways in (row for row in rows if len(row) == len(WAYS) + 3)
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    outcomes = struck(everywhere=not asked.check)
    broken = [each for each in outcomes if not is_kept(each)]
    for each in broken:
        sys.stderr.write(f"{each}\n")
    if asked.check:
        differing = not_as_written(outcomes, PAGE.read_text(encoding="utf-8"))
        sys.stderr.writelines(f"not as docs/faults.md says: {cell}\n" for cell in differing)
        sys.stdout.write(f"{len(outcomes)} faults, {_seconds():.0f} CPU seconds\n")
        return int(bool(broken or differing))
    told = table(outcomes)
    sys.stdout.write(f"{told}\n\n{_seconds():.0f} CPU seconds\n")
    if asked.write:
        _write(told)
    return int(bool(broken))


def _write(told: str) -> None:
    before, rest = PAGE.read_text(encoding="utf-8").split(_BEGIN)
    _, after = rest.split(_END, 1)
    PAGE.write_text(f"{before}{_BEGIN}\n\n{told}\n\n{_END}{after}", encoding="utf-8")


def _seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    sys.exit(main())
