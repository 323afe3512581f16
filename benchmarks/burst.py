"""A burst of webhooks on the local stack: how many were refused, and how many are lost.

    python -m benchmarks.burst [--orders 2000] [--at-once 16] [--write]

Each order is posted once, all of them as fast as the stack takes them, with four processes of the function. Afterwards the table is
counted. `--write` puts what came of it into docs/faults.md.
"""

import argparse
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local

import requests

from benchmarks.marked_pages import MarkedPage, measured_here
from tests.journey.shop import Shop, order
from tests.journey.stack import Stack

PAGE = MarkedPage("faults.md", "burst")
PROCESSES = 4
MONDAY = "2026-01-05T09:00:00Z"
_of_thread = local()


def burst(stack: Stack, orders: int, at_once: int) -> tuple[Counter[int], int, float]:
    """Post so many orders; the answers by their status, how many orders are kept, and the seconds that the posts took."""
    shop = Shop(stack)

    def post(number: int) -> int:
        if not hasattr(_of_thread, "session"):
            _of_thread.session = requests.Session()
        return shop.post(order(number, at=MONDAY), _of_thread.session).status_code

    begun = time.monotonic()
    with ThreadPoolExecutor(at_once) as posting:
        answers = Counter(posting.map(post, range(1, orders + 1)))
    seconds = time.monotonic() - begun
    kept = {survey["order"] for survey in stack.surveys("acme")}
    return answers, len(kept), seconds


def table(orders: int, at_once: int) -> str:
    """Post a burst to a stack of its own. Raises when one is refused or lost."""
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder), now=MONDAY, concurrency=PROCESSES)
        answers, kept, seconds = burst(stack, orders, at_once)
        stack.kill()
    if answers != {200: orders} or kept != orders:
        raise AssertionError(f"of {orders} orders {kept} are kept; answered were {answers}")
    cells = (f"{orders:,}", at_once, PROCESSES, f"{answers[200]:,}", f"{kept:,}", f"{seconds:.0f} s")
    heading = ("webhooks", "at once", "processes of the function", "answered with 200", "kept", "took")
    rows = (heading, ("---",) * len(heading), cells)
    lines = [f"| {' | '.join(map(str, row))} |" for row in rows]
    return "\n".join([*lines, "", f"{measured_here()} moto plays DynamoDB."])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=2000)
    parser.add_argument("--at-once", type=int, default=16)
    asked, rest = parser.parse_known_args()
    PAGE.say(lambda: table(asked.orders, asked.at_once), rest)


if __name__ == "__main__":
    main()
