"""The question flow as a thumb meets it: Chromium, 360×740, touch."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import BrowserContext, Page, expect

from firstlight.ground.people.sessions import new_session
from firstlight.ground.safety.models import Concern
from firstlight.ground.worklist.models import TaskEvent
from firstlight.journey.screening.models import Answer, QuestionSet
from firstlight.journey.screening.services import link_for
from tests.cast import House, harbour
from tests.journey.screening.telling import day_set, first_set, sign_in
from tests.support.browser import Devices, eventually
from tests.support.figures import Figure
from tests.support.thumb import check_thumb

pytestmark = pytest.mark.slow
TAPS = 32
TOLD = "The clinic was told of your answer."
NOTHING_WAITS = "async () => (await outbox.all()).length === 0"


@pytest.fixture
def story(own_database: None) -> House:
    return harbour()


@pytest.fixture
def asked(story: House) -> QuestionSet:
    return first_set(story, at=timezone.now())


@pytest.fixture
def maya(story: House, phone: BrowserContext) -> Page:
    sign_in(phone, story.mother)
    return phone.new_page()


def answer_calmly(page: Page) -> None:
    """Tap the calmest answer, and wait until the page has moved on."""
    before = page.url
    page.locator(".answer").filter(has_text=re.compile(r"^\s*(No|Not at all)\s*$")).tap()
    page.wait_for_function("before => location.href !== before && !document.querySelector('[data-sent]')", arg=before)


def tap_last(page: Page) -> None:
    """Tap the last answer, and wait until the page has moved on."""
    before = page.url
    page.locator(".answer:not(.pass)").last.tap()
    page.wait_for_function("before => location.href !== before && !document.querySelector('[data-sent]')", arg=before)


def full_check_in(story: House) -> str:
    """Ask Maya every question of the check-in, and return the link in her message."""
    now = timezone.now()
    question_set = day_set(story, at=now, set_name="day-full")
    with scope(clinic=story.clinic.id):
        return link_for(question_set=question_set, by=story.actor("nurse"), at=now)


def open_question(page: Page, question_set: QuestionSet, position: int) -> None:
    page.goto(f"/me/q/{question_set.id}/{position}/")


def answers(story: House) -> int:
    with scope(clinic=story.clinic.id):
        return Answer.objects.count()


def concerns(story: House) -> int:
    with scope(clinic=story.clinic.id):
        return Concern.objects.count()


def test_first_set_takes_32_taps_and_every_page_fits_the_thumb(
    story: House, asked: QuestionSet, maya: Page, axe: Callable[[Page], None], figure: Figure
) -> None:
    maya.goto(f"/me/q/{asked.id}/")
    check_thumb(maya)
    axe(maya)
    maya.get_by_role("link", name="Begin").tap()
    maya.wait_for_url("**/before/")
    check_thumb(maya)
    axe(maya)
    maya.get_by_role("button", name="Go on").tap()
    maya.wait_for_url("**/1/")
    taps = 2
    while "/done/" not in maya.url:
        check_thumb(maya)
        if maya.url.rstrip("/").rsplit("/", 1)[-1] in {"1", "5", "12", "21"}:
            axe(maya)
        answer_calmly(maya)
        taps += 1
    check_thumb(maya)
    axe(maya)

    assert taps == TAPS
    assert answers(story) == TAPS - 2
    figure("taps before the first talk", taps)


def test_phone_that_dies_loses_nothing(story: House, asked: QuestionSet, devices: Devices) -> None:
    for taps in range(1, 5):
        phone = devices.phone()
        sign_in(phone, story.mother)
        page = phone.new_page()
        page.goto(f"/me/q/{asked.id}/")
        page.get_by_role("link", name=re.compile("Begin|Go on")).tap()
        if taps == 1:
            page.get_by_role("button", name="Go on").tap()
        page.wait_for_url(re.compile(rf"/{taps}/$"))
        answer_calmly(page)
        phone.close()

        assert answers(story) == taps


def test_back_shows_the_earlier_question_with_its_answer(asked: QuestionSet, maya: Page) -> None:
    open_question(maya, asked, 1)
    answer_calmly(maya)

    maya.get_by_role("link", name="Back").tap()
    maya.wait_for_url("**/1/")
    expect(maya.get_by_role("button", name="No", exact=True)).to_have_attribute("aria-pressed", "true")

    answer_calmly(maya)
    maya.go_back()
    expect(maya.get_by_role("button", name="No", exact=True)).to_have_attribute("aria-pressed", "true")


def test_self_harm_answer_fills_the_screen_with_help(
    story: House, asked: QuestionSet, maya: Page, axe: Callable[[Page], None]
) -> None:
    open_question(maya, asked, 4)

    maya.get_by_role("button", name="Yes", exact=True).tap()

    expect(maya.get_by_role("heading", level=1)).to_have_text(re.compile("Do you want to talk with someone now"))
    expect(maya.get_by_role("link", name="Call 988")).to_have_attribute("href", "tel:988")
    for name in ("Call 988", "Text 988", "Call 911", "Call the clinic"):
        expect(maya.get_by_role("link", name=name)).to_be_in_viewport(ratio=1)
    expect(maya.get_by_text("The clinic was told of your answer.")).to_be_in_viewport(ratio=1)
    expect(maya.get_by_role("navigation", name="Pages", exact=True)).to_be_hidden()  # nothing lies over who answers
    check_thumb(maya)
    axe(maya)
    maya.get_by_role("link", name="Go on").tap()
    expect(maya.get_by_role("heading", level=1)).to_have_text("Are you having thoughts of killing yourself right now?")
    check_thumb(maya)


def test_short_card_fits_the_thumb(asked: QuestionSet, maya: Page, axe: Callable[[Page], None]) -> None:
    open_question(maya, asked, 1)
    maya.get_by_role("button", name="Yes", exact=True).tap()
    maya.get_by_role("link", name="Go on").tap()
    maya.get_by_role("button", name="Yes", exact=True).tap()

    expect(maya.get_by_role("complementary", name="Help")).to_be_visible()
    check_thumb(maya)
    axe(maya)


def test_self_harm_answer_without_connection_shows_help_and_is_sent_later(
    story: House, asked: QuestionSet, devices: Devices, phone: BrowserContext, maya: Page
) -> None:
    open_question(maya, asked, 4)
    phone.set_offline(True)

    maya.get_by_role("button", name="Yes", exact=True).tap()

    expect(maya.get_by_role("region", name="Help")).to_be_visible()
    expect(maya.get_by_text("Not sent. This phone has no connection.")).to_be_visible()
    expect(maya.get_by_text("Nobody at the clinic has been told yet.")).to_be_visible()
    expect(maya.get_by_text("It is saved on this phone, sealed")).to_be_visible()
    for name in ("Help now", "Stop for now"):
        maya.get_by_role("link", name=name).tap()
        expect(maya.get_by_role("region", name="Help").get_by_role("link", name="Call 988")).to_be_visible()
    assert maya.url.endswith("/4/")
    assert answers(story) == 0
    check_thumb(maya)

    phone.set_offline(False)
    maya.wait_for_url("**/help/**")
    assert answers(story) == 1
    kept(maya, 0)
    forgive(devices)


def kept(page: Page, boxes: int) -> None:
    """Wait until so many answers are on the phone."""
    eventually(lambda: page.evaluate("async () => (await outbox.all()).length") == boxes)


def forgive(devices: Devices) -> None:
    """What was not sent is told in the console too; anything else there would still fail."""
    known = re.compile("console: htmx:(afterRequest|sendError)|when fetching the script|ERR_INTERNET_DISCONNECTED")
    devices.trouble = [line for line in devices.trouble if not known.search(line)]


def test_answer_of_a_link_that_was_closed_without_connection_arrives_from_another_page(
    story: House, devices: Devices, phone: BrowserContext
) -> None:
    """Nobody is signed in: the connection goes at a question that asks for help, and she closes the page after her answer."""
    page = phone.new_page()
    page.goto(full_check_in(story))
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    harm = page.locator("[data-asks-help]").first
    while harm.count() == 0:
        tap_last(page)
    given = answers(story)
    phone.set_offline(True)
    page.get_by_role("link", name="Stop for now").tap()
    expect(page.get_by_text("What you answered before is kept. You can close this page")).to_be_visible()
    harm.tap()
    expect(page.get_by_text("It is saved on this phone, sealed")).to_be_visible()
    assert "harm" not in page.evaluate("async () => JSON.stringify(await outbox.all())")
    page.close()

    later = phone.new_page()
    later.goto("/me/help-now/")
    expect(later.get_by_role("link", name="Call 988")).to_be_visible()
    expect(later.get_by_role("heading", level=1)).to_have_text("This phone has no connection.")
    phone.set_offline(False)
    later.get_by_role("link", name="Try again").tap()
    expect(later.get_by_role("heading", level=1)).to_have_text("You can talk with someone now.")
    kept(later, 0)
    assert (answers(story), concerns(story)) == (given + 1, 1)
    forgive(devices)


def test_self_harm_answer_after_the_sign_in_ended_shows_help_and_goes_sealed_without_it(
    story: House, asked: QuestionSet, phone: BrowserContext, maya: Page, axe: Callable[[Page], None]
) -> None:
    """Help is not enough: the page holds what a sealed answer needs, so nobody signs in first before the clinic knows."""
    open_question(maya, asked, 4)
    let_the_session_end(phone)

    maya.get_by_role("button", name="Yes", exact=True).tap()

    expect(maya.get_by_role("region", name="Help")).to_be_visible()
    expect(maya.get_by_text("You were signed out.")).to_be_visible()
    expect(maya.get_by_text(TOLD)).to_be_visible()
    check_thumb(maya)
    axe(maya)
    assert (answers(story), concerns(story)) == (1, 1)
    maya.wait_for_function(NOTHING_WAITS)
    maya.get_by_role("link", name="Sign in").tap()
    expect(maya.get_by_text("is kept for one hour")).to_be_visible()


def test_self_harm_answer_of_which_nobody_knows_the_sender_any_more_shows_help(
    story: House, asked: QuestionSet, devices: Devices, phone: BrowserContext, maya: Page
) -> None:
    """Another request of the phone met the end first, and what it brought back has not arrived."""
    open_question(maya, asked, 4)
    phone.clear_cookies(name="fl_me")

    maya.get_by_role("button", name="Yes", exact=True).tap()

    expect(maya.get_by_role("region", name="Help")).to_be_visible()
    expect(maya.get_by_text("You were signed out.")).to_be_visible()
    expect(maya.get_by_text(TOLD)).to_be_visible()
    assert (answers(story), concerns(story)) == (1, 1)
    maya.get_by_role("link", name="Sign in").tap()
    maya.wait_for_url("**/me/sign-in/**")
    devices.trouble = [line for line in devices.trouble if "403" not in line]


def test_self_harm_answer_that_nothing_takes_is_said_to_be_saved_and_goes_when_something_does(
    story: House, asked: QuestionSet, devices: Devices, phone: BrowserContext, maya: Page
) -> None:
    """She was signed out, and the connection goes before the sealed answer is through."""
    open_question(maya, asked, 4)
    phone.clear_cookies(name="fl_me")
    maya.evaluate("() => { self.reach = self.fetch; self.fetch = () => Promise.reject(new TypeError()); }")

    maya.get_by_role("button", name="Yes", exact=True).tap()

    expect(maya.get_by_text("The clinic does not have your answer yet. Saved on this phone")).to_be_visible()
    expect(maya.get_by_text(TOLD)).to_be_hidden()
    assert concerns(story) == 0
    maya.evaluate("() => { self.fetch = self.reach; return outbox.send(); }")
    expect(maya.get_by_text(TOLD)).to_be_visible()
    assert concerns(story) == 1
    devices.trouble = [line for line in devices.trouble if "403" not in line]


def test_self_harm_answer_to_questions_that_closed_meanwhile_fills_the_screen_with_help(
    story: House, asked: QuestionSet, maya: Page, axe: Callable[[Page], None]
) -> None:
    open_question(maya, asked, 4)
    with scope(clinic=story.clinic.id):
        QuestionSet.objects.filter(id=asked.id).update(expires_at=timezone.now())

    maya.get_by_role("button", name="Yes", exact=True).tap()

    expect(maya.get_by_role("heading", level=1)).to_have_text(re.compile("Do you want to talk with someone now"))
    expect(maya.get_by_text(TOLD)).to_be_in_viewport(ratio=1)
    expect(maya.get_by_text("These questions are closed.")).to_be_visible()
    assert (answers(story), concerns(story)) == (0, 1)
    check_thumb(maya)
    axe(maya)
    maya.get_by_role("link", name="Go on").tap()
    expect(maya.get_by_role("heading", level=1)).to_have_text("The time for these questions is over.")


def test_self_harm_answer_that_another_one_replaces_without_connection_reaches_the_clinic_before_it(
    story: House, asked: QuestionSet, devices: Devices, phone: BrowserContext, maya: Page
) -> None:
    open_question(maya, asked, 4)
    phone.set_offline(True)
    maya.get_by_role("button", name="Yes", exact=True).tap()
    expect(maya.get_by_text("It is saved on this phone, sealed")).to_be_visible()

    maya.get_by_role("button", name="No", exact=True).tap()

    kept(maya, 2)
    expect(maya.get_by_role("region", name="Help")).to_be_visible()
    phone.set_offline(False)
    maya.wait_for_url(re.compile("/5/"))
    maya.wait_for_function(NOTHING_WAITS)
    with scope(clinic=story.clinic.id):
        assert [one.value for one in Answer.objects.filter(item="q4").order_by("amends_id")] == [1, 0]
        concern = Concern.objects.get()
        notes = TaskEvent.objects.filter(task=concern.task).values_list("note", flat=True)
        assert any("was changed afterwards. Answer now: No." in note for note in notes)
    forgive(devices)


def let_the_session_end(phone: BrowserContext) -> None:
    """Let the phone lie for two hours."""
    key = next(cookie["value"] for cookie in phone.cookies() if cookie["name"] == "fl_me")
    session = new_session(key)
    session["seen_at"] = (timezone.now() - timedelta(hours=2)).isoformat()
    session.save()


def test_flow_works_without_script(story: House, asked: QuestionSet, devices: Devices) -> None:
    phone = devices.phone(java_script_enabled=False)
    sign_in(phone, story.mother)
    page = phone.new_page()
    page.goto(f"/me/q/{asked.id}/")
    page.get_by_role("link", name="Begin").tap()
    page.get_by_role("button", name="Go on").tap()
    for position in range(1, 5):
        page.wait_for_url(f"**/{position}/")
        page.get_by_role("button", name="No", exact=True).tap()
    page.wait_for_url("**/5/")

    assert answers(story) == 4


def test_narrow_screen_and_large_letters_need_no_sideways_scrolling(
    story: House, asked: QuestionSet, devices: Devices
) -> None:
    phone = devices.phone(viewport={"width": 320, "height": 500})
    sign_in(phone, story.mother)
    page = phone.new_page()
    for rest in ("", "1/", "12/", "13/"):
        page.goto(f"/me/q/{asked.id}/{rest}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_full_check_in_by_link_takes_eight_taps(
    story: House, phone: BrowserContext, axe: Callable[[Page], None], figure: Figure
) -> None:
    page, taps = phone.new_page(), 0
    page.goto(full_check_in(story))
    axe(page)
    while "/done/" not in page.url:
        check_thumb(page)
        tap_last(page)
        taps += 1
    axe(page)
    check_thumb(page)

    assert 4 <= taps <= 8
    assert answers(story) == taps
    figure("taps of a check-in with every question", taps)


def test_page_of_a_link_that_opens_nothing_fits_the_thumb(phone: BrowserContext, axe: Callable[[Page], None]) -> None:
    page = phone.new_page()
    page.goto("/me/c/no-such-link/")

    check_thumb(page)
    axe(page)
