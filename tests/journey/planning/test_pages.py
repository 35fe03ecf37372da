"""Order, series and dosing day in the browser of those who may see them, and of those who may not."""

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

from firstlight.ground.people import services as episodes
from firstlight.ground.people.models import Loss
from firstlight.ground.people.selectors import parent_actor
from firstlight.ground.visits.models import Visit
from firstlight.journey.consent.services import withdraw
from firstlight.journey.planning.models import DayPlan, Order
from firstlight.journey.planning.selectors import current_order, feeding_release_of
from tests.cast import NOW, House, harbour
from tests.journey.planning.telling import Story
from tests.journey.screening.telling import sign_in
from tests.support.browser import Devices
from tests.support.signed_in import client_of

ORDER = {"mg_per_kg": "0.5", "minutes": "40", "sessions": "6", "weeks": "3", "reason": ""}
WHOLE = {
    "escort_name": "Jonas Lindqvist",
    "escort_phone": "+1 518 555 0143",
    "escort_is_adult": "on",
    "childcare_name": "Vera Lindqvist",
    "childcare_until": "09:00",
}


@pytest.fixture(autouse=True)
def at_the_time_of_the_story() -> Iterator[None]:
    """Let pages and stories share a clock."""
    with time_machine.travel(NOW.replace(hour=15), tick=True):
        yield


@pytest.fixture
def suitable(house: House) -> Story:
    """Maya, found suitable."""
    story = Story(house)
    story.baseline()
    story.decide()
    return story


def send(client: Client, name: str, /, *args: object, **typed: Any) -> Any:
    return client.post(reverse(name, args=args), {"once": str(uuid4()), **typed})


def plan_of(house: House) -> str:
    return reverse("planning:plan", args=[house.mother.id])


def standing(house: House) -> Order | None:
    with scope(clinic=house.clinic.id):
        return current_order(house.episode)


def test_order_form_begins_with_what_studies_used_and_shows_the_dose(suitable: Story) -> None:
    page = client_of(suitable.house.prescriber).get(plan_of(suitable.house)).content.decode()

    assert 'value="0.5"' in page
    assert "<strong>35 mg</strong>" in page
    assert "From 70 kg, rounded down to 0.1 mg, over 40 min." in page
    assert "Never above 1 mg/kg or 100 mg" in page


def test_dose_is_computed_anew_with_and_without_htmx(suitable: Story) -> None:
    prescriber = client_of(suitable.house.prescriber)
    address, typed = reverse("planning:compute", args=[suitable.house.mother.id]), ORDER | {"mg_per_kg": "0.8"}

    part = prescriber.post(address, typed, headers={"HX-Request": "true"}).content.decode()
    whole = prescriber.post(address, typed)

    assert "<strong>56 mg</strong>" in part
    assert "<html" not in part
    assert "This is above 0.75 mg/kg: say why." in part
    assert whole.status_code == 200
    assert "<strong>56 mg</strong>" in whole.content.decode()
    assert standing(suitable.house) is None


def test_prescriber_signs_an_order(suitable: Story) -> None:
    prescriber = client_of(suitable.house.prescriber)
    sent = send(prescriber, "planning:order", suitable.house.mother.id, **ORDER)

    order = standing(suitable.house)
    assert (sent.status_code, sent["Location"]) == (303, plan_of(suitable.house))
    assert order is not None
    assert order.dose_ug == 35_000
    page = prescriber.get(plan_of(suitable.house)).content.decode()
    assert "Ketamine, racemic: 35 mg (0.5 mg/kg), intravenous, over 40 min, 6 sessions in 3 weeks" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"mg_per_kg": "1.5"}, "This is above the limit of 1 mg/kg and 100 mg."),
        (
            {"mg_per_kg": ".5"},
            ".5 cannot be read as a dose. Write a zero before the point. Write milligrams per kilogram, such as 0.5.",
        ),
        ({"mg_per_kg": "0.50"}, "0.50 cannot be read as a dose. Leave out the zero at the end."),
        ({"mg_per_kg": "x" * 100_000}, "cannot be read as a dose."),
        ({"mg_per_kg": "0.8"}, "This dose needs a reason in words."),
        ({"minutes": "4O"}, "Write a whole number."),
        ({"minutes": "20"}, "at least 30 min"),
        ({"sessions": "60"}, "60 cannot be used. Choose 1 to 8."),
    ],
)
def test_impossible_order_is_refused_and_keeps_what_was_typed(
    suitable: Story, typed: dict[str, str], words: str
) -> None:
    answer = send(client_of(suitable.house.prescriber), "planning:order", suitable.house.mother.id, **(ORDER | typed))
    page = answer.content.decode()

    assert answer.status_code == 422
    assert words in page
    assert all(f'value="{value}"' in page for value in typed.values())
    assert standing(suitable.house) is None


def test_order_that_is_sent_twice_is_one(suitable: Story) -> None:
    prescriber, key = client_of(suitable.house.prescriber), str(uuid4())
    for _ in range(2):
        send(prescriber, "planning:order", suitable.house.mother.id, **ORDER, once=key)

    with scope(clinic=suitable.house.clinic.id):
        assert Order.objects.count() == 1


@pytest.mark.parametrize("role", ["nurse", "therapist"])
def test_only_the_prescriber_orders(suitable: Story, role: str) -> None:
    client = client_of(getattr(suitable.house, role))

    assert send(client, "planning:order", suitable.house.mother.id, **ORDER).status_code == 404
    assert "Sign this order" not in client.get(plan_of(suitable.house)).content.decode()
    assert standing(suitable.house) is None


def test_stopped_order_is_shown_with_its_reason(suitable: Story) -> None:
    suitable.order()
    prescriber = client_of(suitable.house.prescriber)
    without = send(prescriber, "planning:stop", suitable.house.mother.id, reason="")
    send(prescriber, "planning:stop", suitable.house.mother.id, reason="Raised liver enzymes.")

    assert without.status_code == 422
    assert standing(suitable.house) is None
    page = prescriber.get(plan_of(suitable.house)).content.decode()
    assert "No order stands." in page
    assert "Raised liver enzymes." in page


def test_nurse_looks_at_proposed_dates_and_books_them(suitable: Story) -> None:
    suitable.order()
    suitable.choose_therapist()
    suitable.rooms()
    house, nurse = suitable.house, client_of(suitable.house.nurse)
    address = reverse("planning:series", args=[house.mother.id])
    first = nurse.get(address)
    dosing = first.context["form"].fields["dosing_room"].choices[0][0]
    asked = {"first_date": "2026-11-26", "nurse": str(house.nurse.id), "dosing_room": dosing, "therapy_room": dosing}
    rows = nurse.get(address, asked).context["rows"]
    typed = {name: value for form in rows for name, value in ((bound.html_name, bound.value()) for bound in form)} | {
        f"form-{name}_FORMS": "13" for name in ("TOTAL", "INITIAL")
    }

    wrong = send(nurse, "planning:series", house.mother.id, **(typed | {"form-0-date": "2026-12-30"}))
    sent = send(nurse, "planning:series", house.mother.id, **typed)

    assert wrong.status_code == 422
    assert "A preparation visit with Ines Haddad comes before the first dose." in wrong.content.decode()
    assert "2026-12-30" in wrong.content.decode()
    assert sent.status_code == 303
    with scope(clinic=house.clinic.id):
        assert Visit.objects.count() == 13


@pytest.mark.parametrize(
    ("first", "words"), [("2026-11-23", "Choose a first day after today"), ("2026-02-31", "There is no such day.")]
)
def test_impossible_first_day_is_refused(suitable: Story, first: str, words: str) -> None:
    suitable.order()
    suitable.choose_therapist()
    room, _ = suitable.rooms()
    house = suitable.house
    asked = {"first_date": first, "nurse": house.nurse.id, "dosing_room": room.id, "therapy_room": room.id}
    answer = client_of(house.nurse).get(reverse("planning:series", args=[house.mother.id]), asked)

    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_parent_is_told_the_one_thing_that_is_missing(suitable: Story) -> None:
    house = suitable.house
    suitable.enter("breastfeeding", breastfeeding=False)
    Story(house, now=suitable.now).up_to_series()
    phone = client_of(house.mother)
    sent = send(phone, "planning:mine", **(WHOLE | {"childcare_name": ""}))
    page = phone.get("/me/plan/").content.decode()

    assert sent.status_code == 303
    assert "One thing is missing for Thursday: who stays with the baby overnight." in page
    assert "<title>Your plan</title>" in page


def test_parent_completes_her_day(suitable: Story) -> None:
    house = suitable.house
    Story(house, now=suitable.now).up_to_series()
    send(client_of(house.prescriber), "planning:release", house.mother.id, text="Feed before you come.")
    phone = client_of(house.mother)
    send(phone, "planning:mine", **WHOLE)
    page = phone.get("/me/plan/").content.decode()

    assert "Everything is in place." in page
    assert "Feed before you come." in page
    assert "Written for you by Amara Okafor" in page
    assert "One source says: do not" in page
    assert "Another says: you can, and watch the baby" in page


def test_words_about_feeding_reach_the_parent_only_when_released(suitable: Story) -> None:
    house = suitable.house
    Story(house, now=suitable.now).up_to_series()
    page = client_of(house.mother).get("/me/plan/").content.decode()

    assert "Your doctor writes this for you before your first day." in page
    assert "little ketamine gets into milk" not in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"childcare_until": "05:00"}, "05:00 is too early."),
        ({"childcare_until": "9 o'clock"}, "Write a time such as 09:00."),
        ({"escort_phone": "call me"}, "This is not a telephone number."),
        ({"no_children": "on"}, "You named somebody for the children."),
        ({"escort_name": "x" * 100_000}, "100000 characters are too many."),
    ],
)
def test_impossible_day_is_refused_and_keeps_what_was_typed(suitable: Story, typed: dict[str, str], words: str) -> None:
    house = suitable.house
    Story(house, now=suitable.now).up_to_series()
    answer = send(client_of(house.mother), "planning:mine", **(WHOLE | typed))
    page = answer.content.decode()

    assert answer.status_code == 422
    assert words in page
    assert "Vera Lindqvist" in page
    with scope(clinic=house.clinic.id):
        assert not DayPlan.objects.exists()


def test_loss_leaves_no_baby_on_the_plan(suitable: Story) -> None:
    house = suitable.house
    Story(house, now=suitable.now).up_to_series()
    with scope(clinic=house.clinic.id):
        Loss.objects.create(
            clinic=house.clinic, family=house.mother.family, recorded_at=NOW, recorded_by=house.nurse.account
        )
    page = client_of(house.mother).get("/me/plan/").content.decode()

    assert "baby" not in page
    assert "milk." not in page.replace("tea without milk.", "")
    assert "Who stays with other children overnight" in page
    assert "Words about feeding" not in client_of(house.prescriber).get(plan_of(house)).content.decode()


@pytest.mark.parametrize(("breastfeeds", "asked"), [(True, True), (False, False)])
def test_words_about_feeding_are_asked_for_only_where_somebody_breastfeeds(
    suitable: Story, breastfeeds: bool, asked: bool
) -> None:
    suitable.enter("breastfeeding", breastfeeding=breastfeeds)
    page = client_of(suitable.house.prescriber).get(plan_of(suitable.house)).content.decode()

    assert ("Words about feeding" in page) == asked


def test_her_feeds_are_tapped_and_the_next_day_begins_with_them(suitable: Story) -> None:
    house = suitable.house
    second = Story(house, now=suitable.now).up_to_series()[1]
    phone = client_of(house.mother)
    sent = send(phone, "planning:mine", **WHOLE, feeds_at=["13:00", "01:00"])
    refused = send(phone, "planning:mine", **WHOLE, feeds_at=["13:20"])

    assert sent.status_code == 303
    assert "13:20 is none of the hours. Choose among those shown." in refused.content.decode()
    for page in (phone.get("/me/plan/"), phone.get(f"/me/plan/{second.id}/")):
        ticked = re.findall(r'name="feeds_at" value="(\d\d:\d\d)"[^>]* checked', page.content.decode())
        assert ticked == ["13:00", "01:00"]


@pytest.mark.parametrize("why", ["no milk", "loss"])
def test_nothing_about_feeds_is_asked_or_kept_where_it_does_not_belong(suitable: Story, why: str) -> None:
    house = suitable.house
    visit = Story(house, now=suitable.now).up_to_series()[0]
    if why == "loss":
        with scope(clinic=house.clinic.id):
            Loss.objects.create(
                clinic=house.clinic, family=house.mother.family, recorded_at=NOW, recorded_by=house.nurse.account
            )
    else:
        suitable.enter("breastfeeding", breastfeeding=False)
    phone, nurse = client_of(house.mother), client_of(house.nurse)
    day = reverse("planning:day", args=[house.mother.id, visit.id])

    assert not re.search(r"feeds_at|\bfeed", phone.get("/me/plan/").content.decode() + nurse.get(day).content.decode())
    send(phone, "planning:mine", **WHOLE, feeds_at=["13:00"])
    with scope(clinic=house.clinic.id):
        assert DayPlan.objects.get().feeds_at == ()


def test_nurse_fills_the_day_for_her(suitable: Story) -> None:
    house = suitable.house
    visit = Story(house, now=suitable.now).up_to_series()[0]
    nurse = client_of(house.nurse)
    address = reverse("planning:day", args=[house.mother.id, visit.id])

    assert "who takes the parent home" in nurse.get(address).content.decode()
    assert send(nurse, "planning:day", house.mother.id, visit.id, **WHOLE).status_code == 303
    with scope(clinic=house.clinic.id):
        assert DayPlan.objects.get().by == house.nurse.account


def test_parent_without_a_day_is_told_who_acts_next(house: House) -> None:
    page = client_of(house.mother).get("/me/plan/").content.decode()

    assert "No day is booked yet" in page


@pytest.mark.parametrize(
    ("steps", "title"),
    [
        (("pause",), "Treatment rests for now"),
        (("pause", "stop"), "No day is planned"),
        (("pause", "resume"), "Your day at the clinic"),
    ],
)
def test_plan_of_a_treatment_that_rests_or_has_ended_asks_for_nothing(
    suitable: Story, steps: tuple[str, ...], title: str
) -> None:
    house = suitable.house
    story = Story(house, now=suitable.now)
    story.up_to_series()
    with scope(clinic=house.clinic.id):
        for step in steps:
            getattr(episodes, step)(episode=house.episode, reason="x", by=house.actor("prescriber"), at=story.tick())
    phone = client_of(house.mother)
    page = phone.get("/me/plan/").content.decode()

    assert title in page
    assert ("Nothing to eat for" in page) == (title == "Your day at the clinic")
    assert send(phone, "planning:mine", **WHOLE).status_code == (303 if "resume" in steps else 422)


def test_plan_of_a_withdrawn_agreement_asks_for_nothing(suitable: Story) -> None:
    house = suitable.house
    story = Story(house, now=suitable.now)
    story.up_to_series()
    story.agree()
    with scope(clinic=house.clinic.id):
        withdraw(parent=house.mother, episode=house.episode, by=parent_actor(house.mother), at=story.tick())
    page = client_of(house.mother).get("/me/plan/").content.decode()

    assert "You have withdrawn your agreement" in page
    assert "Nothing to eat for" not in page


@pytest.mark.parametrize("outsider", ["prescriber", "nurse", "administrator"])
def test_outsider_reaches_no_plan(suitable: Story, other_house: House, outsider: str) -> None:
    house = suitable.house
    visit = Story(house, now=suitable.now).up_to_series()[0]
    client, person = client_of(getattr(other_house, outsider)), house.mother.id
    answers = [
        client.get(plan_of(house)),
        client.get(reverse("planning:series", args=[person])),
        client.get(reverse("planning:day", args=[person, visit.id])),
        send(client, "planning:order", person, **ORDER),
        send(client, "planning:compute", person, **ORDER),
        send(client, "planning:stop", person, reason="x"),
        send(client, "planning:release", person, text="x"),
        send(client, "planning:day", person, visit.id, **WHOLE),
        send(client, "planning:series", person),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert not any(b"Maya" in answer.content for answer in answers)
    with scope(clinic=house.clinic.id):
        assert not DayPlan.objects.exists()
        assert feeding_release_of(house.mother) is None


def test_other_parent_does_not_reach_her_day(suitable: Story, other_house: House) -> None:
    house = suitable.house
    visit = Story(house, now=suitable.now).up_to_series()[0]
    for person in (house.father, other_house.mother):
        phone = client_of(person)
        assert phone.get(f"/me/plan/{visit.id}/").status_code == 404
        assert send(phone, "planning:of_day", visit.id, **WHOLE).status_code == 404


def test_day_of_one_person_is_not_reached_through_another(suitable: Story) -> None:
    house = suitable.house
    visit = Story(house, now=suitable.now).up_to_series()[0]
    address = reverse("planning:day", args=[house.father.id, visit.id])

    assert client_of(house.nurse).get(address).status_code == 404


def test_each_page_needs_few_queries_and_is_light(
    suitable: Story, django_assert_max_num_queries: Callable[[int], AbstractContextManager[Any]]
) -> None:
    house = suitable.house
    Story(house, now=suitable.now).up_to_series()
    for client, address in ((client_of(house.mother), "/me/plan/"), (client_of(house.prescriber), plan_of(house))):
        client.get(address)
        with django_assert_max_num_queries(20):
            assert len(client.get(address).content) < 100_000


def test_prescriber_types_a_dose_and_sees_it_computed(
    live: object, devices: Devices, axe: Callable[[Page], None]
) -> None:
    house = harbour()
    story = Story(house)
    story.baseline()
    story.decide()
    desktop = devices.desktop()
    sign_in(desktop, house.prescriber)
    page = desktop.new_page()
    page.goto(plan_of(house))
    axe(page)

    page.get_by_label("Dose per kilogram").fill("0.8")
    page.get_by_text("56 mg").wait_for()
    page.get_by_label("Dose per kilogram").fill("8")
    page.get_by_text("It cannot be ordered here.").wait_for()
    page.get_by_label("Dose per kilogram").fill("0.5")
    page.get_by_text("35 mg").wait_for()
    page.get_by_role("button", name="Sign this order").click()
    page.get_by_text("Signed by").wait_for()
    axe(page)


def test_parent_fills_her_day_with_one_thumb(live: object, devices: Devices, axe: Callable[[Page], None]) -> None:
    house = harbour()
    Story(house).up_to_series()
    phone = devices.phone()
    sign_in(phone, house.mother)
    page = phone.new_page()
    page.goto("/me/plan/")
    axe(page)

    page.get_by_label("Who takes you home").fill("Jonas Lindqvist")
    page.get_by_label("Telephone of that person").fill("+1 518 555 0143")
    page.get_by_text("That person is 18 or older").tap()
    page.get_by_text("16:00").tap()
    page.get_by_label("Who stays with the baby overnight").fill("Vera Lindqvist")
    page.get_by_role("button", name="Keep this plan").tap()
    page.wait_for_url("**/me/plan/*/")

    assert page.get_by_text("One thing is missing for Thursday: your feeding plan").is_visible()
    assert page.get_by_label("16:00").is_checked()
    axe(page)
