"""Every kind of page of the demo in a real browser: axe finds nothing, a thumb hits everything, nothing is cut off or broken."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from tests.site.conftest import PARENTS
from tests.site.crawling import Page as Crawled
from tests.support import scale
from tests.support.browser import Devices
from tests.support.figures import Figure
from tests.support.server import Live
from tests.support.thumb import check_thumb

pytestmark = pytest.mark.slow
COLOURS = "cat.color"  # axe's own name for its rules about contrast and about links that only a colour tells apart
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1"

# What stands in a column so narrow that a word is broken into its letters.
BROKEN = """() => [...document.querySelectorAll("dd, dt, td, th, li, p")].filter(one => {
  const style = getComputedStyle(one), {width, height} = one.getBoundingClientRect();
  const [letter, line] = [parseFloat(style.fontSize), parseFloat(style.lineHeight)];
  return one.textContent.trim().length > 2 && width > 1 && width < 2 * letter && height > 2.5 * line;
}).map(one => one.textContent.trim())"""


@pytest.fixture(scope="module")
def site(browser: Browser, live_demo: Live) -> Iterator[Devices]:
    """Devices for a whole module; script errors, policy violations, 500s and foreign requests fail it at the end."""
    made = Devices(browser, live_demo.url)
    yield made
    made.close()
    assert made.trouble == []


@pytest.fixture(scope="module")
def kinds(crawled: list[Crawled]) -> list[Crawled]:
    """One page of each kind; for parents, the kinds that each of them has beyond the first one's."""
    found: dict[str, Crawled] = {}
    for page in crawled:
        if page.html and page.status == 200:
            found.setdefault(page.route, page)
    return list(found.values())


def look(
    site: Devices, walkers: dict[str, Client], pages: list[Crawled], check: Callable[[Page], None], **options: object
) -> list[str]:
    """Open pages as those who see them, and collect what a check finds on them."""
    wrong: list[str] = []
    opened: dict[str, Page] = {}
    for crawled in pages:
        if crawled.who not in opened:
            made = site.phone if crawled.realm != "clinic" else site.desktop
            context = made(**options)
            cookies = [
                {"name": name, "value": morsel.value, "url": f"{site.base_url}{path}"}
                for name, morsel in walkers[crawled.who].cookies.items()
                for path in ("/me/", "/clinic/")
                if crawled.who != "nobody"
            ]
            context.add_cookies(cookies)  # type: ignore[arg-type]  # Playwright's own dictionary type
            opened[crawled.who] = context.new_page()
        page = opened[crawled.who]
        page.goto(crawled.address, wait_until="load")
        try:
            check(page)
        except pytest.fail.Exception as found:
            wrong.append(f"{crawled}\n{found}")
        if not page.evaluate(FITS):
            wrong.append(f"{crawled}\n  wider than the screen")
        if broken := page.evaluate(BROKEN):
            wrong.append(f"{crawled}\n  letter below letter: {broken}")
    for page in opened.values():
        page.context.close()
    return wrong


def theme(site: Devices, name: str) -> dict[str, object]:
    """Return what a browser remembers of somebody who chose a theme."""
    kept = {"origin": site.base_url, "localStorage": [{"name": "screen", "value": name}]}
    return {"storage_state": {"cookies": [], "origins": [kept]}}


@pytest.mark.parametrize("light", ["light", "dark"])
def test_parents_pages_are_accessible_and_every_control_fits_a_thumb(
    light: str,
    site: Devices,
    walkers: dict[str, Client],
    kinds: list[Crawled],
    axe: Callable[..., None],
    figure: Figure,
) -> None:
    """In the short run the dark pages, which are the light ones in other colours, are looked at for colours and thumbs."""
    own = [page for page in kinds if page.realm == "me" and page.who in PARENTS]
    seen: list[int] = []

    def check(page: Page) -> None:
        seen.append(check_thumb(page))  # before axe, which takes the bars out of their places
        axe(page, only=COLOURS if light == "dark" and not scale.FULL else None)

    assert look(site, walkers, own, check, **theme(site, light)) == []
    assert len(own) > 15
    if light == "light":
        figure("controls of at least 44×44, 8 apart, on parents' pages", sum(seen))


def test_clinic_pages_are_accessible(
    site: Devices, walkers: dict[str, Client], kinds: list[Crawled], axe: Callable[[Page], None], figure: Figure
) -> None:
    staff = [page for page in kinds if page.realm == "clinic"]
    figure("kinds of page without an axe violation", len(kinds))

    assert look(site, walkers, staff, axe) == []
    assert len(staff) > 30


def test_public_pages_are_accessible(
    site: Devices, walkers: dict[str, Client], kinds: list[Crawled], axe: Callable[[Page], None]
) -> None:
    public = [page for page in kinds if not page.realm]

    assert look(site, walkers, public, axe) == []
