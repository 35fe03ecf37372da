"""The clinic on a narrow screen: the menu is folded, so that the page begins on the first screen; on a wide one it stands."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from firstlight.ground.people.models import Membership
from tests.cast import House, harbour
from tests.support.browser import Devices
from tests.support.server import Live
from tests.support.signed_in import client_of


@pytest.fixture
def house(live: Live) -> House:
    return harbour()


def signed_in(device: BrowserContext, devices: Devices, person: Membership) -> Page:
    value = client_of(person).cookies["fl_clinic"].value
    device.add_cookies([{"name": "fl_clinic", "value": value, "url": f"{devices.base_url}/clinic/"}])
    return device.new_page()


def box(page: Page, selector: str) -> dict[str, float]:
    found = page.locator(selector).bounding_box()
    assert found is not None
    return dict(found)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_menu_is_folded_on_a_phone_and_opens_with_one_tap(
    devices: Devices, house: House, axe: Callable[[Page], None], theme: str
) -> None:
    page = signed_in(devices.phone(color_scheme=theme), devices, house.nurse)
    page.goto(f"/clinic/people/{house.mother.id}/")
    menu = page.get_by_role("navigation", name="Clinic")
    assert menu.is_hidden()
    assert box(page, "main")["y"] < 740 / 4

    page.get_by_role("button", name="Menu").tap()

    menu.wait_for()
    axe(page)
    page.get_by_role("link", name="Calendar").tap()
    page.wait_for_url("**/clinic/calendar/")
    assert page.get_by_role("navigation", name="Clinic").is_hidden()


def test_keyboard_opens_the_menu_goes_through_it_and_leaves_it(devices: Devices, house: House) -> None:
    page = signed_in(devices.phone(), devices, house.nurse)
    page.goto("/clinic/")
    page.get_by_role("button", name="Menu").focus()

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = page.evaluate("document.activeElement.textContent.trim()")
    page.keyboard.press("Escape")

    assert inside == "Today"
    assert page.get_by_role("navigation", name="Clinic").is_hidden()
    assert page.evaluate("document.activeElement.textContent.trim()").startswith("Menu")


def test_menu_stands_beside_the_page_on_a_wide_screen(devices: Devices, house: House) -> None:
    page = signed_in(devices.desktop(), devices, house.nurse)
    page.goto("/clinic/")

    assert page.get_by_role("button", name="Menu").is_hidden()
    assert page.get_by_role("link", name="Tasks").is_visible()
    menu, main = box(page, "#clinic-nav"), box(page, "main")
    assert menu["x"] == 0
    assert menu["x"] + menu["width"] <= main["x"]
