"""Both lines in a browser: accessible in every light, whole on a phone of 360 pixels."""

from collections.abc import Callable

import pytest
import time_machine
from playwright.sync_api import BrowserContext, Page, expect

from firstlight.ground.people.models import Membership, Parent
from tests.journey.dosing.telling import Chair
from tests.support.browser import Devices
from tests.support.signed_in import client_of


@pytest.fixture
def chair(own_database: None) -> Chair:
    """One dose, given and slept over."""
    from tests.cast import harbour

    made = Chair(harbour()).left()
    return made.after(60)


def sign_in(device: BrowserContext, person: Membership | Parent) -> None:
    for name, morsel in client_of(person).cookies.items():
        path = "/me/" if name == "fl_me" else "/clinic/"
        device.add_cookies([{"name": name, "value": morsel.value, "domain": "127.0.0.1", "path": path}])


@pytest.mark.parametrize("theme", ["light", "dark", "dim"])
def test_both_lines_are_accessible(chair: Chair, devices: Devices, axe: Callable[[Page], None], theme: str) -> None:
    with time_machine.travel(chair.now, tick=True):
        for device, person, address in (
            (devices.desktop(), chair.house.prescriber, f"/clinic/people/{chair.house.mother.id}/timeline/"),
            (devices.desktop(), chair.house.therapist, f"/clinic/people/{chair.house.mother.id}/notes/"),
            (devices.phone(), chair.house.mother, "/me/line/"),
            (devices.phone(), chair.house.mother, "/me/notes/"),
        ):
            sign_in(device, person)
            page = device.new_page()
            page.goto(address)
            page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            expect(page.get_by_role("heading", level=1)).to_have_count(1)
            device.close()
