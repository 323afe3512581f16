"""The catalogues as their files have them, for the tests that hold translators' rules."""

import string
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from infra.writing.catalogues import LOCALES

PO_FILES = sorted(LOCALES.glob("*/*.po"))
SPOKEN_FILES = [file for file in PO_FILES if file.stem != "reports"]
"""What customers are told, in each language and tone."""
OVERLAYS = [file for file in SPOKEN_FILES if file.stem != "messages"]


def called(file: Path) -> str:
    """How a test names a file: `pl-formal`."""
    return f"{file.parent.name}-{file.stem}"


def catalogue(file: Path) -> Catalog:
    with file.open("rb") as source:
        return read_po(source, abort_invalid=True)


def messages(file: Path) -> dict[str, Message]:
    return {_id(message): message for message in catalogue(file) if message.id}


def texts(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def fields(message: Message) -> set[str]:
    """The values that a message, or any of its plural forms, asks for."""
    parsed = (part for text in texts(message) for part in string.Formatter().parse(text))
    return {name for _, name, _, _ in parsed if name is not None}


def every_text(file: Path) -> Iterator[tuple[str, str]]:
    for name, message in messages(file).items():
        for text in texts(message):
            yield name, text


def _id(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]
