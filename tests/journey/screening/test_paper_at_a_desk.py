"""A paper form typed at a desk: keys alone, one digit an item, and no fault that axe finds."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import BrowserContext, Page, expect

from firstlight.ground.safety.models import Concern
from firstlight.journey.screening.models import PaperForm, QuestionSet, Result
from tests.cast import House, harbour
from tests.journey.screening.telling import sign_in
from tests.support.figures import Figure

pytestmark = pytest.mark.slow
Check = Callable[[Page], None]

# Whether the ring around the focused element is whole: inside its row, and cut by nothing that scrolls or clips, nor by the page.
WHOLE_RING = """() => {
  const cell = document.activeElement, style = getComputedStyle(cell), box = cell.getBoundingClientRect();
  const out = parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset);
  const fits = (frame) => frame.left <= box.left - out && box.right + out <= frame.right;
  for (let one = cell.parentElement; one; one = one.parentElement) {
    if (getComputedStyle(one).overflowX !== "visible" && !fits(one.getBoundingClientRect())) return false;
  }
  const place = cell.closest("td").getBoundingClientRect();
  const inside = place.top <= box.top - out && box.bottom + out <= place.bottom;
  return style.outlineStyle !== "none" && inside && fits({ left: 0, right: innerWidth });
}"""


@pytest.fixture
def story(own_database: None) -> House:
    return harbour()


@pytest.fixture
def grid(live: Any, story: House, desktop: BrowserContext) -> Page:
    """Ruth Calder's grid for Maya's EPDS; the cursor waits in the day."""
    sign_in(desktop, story.nurse)
    page = desktop.new_page()
    page.goto(f"/clinic/people/{story.mother.id}/answers/paper/epds/")
    expect(page.get_by_label("Filled in on")).to_be_focused()
    return page


def type_day(page: Page) -> None:
    """Type yesterday as a date picker takes it, and go on to the first item."""
    yesterday = timezone.localdate() - timedelta(days=1)
    page.keyboard.type(yesterday.strftime("%m%d%Y"))
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "cell-q1":
            return
    pytest.fail("the first item cannot be reached by Tab")


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_ten_digits_and_enter_keep_the_sheet(story: House, grid: Page, axe: Check, figure: Figure) -> None:
    axe(grid)
    type_day(grid)

    grid.keyboard.type("1111111112")

    expect(grid.get_by_role("button", name="Keep it")).to_be_focused()
    expect(grid.locator(".so-far")).to_contain_text("11 of 30")
    expect(grid.locator(".so-far")).to_contain_text("Brief safety assessment")
    axe(grid)
    grid.keyboard.press("Enter")
    grid.wait_for_url("**/answers/*#set-*")
    axe(grid)
    with scope(clinic=story.clinic.id):
        assert Result.objects.get().total == 11
        assert Concern.objects.count() == 1
    figure("keys for the ten items of an EPDS on paper, with the one that keeps it", 11)


def test_keys_move_and_what_cannot_be_stays_where_it_is(story: House, grid: Page, axe: Check) -> None:
    type_day(grid)

    grid.keyboard.type("17")
    assert focused(grid) == "cell-q2"
    expect(grid.locator("#cell-q2")).to_have_attribute("aria-invalid", "true")
    expect(grid.locator(".so-far")).to_contain_text("Item 2: “7” cannot be.")
    axe(grid)
    grid.keyboard.type("2")
    assert focused(grid) == "cell-q3"
    expect(grid.locator("#cell-q2")).not_to_have_attribute("aria-invalid", "true")

    grid.keyboard.press("ArrowDown")
    assert focused(grid) == "cell-q4"
    grid.keyboard.press("Backspace")
    assert focused(grid) == "cell-q3"
    grid.keyboard.press("ArrowUp")
    grid.keyboard.type("0")
    expect(grid.locator("#cell-q2")).to_have_value("0")
    grid.keyboard.press("Enter")
    assert focused(grid) == "cell-q4"
    with scope(clinic=story.clinic.id):
        assert not QuestionSet.objects.exists()

    grid.goto(grid.url.replace("/epds/", "/wsas/"))
    type_day(grid)
    grid.keyboard.type("-")
    assert focused(grid) == "cell-q2"
    grid.keyboard.type("-")
    expect(grid.locator("#cell-q2")).to_have_attribute("aria-invalid", "true")
    grid.keyboard.type("7777")
    expect(grid.get_by_role("button", name="Keep it")).to_be_focused()
    expect(grid.locator(".so-far")).to_contain_text("28 of 32")


def test_ring_around_the_cell_in_use_is_whole_and_an_item_has_one_name(grid: Page) -> None:
    type_day(grid)
    cell = grid.get_by_role("textbox", name="Item 1", exact=True)
    expect(cell).to_be_focused()
    expect(cell).to_have_accessible_description("0 1 2 3")
    for width in (1280, 390):
        grid.set_viewport_size({"width": width, "height": 800})
        assert grid.evaluate(WHOLE_RING)
    ring = "getComputedStyle(document.activeElement).outlineColor"
    calm = grid.evaluate(ring)
    grid.keyboard.type("7")
    expect(cell).to_have_attribute("aria-invalid", "true")
    assert grid.evaluate(ring) == calm


def test_number_of_more_digits_moves_on_when_no_further_digit_can_follow(grid: Page, axe: Check) -> None:
    grid.goto(grid.url.replace("/epds/", "/ebi/"))
    type_day(grid)
    grid.keyboard.type("10")
    assert focused(grid) == "cell-q1"  # 100 may follow
    grid.keyboard.type("0")
    assert focused(grid) == "cell-q2"
    grid.keyboard.type("34")
    assert focused(grid) == "cell-q3"
    grid.keyboard.type("7")
    grid.keyboard.press("Enter")
    assert focused(grid) == "cell-q4"
    expect(grid.locator("[aria-invalid]")).to_have_count(0)
    grid.keyboard.type("101")
    expect(grid.locator("#cell-q4")).to_have_attribute("aria-invalid", "true")
    grid.keyboard.type("05051")
    expect(grid.locator("[aria-invalid]")).to_have_count(0)
    expect(grid.get_by_role("button", name="Keep it")).to_be_focused()
    expect(grid.locator(".so-far")).to_contain_text("242 of 600")
    axe(grid)


def test_two_passes_by_keys_alone(story: House, grid: Page, axe: Check) -> None:
    grid.get_by_label("Enter it twice and compare").focus()
    grid.keyboard.press("Space")
    grid.get_by_label("Filled in on").focus()
    type_day(grid)
    grid.keyboard.type("1111111110")
    grid.keyboard.press("Enter")

    expect(grid.get_by_text("Second pass.")).to_be_in_viewport()
    expect(grid.locator("#cell-q1")).to_be_focused()
    axe(grid)
    grid.keyboard.type("1111211110")
    grid.keyboard.press("Enter")

    expect(grid.get_by_text("The two passes differ.")).to_be_in_viewport()
    expect(grid.locator("#cell-q5")).to_be_focused()
    expect(grid.get_by_text("first pass: 1")).to_have_count(1)
    axe(grid)
    grid.get_by_role("button", name="Keep what I chose").click()
    expect(grid.locator("[data-errors]")).to_be_focused()
    expect(grid.locator("[data-errors]")).to_contain_text("Item 5: Choose which one stands on the paper.")
    grid.get_by_role("link", name="Item 5").press("Enter")
    expect(grid.locator("#cell-q5")).to_be_focused()
    grid.keyboard.press("Space")
    grid.get_by_role("button", name="Keep what I chose").focus()
    grid.keyboard.press("Enter")
    grid.wait_for_url("**/answers/*#set-*")
    with scope(clinic=story.clinic.id):
        assert PaperForm.objects.get().entered_twice
        assert Result.objects.get().total == 9


def test_where_two_passes_differ_a_phone_shows_it_below_its_header(story: House, grid: Page) -> None:
    grid.set_viewport_size({"width": 390, "height": 740})
    grid.get_by_label("Enter it twice and compare").check()
    grid.get_by_label("Filled in on").fill((timezone.localdate() - timedelta(days=1)).isoformat())
    grid.locator("#cell-q1").focus()
    grid.keyboard.type("1111111110")
    grid.keyboard.press("Enter")
    expect(grid.locator("#cell-q1")).to_be_focused()
    grid.keyboard.type("1111211110")
    grid.keyboard.press("Enter")

    expect(grid.locator("#cell-q5")).to_be_focused()
    head, said = grid.locator(".clinic-top").bounding_box(), grid.locator("#pass").bounding_box()
    assert head
    assert said
    assert said["y"] >= head["y"] + head["height"]


def test_kept_sheet_is_corrected_by_keys_alone(story: House, grid: Page, axe: Check) -> None:
    type_day(grid)
    grid.keyboard.type("1111111112")
    grid.keyboard.press("Enter")
    grid.wait_for_url("**/answers/*#set-*")
    grid.get_by_role("link", name="Correct or take back").focus()
    grid.keyboard.press("Enter")
    grid.wait_for_url("**/answers/paper/kept/**")

    expect(grid.locator("#cell-q1")).to_be_focused()
    expect(grid.locator("#cell-q10")).to_have_value("2")
    axe(grid)
    grid.keyboard.type("1111111110")
    expect(grid.get_by_label("Why is it corrected or taken back?")).to_be_focused()
    expect(grid.locator(".so-far")).to_contain_text("9 of 30")
    grid.keyboard.type("Item 10 was typed one line too low.")
    grid.keyboard.press("Enter")

    grid.wait_for_url("**/answers/*#set-*")
    expect(grid.get_by_text("It counts nowhere any more.")).to_have_count(1)
    grid.locator("summary", has_text="Corrected").press("Enter")
    axe(grid)
    with scope(clinic=story.clinic.id):
        assert [one.total for one in Result.objects.filter(question_set__superseded_at=None)] == [9]
        assert Concern.objects.filter(task__finished_at=None).count() == 2  # the task stays, and says what was wrong
