"""docs/faults.md: what the benchmarks of a sale and of a burst wrote there keeps what the page promises."""

import re

from benchmarks import backlog, burst
from benchmarks.marked_pages import MarkedPage


def figures(page: MarkedPage) -> list[float]:
    """The numbers of a benchmark's only row."""
    row = next(line for line in page.tables().splitlines() if re.match(r"\| \d", line))
    return [float(re.sub(r"[^\d.]", "", cell)) for cell in row.split(" | ")]


def test_the_page_tells_of_a_burst_of_which_none_was_refused_or_lost() -> None:
    posted, _, _, answered, kept, _ = figures(burst.PAGE)

    assert (posted, answered, kept) == (2000, 2000, 2000)


def test_the_page_tells_of_a_sale_that_kept_the_rate_and_delayed_nobody() -> None:
    surveys, rate, most, out, sent, _, other, third, _ = figures(backlog.PAGE)

    assert (surveys, out) == (50_000, 50_000 + 2 * backlog.SMALL)
    assert most <= rate
    assert sent == 50_000 / backlog.EVERY + 2 * backlog.SMALL
    assert max(other, third) <= 60
