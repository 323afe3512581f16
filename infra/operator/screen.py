"""What the command line says: results on stdout, everything else on stderr."""

import json
from typing import Any

from rich.console import Console, RenderableType

OUT = Console()
ERR = Console(stderr=True)


def say(line: str = "") -> None:
    """Print one line exactly as it is: never wrapped, never coloured, so that scripts can read it."""
    OUT.print(line, soft_wrap=True, highlight=False, markup=False)


def say_json(value: Any) -> None:
    say(json.dumps(value, indent=2, ensure_ascii=False, sort_keys=False))


def show(table: RenderableType) -> None:
    OUT.print(table)


def note(line: str) -> None:
    """Tell people something that is no result."""
    ERR.print(line, soft_wrap=True, highlight=False, markup=False)


def refuse(line: str) -> None:
    """Say in red why nothing was done."""
    ERR.print(line, style="red", soft_wrap=True, highlight=False, markup=False)
