"""The README's screenshots: a fresh demo clinic, opened in Chromium by the people of its cast."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from tests.support.browser import ARGUMENTS, DESKTOP, PHONE
from tests.support.installed import chromium
from tools.steps import BIN, ROOT

IMAGES = ROOT / "docs" / "images"
PORT = 8790
READY_WITHIN_SECONDS = 120
DEVICES: dict[str, dict[str, Any]] = {"phone": PHONE, "desktop": DESKTOP | {"device_scale_factor": 2}}


@dataclass(frozen=True)
class Shot:
    """One picture: where it begins, and what is clicked, by its visible name, until the page is there.

    `part`: only this of the page, whole, instead of what one sees without scrolling.
    """

    name: str
    device: str
    clicks: tuple[str, ...] = ()
    dark: bool = False
    start: str = "/"
    part: str = ""


ELENA = ("Enter as Amelia Hart", "People", "Elena Novak", "Timeline")
SHOTS = (
    Shot("front-door", "phone"),
    Shot("line", "phone", ("Enter as Elena Novak", "Progress"), start="/demo/", dark=True),
    Shot("timeline", "desktop", ELENA, start="/demo/"),
    Shot("timeline-lanes", "desktop", ELENA, start="/demo/", part=".figure-frame"),
    Shot("timeline-hours", "desktop", (*ELENA, "Hours"), start="/demo/", part=".figure-frame"),
    Shot("session", "desktop", ("Enter as Ruth Calder", "Maya Torres"), start="/demo/"),
)


@contextmanager
def demo() -> Iterator[str]:
    """Serve a demo clinic of its own; give its address."""
    address = f"http://localhost:{PORT}"
    with tempfile.TemporaryDirectory(prefix="firstlight-shots-") as home:
        command = [str(BIN / "firstlight"), "demo", "--port", str(PORT)]
        with subprocess.Popen(command, env=os.environ | {"FIRSTLIGHT_HOME": home}, stdout=subprocess.DEVNULL) as server:
            try:
                wait_for(address, server)
                yield address
            finally:
                server.terminate()


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the site answers."""
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.URLError:
            time.sleep(0.2)
    sys.exit("The demo clinic did not start, so there is nothing to take a picture of.")


def take(shot: Shot, browser: Browser, address: str, folder: Path) -> None:
    """Open the site, click to the page, keep what one sees."""
    scheme = {"color_scheme": "dark" if shot.dark else "light", "base_url": address, "reduced_motion": "reduce"}
    context = browser.new_context(**(DEVICES[shot.device] | scheme))
    page = context.new_page()
    page.goto(shot.start)
    for name in shot.clicks:
        page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name)).first.click()
        page.wait_for_load_state("load")
        page.wait_for_selector(".htmx-request, .htmx-swapping, .htmx-settling", state="detached")
    seen: Page | Locator = page.locator(shot.part).first if shot.part else page
    seen.screenshot(path=folder / f"{shot.name}.png")
    context.close()


def main() -> None:
    """Take every picture."""
    path = chromium()
    if path is None:
        sys.exit("Taking screenshots needs Chromium (Debian, Ubuntu: apt-get install chromium).")
    IMAGES.mkdir(parents=True, exist_ok=True)
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        for shot in SHOTS:
            take(shot, browser, address, IMAGES)
            print(f"docs/images/{shot.name}.png", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
