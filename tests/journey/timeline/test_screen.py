"""Both lines in a browser: accessible in every light, whole on a phone of 360 pixels."""

import re
from collections.abc import Callable

import pytest
import time_machine
from playwright.sync_api import BrowserContext, Page, expect

from firstlight.ground.people.models import Membership, Parent
from tests.journey.dosing.telling import Chair
from tests.support.browser import Devices
from tests.support.houses import TellOnce, Written
from tests.support.signed_in import client_of


@pytest.fixture(scope="session")
def told_dose(tell_once: TellOnce) -> Written[Chair]:
    """One dose, given and slept over."""
    from tests.cast import harbour

    return tell_once(lambda: Chair(harbour()).left().after(60))


@pytest.fixture
def chair(own_database: None, told_dose: Written[Chair]) -> Chair:
    """That day, in a database of its own."""
    return told_dose.again()


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
            (devices.desktop(), chair.house.therapist, f"/clinic/people/{chair.house.mother.id}/events/"),
            (devices.phone(), chair.house.mother, "/me/line/"),
            (devices.phone(), chair.house.mother, "/me/line/events/"),
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


@pytest.mark.parametrize("query", ["?lanes=all", "?view=hours&dose=1", "?view=week&dose=1&lanes=reports"])
@pytest.mark.parametrize("theme", ["light", "dark", "dim"])
def test_every_view_is_accessible_with_its_tables_open(
    chair: Chair, devices: Devices, axe: Callable[[Page], None], theme: str, query: str
) -> None:
    with time_machine.travel(chair.now, tick=True):
        page = timeline_page(chair, devices, query)
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def timeline_page(chair: Chair, devices: Devices, query: str = "") -> Page:
    device = devices.desktop()
    sign_in(device, chair.house.prescriber)
    page = device.new_page()
    page.goto(f"/clinic/people/{chair.house.mother.id}/timeline/{query}")
    return page


def settled(page: Page) -> None:
    """Wait until the view has changed and the focus is back in the timeline."""
    expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    expect(page.locator("#timeline:focus-within, #timeline:focus")).to_have_count(1)


def test_keys_zoom_and_move_and_the_address_follows(chair: Chair, devices: Devices) -> None:
    with time_machine.travel(chair.now, tick=True):
        page = timeline_page(chair, devices)
        heading = page.get_by_role("heading", level=1)
        page.keyboard.press("+")  # the focus is elsewhere: nothing happens
        assert "view=" not in page.url

        page.locator("#timeline").focus()
        for view in ("month", "week", "day", "hours"):
            page.keyboard.press("+")
            expect(page).to_have_url(re.compile(rf"\?view={view}&"))
            expect(heading).to_have_count(1)
            settled(page)
        page.keyboard.press("+")  # there is nothing nearer
        settled(page)
        page.keyboard.press("-")
        expect(page).to_have_url(re.compile(r"\?view=day&around="))
        page.keyboard.press("ArrowLeft")
        expect(page).to_have_url(re.compile(r"around=202611"))

        shared = page.url
        page.goto("/clinic/")
        page.goto(shared)
        expect(page).to_have_url(shared)
        expect(page.locator("#timeline-view svg.chart-wide")).to_have_count(1)


def test_focus_stays_in_the_timeline_when_its_link_goes(chair: Chair, devices: Devices) -> None:
    with time_machine.travel(chair.now, tick=True):
        page = timeline_page(chair, devices, "?view=day")
        page.locator("#way-closer").focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(r"\?view=hours&"))
        expect(page.locator("#way-closer")).to_have_count(0)  # a word, and no link any more
        page.wait_for_function("document.getElementById('timeline').contains(document.activeElement)")


def test_printed_timeline_stands_on_one_kind_of_sheet_with_the_hour_of_its_copy(chair: Chair, devices: Devices) -> None:
    with time_machine.travel(chair.now, tick=True):
        page = timeline_page(chair, devices, "?lanes=all")
        printed = page.pdf(format="A4")
        page.emulate_media(media="print")

        sizes = {
            tuple(round(float(side)) for side in box.split()[2:])
            for box in re.findall(r"/MediaBox \[([^\]]+)\]", printed.decode("latin-1"))
        }
        assert len(sizes) == 1  # a drawing on a sheet of its own kind leaves the title alone on the first
        expect(page.get_by_text("Printed", exact=False)).to_be_visible()
        expect(page.locator(".timeline-controls")).to_be_hidden()
        expect(page.locator("details:not([open]) table").first).to_be_visible()


def test_parent_notes_an_event_with_one_thumb(chair: Chair, devices: Devices) -> None:
    with time_machine.travel(chair.now, tick=True):
        device = devices.phone()
        sign_in(device, chair.house.mother)
        page = device.new_page()
        page.goto("/me/line/")
        page.get_by_role("link", name="Note something").tap()
        page.get_by_label("What happened").select_option(label="Moved house")
        page.get_by_label("In a few words").fill("to the harbour")
        page.get_by_role("button", name="Note it").tap()
        expect(page.get_by_text("Only you read this.")).to_be_visible()
        page.get_by_role("button", name="Share with your team").tap()
        expect(page.get_by_text("Your team reads this too.")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
