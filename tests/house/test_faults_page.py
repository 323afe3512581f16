"""docs/faults.md: what the benchmark of a sale wrote there keeps what the page promises."""

import re

from benchmarks import backlog


def test_the_page_tells_of_a_sale_that_kept_the_rate_and_delayed_nobody() -> None:
    begin = "<!-- benchmarks/backlog.py writes from here -->"
    row = next(line for line in backlog.PAGE.text.split(begin)[1].splitlines() if re.match(r"\| \d", line))
    surveys, rate, most, out, sent, _, other, third, _ = (
        float(re.sub(r"[^\d.]", "", cell)) for cell in row.split(" | ")
    )

    assert (surveys, out) == (50_000, 50_000 + 2 * backlog.SMALL)
    assert most <= rate
    assert sent == 50_000 / backlog.EVERY + 2 * backlog.SMALL
    assert max(other, third) <= 60
