"""Play a shop's life and print what each function may do, and by how many different calls it did so; 0 is a permission too many."""

import contextlib
import io
import sys

import pytest

from tests.functions.permissions import granted, heard, uses_of


def main() -> int:
    """Print the table; 0 if nothing is allowed that is not used."""
    with contextlib.redirect_stdout(io.StringIO()) as told:
        outcome = pytest.main(["-q", "-p", "no:cacheprovider", "tests/functions/test_permissions.py"])
    print("function".ljust(16), "may".ljust(30), "did", "on", sep="  ")  # noqa: T201
    for grant in granted():
        used = uses_of(grant, heard())
        print(grant.function.ljust(16), grant.action.ljust(30), str(used).rjust(3), grant.of, sep="  ")  # noqa: T201 - the table is the result
    print("\ndid: on how many different things a call of the played life did so; 0 would be a permission too many.")  # noqa: T201
    if outcome:
        print(told.getvalue())  # noqa: T201
    return int(outcome)


if __name__ == "__main__":
    sys.exit(main())
