"""What a survey's life calls on AWS, in units of DynamoDB and in dollars; writes its tables into docs/performance.md.

    python -m benchmarks.survey_life [--write]

Every call is made by the functions themselves, on moto, and counted. The nights of a shop take a minute or two.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping

from benchmarks.account import Step
from benchmarks.marked_pages import MarkedPage
from benchmarks.prices import CLOSED, FLOOR, TIMES, bill, given, machine_visits
from benchmarks.shop_nights import Nights, spent
from benchmarks.survey_steps import lived

PAGE = MarkedPage("performance.md", "survey_life")
WRITE_UNITS_GOAL, DOLLARS_GOAL = 11, 16
NAMES: Mapping[str, str] = {
    "webhook": "a webhook makes the survey",
    "send": "the mail: claim, slot, accepted",
    "delivered": "SES says that it arrived",
    "tap": "a tap, in another hour",
    "form": "the page confirms",
    "comment": "a comment is added",
    "closing": "closing: the address leaves",
    "closing, with words": "closing, with a comment",
    "webhook, repeated": "a webhook comes again",
    "machine": "a machine opens a number",
}


def life_of_one() -> Mapping[str, float]:
    """How often each step happens in a life that no machine touches."""
    return {**TIMES, **CLOSED}


def in_a_life(steps: Mapping[str, Step]) -> tuple[float, float, float]:
    """Add up the calls, read units and write units of one survey's life, on average."""
    whole = life_of_one().items()
    calls = sum(steps[name].calls * often for name, often in whole)
    read = sum(steps[name].read_units * often for name, often in whole)
    return calls, read, sum(steps[name].write_units * often for name, often in whole)


def tables(steps: Mapping[str, Step], nights: Nights) -> str:
    return "\n".join([*_life_table(steps), "", *_nights_table(nights), "", *_bill_table(steps, nights)])


def _life_table(steps: Mapping[str, Step]) -> Iterator[str]:
    yield "| step | times for a survey | AWS calls | read units | write units |"
    yield "|---|---|---|---|---|"
    for name, often in life_of_one().items():
        yield _life_row(NAMES[name], steps[name], f"{often:.2f}")
    total = " | ".join(f"{number:.2f}" for number in in_a_life(steps))
    yield f"| **a survey's life** | | {total} |"
    yield _life_row(NAMES["webhook, repeated"], steps["webhook, repeated"], "")
    yield _life_row(NAMES["machine"], steps["machine"], f"{machine_visits():.2f}")


def _life_row(name: str, step: Step, often: str) -> str:
    each = (number / step.invocations for number in (step.calls, step.read_units, step.write_units))
    return f"| {name} | {often} | {' | '.join(f'{number:.3g}' for number in each)} |"


def _nights_table(nights: Nights) -> Iterator[str]:
    yield f"| of {nights.days} days of a shop | invocations | calls | read units | write units | bytes of logs |"
    yield "|---|---|---|---|---|---|"
    for name, step in (("rollup", nights.rollup), ("tick", nights.tick)):
        calls = ", ".join(f"{number} {operation}" for operation, number in sorted(step.counts.items()))
        numbers = f"{step.read_units:g} | {step.write_units:g} | {step.log_bytes}"
        yield f"| {name} | {step.invocations} | {calls} | {numbers} |"


def nights_of(page: str) -> Nights:
    """Read the nights back from a page that tells them."""
    days = re.search(r"\| of (\d+) days of a shop", page)
    if days is None:
        raise ValueError("the page tells of no nights")
    return Nights(int(days[1]), _told(page, "rollup"), _told(page, "tick"))


def _told(page: str, name: str) -> Step:
    (row,) = [line for line in page.splitlines() if line.startswith(f"| {name} |")]
    invocations, calls, read, written, logged = (cell.strip() for cell in row.strip("|").split("|")[1:])
    counts = Counter({operation: int(number) for number, operation in map(str.split, calls.split(", "))})
    return Step(int(invocations), counts, float(read), float(written), int(logged))


def _bill_table(steps: Mapping[str, Step], nights: Nights) -> Iterator[str]:
    charges = bill(steps, nights)
    total = sum(charge.dollars for charge in charges)
    yield "| a million surveys beyond SES | how many | dollars |"
    yield "|---|---|---|"
    for charge in charges:
        yield f"| {charge.what} | {charge.number:,.0f} | {charge.dollars:.2f} |"
    yield f"| **together** | | **{total:.2f}** |"
    yield f"| one bare write for each step | | {FLOOR:.2f} |"
    yield f"| together, less what AWS gives an account each month | | {total - given(charges):.2f} |"


def main() -> None:
    PAGE.say(lambda: tables(lived(), spent()), sys.argv[1:])


if __name__ == "__main__":
    main()
