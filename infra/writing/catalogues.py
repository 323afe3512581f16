"""Catalogues of messages: the compiled `.mo` where a package holds one beside its `.po`, else the `.po` itself."""

import gettext
import io
from functools import lru_cache
from pathlib import Path

LOCALES = Path(__file__).resolve().parents[2] / "templates" / "locales"


@lru_cache
def load(file: Path) -> gettext.GNUTranslations:
    """Load the catalogue of a `.po` file, kept for the life of the process."""
    made = file.with_suffix(".mo")
    if made.exists():
        with made.open("rb") as source:
            return gettext.GNUTranslations(source)
    # In the repository stands what a translator can read, and nothing made from it that could be older.
    from infra.writing.po_files import compiled  # noqa: PLC0415 - a package has no use for it

    return gettext.GNUTranslations(io.BytesIO(compiled(file)))
