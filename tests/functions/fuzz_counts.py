"""Throw thousands of strange things at whatever strangers reach, and print how many each test was given."""

import contextlib
import io
import re
import sys

import pytest

FUZZED = (
    "tests/functions/test_strangers.py",
    "tests/platforms/test_hostile_files.py",
    "tests/platforms/test_reading.py",
    "tests/domain/test_signatures.py",
    "tests/domain/test_shop_files.py",
    "tests/domain/test_answers.py",
    "tests/domain/test_imports.py",
    "tests/domain/test_import_dates.py",
    "tests/domain/test_order_fields.py",
    "tests/words/test_names.py",
)
_TEST = re.compile(r"^(tests/\S+::.+):$")
_EXAMPLES = re.compile(r"(\d+) passing, (\d+) failing")


def main(*options: str) -> int:
    """Print a line for each test and their sum; 0 if nothing failed."""
    with contextlib.redirect_stdout(io.StringIO()) as told:
        asked = ["-q", "-p", "no:cacheprovider", "--hypothesis-profile=fuzz", "--hypothesis-show-statistics"]
        outcome = pytest.main([*asked, *options, *FUZZED])
    counts = counted(told.getvalue())
    print("passed".rjust(8), "failed", "examples of", sep="  ")  # noqa: T201
    for test, (passed, failed) in counts.items():
        print(str(passed).rjust(8), str(failed).rjust(6), test, sep="  ")  # noqa: T201 - the table is the result
    print(str(sum(passed for passed, _ in counts.values())).rjust(8), "in all")  # noqa: T201
    if outcome or not counts:
        print(told.getvalue())  # noqa: T201
    return int(outcome) or int(not counts)


def counted(told: str) -> dict[str, tuple[int, int]]:
    """Read from what Hypothesis tells how many examples of each test passed and failed."""
    counts: dict[str, tuple[int, int]] = {}
    test = ""
    for line in told.splitlines():
        if (named := _TEST.match(line)) is not None:
            test = named[1]
        if (found := _EXAMPLES.search(line)) is not None:
            passed, failed = counts.get(test, (0, 0))
            counts[test] = passed + int(found[1]), failed + int(found[2])
    return counts


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
