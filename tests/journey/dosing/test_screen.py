"""The live session in a browser: readable, tapped with gloves, never losing what is typed, honest when it is cut off."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import BrowserContext, Page, expect

from firstlight.ground.people.models import Membership
from firstlight.journey.dosing import services
from tests.journey.dosing.telling import Chair
from tests.support.browser import Devices
from tests.support.houses import Written
from tests.support.signed_in import client_of

Axe = Callable[[Page], None]
SMALLEST = 56
TARGETS = ".session-main :is(button, select, summary, input:not([type=hidden], [type=radio])), .clinic-account button"


@pytest.fixture
def chair(own_database: None, told_morning: Written[Chair]) -> Chair:
    """That morning, in a database of its own."""
    return told_morning.again()


@pytest.fixture
def room(chair: Chair, devices: Devices) -> Iterator["Room"]:
    """The room in which the tablet stands."""
    made = Room(chair, devices)
    yield made
    made.close()


class Room:
    """Opens tablets at the story's own time."""

    def __init__(self, chair: Chair, devices: Devices) -> None:
        self.chair, self.devices = chair, devices
        self.travel: time_machine.travel | None = None

    def close(self) -> None:
        """Let the clock be."""
        if self.travel:
            self.travel.stop()

    def at(self, moment_chair: Chair) -> None:
        """Set the clock to the story's moment; it runs on from there."""
        self.close()
        self.travel = time_machine.travel(moment_chair.now, tick=True)
        self.travel.start()

    def tablet(self, person: Membership | None = None, *, width: int = 1280, height: int = 800) -> Page:
        """Open the session for somebody on a new device."""
        self.at(self.chair)
        device = self.devices.desktop(viewport={"width": width, "height": height}, has_touch=True)
        self._sign_in(device, person or self.chair.house.nurse)
        page = device.new_page()
        page.goto(f"/clinic/sessions/{self.chair.open.id}/")
        return page

    def _sign_in(self, device: BrowserContext, person: Membership) -> None:
        for name, morsel in client_of(person).cookies.items():
            device.add_cookies([{"name": name, "value": morsel.value, "domain": "127.0.0.1", "path": "/clinic/"}])


def value(page: Page, kind: str) -> str:
    return page.locator(f"#chart_{kind}").input_value()


def small_targets(page: Page) -> list[str]:
    boxes = page.locator(TARGETS).evaluate_all(
        """nodes => nodes.filter(node => node.offsetParent !== null).map(node => {
            const box = node.getBoundingClientRect();
            return [node.outerHTML.slice(0, 90), Math.min(box.width, box.height)];
        })"""
    )
    return [html for html, least in boxes if least < SMALLEST - 0.5]


def test_every_state_is_accessible_and_made_for_gloves(chair: Chair, room: Room, axe: Axe) -> None:
    chair.opened()
    steps: list[Callable[[], None] | None] = [None, chair.drawn_here, chair.checked_here]
    for step in (*steps, chair.started_here, chair.alarmed_here):
        if step:
            step()
        page = room.tablet()
        axe(page)
        assert small_targets(page) == []
        page.context.close()
    chair.stopped_here()
    page = room.tablet(chair.house.prescriber)
    axe(page)
    assert small_targets(page) == []


def test_session_fits_a_phone(chair: Chair, room: Room) -> None:
    chair.infusing().after(5).chart(sbp=157, dbp=98, hr=104, spo2=97, rr=16, moaas=4, dissociation=6, nausea=1)
    page = room.tablet(width=360, height=740)

    assert page.evaluate("document.documentElement.scrollWidth") == 360
    pause = page.get_by_role("button", name="Pause the infusion").first.bounding_box()
    assert pause is not None
    assert pause["y"] + pause["height"] < 740  # seen without a scroll
    expect(page.get_by_text("The drawing is wider than this screen. Swipe it sideways.").first).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1024, 768)])
def test_readings_are_read_from_two_metres_and_stay_in_their_places(
    chair: Chair, room: Room, width: int, height: int
) -> None:
    chair.infusing().after(5).chart(sbp=178, dbp=104, hr=112, spo2=100)
    page = room.tablet(width=width, height=height)

    cells = page.locator(".readings-large .reading")
    sizes = page.locator(".readings-large .reading-value").evaluate_all(
        "nodes => nodes.map(node => parseFloat(getComputedStyle(node).fontSize))"
    )
    over = cells.evaluate_all("nodes => nodes.filter(node => node.scrollWidth > node.clientWidth + 1).length")
    tops = cells.evaluate_all("nodes => nodes.map(node => node.getBoundingClientRect().top)")

    assert sizes == [96, 96, 96, 96]
    assert over == 0
    assert len(set(tops)) == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_text("Charted values, not a monitor.")).to_be_in_viewport()


def test_full_set_takes_six_taps_and_copies_nothing_in_silence(chair: Chair, room: Room) -> None:
    chair.infusing().after(10)
    page = room.tablet()
    assert {value(page, kind) for kind in ("sbp", "dbp", "hr", "spo2", "rr", "moaas", "dissociation", "nausea")} == {""}

    for name in ("Systolic pressure higher", "Heart rate higher", "Alertness (MOAA/S) lower", "Dissociation higher"):
        page.get_by_role("button", name=name).tap()
    page.get_by_role("button", name="The rest is the same").tap()
    expect(page.get_by_text("same as 10:00").locator("visible=true")).to_have_count(4)
    page.get_by_role("button", name="Save the values").tap()
    page.wait_for_load_state()

    expect(page.locator(".readings-large .reading-value").first).to_have_text("120/76")
    charted = chair.sheet.observations[-1]
    assert charted.values() == {
        "sbp": 120, "dbp": 76, "hr": 73, "spo2": 98, "rr": 14, "moaas": 4, "dissociation": 1, "nausea": 0,
    }  # fmt: skip


def test_set_is_charted_with_the_keyboard_alone(chair: Chair, room: Room) -> None:
    chair.infusing().after(10)
    page = room.tablet()
    page.locator("#chart_sbp").focus()
    page.keyboard.press("=")
    page.keyboard.press("ArrowUp")
    assert value(page, "sbp") == "120"
    page.keyboard.press("Tab")
    expect(page.locator("#chart_dbp")).to_be_focused()
    page.locator("#chart_sbp").fill("124")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Diastolic pressure is missing: a pressure has two figures.").first).to_be_visible()
    page.wait_for_load_state("load")  # the words stand there before the script that leads to them
    assert value(page, "sbp") == "124"

    page.locator("#chart_dbp").focus()
    page.keyboard.type("82")
    page.keyboard.press("Enter")

    expect(page.locator(".readings-large .reading-value").first).to_have_text("124/82")


def test_what_is_typed_stays_while_the_page_goes_on(chair: Chair, room: Room) -> None:
    chair.infusing().after(5)
    page = room.tablet()
    page.locator("#chart_hr").fill("8")
    page.locator("#mark_words").fill("She asks for wat")

    chair.chart(by="second_nurse", sbp=166, dbp=92)

    expect(page.get_by_text("Systolic pressure 166 mmHg")).to_be_visible()
    expect(page.locator(".readings-large .reading-value").first).to_have_text("166/92")
    assert value(page, "hr") == "8"
    assert page.locator("#mark_words").input_value() == "She asks for wat"
    assert page.evaluate("document.activeElement.id") == "mark_words"


def test_refused_form_keeps_its_words_while_the_page_goes_on(chair: Chair, room: Room) -> None:
    chair.infusing().after(5)
    page = room.tablet()
    page.locator("#chart_sbp").fill("76")
    page.locator("#chart_dbp").fill("118")
    page.get_by_role("button", name="Save the values").tap()
    expect(page.get_by_text("This is not saved yet.")).to_be_visible()

    chair.chart(by="second_nurse", sbp=166, dbp=92)

    expect(page.locator(".readings-large .reading-value").first).to_have_text("166/92")
    assert (value(page, "sbp"), value(page, "dbp")) == ("76", "118")


def test_notice_is_seen_in_one_tap(chair: Chair, room: Room) -> None:
    chair.infusing().after(5).chart(sbp=166, dbp=92)
    page = room.tablet()
    notice = page.locator(".notice")
    expect(notice).to_contain_text("* Check")
    expect(notice.locator("svg")).to_be_visible()

    page.get_by_role("button", name="Read again").tap()

    expect(notice).to_have_count(0)
    expect(page.locator(".reading-info .reading-value").first).to_have_text("166/92")


def test_lost_connection_is_said_within_ten_seconds_with_its_time(chair: Chair, room: Room) -> None:
    chair.infusing().after(5)
    page = room.tablet()
    page.clock.install()
    page.reload()
    page.clock.run_for(2_000)
    expect(page.get_by_text("Connected")).to_be_visible()
    page.wait_for_timeout(300)

    page.context.set_offline(True)
    page.clock.run_for(12_000)

    expect(page.get_by_text("Not live since")).to_be_visible()
    assert page.locator("[data-since]").inner_text().count(":") == 2
    expect(page.get_by_text("Connected")).to_be_hidden()
    page.context.set_offline(False)
    page.clock.run_for(2_000)
    expect(page.get_by_text("Connected")).to_be_visible()


def test_emergency_card_is_one_tap_away_and_notes_with_one_more_even_cut_off(chair: Chair, room: Room) -> None:
    chair.infusing().after(5)
    page = room.tablet()
    page.context.set_offline(True)

    page.locator("#emergency > summary").tap()
    expect(page.get_by_text("911")).to_be_visible()
    page.get_by_role("button", name="Emergency services called").tap()
    expect(page.locator("[data-noted] li")).to_contain_text("not sent yet")
    tapped_at = chair.now
    page.context.set_offline(False)
    expect(page.locator("[data-noted] li")).not_to_contain_text("not sent yet", timeout=8_000)

    noted = [mark for mark in chair.sheet.marks if mark.kind == "ems_called"]
    assert len(noted) == 1
    assert timedelta(0) <= noted[0].happened_at - tapped_at < timedelta(minutes=1)
    assert noted[0].written_at > noted[0].happened_at


def test_dim_is_one_tap_and_moves_nothing(chair: Chair, room: Room) -> None:
    chair.infusing().after(5).chart(sbp=166, dbp=92)
    page = room.tablet()
    places = "nodes => nodes.map(node => JSON.stringify(node.getBoundingClientRect()))"
    marks = page.locator(".reading-value, .value, .notice, h1, h2")
    before = marks.evaluate_all(places)

    page.get_by_role("button", name="Dim").tap()

    assert page.evaluate("document.documentElement.dataset.theme") == "dim"
    assert marks.evaluate_all(places) == before


def test_dim_session_is_accessible_and_its_folded_forecast_stands_on_paper(chair: Chair, room: Room, axe: Axe) -> None:
    chair.infusing().after(5)
    chair.alarmed_here()
    page = room.tablet(width=1024, height=768)
    page.get_by_role("button", name="Dim").tap()
    page.locator("#emergency > summary").tap()

    axe(page)

    page.emulate_media(media="print")
    forecast = page.locator(".session-forecast:not([open])")
    expect(forecast.locator("svg.chart-wide")).to_be_visible()
    expect(forecast.locator("td", has_text="ng/mL").first).to_be_visible()


def test_session_with_its_forecast_takes_four_sheets_of_paper_and_hides_no_figure(chair: Chair, room: Room) -> None:
    chair.infusing().after(5)
    page = room.tablet(width=1024, height=768)
    shown = "[...document.querySelectorAll('.reading-value, .charted td, .session-forecast td, .basis-more .number')]"
    figures = f"{shown}.map((one) => one.checkVisibility() ? one.textContent.trim() : 'hidden')"
    page.evaluate("document.querySelectorAll('.session-forecast, details').forEach((one) => { one.open = true })")
    on_screen = page.evaluate(figures)

    page.emulate_media(media="print")
    assert page.evaluate(figures) == on_screen
    sheets = len(re.findall(rb"/Type ?/Page\b", page.pdf(format="A4", prefer_css_page_size=True)))
    assert sheets <= 4


def test_another_devices_step_reaches_this_one(chair: Chair, room: Room) -> None:
    chair.infusing().after(5)
    page = room.tablet()
    expect(page.get_by_role("button", name="Pause the infusion").first).to_be_visible()

    chair.scoped(
        lambda: services.pause_infusion(
            session=chair.open, reason="", by=chair.by("prescriber"), at=chair.now + timedelta(seconds=2)
        )
    )

    expect(page.get_by_role("button", name="Resume the infusion")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Paused")


def test_board_and_correction_are_accessible(chair: Chair, room: Room, axe: Axe) -> None:
    chair.infusing().after(5)
    row = chair.sheet.observations[0]
    page = room.tablet()
    page.goto("/clinic/sessions/")
    axe(page)
    page.goto(f"/clinic/sessions/{chair.open.id}/chart/{row.id}/")
    axe(page)


def ask_in_the_dark(page: Page, axe: Axe) -> None:
    """Chart how it is right now: by tap and by key, and take one back that she did not want to answer."""
    page.get_by_role("link", name="To the five questions").tap()
    boxes = page.locator(".ask-rows .choice").evaluate_all(
        "nodes => nodes.map(node => { const box = node.getBoundingClientRect(); return Math.min(box.width, box.height) })"
    )
    assert len(boxes) == 4 * 11 + 2
    assert min(boxes) >= SMALLEST - 0.5
    for _once_and_again in range(2):
        page.locator("#right_now_anxiety").get_by_text("7", exact=True).tap()
    page.locator("#right_now_mood input").first.focus()
    page.keyboard.press("4")
    page.locator("#right_now_tension input").first.press("End")
    page.locator("#right_now_harm input").first.press("1")
    assert page.locator("#right_now_harm input:checked").count() == 0
    page.locator("#right_now_harm").get_by_text("No", exact=True).tap()
    assert page.locator(".ask-rows input:checked").evaluate_all("nodes => nodes.map(one => one.value)") == [
        "4",
        "10",
        "0",
    ]


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 740)])
def test_modified_aldrete_is_five_taps_in_the_dark_with_its_total(
    chair: Chair, room: Room, axe: Axe, width: int, height: int
) -> None:
    chair.rested()
    page = room.tablet(width=width, height=height)
    page.get_by_role("button", name="Dim").tap()
    total = page.locator("[data-score-total]")
    expect(total).to_be_hidden()
    page.get_by_role("link", name="To the five rows").tap()
    expect(total).to_be_visible()
    expect(total).to_have_text("Total – of 10")
    boxes = page.locator(".score-rows .choice").evaluate_all(
        "nodes => nodes.map(node => { const box = node.getBoundingClientRect(); return Math.min(box.width, box.height) })"
    )
    assert len(boxes) == 15
    assert min(boxes) >= SMALLEST - 0.5

    for level in ("2 – Moves arms and legs when asked", "2 – Breathes deeply, coughs freely", "1 – 20 to 50 mmHg away"):
        page.locator(".score-rows").get_by_text(level, exact=True).tap()
    expect(total).to_have_text("Total – of 10")
    page.locator(".score-rows").get_by_text("2 – Fully awake", exact=True).tap()
    page.locator(".score-rows").get_by_text("2 – Above 92 % on room air", exact=True).tap()
    expect(total).to_have_text("Total 9 of 10")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.get_by_role("button", name="Save the score").tap()
    page.wait_for_load_state()

    expect(page.locator(".score-stands")).to_contain_text("9 of 10, recovered (9 or more) at 12:00")
    ask_in_the_dark(page, axe)
    assert chair.sheet.scores[-1].values() == {
        "activity": 2, "respiration": 2, "circulation": 1, "consciousness": 2, "oxygen": 2,
    }  # fmt: skip
    axe(page)
    page.goto(f"/clinic/sessions/{chair.open.id}/recovery/{chair.sheet.scores[-1].id}/")
    expect(page.locator("[data-score-total]")).to_have_text("Total 9 of 10")
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_rows_that_are_tapped_stay_while_the_page_goes_on(chair: Chair, room: Room) -> None:
    chair.rested()
    page = room.tablet()
    page.get_by_text("Chart the modified Aldrete").tap()
    page.locator(".score-rows").get_by_text("2 – Fully awake", exact=True).tap()

    chair.chart(by="second_nurse", sbp=126, dbp=82)

    expect(page.locator(".readings-large .reading-value").first).to_have_text("126/82")
    assert page.locator("#recovery_consciousness input:checked").input_value() == "2"
