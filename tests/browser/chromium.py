"""Where this machine's Chromium is, and how it is started."""

import shutil
from pathlib import Path

from playwright.sync_api import Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def executable(playwright: Playwright) -> str:
    """The browser on PATH, else the one that Playwright fetched; RuntimeError if there is neither."""
    fetched = Path(playwright.chromium.executable_path)
    found = next((path for name in NAMES if (path := shutil.which(name))), str(fetched) if fetched.exists() else None)
    if found is None:
        raise RuntimeError(f"there is no Chromium: none of {', '.join(NAMES)} is on PATH; `make tools` installs one")
    return found
