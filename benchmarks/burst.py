"""A burst of webhooks on the local stack: how many were refused, and how many are lost.

    python -m benchmarks.burst [--orders 2000] [--at-once 16]

Each order is posted once, all of them as fast as the stack takes them, by four processes of the function. Afterwards the table is counted.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local

import requests

from tests.journey.shop import Shop, order
from tests.journey.stack import Stack

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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=2000)
    parser.add_argument("--at-once", type=int, default=16)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder), now=MONDAY, concurrency=4)
        answers, kept, seconds = burst(stack, asked.orders, asked.at_once)
        stack.kill()
    told = {"orders": asked.orders, "answers": answers, "kept": kept, "seconds": round(seconds, 1)}
    sys.stdout.write(f"{json.dumps(told)}\n")
    return int(set(answers) != {200} or kept != asked.orders)


if __name__ == "__main__":
    sys.exit(main())
