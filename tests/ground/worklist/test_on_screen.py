"""The worklist in a real browser: taken and finished by keyboard alone, no page with an accessibility fault."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import BrowserContext, Page

from firstlight.ground.safety.services import raise_concern
from firstlight.ground.worklist.services import open_task
from tests.cast import House, harbour
from tests.support.browser import Devices
from tests.support.server import Live
from tests.support.signed_in import client_of

SIZES = {"phone": {"width": 360, "height": 740}, "desktop": {"width": 1280, "height": 800}}


@pytest.fixture
def house(live: Live) -> House:
    """Harbour Clinic with a concern about Maya and a call to make."""
    made, now = harbour(), timezone.now()
    with scope(clinic=made.clinic.id):
        raise_concern(
            parent=made.mother, level="L3", source="phq-9", reason="Item 9: 2", by=made.actor("mother"), at=now
        )
        open_task(
            clinic_id=made.clinic.id, parent=made.mother, kind="call", title="Call Maya back", reason="She asked.",
            role="nurse", acknowledge_by=now + timedelta(hours=1), urgency="today", by=made.actor("prescriber"), at=now,
        )  # fmt: skip
    return made


def desk(devices: Devices, house: House, size: str) -> BrowserContext:
    """Return a clinic computer at which the nurse is signed in."""
    device = devices.desktop(viewport=SIZES[size])
    value = client_of(house.nurse).cookies["fl_clinic"].value
    device.add_cookies([{"name": "fl_clinic", "value": value, "url": devices.base_url}])
    return device


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_have_no_accessibility_faults(
    devices: Devices, house: House, axe: Callable[[Page], None], size: str, theme: str
) -> None:
    page = desk(devices, house, size).new_page()
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    for address in ("/clinic/tasks/", "/clinic/tasks/new/"):
        page.goto(address)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]
    page.goto("/clinic/tasks/")
    page.get_by_role("link", name="Call Maya back").click()
    axe(page)
    page.get_by_role("button", name="Finish the task").click()
    page.get_by_label("What came of it").evaluate("field => field.removeAttribute('required')")
    page.get_by_role("button", name="Finish the task").click()
    page.get_by_text("This is not saved yet.").wait_for()
    axe(page)


def test_task_is_taken_and_finished_by_keyboard(devices: Devices, house: House) -> None:
    page = desk(devices, house, "desktop").new_page()
    page.goto("/clinic/tasks/")
    page.get_by_role("button", name="Take: Call Maya back").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Taken").first.wait_for()
    page.wait_for_load_state("load")
    page.get_by_label("What came of it").focus()
    page.keyboard.type("Maya is fine.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**/clinic/tasks/")
    assert page.get_by_role("link", name="Call Maya back").count() == 0
