"""The newer pages of the question flow as a thumb meets them: Chromium, 360 px wide, touch."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import BrowserContext, Page, expect

from firstlight.ground.safety.services import write_safety_plan
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.services import acknowledge, finish
from firstlight.journey.learn.services import review_reporting
from firstlight.journey.screening.models import Answer, QuestionSet
from firstlight.journey.screening.services import answer, send_set
from tests.cast import House, harbour
from tests.journey.screening.telling import answer_all, day_set, sign_in
from tests.support.thumb import check_thumb

pytestmark = pytest.mark.slow


@pytest.fixture
def story(own_database: None) -> House:
    return harbour()


@pytest.fixture
def maya(story: House, phone: BrowserContext) -> Page:
    sign_in(phone, story.mother)
    return phone.new_page()


def fits(page: Page, axe: Callable[[Page], None]) -> None:
    check_thumb(page)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_two_questions_become_nine_and_say_why(story: House, maya: Page, axe: Callable[[Page], None]) -> None:
    with scope(clinic=story.clinic.id):
        asked = send_set(episode=story.episode, set_name="brief", by=story.actor("nurse"), at=timezone.now())
    maya.goto("/me/")
    expect(maya.get_by_role("heading", level=1)).to_contain_text("Two short questions.")
    maya.goto(f"/me/q/{asked.id}/")
    expect(maya.get_by_text("If you skip them for now")).to_be_visible()
    fits(maya, axe)
    maya.get_by_role("link", name="Begin").tap()
    for position in (1, 2):
        maya.wait_for_url(f"**/{position}/")
        maya.get_by_role("button", name="Nearly every day").tap()
    maya.wait_for_url("**/3/")

    expect(maya.get_by_text("The first two of the nine you have answered.")).to_be_visible()
    fits(maya, axe)
    with scope(clinic=story.clinic.id):
        assert Answer.objects.filter(question_set=asked, instrument="phq-9").count() == 2


def test_words_on_reporting_that_somebody_answers_for_fit_the_thumb(
    story: House, maya: Page, axe: Callable[[Page], None]
) -> None:
    with scope(clinic=story.clinic.id):
        review_reporting(
            clinic=story.clinic, must="\n".join(["A child is being hurt, and we have good reason to think so."] * 8),
            must_not="Thoughts that frighten you, alone.", by=story.actor("prescriber"), at=timezone.now(),
        )  # fmt: skip
    asked = day_set(story, at=timezone.now(), told=False)
    maya.goto(f"/me/q/{asked.id}/")
    maya.wait_for_url("**/before/")

    expect(maya.get_by_text("Amara Okafor checked these words")).to_be_visible()
    fits(maya, axe)
    maya.get_by_role("button", name="Go on").tap()
    maya.wait_for_url("**/1/")


def test_known_answer_goes_on_with_a_short_card_instead_of_full_help(
    story: House, maya: Page, axe: Callable[[Page], None]
) -> None:
    known_before(story)
    asked = day_set(story, at=timezone.now(), set_name="day-full")
    answer_all(story, asked, leave="check-in:harm", at=timezone.now())
    with scope(clinic=story.clinic.id):
        last = Answer.objects.filter(question_set=asked).count() + 1
    maya.goto(f"/me/q/{asked.id}/{last}/")
    maya.get_by_role("button", name="Yes", exact=True).tap()
    maya.wait_for_url(f"**/{last + 1}/?h=1")

    expect(maya.get_by_text("Somebody is there at any hour.")).to_be_visible()
    fits(maya, axe)


def test_answer_in_her_plan_goes_on_with_a_short_card_that_leads_to_the_plan(
    story: House, maya: Page, axe: Callable[[Page], None]
) -> None:
    known_before(story)
    with scope(clinic=story.clinic.id):
        nurse, now = story.actor("nurse"), timezone.now()
        write_safety_plan(parent=story.mother, steps={"alone": "Cold water."}, by=nurse, at=now)
        finish(task=Task.objects.get(kind="concern"), by=nurse, at=now, outcome="We wrote the plan.")
    asked = day_set(story, at=timezone.now(), set_name="day-full")
    answer_all(story, asked, leave="check-in:harm", at=timezone.now())
    with scope(clinic=story.clinic.id):
        last = Answer.objects.filter(question_set=asked).count() + 1
    maya.goto(f"/me/q/{asked.id}/{last}/")
    maya.get_by_role("button", name="Yes", exact=True).tap()
    maya.wait_for_url(f"**/{last + 1}/?h=plan")
    fits(maya, axe)

    maya.get_by_role("link", name="My plan").tap()

    maya.wait_for_url("**/me/help/#plan")
    maya.get_by_text("What I can do by myself").tap()
    expect(maya.get_by_text("Cold water.")).to_be_visible()
    with scope(clinic=story.clinic.id):
        assert Task.objects.filter(kind="concern", finished_at=None).count() == 1


def known_before(story: House) -> None:
    """Let the same have been said in an earlier set, whose task is open, and the nurse's."""
    now = timezone.now()
    with scope(clinic=story.clinic.id):
        earlier = QuestionSet.objects.create(
            clinic=story.clinic, parent=story.mother, episode=story.episode, set_name="day", instruments=["check-in"],
            assigned_at=now,
        )  # fmt: skip
        answer(question_set=earlier, item="check-in:harm", value=1, by=story.actor("mother"), at=now)
        acknowledge(task=Task.objects.get(kind="concern"), by=story.actor("nurse"), at=now)
