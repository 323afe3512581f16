"""Run the conformance suite and print it: platforms by cases, with a mark for each, and below it what a platform cannot express."""

import contextlib
import io
import sys

import pytest

from infra.platforms import platforms
from tests.functions.test_conformance import CASES, cannot

PASSED, FAILED, CANNOT = "ok", "FAILED", "–"  # noqa: RUF001 - a dash, for what there is not


class _Marks:
    """What became of each test, by its platform and case."""

    def __init__(self) -> None:
        self.by_case: dict[tuple[str, str], str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Hear of a test's setup, call or teardown; one that fails is enough."""
        test, _, case = report.nodeid.partition("[")
        if not test.endswith("test_a_platform_conforms"):
            return
        name = next(name for name in sorted(platforms(), key=len, reverse=True) if case.startswith(f"{name}-"))
        place = name, case.removeprefix(f"{name}-").removesuffix("]")
        if report.failed or self.by_case.get(place) == FAILED:
            self.by_case[place] = FAILED
        elif report.when == "call" and report.passed:
            self.by_case[place] = PASSED


def main() -> int:
    """Print the table; 0 if nothing failed and nothing is missing."""
    marks = _Marks()
    with contextlib.redirect_stdout(io.StringIO()) as told:
        outcome = pytest.main(["-q", "-p", "no:cacheprovider", "tests/functions/test_conformance.py"], plugins=[marks])
    width = max(map(len, CASES))
    names = platforms()
    print(" " * width, *names, sep="  ")  # noqa: T201 - the table is the result
    for case in CASES:
        row = (mark(marks, name, case).ljust(len(name)) for name in names)
        print(case.ljust(width), *row, sep="  ")  # noqa: T201
    print()  # noqa: T201
    for name in names:
        for case, why in cannot(name).items():
            print(f"{CANNOT} {name}, {case}: {why}")  # noqa: T201
    if outcome:
        print(told.getvalue())  # noqa: T201
    return int(outcome)


def mark(marks: _Marks, name: str, case: str) -> str:
    """One place of the table; a test that did not run is no success."""
    return CANNOT if case in cannot(name) else marks.by_case.get((name, case), "not run")


if __name__ == "__main__":
    sys.exit(main())
