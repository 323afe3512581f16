"""Catalogues as translators write them, compiled. Packages for Lambda hold the outcome, and neither this file nor Babel's reader."""

import io
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compiled(file: Path) -> bytes:
    """A `.po` file as the `.mo` file that `gettext` reads; PoFileError where it is none."""
    made = io.BytesIO()
    with file.open("rb") as source:
        write_mo(made, read_po(source, abort_invalid=True))
    return made.getvalue()
