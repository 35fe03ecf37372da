"""The parent's first page: one lit thing, chosen from all stages; else who acts next."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page

from firstlight.ground.people.models import EpisodeState
from firstlight.ground.people.services.episodes import move
from firstlight.ground.visits.models import Visit
from firstlight.ground.visits.services import mark_happened
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.services import acknowledge, finish, open_task
from firstlight.journey.consent.services import withdraw
from firstlight.journey.response.selectors import LOOKING
from firstlight.journey.screening.services import assign, assign_first, complete
from tests.cast import NOW, House, harbour
from tests.journey.planning.telling import Story
from tests.journey.screening.telling import answer_all, day_set, first_set, sign_in, was_told
from tests.support.browser import Devices
from tests.support.pseudo import bare_words, pseudo_locale
from tests.support.reading import heading, main_action, words_of
from tests.support.served import sent
from tests.support.signed_in import client_of
from tests.support.thumb import check_thumb

MOST_QUERIES, MOST_BYTES = 20, 100_000


@pytest.fixture(autouse=True)
def _now(request: pytest.FixtureRequest) -> Iterator[None]:
    if "live" in request.fixturenames:
        yield  # a browser's cookie and the server's clock must agree
        return
    with time_machine.travel(NOW, tick=False):
        yield


def today(house: House, *, at: datetime = NOW, person: str = "mother") -> str:
    with time_machine.travel(at, tick=False):
        answer = client_of(getattr(house, person)).get("/me/")
    assert answer.status_code == 200
    return answer.content.decode()


def ask_first(house: House) -> None:
    with scope(clinic=house.clinic.id):
        assign_first(episode=house.episode, by=house.actor("nurse"), at=NOW)


def test_set_that_a_person_sends_says_that_it_asks_questions(house: House) -> None:
    with scope(clinic=house.clinic.id):
        assign(parent=house.mother, episode=house.episode, set_name="bond", by=house.actor("nurse"), at=NOW)

    page = words_of(today(house))

    assert "You and your child. One question at a time, about" in page


def finish_first(house: House) -> None:
    question_set = first_set(house)
    answer_all(house, question_set)
    with scope(clinic=house.clinic.id):
        complete(question_set=question_set, by=house.actor("mother"), at=NOW)


def test_questions_that_wait_are_the_one_lit_thing(house: House) -> None:
    ask_first(house)

    page = today(house)

    assert heading(page) == "Some questions before your first talk."
    assert main_action(page)[1] == "Begin"
    assert "Monday morning" in words_of(page)


def test_begun_questions_say_how_many_are_left(house: House) -> None:
    question_set = first_set(house)
    client_of(house.mother).post(f"/me/q/{question_set.id}/1/", {"item": "asq:q1", "value": "0"})

    page = today(house)

    assert (heading(page), main_action(page)) == ("29 questions are left.", (f"/me/q/{question_set.id}/", "Go on"))
    assert "One question at a time, about 6 minutes. You can stop at any of them." in words_of(page)


def test_questions_that_an_answer_brought_are_not_called_four_taps(house: House) -> None:
    """After a yes about harm the four taps are done, and the ASQ is left: whoever has just said that reads what it is."""
    question_set = day_set(house)
    answer_all(house, question_set, {"check-in:harm": 1}, leave="asq:q1")

    page = words_of(today(house))

    assert "4 more questions." in page
    assert "They follow from an answer of yours. One question at a time, about 1 minute." in page
    assert "You can pass over any of them, or talk with somebody instead." in page
    assert "Four taps" not in page


def test_begun_questions_take_as_long_as_their_own_page_says(house: House) -> None:
    question_set, maya = first_set(house), client_of(house.mother)
    answer_all(house, question_set, leave="health-10:substances")
    was_told(house)

    page, own = today(house), words_of(maya.get(f"/me/q/{question_set.id}/").content.decode())

    (said,) = re.findall(r"about (\d+ minutes?)\.", words_of(page))
    assert f"About {said}" in own
    assert said != "6 minutes"


def test_answer_that_asked_for_help_stays_on_the_page_with_who_reads_it_until_its_task_is_closed(house: House) -> None:
    question_set = first_set(house)
    client_of(house.mother).post(f"/me/q/{question_set.id}/4/", {"item": "asq:q4", "value": "1"})
    card = "The clinic was told of your answer."

    page = today(house)
    assert words_of(page).index(card) < words_of(page).index("questions are left.")
    assert f'href="tel:{house.clinic.phone}"' in page
    assert "Nobody at the clinic is watching this now. Do not wait for an answer here." in words_of(page)
    assert card not in words_of(today(house, person="father"))
    _holds_the_budget(house, NOW)

    with scope(clinic=house.clinic.id):
        task = Task.objects.get(kind="concern", parent=house.mother)
        acknowledge(task=task, by=house.actor("prescriber"), at=NOW)
    assert f"{card} A prescriber at the clinic has seen it: today 09:00." in words_of(today(house))
    with scope(clinic=house.clinic.id):
        finish(task=task, outcome="Talked.", by=house.actor("prescriber"), at=NOW)
    assert card not in words_of(today(house))


def test_check_in_that_opens_later_is_coming_up_and_not_lit(house: House) -> None:
    day_set(house, at=NOW + timedelta(hours=5))

    page = today(house)

    assert main_action(page) is None
    assert "Four questions today 14:00" in words_of(page)


def test_sent_answers_say_who_reads_them_and_by_when(house: House) -> None:
    finish_first(house)

    page = today(house)

    assert heading(page) == "Your answers are with the clinic."
    assert "A prescriber reads them by Wednesday 09:00, and then talks with you." in words_of(page)
    assert main_action(page) is None


def test_answers_that_nobody_read_in_time_say_whom_to_call(house: House) -> None:
    finish_first(house)

    page = words_of(today(house, at=NOW + timedelta(days=3)))

    assert "If you have not heard from us, call +1 518 555 0100." in page
    assert 'href="tel:+15185550100"' in today(house, at=NOW + timedelta(days=3))
    assert "by Wednesday" not in page


def test_agreement_is_lit_once_treatment_is_thought_suitable(house: House) -> None:
    finish_first(house)
    story = Story(house)
    story.baseline()
    story.decide()

    page = today(house, at=story.now)

    assert heading(page) == "There is an agreement to read."
    assert main_action(page) == ("/me/agree/", "Read it")


def test_decision_against_treatment_leads_to_the_letter(house: House) -> None:
    finish_first(house)
    story = Story(house)
    story.baseline()
    story.decide("not_now")

    page = today(house, at=story.now)

    assert heading(page) == "There is a letter for you."
    assert "score" not in words_of(page)


def test_missing_part_of_a_dosing_day_is_named_while_there_is_time(house: House) -> None:
    finish_first(house)
    story = Story(house)
    visits = story.up_to_series()
    story.agree()

    page = today(house, at=story.now)

    assert re.fullmatch(r"\d things are missing for Thursday\.", heading(page))
    assert "Not known yet: who takes you home;" in words_of(page)
    assert main_action(page) == (f"/me/plan/{visits[0].id}/", "Open the plan")


def test_signed_agreement_without_dates_says_that_the_clinic_acts(house: House) -> None:
    finish_first(house)
    story = Story(house)
    story.baseline()
    story.decide()
    story.agree()

    page = today(house, at=story.now)

    assert heading(page) == "The next step is with the clinic."
    assert "Your prescriber writes the plan." in words_of(page)


def test_visit_of_tomorrow_is_lit_with_time_and_name(house: House) -> None:
    finish_first(house)
    story = Story(house)
    story.up_to_series()
    story.agree()
    with scope(clinic=house.clinic.id):
        first = Visit.objects.filter(kind="preparation").earliest("starts_at")
        Visit.objects.filter(kind="dosing").update(status="cancelled")

    page = today(house, at=first.starts_at - timedelta(hours=20))
    during = today(house, at=first.starts_at + timedelta(minutes=10))

    assert re.fullmatch(r"Talk before, tomorrow \d\d:\d\d\.", heading(page))
    assert "With Ines Haddad." in words_of(page)
    assert main_action(page) == ("/me/visits/", "See your visits")
    assert re.fullmatch(r"Talk before, since \d\d:\d\d\.", heading(during))


def test_day_at_the_clinic_stays_the_one_thing_though_questions_stand_open(house: House) -> None:
    finish_first(house)
    story = Story(house)
    visit = story.up_to_series()[0]
    story.agree()
    waiting = day_set(house, at=visit.starts_at - timedelta(hours=3))

    before = today(house, at=visit.starts_at - timedelta(hours=2))
    during = today(house, at=visit.starts_at + timedelta(minutes=41))

    assert heading(before).endswith("missing for today.")
    assert re.fullmatch(r"Day at the clinic, since \d\d:\d\d\.", heading(during))
    assert main_action(during) == (f"/me/plan/{visit.id}/", "Open the plan")
    for page in (before, during):
        assert f'href="/me/q/{waiting.id}/"' in page
    later = today(house, at=visit.ends_at + timedelta(minutes=1))
    assert main_action(later) == (f"/me/q/{waiting.id}/", "Begin")
    _holds_the_budget(house, visit.starts_at + timedelta(minutes=41))


@pytest.mark.parametrize(
    ("state", "title"),
    [
        (EpisodeState.PAUSED, "Treatment rests for now."),
        (EpisodeState.STOPPED, "Treatment has stopped."),
        (EpisodeState.TRANSFERRED, "Your care goes on elsewhere."),
        (EpisodeState.CLOSED, "Your care here has ended."),
        (EpisodeState.DECLINED, "There is a letter for you."),
    ],
)
def test_care_that_rests_or_ended_says_so_and_whom_to_call(house: House, state: EpisodeState, title: str) -> None:
    with scope(clinic=house.clinic.id):
        house.episode.state = state
        house.episode.save()

    page = today(house)

    assert heading(page) == title
    assert house.clinic.phone in words_of(page)
    ended = state != EpisodeState.PAUSED
    assert ("You can still sign in and read your papers." in words_of(page)) is ended
    assert ("No day is set yet." in words_of(page)) is not ended
    for address, offered in (("/me/plan/", not ended), ("/me/person/", not ended), ("/me/documents/", True)):
        assert (f'href="{address}"' in page) is offered
    assert ('href="/me/hours/"' in page) is (state in {EpisodeState.PAUSED, EpisodeState.STOPPED})


def test_pages_of_ended_care_offer_nothing_that_no_longer_works(house: House) -> None:
    with scope(clinic=house.clinic.id):
        house.episode.state = EpisodeState.CLOSED
        house.episode.save()
    maya = client_of(house.mother)
    therapist, line = (words_of(maya.get(address).content.decode()) for address in ("/me/person/", "/me/line/"))

    assert "Your care here has ended. To come back, or to ask: +1 518 555 0100." in therapist
    assert "Choose a therapist" not in therapist
    assert "begins here" not in line
    assert "What you answered." in line


@pytest.mark.parametrize("why", ["paused", "agreement taken back"])
def test_no_dose_is_coming_while_care_rests_or_without_her_agreement(house: House, why: str) -> None:
    finish_first(house)
    story = Story(house)
    story.up_to_series()
    story.agree()
    assert "Day at the clinic" in coming(today(house))
    with scope(clinic=house.clinic.id):
        if why == "paused":
            reason = {"reason": "A holiday.", "by": house.actor("prescriber"), "at": story.tick()}
            move(episode=house.episode, to=EpisodeState.PAUSED, **reason)
        else:
            withdraw(parent=house.mother, episode=house.episode, by=house.actor("mother"), at=story.tick())

    assert "Day at the clinic" not in coming(today(house))
    assert "Talk before" in coming(today(house))
    assert "Talk after" not in coming(today(house))


def test_no_questions_are_said_to_come_while_she_is_at_the_clinic(house: House) -> None:
    """They open when she has left: an hour in the middle of an infusion is no hour to name."""
    finish_first(house)
    story = Story(house)
    visit = story.up_to_series()[0]
    day_set(house, at=visit.starts_at + timedelta(hours=1))

    before = coming(today(house, at=visit.starts_at - timedelta(days=1, hours=1)))
    during = coming(today(house, at=visit.starts_at + timedelta(minutes=10)))

    assert "Four questions" in before
    assert "Four questions" not in during


def coming(page: str) -> str:
    return words_of(page).partition("Coming up")[2].partition("Sign out")[0]


def test_partner_sees_nothing_of_hers(house: House) -> None:
    finish_first(house)

    page = words_of(today(house, person="father"))

    assert "Your answers are with the clinic." not in page
    assert "The next step is with the clinic." in page


def test_page_is_small_and_asks_the_database_little(house: House) -> None:
    finish_first(house)
    story = Story(house)
    story.up_to_series()
    story.agree()

    _holds_the_budget(house, story.now)


def test_line_stands_on_the_page_once_doses_are_behind_her(house: House) -> None:
    finish_first(house)
    later = after_the_series(house)

    page = today(house, at=later)

    assert heading(page) == "About the same as when you began."
    assert "8 of 27 when you first answered. 11 of 27 today." in words_of(page)
    assert "Many things move this line, not only the medicine." in words_of(page)
    assert (
        "The next step is with the clinic. A prescriber talks with you about what comes next. No day is set for it yet."
        in words_of(page)
    )
    assert "moderate" not in page
    _holds_the_budget(house, later)

    with scope(clinic=house.clinic.id):
        move(episode=house.episode, to=EpisodeState.STOPPED, reason="Done.", by=house.actor("prescriber"), at=later)
    stopped = today(house, at=later)
    assert heading(stopped) == "Treatment has stopped."
    assert "About the same as when you began." in words_of(stopped)


def test_clinics_step_says_who_looks_at_her_answers_and_by_when_and_that_it_is_late(house: House) -> None:
    finish_first(house)
    later = after_the_series(house)
    with scope(clinic=house.clinic.id):
        task = open_task(
            clinic_id=house.clinic.id, parent=house.mother, kind=LOOKING, title="Worse", reason="PHQ-9 8, then 17",
            role="prescriber", acknowledge_by=later + timedelta(days=1), urgency="routine",
            by=house.actor("nurse"), at=later,
        )  # fmt: skip

    waits, late = today(house, at=later), today(house, at=later + timedelta(days=2))
    with scope(clinic=house.clinic.id):
        acknowledge(task=task, by=house.actor("prescriber"), at=later + timedelta(days=3))
    taken = today(house, at=later + timedelta(days=3))

    assert re.search(
        r"A prescriber looks at your answers by tomorrow \d\d:\d\d, and then talks with you\.", words_of(waits)
    )
    assert re.search(r"A prescriber was to look at your answers by yesterday \d\d:\d\d\. That has not", words_of(late))
    assert re.search(r"A prescriber has had your answers since today \d\d:\d\d, and talks with you\.", words_of(taken))
    for page in (waits, late, taken):
        assert house.clinic.phone in words_of(page)
        assert "Worse" not in page
        assert "PHQ" not in page
    _holds_the_budget(house, later)


def after_the_series(house: House) -> datetime:
    """Let every day at the clinic happen, and Maya answer two weeks later; return a moment after that."""
    story = Story(house)
    visits = story.up_to_series()
    story.agree()
    later = visits[-1].ends_at + timedelta(days=14)
    with scope(clinic=house.clinic.id):
        for visit in Visit.objects.filter(status="booked"):
            mark_happened(visit=visit, by=house.actor("nurse"), at=visit.ends_at)
        week = assign(
            parent=house.mother,
            episode=house.episode,
            set_name="week",
            by=house.actor("nurse"),
            at=later,
            anchor="week-2",
        )
        answer_all(house, week, {"phq-9:q1": 3, "phq-9:q2": 2}, at=later)
        complete(question_set=week, by=house.actor("mother"), at=later + timedelta(minutes=2))
    return later + timedelta(minutes=5)


def _holds_the_budget(house: House, at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        maya = client_of(house.mother)
        maya.get("/me/")  # the first page of a session also keeps its form secret
        with CaptureQueriesContext(connection) as asked:
            page = sent(maya, "/me/")

    assert len(asked) <= MOST_QUERIES
    assert len(page.content) <= MOST_BYTES


def test_title_and_manifest_are_neutral(house: House) -> None:
    page = today(house)
    manifest = Client().get("/me/manifest.webmanifest")

    content = json.loads(manifest.content)
    assert "<title>Today</title>" in page
    assert 'rel="manifest" href="/me/manifest.webmanifest"' in page
    assert manifest["Content-Type"] == "application/manifest+json"
    assert (content["name"], content["start_url"], content["scope"]) == ("Firstlight", "/me/", "/me/")
    assert not re.search(r"ketamine|clinic|mood|therapy", manifest.content.decode(), re.IGNORECASE)
    assert not manifest.cookies
    icon = Client().get(content["icons"][0]["src"])
    assert b"".join(icon.streaming_content).startswith(b"<svg")


def test_words_are_marked_for_translation(house: House) -> None:
    finish_first(house)
    maya = client_of(house.mother)

    with pseudo_locale():
        page = maya.get("/me/").content.decode()

    assert bare_words(page, data=(house.clinic.phone,)) == []


def test_navigation_names_four_pages_and_marks_this_one(house: House) -> None:
    page = today(house)

    nav = page[page.index('class="parent-nav"') : page.index("</nav>", page.index('class="parent-nav"'))]
    assert words_of(nav).endswith("Today Plan Progress Help")
    assert re.findall(r'href="([^"]+)"[^>]*aria-current="page"', nav) == ["/me/"]
    assert 'href=""' not in page


def test_nobody_signed_in_is_led_to_the_sign_in_page() -> None:
    answer = Client().get("/me/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/me/sign-in/")


@pytest.mark.slow
def test_page_fits_the_thumb_on_either_hand(own_database: None, devices: Devices, axe: Callable[[Page], None]) -> None:
    house = harbour()
    first_set(house, at=timezone.now())
    phone = devices.phone()
    sign_in(phone, house.mother)
    page = phone.new_page()
    first = {}
    for hand in ("right", "left"):
        with scope(clinic=house.clinic.id):
            house.mother.hand = hand
            house.mother.save()
        page.goto("/me/")
        check_thumb(page)
        axe(page)
        action, first[hand] = (
            page.locator(".button.main").bounding_box(),
            page.get_by_role("link", name="Today").bounding_box(),
        )
        assert action is not None
        assert action["y"] > 740 * 0.4

    assert first["right"]["x"] < 180 < first["left"]["x"]
