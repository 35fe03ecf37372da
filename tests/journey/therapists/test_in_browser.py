"""Visits, papers and therapist, on the parent's phone and on the clinic's desk."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from playwright.sync_api import Page

from firstlight.clinical.evidence import Tag, sources, text
from firstlight.ground.documents import services as documents
from firstlight.ground.people.models import Membership, Parent
from firstlight.ground.visits import services as visits
from firstlight.journey.learn.reading import signs
from firstlight.journey.therapists import services as therapists
from tests.cast import House, harbour
from tests.journey.screening.telling import sign_in
from tests.journey.therapists.test_choosing import listed
from tests.support.browser import Devices
from tests.support.pseudo import bare_words, pseudo_locale
from tests.support.signed_in import client_of
from tests.support.thumb import check_thumb

MOST_QUERIES, MOST_BYTES = 20, 100_000
DATA = (
    "Harbour Clinic", "Maya Lindqvist", "Ines Haddad", "Psychologist", "Ruth Calder", "Registered nurse", "Tomas Reyes",
    "Amara Okafor", "Psychiatrist", "Room 1", "Letter", "Words", "read it", "birth trauma", "English", "PSY-1", "NY",
    "ML",
)  # fmt: skip


@dataclass(frozen=True)
class Pages:
    """Addresses for the parent's phone and for the desk."""

    mine: list[str]
    clinic: list[str]


def pages_of(house: House) -> Pages:
    """Let a week of care leave its traces; return the pages that show it."""
    now = timezone.now()
    tomorrow = (now.astimezone(ZoneInfo(house.clinic.timezone)) + timedelta(days=1)).replace(hour=10, minute=0)
    nurse = house.actor("nurse")
    with scope(clinic=house.clinic.id):
        listed(house, house.therapist, on=(now - timedelta(days=2)).date(), until=(now + timedelta(days=300)).date())
        therapists.choose(episode=house.episode, therapist=house.therapist, by=house.actor("mother"), at=now)
        room = visits.add_room(clinic_id=house.clinic.id, name="Room 1", by=nurse, at=now)
        booked = [
            visits.book(
                kind=kind,
                parent=house.mother,
                staff=house.therapist,
                room=room if days % 2 else None,
                starts_at=tomorrow + timedelta(days=days),
                minutes=50,
                by=nurse,
                at=now,
            )
            for days, kind in enumerate(["preparation", "dosing", "integration", "talk"])
        ]
        for _ in range(4):
            letter = documents.file_document(
                kind="letter",
                parent=house.mother,
                title="Letter",
                body=[{"heading": "Words", "table": {"columns": ["Words"], "rows": [["Words"]]}}],
                by=nurse,
                at=now,
                release_now=True,
            )
            documents.sign(document=letter, meaning="read it", by=nurse, at=now)
    mother = house.mother.id
    return Pages(
        mine=[
            reverse("visits:mine"),
            reverse("documents:mine"),
            reverse("documents:my_document", args=[letter.id]),
            reverse("therapists:mine"),
            reverse("therapists:others"),
        ],
        clinic=[
            f"{reverse('visits:calendar')}?date={tomorrow:%Y-%m-%d}",
            reverse("visits:of_parent", args=[mother]),
            reverse("visits:visit", args=[booked[0].id]),
            reverse("documents:of_parent", args=[mother]),
            reverse("documents:document", args=[letter.id]),
            reverse("therapists:of_parent", args=[mother]),
        ],
    )


def everyone(house: House) -> list[tuple[Membership | Parent, str]]:
    pages = pages_of(house)
    return [(house.mother, page) for page in pages.mine] + [(house.nurse, page) for page in pages.clinic]


def test_pages_ask_the_database_rarely_and_are_light(house: House) -> None:
    heavy = []
    for person, address in everyone(house):
        client = client_of(person)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        assert response.status_code == 200
        if len(queries) > MOST_QUERIES or len(response.content) > MOST_BYTES:
            heavy.append((address, len(queries), len(response.content)))

    assert heavy == []


def test_words_are_marked_for_translation(house: House) -> None:
    zone, phone = house.clinic.timezone, house.clinic.phone
    groups, happened = signs()
    told = [text(words) for group in groups for words in (group.heading, *group.signs)] + [text(happened)]
    told += [sources()[key].title for group in groups for key in group.sources]
    told += [text(tag.meaning) for tag in Tag]
    told.sort(key=len, reverse=True)  # "Touch" also begins a sentence
    bare = {}
    for person, address in everyone(house):
        client = client_of(person)
        with pseudo_locale():
            html = client.get(address).content.decode()
        bare[address] = bare_words(html, data=(*DATA, *told, *re.findall(r"\b[0-9a-f]{64}\b", html), zone, phone))

    assert {address: words for address, words in bare.items() if words} == {}


@pytest.mark.slow
def test_parents_pages_fit_a_thumb(own_database: None, devices: Devices, axe: Callable[[Page], None]) -> None:
    house = harbour()
    phone = devices.phone()
    sign_in(phone, house.mother)
    page = phone.new_page()

    for address in pages_of(house).mine:
        page.goto(address)
        check_thumb(page)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert page.title() in {"Your visits", "Your papers", "Your paper", "Who you work with"}


@pytest.mark.slow
def test_clinics_pages_are_accessible(own_database: None, devices: Devices, axe: Callable[[Page], None]) -> None:
    house = harbour()
    desk = devices.desktop()
    sign_in(desk, house.nurse)
    page = desk.new_page()

    for address in pages_of(house).clinic:
        page.goto(address)
        axe(page)
