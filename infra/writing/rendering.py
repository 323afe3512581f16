"""Templates from the folder `templates/`, strictly: an unknown name in one is an error, and what people wrote is escaped in HTML."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment, FileSystemLoader, ModuleLoader, StrictUndefined, select_autoescape

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
COMPILED = TEMPLATES / "compiled"
"""Where a package for Lambda holds its templates as modules, so that a cold start need not read them."""


@lru_cache
def environment() -> Environment:
    """The one environment; compiled templates stay in it for the life of the process."""
    return Environment(
        loader=_loader(),
        undefined=StrictUndefined,
        autoescape=select_autoescape(enabled_extensions=("html",)),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _loader() -> BaseLoader:
    return ModuleLoader(COMPILED) if COMPILED.is_dir() else FileSystemLoader(TEMPLATES)


def render(template: str, **facts: Any) -> str:
    """Render `email/survey/body.html` and the like; the name's ending decides whether values are escaped."""
    return environment().get_template(template).render(**facts)
