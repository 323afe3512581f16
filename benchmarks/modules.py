"""How many modules each function loads before its first event, and why it may: a budget each, which tests/packages hold.

    python -m benchmarks.modules [--write]

The standard library's are left out: their number is the Python's.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.marked_pages import MarkedPage

PAGE = MarkedPage("performance.md", "modules")
_COUNT = """
import importlib, sys
importlib.import_module(sys.argv[1])
tops = [name.partition(".")[0] for name in sys.modules]
print(sum(top not in sys.stdlib_module_names and top != "__main__" for top in tops))
"""


@dataclass(frozen=True, slots=True)
class Budget:
    """At most so many modules of ours and of distributions."""

    modules: int
    reason: str


BUDGETS = {
    "DispatchFunction": Budget(255, "boto3, the log, one table, one queue"),
    "OrderWebhookFunction": Budget(
        285, "boto3, the log, readers of every platform's payloads; signatures with RSA load when one comes"
    ),
    "MailEventsFunction": Budget(310, "boto3, the log, batches of messages"),
    "FetchOrdersFunction": Budget(330, "boto3, the log, batches, readers of payloads"),
    "SendSurveyFunction": Budget(350, "boto3, the log, batches, templates, a customer's mail"),
    "SurveyPageFunction": Budget(375, "boto3, the log, routes, templates, one table"),
    "UnsubscribeFunction": Budget(375, "as the survey's page"),
    "ReportDownloadFunction": Budget(415, "as the survey's page, and the words of reports with Babel's numbers"),
    "RollupFunction": Budget(505, "reports in every form: templates, Babel, XlsxWriter, and most of the domain"),
}


def loaded(python: Path, folder: Path, module: str) -> int:
    """Count what is loaded when a package's handler has been imported, by a fresh process with nothing else within reach."""
    asked = [str(python), "-S", "-c", _COUNT, module]
    alone = {"PYTHONPATH": str(folder)}
    done = subprocess.run(asked, cwd=folder, env=alone, check=True, capture_output=True, text=True)  # noqa: S603 - an interpreter
    return int(done.stdout)


def tables() -> str:
    """What may be loaded, by function."""
    rows = [f"| `{name}` | {budget.modules} | {budget.reason} |" for name, budget in BUDGETS.items()]
    return "\n".join(["| function | modules, at most | for |", "|---|---|---|", *rows])


if __name__ == "__main__":
    PAGE.say(tables, sys.argv[1:])
