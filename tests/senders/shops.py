"""Shops of stand-ins in PHP: each request is a process of its own, as each request of a shop is."""

import json
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docs.platforms.zip_module import pack
from tests.senders.programs import STAND_INS, run

Event = tuple[str, Mapping[str, Any]]
"""What happens in a request, and with what."""


class Shop:
    """A shop of a platform with the module in it; `knows` is what the stand-ins answer with."""

    def __init__(self, platform: str, folder: Path, module: Path, knows: Mapping[str, Any]) -> None:
        (folder / "shop.json").write_text(json.dumps(knows), encoding="utf-8")
        self._script = STAND_INS / f"play_{platform}.php"
        self._settings = {
            "MODULE": str(module),
            "SHOP_DATABASE": str(folder / "shop.sqlite"),
            "SHOP_FILE": str(folder / "shop.json"),
        }

    def request(self, *events: Event) -> list[str]:
        """Return what the module said, line by line; a warning of PHP is an error."""
        done = self.play(*events)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.splitlines()

    def play(self, *events: Event) -> "subprocess.CompletedProcess[str]":
        strictly = ("-d", "error_reporting=-1", "-d", "display_errors=stderr")
        return run("php", *strictly, self._script, settings=self._settings, given=json.dumps(events))

    def messages(self) -> list[dict[str, str]]:
        """What lies in the module's own table."""
        (line,) = self.request(("messages", {}))
        found: list[dict[str, str]] = json.loads(line)
        return found


def installed(platform: str, folder: Path, knows: Mapping[str, Any]) -> Shop:
    """A shop with the module as it is packed."""
    with zipfile.ZipFile(pack(platform, folder / "packed")) as archive:
        archive.extractall(folder / "unpacked")
    return Shop(platform, folder, folder / "unpacked", knows)
