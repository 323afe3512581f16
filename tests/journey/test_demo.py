"""The demo plays a month; here nine days of it, which is long enough for mails, answers and a first report."""

import json
import subprocess
from pathlib import Path

from tests.journey.stack import COMMAND, HOME


def test_the_demo_ends_by_itself_and_says_what_lies_in_its_folder(tmp_path: Path) -> None:
    command = [str(COMMAND), "demo", "--no-serve", "--days", "9", "--out", str(tmp_path / "demo")]

    done = subprocess.run(command, check=False, cwd=HOME, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert set(said) == {"shops", "orders", "mails", "visits", "answers", "excluded", "reports"}
    reports = list((tmp_path / "demo" / "reports").glob("*/*/report.json"))
    assert (said["shops"], said["reports"]) == (2, len(reports))
    assert {report.parent.parent.name for report in reports} == {"acme", "brook"}
    assert said["mails"] == len(list((tmp_path / "demo" / "mail").iterdir()))
    assert said["answers"] > 0
    for report in reports:
        assert {"report.json", "report.html", "report.xlsx", "answers.csv"} == {
            file.name for file in report.parent.iterdir()
        }
