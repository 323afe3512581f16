"""Whatever call of AWS fails, in whatever way: no order is lost, nobody is mailed twice, and the reports say the same."""

import subprocess
import sys

from tests.house.sources import ROOT


def test_a_fault_at_every_place_leads_to_the_end_that_the_page_tells() -> None:
    # A process of its own: one that forks must have a single thread.
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.table", "--check"], check=False, cwd=ROOT, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr[-5000:]
