"""The senders that shops run, as the programs that they are."""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from tests.functions.world import ACME_SECRETS
from tests.senders.endpoint import Endpoint

PLATFORMS = Path(__file__).parents[2] / "docs" / "platforms"
STAND_INS = Path(__file__).parent / "php"
SECRET = ACME_SECRETS["standard"][0]

Language = Literal["python", "javascript", "php"]
LANGUAGES: dict[Language, tuple[str, str]] = {
    "python": ("python3", "afterorder.py"),
    "javascript": ("node", "afterorder.mjs"),
    "php": ("php", "afterorder.php"),
}
MOST_SECONDS = 180


def send(
    language: Language,
    endpoint: Endpoint,
    event: Mapping[str, Any],
    *,
    secret: str = SECRET,
    url: str | None = None,
    timeout: float = 20,
) -> "subprocess.CompletedProcess[str]":
    """Run a sender as its page says: the event on its input. It tries three times without a pause."""
    program, file = LANGUAGES[language]
    settings = {
        "AFTERORDER_URL": url or endpoint.url,
        "AFTERORDER_SECRET": secret,
        "AFTERORDER_TIMEOUT": str(timeout),
        "AFTERORDER_PAUSES": "0,0",
    }
    return run(program, PLATFORMS / "senders" / file, settings=settings, given=json.dumps(event))


def run(
    program: str, *arguments: Path | str, settings: Mapping[str, str] | None = None, given: str = ""
) -> "subprocess.CompletedProcess[str]":
    found = shutil.which(program)
    assert found is not None, f"{program} is not on PATH: run `make tools`"
    return subprocess.run(
        [found, *map(str, arguments)],
        input=given,
        env=os.environ | (settings or {}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=MOST_SECONDS,
        check=False,
    )
