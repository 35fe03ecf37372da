"""What a person waits for the forecast: from a key pressed in Chromium until the new answer stands on the screen.

`python -m benchmarks.waiting [--doses 40] [--minutes 20]`

Serves a demo clinic as `benchmarks.pages` does, opens the forecast as its prescriber, and types one more digit into the dose or
the duration, each time another one. A time begins in the page at the key and ends in the frame after the answer was put in: the
question on its way, the server, the drawing. Feeds and a baby's weight are filled in, so milk is computed too. Needs
Chromium. Then it types whole doses fast, a key every 30 ms, and counts how often the last one stands at the end.
"""

import argparse
import os
import statistics
import sys
from collections.abc import Iterator

from playwright.sync_api import Page, sync_playwright

from benchmarks.pages import PORT, Visitor, served
from tests.support.browser import ARGUMENTS
from tests.support.installed import chromium

FORECAST = "/plan/forecast/"
FEEDS = "3, 6, 9, 12"
KEY_EVERY_MS = 30
ANSWERED_WITHIN_MS = 1000
FAST = ("35", "42", "27.5", "31.25", "50", "24.8")
WATCH = """
() => {
  window.waited = [];
  let began = null;
  document.addEventListener("keydown", (event) => { if (event.key.length === 1) began = performance.now(); }, true);
  new MutationObserver(() => requestAnimationFrame(() => setTimeout(() => {
    if (began !== null) { window.waited.push(performance.now() - began); began = null; }
  }))).observe(document.querySelector("#forecast"), { childList: true });
}
"""


def opened(page: Page) -> None:
    """Sign in as the prescriber, open a forecast, and let it have feeds and a weight."""
    address = next(at for kind, at in Visitor("prescriber").kinds().items() if kind.endswith(FORECAST))
    page.goto(f"http://localhost:{PORT}/demo/")
    page.locator('form[action$="/demo/prescriber/"] button').first.click()
    page.goto(f"http://localhost:{PORT}{address}")
    if page.locator("#ask_infant_kg").count():
        page.locator("#ask_feeds").fill(FEEDS)
        page.locator("#ask_infant_kg").fill("5.2")
    page.wait_for_load_state("networkidle")
    page.evaluate(WATCH)


def waits(page: Page, field: str, values: Iterator[str]) -> Iterator[float]:
    """Type the last digit of each value, and yield how many milliseconds the answer took."""
    for value in values:
        page.locator(field).fill(value[:-1])
        page.wait_for_timeout(ANSWERED_WITHIN_MS)
        page.evaluate("window.waited = []")
        page.keyboard.type(value[-1])
        page.wait_for_timeout(ANSWERED_WITHIN_MS)
        yield page.evaluate("window.waited[0]")


def right_at_the_end(page: Page) -> int:
    """Type doses fast, and return how many of them stand in the answer when all is quiet."""
    right = 0
    for dose in FAST:
        page.locator("#ask_dose_mg").fill("")
        page.keyboard.type(dose, delay=KEY_EVERY_MS)
        page.wait_for_timeout(ANSWERED_WITHIN_MS)
        right += page.locator("#forecast").inner_text().startswith(f"{dose} mg (")
    return right


def _line(name: str, took: list[float]) -> str:
    ordered = sorted(took)
    p95 = ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]
    return f"{name:<10}{len(took):>4} keys{statistics.median(ordered):>8.0f} ms p50{p95:>8.0f} ms p95{ordered[-1]:>8.0f} ms most"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--doses", type=int, default=40, help="doses typed, none twice (40)")
    parser.add_argument("--minutes", type=int, default=20, help="durations typed, none twice (20)")
    options = parser.parse_args()
    path = chromium()
    if path is None:
        sys.exit("This needs Chromium (Debian, Ubuntu: apt-get install chromium).")
    before = os.getloadavg()[0]
    with served(), sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=path, args=ARGUMENTS).new_page(
            viewport={"width": 1280, "height": 800}
        )
        opened(page)
        doses = (f"{25 + number // 9}.{number % 9 + 1}" for number in range(options.doses))
        print(_line("dose", list(waits(page, "#ask_dose_mg", doses))))
        minutes = (str(40 + number) for number in range(options.minutes))
        print(_line("duration", list(waits(page, "#ask_minutes", minutes))))
        print(f"{right_at_the_end(page)} of {len(FAST)} doses typed fast stand at the end")
    print(f"{os.cpu_count()} cores, load {before:.1f} before the run")


if __name__ == "__main__":
    main()
