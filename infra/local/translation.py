"""A SAM template as plain CloudFormation, by the official translator; what came of it is kept, for loading the translator takes long."""

import json
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any


def user_cache() -> Path:
    """Where a user's programs keep what they could make again."""
    return Path.home() / ".cache" / "afterorder"


def translated(template: Path, kept_in: Path | None = None) -> dict[str, Any]:
    """Translate a template, or read from `kept_in` what came of the very same one.

    A file there that is damaged, or of another template or translator, is made anew; one that cannot be written is done without.
    """
    text = template.read_text(encoding="utf-8")
    if kept_in is None:
        return _translate(text)
    file = kept_in / f"{sha256(bytes(template.resolve())).hexdigest()[:16]}.json"
    made_of = sha256(f"{version('aws-sam-translator')}\n{text}".encode()).hexdigest()
    plain = _read(file, made_of)
    if plain is None:
        plain = _translate(text)
        _keep(file, {"made_of": made_of, "plain": plain})
    return plain


def _translate(text: str) -> dict[str, Any]:
    from infra.local.sam import translate  # noqa: PLC0415 - loads the translator

    return translate(text)


def _read(file: Path, made_of: str) -> dict[str, Any] | None:
    try:
        kept = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return None
    match kept:
        case {"made_of": str(known), "plain": dict(plain)} if known == made_of:
            return plain
        case _:
            return None


def _keep(file: Path, value: dict[str, Any]) -> None:
    """Put it into the file's place in one step: whoever reads meanwhile sees the old one or the new one."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=file.parent, suffix=".new", encoding="utf-8", delete=False) as fresh:
            json.dump(value, fresh)
        Path(fresh.name).replace(file)
    except OSError:
        return
