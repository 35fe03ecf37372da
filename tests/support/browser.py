"""Chromium, as a parent's phone and as a clinic's desktop. Every page is watched: an error on it fails the test."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Request, Response, sync_playwright

from tests.support.installed import chromium
from tests.support.server import Live

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",
]
# A control half under a bar that sticks comes out with one scroll, but axe measures only the half that shows.
UNSTUCK = """
() => document.querySelectorAll(".parent-top, .action-bar, .parent-nav").forEach((bar) => { bar.style.position = "static" })
"""
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the installed Chromium once."""
    path = chromium()
    if path is None:
        message = "No Chromium is installed: journeys and accessibility cannot run."
        pytest.fail(message, pytrace=False) if os.environ.get("CI") == "true" else pytest.skip(message)
    with sync_playwright() as playwright:
        # Playwright keeps an event loop running in this thread, and Django refuses its ORM where it sees one.
        # Nothing here is asynchronous: the test waits for each step, and the server answers in threads of its own.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass
class Devices:
    """Makes one device for each person of a story; none shares a cookie with another."""

    browser: Browser
    base_url: str
    opened: list[BrowserContext] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    def phone(self, **options: Any) -> BrowserContext:
        """Return a phone of 360×740 with a touch screen."""
        return self._open(PHONE | options)

    def desktop(self, **options: Any) -> BrowserContext:
        """Return a desktop of 1280×800."""
        return self._open(DESKTOP | options)

    def _open(self, options: dict[str, Any]) -> BrowserContext:
        defaults = {"base_url": self.base_url, "locale": "en-US", "reduced_motion": "reduce"}
        context = self.browser.new_context(**(defaults | options))
        context.set_default_timeout(10_000)
        context.on("weberror", lambda error: self.trouble.append(f"script error: {error.error}"))
        context.on("console", lambda line: self._hear(line.type, line.text))
        context.on("request", self._watch)
        context.on("response", self._see)
        self.opened.append(context)
        return context

    def _hear(self, kind: str, text: str) -> None:
        # A refused form answers 422, which Chromium reports as a failed resource; pages are judged in _see. htmx reports
        # what it gave up for a newer question; what fails by itself it reports by other names.
        if kind == "error" and not text.startswith(
            ("Failed to load resource", "htmx:sendAbort,", "htmx:afterRequest,")
        ):
            self.trouble.append(f"console: {text}")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.base_url, "data:", "blob:")):
            self.trouble.append(f"a request left the site: {request.url}")

    def _see(self, response: Response) -> None:
        if response.status >= 500:
            self.trouble.append(f"{response.status} from {response.request.method} {response.url}")

    def close(self) -> None:
        """Close every device."""
        for context in self.opened:
            context.close()


@pytest.fixture
def devices(browser: Browser, live: Live) -> Iterator[Devices]:
    """Give out phones and desktops; fail the test for script errors, policy violations, 500s and foreign requests."""
    made = Devices(browser, live.url)
    yield made
    made.close()
    assert made.trouble == []


@pytest.fixture
def phone(devices: Devices) -> BrowserContext:
    """Give one parent's phone."""
    return devices.phone()


@pytest.fixture
def desktop(devices: Devices) -> BrowserContext:
    """Give one clinic computer."""
    return devices.desktop()


@pytest.fixture(scope="session")
def axe() -> Callable[..., None]:
    """Check a page that has settled against every axe rule, target size included, or `only` those of a tag."""
    engine = Axe()
    options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}

    def check(page: Page, only: str | None = None) -> None:
        chosen = options | {"runOnly": [only]} if only else options
        page.wait_for_load_state("load")
        page.evaluate("Promise.all(document.getAnimations().map(animation => animation.finish()))")
        page.evaluate(UNSTUCK)
        page.evaluate(engine.axe_script)
        violations = page.evaluate("options => axe.run(options).then(found => found.violations)", chosen)
        if violations:
            pytest.fail(f"{page.url}\n" + "\n".join(_readable(one) for one in violations), pytrace=False)

    return check


def _readable(violation: dict[str, Any]) -> str:
    places = [f"    {', '.join(map(str, node['target']))}\n      {node['html'][:160]}" for node in violation["nodes"]]
    return "\n".join([f"  {violation['id']} ({violation['impact']}): {violation['help']}", *places])


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until something holds; fail when it never does. Playwright waits for no function that is asynchronous."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "It never came to that."
        time.sleep(0.05)
