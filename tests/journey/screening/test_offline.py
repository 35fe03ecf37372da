"""The daily check-in on a phone: four taps, with and without a connection, and nothing on it that anybody could read."""

import base64
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from firstlight.ground.safety.models import Concern
from firstlight.journey.screening.models import Answer, QuestionSet, SealedTap
from firstlight.journey.screening.services import link_for
from tests.cast import House, harbour
from tests.journey.screening.telling import day_set, sign_in
from tests.support.browser import Devices, eventually
from tests.support.figures import Figure
from tests.support.relay import relay
from tests.support.server import Live
from tests.support.thumb import check_thumb

pytestmark = pytest.mark.slow
TAPS = 4
MOST_BYTES_FIRST, MOST_BYTES_AGAIN = 60_000, 20_000  # transferred; docs/reference/check-in.md
CHECK_IN_PAGE = Path(__file__).parents[3] / "docs" / "reference" / "check-in.md"
VALUES = (7, 3, 0)
# All that this site keeps on a phone: databases, caches with their pages, and both storages, as one text.
KEPT = """
async () => {
  const kept = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((done) => { indexedDB.open(name).onsuccess = (event) => done(event.target.result) });
    for (const store of database.objectStoreNames) {
      const all = database.transaction(store).objectStore(store);
      kept.push(name, store, JSON.stringify(await new Promise((done) => {
        all.getAll().onsuccess = (event) => done(event.target.result);
      })));
    }
    database.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      kept.push(name, request.url, await (await cache.match(request, { ignoreVary: true })).text());
    }
  }
  return kept;
}
"""
# What is made anew for each page, box and second: sealed bytes and ids of boxes, the pass, the time of the page.
MADE_ANEW = ('"box":"', '"id":"', '"pass":"', 'data-pass="', '"made-at" content="', 'name="once" value="')
NOISE = re.compile("|".join(f'(?<={re.escape(before)})[^"]+' for before in MADE_ANEW))
CONTROLLED = "() => navigator.serviceWorker.controller !== null"
NOT_SENT_AND_CAN_BE_UNDONE = """
() => document.querySelector('[data-when="saved"]').checkVisibility() && document.querySelector("[data-undo]").checkVisibility()
"""
PAGE_KEPT = "async (address) => Boolean(await caches.match(address, {ignoreVary: true}))"


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    """The last calm answer waits five seconds on purpose, which is as long as Playwright waits."""
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def story(own_database: None) -> House:
    return harbour()


@pytest.fixture
def asked(story: House) -> QuestionSet:
    now = timezone.now()
    return day_set(story, at=now, expires_at=now + timedelta(hours=20))


@pytest.fixture
def address(story: House, asked: QuestionSet) -> str:
    """The link in Maya's message."""
    with scope(clinic=story.clinic.id):
        return link_for(question_set=asked, by=story.actor("nurse"), at=timezone.now())


@pytest.fixture
def maya(phone: BrowserContext, address: str) -> Page:
    """Maya's phone, on which the link is open, and kept."""
    page = phone.new_page()
    page.goto(address)
    page.wait_for_function(CONTROLLED)
    eventually(lambda: page.evaluate(PAGE_KEPT, address))
    return page


def button(page: Page, value: object) -> Locator:
    return page.locator(f".step:not([hidden]) .step-ask:not([hidden]) [data-value='{value}']")


def tap(page: Page, value: object) -> None:
    """Tap an answer, and wait until the page has moved on."""
    before = page.locator("h1:visible").inner_text()
    button(page, value).tap()
    expect(page.locator("h1:visible")).not_to_have_text(before)


TOUCH_TWICE = """
async (button) => {
  const box = button.getBoundingClientRect(), at = [box.x + box.width / 2, box.y + box.height / 2];
  const before = document.querySelector("h1[tabindex]:focus, .step:not([hidden])");
  const touch = () => document.elementFromPoint(...at)?.closest("button, a")?.click();
  touch();
  while (document.querySelector("h1[tabindex]:focus, .step:not([hidden])") === before) {
    await new Promise((done) => setTimeout(done, 5));
  }
  touch();
}
"""


def heading(page: Page) -> Locator:
    return page.locator("h1:visible")


def sent(page: Page) -> None:
    expect(heading(page)).to_have_text("Your answers are with the clinic.")


def counted(story: House) -> tuple[int, int, int]:
    with scope(clinic=story.clinic.id):
        return Answer.objects.count(), SealedTap.objects.count(), Concern.objects.count()


def kept_on(page: Page) -> list[str]:
    kept: list[str] = page.evaluate(KEPT)
    return kept


def boxes_on(page: Page) -> list[dict[str, object]]:
    boxes: list[dict[str, object]] = page.evaluate("outbox.all()")
    return boxes


def kept_or_arrived(page: Page, story: House) -> int:
    """How many answers are on the phone or at the clinic, or both: a worker that wakes may still reach the network at first."""
    return len(boxes_on(page)) + counted(story)[0]


def forgive(devices: Devices) -> None:
    """What is not reached is told in the console too, and leaving leads away; anything else would still fail."""
    known = ("ERR_INTERNET_DISCONNECTED", "when fetching the script", "a request left the site: https://www.bbc.com/")
    devices.trouble = [line for line in devices.trouble if not any(word in line for word in known)]


def test_second_touch_of_a_trembling_finger_answers_nothing(maya: Page, story: House) -> None:
    """The next question comes under the finger that has just answered: what it touches then was not meant."""
    button(maya, 7).evaluate(TOUCH_TWICE)

    expect(maya.locator(".step:not([hidden])")).to_have_attribute("data-place", "2")
    eventually(lambda: counted(story)[0] == 1)
    tap(maya, 3)
    eventually(lambda: counted(story)[0] == 2)


def test_four_taps_on_one_page_reach_the_clinic_and_leave_nothing_on_the_phone(
    story: House, maya: Page, address: str, axe: Callable[[Page], None], figure: Figure
) -> None:
    taps = 0
    for value in (*VALUES, 0):
        check_thumb(maya)
        axe(maya)
        tap(maya, value)
        taps += 1
    expect(heading(maya)).to_have_text(re.compile("Saved on this phone|Your answers are with the clinic"))
    sent(maya)
    check_thumb(maya)
    axe(maya)

    assert taps == TAPS
    assert counted(story) == (4, 4, 0)
    assert boxes_on(maya) == []
    eventually(lambda: not maya.evaluate(PAGE_KEPT, address))
    figure("taps of the daily check-in, on one page", taps)


def test_answers_sent_through_one_link_leave_no_page_of_another_on_the_phone(
    story: House, maya: Page, address: str, asked: QuestionSet
) -> None:
    """She opened the first message and then the reminder: without a connection the first one would ask all over again."""
    with scope(clinic=story.clinic.id):
        reminder = link_for(question_set=asked, by=story.actor("nurse"), at=timezone.now())
    maya.goto(reminder)
    eventually(lambda: maya.evaluate(PAGE_KEPT, reminder) and maya.evaluate(PAGE_KEPT, address))

    for value in (*VALUES, 0):
        tap(maya, value)
    sent(maya)

    eventually(lambda: not maya.evaluate(PAGE_KEPT, reminder) and not maya.evaluate(PAGE_KEPT, address))
    assert counted(story) == (4, 4, 0)


def test_keyboard_alone_answers_and_the_focus_goes_with_the_question(
    story: House, devices: Devices, address: str
) -> None:
    page = devices.desktop().new_page()
    page.goto(address)
    expect(heading(page)).to_be_focused()
    for value in (*VALUES, 0):
        button(page, value).focus()
        page.keyboard.press("Enter")
        expect(page.locator("h1:visible:focus, [data-end]:focus")).to_have_count(1)
    sent(page)
    expect(page.locator("[data-end]")).to_be_focused()

    assert counted(story) == (4, 4, 0)


def test_offline_taps_survive_quick_exit_and_arrive_once_when_the_phone_is_back(
    story: House, devices: Devices, phone: BrowserContext, maya: Page, address: str
) -> None:
    phone.set_offline(True)
    for value in VALUES:
        tap(maya, value)
    expect(maya.get_by_role("status").filter(has_text="Saved on this phone, not sent yet.")).to_be_visible()
    eventually(lambda: kept_or_arrived(maya, story) >= 3)

    maya.keyboard.press("Shift")
    maya.keyboard.press("Shift")
    maya.keyboard.press("Shift")
    expect(maya).not_to_have_url(re.compile("/me/"))
    page = phone.new_page()
    page.goto(address)
    expect(heading(page)).to_have_text("Did you feel an urge to harm yourself?")
    eventually(lambda: kept_or_arrived(page, story) >= 3)
    tap(page, 0)
    page.wait_for_function(NOT_SENT_AND_CAN_BE_UNDONE)  # it never says "in a moment" where there is no connection
    expect(heading(page)).to_have_text("Saved on this phone. Not sent yet.")

    phone.set_offline(False)
    sent(page)
    assert counted(story) == (4, 4, 0)
    assert boxes_on(page) == []
    forgive(devices)


def test_what_is_kept_on_the_phone_does_not_depend_on_what_was_answered(devices: Devices, address: str) -> None:
    """Two phones with opposite answers keep the same: the same page, the same marks, boxes that differ as noise does."""
    kept = []
    for values in ((10, 10, 10, 1), (0, 0, 0, 0)):
        phone = devices.phone()
        page = phone.new_page()
        page.goto(address)
        page.wait_for_function(CONTROLLED)
        eventually(lambda page=page: page.evaluate(PAGE_KEPT, address))
        phone.set_offline(True)
        for value in values:
            tap(page, value)
        eventually(lambda page=page: len(boxes_on(page)) == 4)
        assert {len(base64.b64decode(box["body"]["box"])) for box in boxes_on(page)} == {1 + 65 + 12 + 256 + 16}
        kept.append([NOISE.sub("…", text) for text in kept_on(page)])
    first, second = kept

    assert len(first) > 10
    assert first == second
    assert not [text for text in first if re.search("Maya|Lindqvist", text)]
    forgive(devices)


def test_phone_cannot_open_what_it_sealed(maya: Page) -> None:
    assert maya.evaluate("Object.keys(sealing)") == ["answer", "keyFor"]
    assert "PRIVATE" not in "\n".join(kept_on(maya))


def test_urge_to_harm_without_connection_shows_help_and_says_that_nobody_was_told(
    story: House, devices: Devices, phone: BrowserContext, maya: Page, axe: Callable[[Page], None]
) -> None:
    for value in VALUES:
        tap(maya, value)
    while counted(story)[1] < len(VALUES):  # what was tapped before is with the clinic
        maya.wait_for_timeout(50)
    phone.set_offline(True)

    button(maya, 1).tap()

    expect(heading(maya)).to_have_text(re.compile("Do you want to talk with someone now"))
    expect(maya.get_by_text("Nobody at the clinic has been told yet. Your answer is saved")).to_be_visible()
    for name, number in (("Call 988", "988"), ("Call 911", "911"), ("Call the clinic", story.clinic.phone)):
        expect(maya.get_by_role("link", name=name)).to_have_attribute("href", f"tel:{number}")
    check_thumb(maya)
    axe(maya)
    assert counted(story)[2] == 0

    phone.set_offline(False)
    expect(maya.get_by_text("The clinic was told of your answer.").first).to_be_visible()
    assert counted(story) == (4, 4, 1)
    maya.get_by_role("button", name="Go on").tap()
    sent(maya)
    expect(maya.locator("[data-read]")).to_contain_text("The clinic was told of your answer.")

    check_thumb(maya)
    axe(maya)
    expect(maya.locator("[data-end] a.main:visible")).to_have_count(1)
    expect(maya.get_by_role("link", name="Stop for now")).to_be_hidden()
    maya.get_by_role("link", name="Go on to these questions").tap()
    expect(heading(maya)).to_have_text("In the past few weeks, have you wished you were dead?")
    axe(maya)
    forgive(devices)


def test_urge_to_harm_behind_answers_that_wait_says_that_it_waits_too(
    story: House, devices: Devices, phone: BrowserContext, maya: Page
) -> None:
    phone.set_offline(True)
    for value in VALUES:
        tap(maya, value)
    button(maya, 1).tap()

    expect(maya.get_by_text("Nobody at the clinic has been told yet. Your answer is saved")).to_be_visible()
    assert counted(story) == (0, 0, 0)
    maya.get_by_role("button", name="Go on").tap()
    expect(maya.get_by_role("button", name="Undo")).to_be_hidden()  # what filled the screen with help is not taken back
    assert len(boxes_on(maya)) == TAPS

    phone.set_offline(False)
    expect(maya.locator("[data-read]")).to_contain_text("The clinic was told of your answer.")
    assert counted(story) == (4, 4, 1)
    forgive(devices)


def test_undo_takes_back_what_was_not_sent_and_replaces_what_was(
    story: House, devices: Devices, phone: BrowserContext, maya: Page
) -> None:
    undo = maya.get_by_role("button", name="Undo")
    tap(maya, 2)
    expect(maya.get_by_role("status").filter(has_text="Sent.")).to_be_visible()
    undo.tap()
    expect(heading(maya)).to_have_text("How was your mood?")
    expect(maya.get_by_text("It was sent already. Your next tap replaces it")).to_be_visible()
    tap(maya, 8)
    expect(maya.get_by_role("status").filter(has_text="Sent.")).to_be_visible()

    phone.set_offline(True)
    tap(maya, 3)
    expect(maya.get_by_role("status").filter(has_text="not sent yet")).to_be_visible()
    undo.tap()
    expect(maya.get_by_text("Taken back.")).to_be_visible()
    assert boxes_on(maya) == []
    phone.set_offline(False)
    for value in (4, 0, 0):
        tap(maya, value)
    undo.tap()
    expect(heading(maya)).to_have_text("Did you feel an urge to harm yourself?")
    tap(maya, 0)
    sent(maya)

    with scope(clinic=story.clinic.id):
        moods = Answer.objects.filter(item="mood").values_list("value", flat=True)
        assert set(moods) == {2, 8}
        assert Answer.objects.get(item="sleep").value == 4
    assert counted(story) == (5, 5, 0)
    forgive(devices)


def test_item_is_changed_with_one_tap_and_stays_changed(story: House, maya: Page, axe: Callable[[Page], None]) -> None:
    tap(maya, 5)
    maya.get_by_role("button", name="Tension").locator("visible=true").tap()
    expect(heading(maya)).to_have_text("How tense was your body?")
    axe(maya)
    check_thumb(maya)
    for value in (6, 0, 0):
        tap(maya, value)
    sent(maya)

    with scope(clinic=story.clinic.id):
        assert Answer.objects.get(item="tension").value == 6
        QuestionSet.objects.update(anchor="dose:before")
        again = link_for(question_set=day_set(story, at=timezone.now()), by=story.actor("nurse"), at=timezone.now())
    maya.goto(again)
    tap(maya, 5)
    expect(heading(maya)).to_have_text("How tense was your body?")


def test_sealed_taps_leave_from_any_page_after_the_sign_in_ended(
    story: House, devices: Devices, asked: QuestionSet
) -> None:
    phone = devices.phone()
    sign_in(phone, story.mother)
    page = phone.new_page()
    page.goto(f"/me/q/{asked.id}/")
    expect(heading(page)).to_have_text("How was your mood?")
    phone.set_offline(True)
    tap(page, 7)
    expect(page.get_by_role("status").filter(has_text="not sent yet")).to_be_visible()
    page.close()

    phone.clear_cookies()
    phone.set_offline(False)
    sign_in_page = phone.new_page()
    sign_in_page.goto("/me/sign-in/")
    eventually(lambda: boxes_on(sign_in_page) == [])

    assert counted(story) == (1, 1, 0)
    forgive(devices)


def test_answer_that_cannot_be_taken_stays_on_the_phone_with_a_word_until_she_removes_it(
    story: House, devices: Devices, phone: BrowserContext, maya: Page, asked: QuestionSet
) -> None:
    phone.set_offline(True)
    tap(maya, 7)
    expect(maya.get_by_role("status").filter(has_text="not sent yet")).to_be_visible()
    with scope(clinic=story.clinic.id):
        long_ago = timezone.now() - timedelta(days=30)
        QuestionSet.objects.update(assigned_at=long_ago, due_at=long_ago, expires_at=long_ago + timedelta(days=1))
    phone.set_offline(False)
    page = phone.new_page()
    page.goto("/me/c/no-such-link/")

    expect(page.get_by_text("The time for these questions is over.")).to_be_visible()
    expect(page.get_by_text("It is kept here. Nobody can read it on this phone.")).to_be_visible()
    check_thumb(page)
    assert counted(story) == (0, 0, 0)
    page.get_by_role("button", name="Remove it from this phone").tap()
    expect(page.locator("[data-waiting]")).to_be_hidden()
    assert boxes_on(page) == []
    forgive(devices)


def test_link_opens_without_connection_once_it_was_open(
    devices: Devices, phone: BrowserContext, maya: Page, address: str
) -> None:
    phone.set_offline(True)
    page = phone.new_page()

    page.goto(address)

    expect(heading(page)).to_have_text("How was your mood?")
    expect(page.locator("[data-while-fresh]").first).to_be_hidden()
    forgive(devices)


def test_other_pages_say_without_connection_whom_a_telephone_reaches(
    devices: Devices, phone: BrowserContext, maya: Page, axe: Callable[[Page], None]
) -> None:
    phone.set_offline(True)
    page = phone.new_page()

    page.goto("/me/")

    expect(heading(page)).to_have_text("This phone has no connection.")
    expect(page.get_by_role("link", name="Call 988")).to_have_attribute("href", "tel:988")
    check_thumb(page)
    axe(page)
    forgive(devices)


def test_sign_in_that_was_left_without_connection_has_ended_when_it_is_back(
    story: House, devices: Devices, asked: QuestionSet
) -> None:
    phone = devices.phone()
    sign_in(phone, story.mother)
    page = phone.new_page()
    page.goto(f"/me/q/{asked.id}/")
    page.wait_for_function(CONTROLLED)
    phone.set_offline(True)
    page.get_by_role("link", name="Leave this page").tap()
    expect(page).not_to_have_url(re.compile("/me/"))

    phone.set_offline(False)
    back = phone.new_page()
    back.goto("/me/")

    expect(back).to_have_url(re.compile("/me/sign-in/"))
    forgive(devices)


def test_without_script_it_is_one_question_a_page(story: House, devices: Devices, address: str) -> None:
    page = devices.phone(java_script_enabled=False).new_page()
    page.goto(address)
    for value in (*VALUES, 0):
        check_thumb(page)
        asked = heading(page).inner_text()
        page.locator(f"form.answering:visible [name=value][value='{value}']").tap()
        expect(heading(page)).not_to_have_text(asked)
        page.wait_for_load_state("load")
    page.wait_for_url("**/done/**")

    assert counted(story) == (4, 0, 0)


def test_without_web_crypto_the_plain_way_is_left_open(story: House, devices: Devices, address: str) -> None:
    """Plain HTTP on another machine than this one: browsers give no seal there, and no worker."""
    phone = devices.phone()
    phone.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', {get: () => undefined})")
    page = phone.new_page()
    page.goto(address)
    page.wait_for_function("() => self.htmx !== undefined")
    for value in (*VALUES, 0):
        page.locator(f"form.answering:visible [name=value][value='{value}']").tap()
        page.wait_for_function("() => !document.querySelector('[data-sent]')")
        page.wait_for_load_state("networkidle")

    assert counted(story) == (4, 0, 0)


def test_left_hand_themes_and_narrow_screens_need_no_sideways_scrolling(devices: Devices, address: str) -> None:
    phone = devices.phone(viewport={"width": 320, "height": 500})
    page = phone.new_page()
    page.goto(address)
    for value in (*VALUES, 1):
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        tap(page, value)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_check_in_is_measured_in_bytes(live: Live, browser: Browser, address: str, figure: Figure) -> None:
    with relay(int(live.url.rpartition(":")[2])) as counted_by, closing(Devices(browser, counted_by.url)) as devices:
        phone, measured = devices.phone(), []
        for _ in range(2):
            page = phone.new_page()
            page.goto(address)
            expect(heading(page)).to_have_text("How was your mood?")
            page.wait_for_function(CONTROLLED)
            eventually(lambda page=page: page.evaluate(PAGE_KEPT, address))
            page.wait_for_load_state("networkidle")
            measured.append(counted_by.taken())
            page.close()
        assert devices.trouble == []

    first, again = measured
    figure("bytes of the daily check-in with all that is kept, first and again", f"{first}, {again}")
    assert 0 < again < MOST_BYTES_AGAIN
    assert again < first < MOST_BYTES_FIRST
    assert [pytest.approx(said, rel=0.05) for said in documented_bytes()] == measured


def documented_bytes() -> list[int]:
    """Return what docs/reference/check-in.md says of the first time and of opening it again."""
    said = re.findall(r"bytes transferred, .* \| ([\d,]+) \|", CHECK_IN_PAGE.read_text())
    return [int(figure.replace(",", "")) for figure in said]
