"""Run the benchmarks, one after the other, each in a process of its own; each writes its tables into its page.

    python -m benchmarks [NAME ...]

Without names, all of them but the long ones, which run when they are named.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).parent
LONG = {
    "backlog": "fifty thousand surveys on DynamoDB Local",
    "incidents": "a thousand shops' years",
}
"""What takes more than five minutes, and why."""


def names() -> list[str]:
    """Every file here that has a page."""
    return sorted(
        file.stem for file in FOLDER.glob("*.py") if "\nPAGE = MarkedPage(" in file.read_text(encoding="utf-8")
    )


def main(wanted: Sequence[str]) -> None:
    for name in wanted or [name for name in names() if name not in LONG]:
        begun = time.monotonic()
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}", "--write"], check=True)  # noqa: S603 - a file here
        sys.stdout.write(f"{name}: {time.monotonic() - begun:.0f} s\n")


if __name__ == "__main__":
    main(sys.argv[1:])
