"""The survey's lifecycle as the table that stands in docs/architecture.md."""

from typing import get_args

from cx_domain.lifecycle import TABLE, Happening, Ignored
from cx_domain.surveys import Stage

STAGES: tuple[Stage, ...] = get_args(Stage)
HAPPENINGS: tuple[Happening, ...] = get_args(Happening)


def rendered() -> str:
    """A row for each happening, a column for each stage; a number points at the sentence that says why nothing changes."""
    sentences = list(dict.fromkeys(cell.why for cell in TABLE.values() if isinstance(cell, Ignored)))

    def cell(stage: Stage, happening: Happening) -> str:
        outcome = TABLE[stage, happening]
        return str(sentences.index(outcome.why) + 1) if isinstance(outcome, Ignored) else f"**{outcome}**"

    head = ["", *STAGES]
    rows = [[f"`{happening}`", *(cell(stage, happening) for stage in STAGES)] for happening in HAPPENINGS]
    table = [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]
    notes = [f"{number}. {sentence}" for number, sentence in enumerate(sentences, 1)]
    return "\n".join([*table, "", *notes])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
