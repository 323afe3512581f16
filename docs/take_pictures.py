#!/usr/bin/env python3
"""Take the pictures of README and docs/reports.md from a demo: `make demo ARGS="--no-serve"`, then `make pictures`.

Runs the stack on a copy of the demo's data, so that looking changes nothing there, and lets Chromium look at a mail, at the
page behind its nine, and at a month's report: its beginning for the README, the whole of it and its printed sheets for docs/reports.md.
"""

import argparse
import contextlib
import email
import email.policy
import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from docs.report_pictures import take_report

HOME = Path(__file__).resolve().parents[1]
PICTURES = HOME / "docs" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars")
SHOP = "brook"
PERIOD = "2026-01"
PHONE_WIDTH = 390
NARROWEST = 500
"""Headless Chromium makes no window narrower than this; a frame in its page may be as narrow as a phone."""
MARGIN = 28
REPORT_SIZE = (1200, 1500)
LARGEST = 300_000
"""Bytes of one picture: a README is read on trains, too."""

PHONE = """<!DOCTYPE html><meta charset="utf-8"><title>0</title>
<style>
body {{ margin: 0; padding: {margin}px 0; background: #cfd6de; }}
.phone {{ width: {width}px; margin: 0 auto; background: #fff; border-radius: 22px; overflow: hidden; box-shadow: 0 6px 18px rgb(20 30 40 / .22); }}
.head {{ font: 14px/20px Arial, sans-serif; padding: 16px 18px 14px; border-bottom: 1px solid #e3e7ec; color: #59626e; }}
.head b {{ display: block; color: #1c2126; font-size: 17px; line-height: 24px; }}
iframe {{ border: 0; display: block; width: {width}px; }}
</style>
<div class="phone">{head}<iframe srcdoc="{page}"></iframe></div>
<script>
onload = () => {{
  const frame = document.querySelector("iframe");
  frame.style.height = frame.contentDocument.documentElement.scrollHeight + "px";
  document.title = "height " + Math.ceil(document.querySelector(".phone").getBoundingClientRect().height);
}};
</script>
"""
HEAD = '<div class="head"><b>{subject}</b>{sender}</div>'


@dataclass(frozen=True, slots=True)
class Camera:
    """A headless browser with a profile of its own."""

    browser: str
    folder: Path

    def page(self, name: str, address: str, size: tuple[int, int], scale: int) -> None:
        """Take a picture of an address, `size` in its own pixels."""
        picture = PICTURES / f"{name}.png"
        self._run(
            f"--window-size={size[0]},{size[1]}",
            f"--force-device-scale-factor={scale}",
            f"--screenshot={picture}",
            address,
        )
        if picture.stat().st_size > LARGEST:
            sys.exit(f"{picture} has {picture.stat().st_size} bytes; {LARGEST} is the most")

    def phone(self, name: str, page: str, head: str = "") -> None:
        """Take a picture of a page as a phone shows it, in its whole length."""
        framed = PHONE.format(margin=MARGIN, width=PHONE_WIDTH, head=head, page=html.escape(page))
        file = self.folder / f"{name}.html"
        file.write_text(framed, encoding="utf-8")
        measured = re.search(r"<title>height (\d+)</title>", self._run("--dump-dom", file.as_uri()))
        if measured is None:
            sys.exit(f"{self.browser} did not show {file.name}")
        self.page(name, file.as_uri(), (NARROWEST, int(measured[1]) + 2 * MARGIN), 2)

    def _run(self, *arguments: str) -> str:
        # A new profile each time: a browser that is still closing the last one would take the new window to itself.
        profile = tempfile.mkdtemp(dir=self.folder)
        command = [self.browser, *FLAGS, f"--user-data-dir={profile}", *arguments]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)  # noqa: S603 - found on PATH
        return done.stdout


@contextlib.contextmanager
def stack(data: Path) -> Iterator[str]:
    """Run the local stack on a folder of data; gives its address."""
    command = [str(Path(sys.executable).parent / "afterorder"), "local", "--port", "0", "--data", str(data)]
    with subprocess.Popen(command, cwd=HOME, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        try:
            for line in process.stdout or ():
                if found := re.search(r"runs at (http://[\w.:]+)", line):
                    yield found[1]
                    break
            else:
                sys.exit("the local stack did not start")
        finally:
            process.terminate()


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - the stack that we started
        text: str = answer.read().decode()
        return text


def newest_mail(url: str) -> EmailMessage:
    """Find the newest survey mail of the shop."""
    for listed in reversed(json.loads(read(f"{url}/_local/mail"))):
        mail = email.message_from_string(read(f"{url}/_local/mail/{listed['id']}"), policy=email.policy.default)
        if f"@{SHOP}.example" in listed["from"] and "/s/" in part(mail, "plain"):
            return mail
    sys.exit(f"the demo holds no survey mail of {SHOP}")


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    return body.get_content() if body is not None else ""


def take(url: str, camera: Camera) -> None:
    mail = newest_mail(url)
    head = HEAD.format(subject=html.escape(mail["Subject"]), sender=html.escape(mail["From"]))
    camera.phone("mail", part(mail, "html"), head)
    nine = re.search(r"http://[\w.:]+(/s/[\w.-]+/9)\b", part(mail, "plain"))
    if nine is None:
        sys.exit("the mail has no link to rate with a nine")
    camera.phone("rating-page", read(url + nine[1]))
    camera.page("report", f"{url}/_local/objects/reports/{SHOP}/{PERIOD}/report.html", REPORT_SIZE, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description="Take the README's pictures from a demo's folder.")
    parser.add_argument("folder", type=Path, nargs="?", default=HOME / "demo-out", help="what `afterorder demo` made")
    demo: Path = parser.parse_args().folder
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        sys.exit(f"none of {', '.join(BROWSERS)} is on PATH")
    if not (demo / "data").is_dir():
        sys.exit(f'{demo} holds no demo; make one: make demo ARGS="--no-serve --out {demo}"')
    (PICTURES / "report").mkdir(parents=True, exist_ok=True)
    for old in (PICTURES / "report").glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        data = shutil.copytree(demo / "data", Path(folder) / "data")
        with stack(data) as url:
            take(url, Camera(browser, Path(folder)))
    whole = take_report(demo.resolve() / "reports" / SHOP / PERIOD / "report.html", PICTURES / "report")
    if too_large := [picture.name for picture in whole if picture.stat().st_size > LARGEST]:
        sys.exit(f"more than {LARGEST} bytes: {', '.join(too_large)}")
    for picture in sorted([*PICTURES.glob("*.png"), *whole]):
        print(f"{picture.relative_to(HOME)}  {picture.stat().st_size} bytes")  # noqa: T201 - a program's output


if __name__ == "__main__":
    main()
