"""The safety plan in a real browser: hers on a phone, folded and one tap away; the record's by keyboard alone."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import BrowserContext, Page

from firstlight.ground.people.models import Membership, Parent
from firstlight.ground.safety.services import write_safety_plan
from tests.cast import House, harbour
from tests.support.browser import Devices
from tests.support.server import Live
from tests.support.signed_in import client_of
from tests.support.thumb import check_thumb

WORDS = {
    "signs": "I stop answering my sister.\nI lie awake and count.",
    "alone": "Cold water.\nThe stairs outside.",
    "people": "Jonas, at any hour.\nMy sister, +1 518 555 0188",
    "home": "Jonas keeps the tablets.",
}


@pytest.fixture
def house(live: Live) -> House:
    """Harbour Clinic, where Maya has a plan in its second version."""
    made = harbour()
    with scope(clinic=made.clinic.id):
        for words in ({"signs": "I stop answering."}, WORDS):
            write_safety_plan(parent=made.mother, steps=words, by=made.actor("nurse"), at=timezone.now())
    return made


def signed_in(device: BrowserContext, devices: Devices, person: Membership | Parent) -> Page:
    name, realm = ("fl_me", "/me/") if isinstance(person, Parent) else ("fl_clinic", "/clinic/")
    value = client_of(person).cookies[name].value
    device.add_cookies([{"name": name, "value": value, "url": f"{devices.base_url}{realm}"}])
    return device.new_page()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_her_plan_is_one_tap_a_step_on_a_phone(
    devices: Devices, house: House, axe: Callable[[Page], None], theme: str
) -> None:
    page = signed_in(devices.phone(color_scheme=theme), devices, house.mother)
    page.goto("/me/help/")
    steps = page.locator("#plan details")
    assert [steps.nth(place).get_attribute("open") for place in range(steps.count())] == [None] * 4
    axe(page)
    assert check_thumb(page) > 8

    page.get_by_text("People I can ask for help").tap()

    page.get_by_text("My sister, +1 518 555 0188").wait_for()
    assert page.get_by_text("Jonas keeps the tablets.").is_hidden()
    for place in (0, 1, 3):
        steps.nth(place).locator("summary").tap()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_link_of_the_short_card_leads_to_the_plan_itself(devices: Devices, house: House) -> None:
    page = signed_in(devices.phone(), devices, house.mother)
    page.goto("/me/help/#plan")
    heading = page.get_by_role("heading", name="My plan").bounding_box()

    assert heading
    assert 0 <= heading["y"] < 740


def test_her_plan_opens_without_script(devices: Devices, house: House) -> None:
    page = signed_in(devices.phone(java_script_enabled=False), devices, house.mother)
    page.goto("/me/help/")
    page.get_by_text("What I can do by myself").tap()

    page.get_by_text("Cold water.").wait_for()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_plan_on_the_record_has_no_accessibility_faults(
    devices: Devices, house: House, axe: Callable[[Page], None], width: int, theme: str
) -> None:
    desk = devices.desktop(viewport={"width": width, "height": 800}, color_scheme=theme)
    page = signed_in(desk, devices, house.nurse)
    for address in ("", "write/"):
        page.goto(f"/clinic/people/{house.mother.id}/safety-plan/{address}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(f"/clinic/people/{house.father.id}/safety-plan/")
    page.get_by_role("heading", name="No safety plan yet").wait_for()
    axe(page)


def test_plan_is_written_with_the_keyboard_alone(devices: Devices, house: House) -> None:
    page = signed_in(devices.desktop(), devices, house.nurse)
    page.goto(f"/clinic/people/{house.mother.id}/safety-plan/write/")
    page.get_by_label("What tells me that it is getting worse").focus()
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.type("Dr. Willis, weekdays")
    page.get_by_role("button", name="Save the plan").focus()
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="Safety plan, version 3").wait_for()
    page.get_by_text("Dr. Willis, weekdays").wait_for()
