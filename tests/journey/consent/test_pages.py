"""The agreement on the parent's phone and on the clinic's screen."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from playwright.sync_api import Page

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.models import Loss
from firstlight.journey.consent.agreements import Edition
from firstlight.journey.consent.models import Consent, TeachBackAnswer, Withdrawal
from firstlight.journey.consent.selectors import ConsentState, consent_state, edition_for
from tests.cast import NOW, House, harbour
from tests.journey.planning.telling import Story
from tests.journey.screening.telling import sign_in
from tests.support.browser import Devices
from tests.support.signed_in import client_of

SMALLEST = 44


@pytest.fixture(autouse=True)
def at_the_time_of_the_story() -> Iterator[None]:
    """Let pages and stories share a clock."""
    with time_machine.travel(NOW.replace(hour=15), tick=True):
        yield


def send(client: Client, name: str, /, *args: object, **typed: Any) -> Any:
    return client.post(reverse(name, args=args), {"once": str(uuid4()), **typed})


def read_all(client: Client, house: House) -> None:
    with scope(clinic=house.clinic.id):
        shown = edition_for(house.mother, NOW)
    for number, part in enumerate(shown.parts, 1):
        if part.question:
            send(client, "consent:part", number, answer=part.question.right)


def state(house: House) -> ConsentState:
    with scope(clinic=house.clinic.id):
        return consent_state(house.episode, NOW)


def test_parent_reads_answers_chooses_and_signs(house: House) -> None:
    phone = client_of(house.mother)
    read_all(phone, house)

    chosen = send(phone, "consent:touch", hand="on")
    signed = send(phone, "consent:sign", name="Maya Lindqvist", agreed="on")

    assert (chosen["Location"], signed["Location"]) == ("/me/agree/sign/", "/me/agree/")
    assert state(house) == ConsentState.CURRENT
    page = phone.get("/me/agree/").content.decode()
    assert "You signed on" in page
    assert "Mon 23 Nov 2026" in page
    assert "Someone may hold my hand" in page


def test_wrong_answer_is_explained_and_asked_again(house: House) -> None:
    phone = client_of(house.mother)
    sent = send(phone, "consent:part", 1, answer="approved")
    page = phone.get("/me/agree/1/").content.decode()

    assert sent["Location"] == "/me/agree/1/#question"
    assert "Not quite. Here it is again." in page
    assert "It is not. It is approved for surgery." in page


def test_answer_that_is_none_is_refused(house: House) -> None:
    answer = send(client_of(house.mother), "consent:part", 1, answer="<script>")

    assert answer.status_code == 422
    assert "Choose one of the answers." in answer.content.decode()


def test_whoever_begins_is_told_of_the_steps_that_the_list_of_parts_has_not(house: House) -> None:
    maya = client_of(house.mother)
    page, first = (maya.get(path).content.decode() for path in ("/me/agree/", "/me/agree/1/"))
    counted = re.search(r"Part 1 of (\d+)", first)

    assert counted is not None
    assert len(re.findall(r'class="row" href="/me/agree/\d+/', page)) == int(counted[1]) - 2
    assert "Two steps follow them" in page


def test_reading_goes_on_where_it_stopped(house: House) -> None:
    send(client_of(house.mother), "consent:part", 1, answer="not-approved")

    page = client_of(house.mother).get("/me/agree/").content.decode()
    assert "Go on with part 2" in page
    assert 'href="/me/agree/2/"' in page


def test_signature_before_the_last_answer_leads_back_to_reading(house: House) -> None:
    phone = client_of(house.mother)
    answer = send(phone, "consent:sign", name="Maya Lindqvist", agreed="on")

    assert (answer.status_code, answer["Location"]) == (303, "/me/agree/")
    assert state(house) == ConsentState.MISSING


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": "Maya Lindqvist"}, "Tick the box if you agree."),
        ({"name": "Maya", "agreed": "on"}, "Type your name as we have it: Maya Lindqvist."),
        ({"name": "x" * 100_000, "agreed": "on"}, "at most 200 characters"),
    ],
)
def test_signature_without_name_or_tick_is_refused_and_kept(house: House, typed: dict[str, str], words: str) -> None:
    phone = client_of(house.mother)
    read_all(phone, house)
    answer = send(phone, "consent:sign", **typed)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert typed["name"] in answer.content.decode()
    assert state(house) == ConsentState.MISSING


def test_signature_that_is_sent_twice_is_one(house: House) -> None:
    phone, key = client_of(house.mother), str(uuid4())
    read_all(phone, house)
    for _ in range(2):
        send(phone, "consent:sign", name="Maya Lindqvist", agreed="on", once=key)

    with scope(clinic=house.clinic.id):
        assert Consent.objects.count() == 1


def test_agreement_is_taken_back_in_two_taps(house: House) -> None:
    Story(house).agree(hand=True)
    phone = client_of(house.mother)

    assert 'href="/me/agree/back/"' in phone.get("/me/agree/").content.decode()
    send(phone, "consent:withdraw")

    assert state(house) == ConsentState.WITHDRAWN
    assert "You took your agreement back." in phone.get("/me/agree/").content.decode()


def test_taking_back_twice_is_no_error(house: House) -> None:
    Story(house).agree()
    phone = client_of(house.mother)
    answers = [send(phone, "consent:withdraw") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    with scope(clinic=house.clinic.id):
        assert Withdrawal.objects.count() == 1


def test_titles_and_addresses_are_neutral(house: House) -> None:
    phone = client_of(house.mother)
    for address in ("/me/agree/", "/me/agree/1/", "/me/agree/touch/", "/me/agree/back/"):
        page = phone.get(address).content.decode()
        assert "<title>Your agreement</title>" in page


def test_loss_leaves_no_baby_on_any_page(house: House) -> None:
    with scope(clinic=house.clinic.id):
        Loss.objects.create(
            clinic=house.clinic, family=house.mother.family, recorded_at=NOW, recorded_by=house.nurse.account
        )
        parts = len(edition_for(house.mother, NOW).parts)
    for person in (house.mother,):
        phone = client_of(person)
        pages = [phone.get("/me/agree/"), *(phone.get(f"/me/agree/{number}/") for number in range(1, parts + 1))]
        assert {page.status_code for page in pages} == {200}
        assert not any(b"baby" in page.content or b"breastfeed" in page.content for page in pages)


def test_parent_without_an_episode_finds_nothing_to_sign(house: House) -> None:
    phone = client_of(house.father)

    assert "There is nothing to read or sign" in phone.get("/me/agree/").content.decode()
    assert phone.get("/me/agree/1/").status_code == 404
    assert send(phone, "consent:withdraw").status_code == 404


@pytest.mark.parametrize("number", [0, 10, 99])
def test_part_that_is_not_there_is_not_found(house: House, number: int) -> None:
    assert client_of(house.mother).get(f"/me/agree/{number}/").status_code == 404


def test_clinic_sees_state_touch_and_tries(house: House) -> None:
    send(client_of(house.mother), "consent:part", 1, answer="approved")
    Story(house, now=NOW.replace(hour=16)).agree(hand=True)
    page = client_of(house.nurse).get(reverse("consent:of_parent", args=[house.mother.id])).content.decode()

    assert "Signed, current version" in page
    assert "2 tries" in page
    assert "Someone may hold my hand" in page


def test_nurse_takes_a_yes_back_for_her(house: House) -> None:
    Story(house).agree(hand=True)
    nurse = client_of(house.nurse)
    send(nurse, "consent:narrow_for", house.mother.id, kind="hand")
    again = send(nurse, "consent:narrow_for", house.mother.id, kind="hand")

    assert again.status_code == 422
    assert "There is no such yes to take back." in again.content.decode()


def test_nurse_takes_the_agreement_back_for_her(house: House) -> None:
    Story(house).agree()
    send(client_of(house.nurse), "consent:withdraw_for", house.mother.id)

    assert state(house) == ConsentState.WITHDRAWN


@pytest.mark.parametrize("outsider", ["prescriber", "nurse", "therapist", "administrator"])
def test_outsider_reaches_no_agreement(house: House, other_house: House, outsider: str) -> None:
    Story(house).agree(hand=True)
    client = client_of(getattr(other_house, outsider))
    answers = [
        client.get(reverse("consent:of_parent", args=[house.mother.id])),
        send(client, "consent:withdraw_for", house.mother.id),
        send(client, "consent:narrow_for", house.mother.id, kind="hand"),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert not any(b"Maya" in answer.content for answer in answers)
    assert state(house) == ConsentState.CURRENT


@pytest.mark.parametrize("role", ["therapist", "administrator"])
def test_only_who_may_witness_acts_for_her(house: House, role: str) -> None:
    Story(house).agree()

    assert send(client_of(getattr(house, role)), "consent:withdraw_for", house.mother.id).status_code == 404
    assert state(house) == ConsentState.CURRENT


def test_other_parents_pages_are_her_own(house: House, other_house: House) -> None:
    Story(house).agree(hand=True)

    page = client_of(other_house.mother).get("/me/agree/").content.decode()
    assert "You signed" not in page
    with scope(clinic=other_house.clinic.id):
        assert not TeachBackAnswer.objects.exists()


def test_each_page_needs_few_queries_and_is_light(
    house: House, django_assert_max_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    Story(house).agree(hand=True)
    phone, nurse = client_of(house.mother), client_of(house.nurse)
    record = reverse("consent:of_parent", args=[house.mother.id])
    for client, address in (
        (phone, "/me/agree/"),
        (phone, "/me/agree/2/"),
        (phone, "/me/agree/touch/"),
        (nurse, record),
    ):
        client.get(address)
        with django_assert_max_num_queries(20):
            assert len(client.get(address).content) < 100_000
    assert AuditEvent.objects.filter(action="read.agreement", parent_id=house.mother.id).count() == 2


def targets(page: Page) -> list[dict[str, Any]]:
    """Measure what can be touched on a page; links inside a sentence are text."""
    script = """() => [...document.querySelectorAll('main :is(a, button, input, label.choice, summary)')]
        .filter(one => one.checkVisibility() && !one.closest('p, dd') && one.type !== 'checkbox')
        .map(one => ({text: one.innerText, ...JSON.parse(JSON.stringify(one.getBoundingClientRect()))}))"""
    found: list[dict[str, Any]] = page.evaluate(script)
    return found


def read_every_part(page: Page, shown: Edition) -> None:
    """Tap through the parts; what can be touched is large enough on each."""
    for number, part in enumerate(shown.parts, 1):
        page.wait_for_url(f"**/me/agree/{number}/")
        assert min(box["height"] for box in targets(page)) >= SMALLEST
        if part.question:
            page.get_by_role("button", name=dict(part.question.options)[part.question.right], exact=True).tap()
        else:
            page.get_by_role("link", name="Go on", exact=True).tap()


def test_agreement_is_read_signed_and_taken_back_with_one_thumb(
    live: object, devices: Devices, axe: Callable[[Page], None]
) -> None:
    house = harbour()
    phone = devices.phone()
    sign_in(phone, house.mother)
    page = phone.new_page()
    with scope(clinic=house.clinic.id):
        shown = edition_for(house.mother, NOW)

    page.goto("/me/agree/")
    axe(page)
    page.get_by_role("link", name="Begin to read").tap()
    page.wait_for_url("**/me/agree/1/")
    axe(page)
    read_every_part(page, shown)
    page.wait_for_url("**/me/agree/touch/")
    axe(page)
    page.get_by_text("Someone may hold my hand").tap()
    page.get_by_role("button", name="Keep this and go on").tap()
    page.wait_for_url("**/me/agree/sign/")
    page.get_by_label("Type your name").fill("Maya Lindqvist")
    page.get_by_text("I agree", exact=True).tap()
    axe(page)
    page.get_by_role("button", name="Sign", exact=True).tap()
    page.wait_for_url("**/me/agree/")
    assert page.get_by_text("You signed on").is_visible()
    axe(page)
    page.get_by_role("link", name="Take my agreement back").tap()
    page.get_by_role("button", name="Take it back").tap()
    page.wait_for_url("**/me/agree/")
    assert page.get_by_text("You took your agreement back").is_visible()
