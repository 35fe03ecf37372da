"""People in care, one record's first page, and the bar that always says whose it is."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope
from time_machine import Traveller

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people import services
from firstlight.ground.people.models import Episode
from firstlight.ground.vault import services as vault
from tests.cast import NOW, House
from tests.ground.people.hands import once
from tests.support.signed_in import client_of

PEOPLE = "/clinic/people/"


@pytest.fixture
def nurse(house: House, clock: Traveller, announced: dict[str, Any]) -> Client:
    return client_of(house.nurse)


def invited(house: House, name: str) -> Episode:
    with scope(clinic=house.clinic.id):
        by = house.actor("nurse")
        email = f"{name.split()[0].lower()}@{name.split()[-1].lower()}.example"
        episode = services.log_enquiry(clinic_id=house.clinic.id, name=name, email=email, by=by, at=NOW)
        services.contact(episode=episode, by=by, at=NOW)
        services.invite(episode=episode, by=by, at=NOW)
        return episode


def test_the_list_names_age_state_and_what_is_next(house: House, nurse: Client) -> None:
    row = nurse.get(PEOPLE).content.decode().partition("Maya Lindqvist")[2].partition("</tr>")[0]

    for fact in ("33", "Mother", "Invited", "Mon 5 Jan 2026", "Questions and assessment"):
        assert fact in row


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=maya", {"Maya"}),
        ("search=LIND", {"Maya"}),
        ("search=weiss+han", {"Hannah"}),
        ("search=", {"Maya", "Hannah"}),
        ("search=nobody", set()),
        ("state=invited", {"Maya", "Hannah"}),
        ("state=paused", set()),
        ("state=nonsense", {"Maya", "Hannah"}),
        ("search=" + "a" * 1000, {"Maya", "Hannah"}),
        ("search=%00", {"Maya", "Hannah"}),
    ],
)
def test_the_list_is_searched_by_name_and_state(house: House, nurse: Client, query: str, found: set[str]) -> None:
    invited(house, "Hannah Weiss")

    page = nurse.get(f"{PEOPLE}?{query}").content.decode()

    assert {name for name in ("Maya", "Hannah") if f"{name} " in page} == found


def test_a_search_without_a_hit_says_what_to_try(nurse: Client) -> None:
    assert "Try a part of the name" in nurse.get(f"{PEOPLE}?search=zzz").content.decode()


def test_who_ended_is_found_by_state_only(house: House, nurse: Client) -> None:
    episode = invited(house, "Hannah Weiss")
    with scope(clinic=house.clinic.id):
        services.close(episode=episode, reason="Moved away.", by=house.actor("nurse"), at=NOW)

    assert "Hannah" not in nurse.get(PEOPLE).content.decode()
    assert "Hannah" in nurse.get(f"{PEOPLE}?state=closed").content.decode()


def test_the_list_costs_the_same_for_many(house: House, nurse: Client) -> None:
    for number in range(12):
        invited(house, f"Person{number} Last{number}")
    nurse.get(PEOPLE)

    with CaptureQueriesContext(connection) as captured:
        nurse.get(PEOPLE)

    assert len(captured) <= 20


def test_the_list_of_a_large_clinic_comes_in_pages_and_costs_no_more(
    house: House, nurse: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many more people than keys are opened at once: each key asked for by itself would be a query a person."""
    monkeypatch.setattr("firstlight.ground.people.selectors.care.PEOPLE_ON_A_PAGE", 10)
    monkeypatch.setattr("firstlight.ground.vault.services.OPENED_AT_ONCE", 2)
    for number in range(10, 40):
        invited(house, f"Person{number} Last{number}")
    nurse.get(PEOPLE)  # the sign-in is noted as seen once in half a minute; that is no cost of this page
    shown, costs = [], []
    for page in ("", "2", "3", "4"):
        vault._open_keys.clear()
        with CaptureQueriesContext(connection) as captured:
            text = nurse.get(PEOPLE, {"page": page, "search": "person"}).content.decode()
        shown.append(re.findall(r">(Person\d\d) Last", text))
        costs.append(len(captured))

    assert shown == [[f"Person{number}" for number in range(first, first + 10)] for first in (10, 20, 30, 30)]
    assert max(costs) <= 20
    assert "21 to 30 of 30" in text
    assert "?page=2&amp;search=person" in text


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 400, "1e3", "\x00"])
def test_page_that_there_is_not_shows_one_that_there_is(house: House, nurse: Client, page: str) -> None:
    assert "Maya Lindqvist" in nurse.get(PEOPLE, {"page": page}).content.decode()


def test_the_record_shows_contact_family_and_history_and_is_read_once(house: House, nurse: Client) -> None:
    page = nurse.get(f"{PEOPLE}{house.mother.id}/").content.decode()

    for fact in (
        "Maya Lindqvist",
        "Sat 17 Apr 1993",
        "33 years",
        ">ML<",
        "Jonas Lindqvist",
        "Mon 6 Jul 2026",
        "Breast milk only",
    ):
        assert fact in page
    read = AuditEvent.objects.filter(action__startswith="read.")
    assert [(event.action, event.parent_id) for event in read] == [("read.overview", house.mother.id)]


def test_the_record_costs_few_queries(house: House, nurse: Client) -> None:
    nurse.get(f"{PEOPLE}{house.mother.id}/")

    with CaptureQueriesContext(connection) as captured:
        nurse.get(f"{PEOPLE}{house.mother.id}/")

    assert len(captured) <= 20


def test_the_tab_of_the_browser_names_nobody(house: House, nurse: Client) -> None:
    for page in ("", "details/", "family/child/", "family/loss/"):
        title = (
            nurse.get(f"{PEOPLE}{house.mother.id}/{page}").content.decode().partition("<title>")[2].partition("<")[0]
        )
        assert title
        assert "Maya" not in title
        assert "ML" not in title


def test_every_page_of_a_record_says_whose_it_is(house: House, nurse: Client) -> None:
    for page in ("", "details/", "family/child/", "family/loss/"):
        response = nurse.get(f"{PEOPLE}{house.mother.id}/{page}")
        bar = response.content.decode().partition("clinic-identity")[2].partition("</header>")[0]
        assert all(fact in bar for fact in ("Maya Lindqvist", "33 years", "17 Apr 1993", "ML"))


def test_a_birthday_is_counted_where_the_clinic_stands(house: House) -> None:
    parent = house.mother
    for at, age in (
        (NOW.replace(month=4, day=17, hour=3), "32 years"),
        (NOW.replace(month=4, day=17, hour=5), "33 years"),
    ):
        shown = render_to_string("people/_identity.html", {"parent": parent, "request": SimpleNamespace(now=at)})
        assert age in shown


def test_the_other_clinic_finds_nothing(house: House, other_house: House, nurse: Client) -> None:
    for page in ("", "details/", "family/child/", "family/loss/"):
        response = nurse.get(f"{PEOPLE}{other_house.mother.id}/{page}")
        assert response.status_code == 404
        assert "Zelda" not in response.content.decode()
    refused = AuditEvent.objects.filter(outcome="refused")
    assert refused.count() == 4
    assert {event.chain for event in refused} == {str(house.clinic.id)}


def test_the_buttons_are_those_of_the_state_and_the_role(
    house: House, clock: Traveller, announced: dict[str, Any]
) -> None:
    with scope(clinic=house.clinic.id):
        Episode.objects.filter(id=house.episode.id).update(state="active")
    buttons = {}
    for who in ("prescriber", "nurse", "therapist"):
        page = client_of(getattr(house, who)).get(f"{PEOPLE}{house.mother.id}/").content.decode()
        buttons[who] = {
            verb for verb in ("pause", "stop", "transfer", "close", "link", "invite") if f"/{verb}/?from" in page
        }

    assert buttons == {
        "prescriber": {"pause", "stop", "transfer", "close", "link"},
        "nurse": {"pause", "link"},
        "therapist": set(),
    }


def test_treatment_is_paused_from_the_record_and_leads_back_to_it(house: House, nurse: Client) -> None:
    with scope(clinic=house.clinic.id):
        Episode.objects.filter(id=house.episode.id).update(state="active", moved_at=NOW - timedelta(days=3))

    form = {"reason": "Fever.", "expected": "active", **once()}
    response = nurse.post(f"/clinic/episodes/{house.episode.id}/pause/?from=record", form)

    assert response["Location"] == f"{PEOPLE}{house.mother.id}/"
    page = nurse.get(response["Location"]).content.decode()
    assert "Paused" in page
    assert "Fever." in page
