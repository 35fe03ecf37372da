"""Help and roster in a real browser: reachable by thumb, without script, no page with an accessibility fault."""

from collections.abc import Callable
from datetime import time, timedelta

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page, expect

from firstlight.ground.safety.services import add_slot
from tests.cast import House, harbour
from tests.support.browser import Devices
from tests.support.server import Live
from tests.support.signed_in import client_of
from tests.support.thumb import check_thumb


@pytest.fixture
def house(live: Live) -> House:
    """Harbour Clinic, where the nurse answers on weekdays."""
    made = harbour()
    with scope(clinic=made.clinic.id):
        for weekday in range(5):
            add_slot(
                member=made.nurse, weekday=weekday, starts=time(9), ends=time(17), by=made.actor("administrator"),
                at=timezone.now() - timedelta(days=1),
            )  # fmt: skip
    return made


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_help_on_a_phone(devices: Devices, house: House, axe: Callable[[Page], None], theme: str) -> None:
    phone = devices.phone(color_scheme=theme)
    value = client_of(house.mother).cookies["fl_me"].value
    phone.add_cookies([{"name": "fl_me", "value": value, "url": f"{devices.base_url}/me/"}])
    page = phone.new_page()
    for address in ("/help/", "/me/help/"):
        page.goto(address)
        axe(page)
        assert check_thumb(page) > 8
        call = page.get_by_role("main").get_by_role("link", name="Call 988").last
        place = call.bounding_box()
        assert place
        assert place["height"] >= 44
        assert place["y"] > 740 * 0.4
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_help_needs_no_script(devices: Devices, house: House) -> None:
    page = devices.phone(java_script_enabled=False).new_page()
    page.goto("/help/")

    assert page.get_by_role("link", name="Call 988").last.get_attribute("href") == "tel:988"
    assert page.get_by_role("link", name="Text 988").last.get_attribute("href") == "sms:988"
    expect(page.locator(".watch")).to_be_visible()
    page.emulate_media(media="print")
    for name in ("Call 911", "Call 988", "Call 1-833-852-6262"):
        expect(page.get_by_role("link", name=name).first).to_be_visible()
    expect(page.locator(".watch")).to_be_hidden()  # who reads today is no word for paper


def test_parent_reaches_help_in_one_tap(devices: Devices, house: House) -> None:
    page = devices.phone().new_page()
    page.goto("/")
    page.get_by_role("link", name="Help now", exact=True).tap()

    page.get_by_role("heading", name="You can talk with someone now.").wait_for()


@pytest.mark.parametrize("width", [360, 1280])
def test_roster_has_no_accessibility_faults(
    devices: Devices, house: House, axe: Callable[[Page], None], width: int
) -> None:
    desk = devices.desktop(viewport={"width": width, "height": 800})
    value = client_of(house.administrator).cookies["fl_clinic"].value
    desk.add_cookies([{"name": "fl_clinic", "value": value, "url": f"{devices.base_url}/clinic/"}])
    page = desk.new_page()
    page.goto("/clinic/roster/")
    axe(page)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
