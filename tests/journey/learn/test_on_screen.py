"""The front door in Chromium: on a phone, without a script, with a keyboard, enlarged, in every light."""

from collections.abc import Callable
from datetime import date

import pytest
from django_scopes import scope
from playwright.sync_api import BrowserContext, Page, expect

from firstlight.ground.people.models import Credential, Episode
from firstlight.journey.learn.items import items
from firstlight.journey.learn.models import Price
from tests.cast import NOW, House, harbour
from tests.journey.learn.visiting import ASK, READ
from tests.support.browser import Devices
from tests.support.server import Live
from tests.support.signed_in import client_of
from tests.support.thumb import check_thumb

pytestmark = pytest.mark.slow
DRAWN = ("/", "/learn/ketamine/", "/learn/session/", "/learn/risks/", "/learn/signs/", "/learn/price/", "/call/")
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.fixture
def story(own_database: None) -> House:
    """Harbour, with a licence to show and prices to read."""
    house = harbour()
    Credential.objects.create(
        membership=house.prescriber,
        kind="MD",
        number="218834",
        region="NY",
        checked_date=date(2026, 11, 3),
        expires_date=date(2126, 11, 3),
        checked_by=house.administrator,
    )
    with scope(clinic=house.clinic.id):
        for item in items():
            Price.objects.create(clinic=house.clinic, item=item, amount_cents=16_550, from_date=NOW.date(), set_at=NOW)
    return house


def open_all(page: Page) -> None:
    """Open every list of sources, so that it is looked at too."""
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")


def test_every_page_is_accessible_and_fits_a_thumb(
    story: House, phone: BrowserContext, axe: Callable[[Page], None]
) -> None:
    page = phone.new_page()
    for address in (*READ, *ASK):
        page.goto(address)
        check_thumb(page)
        open_all(page)
        axe(page)


@pytest.mark.parametrize("theme", ["dark", "dim"])
def test_every_kind_of_page_is_accessible_at_night(
    story: House, devices: Devices, axe: Callable[[Page], None], theme: str
) -> None:
    kept = {"origin": devices.base_url, "localStorage": [{"name": "screen", "value": theme}]}
    page = devices.desktop(storage_state={"cookies": [], "origins": [kept]}).new_page()
    for address in DRAWN:
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        axe(page)


@pytest.mark.parametrize("viewport", [(320, 640), (320, 200)], ids=["320 px", "400 per cent of 1280 by 800"])
def test_nothing_is_cut_off_when_small_or_enlarged(story: House, devices: Devices, viewport: tuple[int, int]) -> None:
    width, height = viewport
    page = devices.desktop(viewport={"width": width, "height": height}).new_page()
    for address in (*READ, *ASK):
        page.goto(address)
        open_all(page)
        assert page.evaluate(FITS), address
        assert page.locator(".button.main").first.is_visible()


def test_whole_way_works_without_a_script(story: House, devices: Devices) -> None:
    page = devices.phone(java_script_enabled=False).new_page()
    page.goto("/")
    page.get_by_role("link", name="How ketamine acts").tap()
    for _page in range(9):
        page.get_by_role("link", name="Next: ").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where this comes from")
    page.get_by_role("link", name="Ask for a call").tap()
    page.get_by_label("Your name").fill("Ada Miller")
    page.get_by_label("Phone").fill("518 555 0177")
    page.get_by_role("button", name="Ask for the call").tap()

    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you. Your request is with us.")
    with scope(clinic=story.clinic.id):
        assert Episode.objects.filter(source="self").count() == 1


def test_call_is_asked_for_with_a_keyboard(story: House, desktop: BrowserContext, axe: Callable[[Page], None]) -> None:
    page = desktop.new_page()
    page.goto("/call/")
    page.get_by_label("Your name").focus()
    page.keyboard.type("Ada Miller")
    page.keyboard.press("Enter")
    expect(page.locator("[data-errors]")).to_be_focused()
    axe(page)

    page.get_by_label("Email").focus()
    page.keyboard.type("ada@families.example")
    page.keyboard.press("Enter")

    page.wait_for_url("**/call/thanks/")
    axe(page)


def test_back_and_again_sends_nothing_twice(story: House, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/call/")
    page.get_by_label("Your name").fill("Ada Miller")
    page.get_by_label("Phone").fill("518 555 0177")
    page.get_by_role("button", name="Ask for the call").tap()
    page.wait_for_url("**/call/thanks/")
    page.reload()
    page.go_back()
    page.wait_for_url("**/call/")

    with scope(clinic=story.clinic.id):
        assert Episode.objects.filter(source="self").count() == 1


def test_one_tick_says_do_not_book_and_is_gone_after_a_reload(story: House, phone: BrowserContext) -> None:
    page = phone.new_page()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.goto("/learn/signs/")
    found = page.get_by_text("You ticked at least one. Do not book there.")
    expect(found).to_be_hidden()

    page.get_by_text("They promise you that it will work.").tap()
    expect(found).to_be_visible()
    page.reload()

    expect(found).to_be_hidden()
    assert set(sent) == {"GET"}
    expect(page.get_by_role("button", name="Print this list")).to_be_visible()


def test_page_leaves_at_once(story: House, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.route("**/me/leave/", lambda route: route.fulfill(body="left"))
    page.goto("/learn/parents/")

    page.get_by_role("link", name="Leave this page").tap()

    page.wait_for_url("**/me/leave/")
    page.go_back()
    assert "/learn/parents/" not in page.url


def test_pages_leave_nothing_on_the_phone(story: House, phone: BrowserContext) -> None:
    page = phone.new_page()
    for address in (*READ, *ASK):
        page.goto(address)

    assert phone.cookies() == []
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_prices_are_set_on_a_clinic_computer(
    story: House, desktop: BrowserContext, axe: Callable[[Page], None], live: Live
) -> None:
    key = client_of(story.administrator).cookies["fl_clinic"].value
    page = desktop.new_page()
    desktop.add_cookies([{"name": "fl_clinic", "value": key, "url": live.url}])
    page.goto("/clinic/prices/")
    axe(page)
    page.get_by_label("What it is for").select_option("session")
    page.get_by_label("Price in dollars").fill("560")
    page.get_by_role("button", name="Set the price").click()

    expect(page.get_by_role("cell", name="$560")).to_be_visible()
