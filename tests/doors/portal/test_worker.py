"""The parent's service worker: what it keeps is there, is neutral, and holds nothing about anybody."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from firstlight.doors.portal import worker
from firstlight.journey.screening.models import QuestionSet
from tests.cast import House
from tests.journey.screening.telling import day_set
from tests.support.signed_in import client_of


@pytest.fixture
def known() -> dict[str, object]:
    """What the worker is told, read from its own first line."""
    script = Client().get("/me/worker.js").content.decode()
    said: dict[str, object] = json.loads(script.splitlines()[0].removeprefix("const settings = ").rstrip(";"))
    return said


@pytest.mark.django_db
def test_worker_is_a_script_of_its_own_realm_that_is_asked_for_anew_each_time() -> None:
    answer = Client().get("/me/worker.js")

    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.django_db
def test_everything_that_it_keeps_is_there(known: dict[str, object]) -> None:
    for address in known["assets"]:
        assert finders.find(str(address).removeprefix("/static/")), address
    assert Client().get(known["offline"]).status_code == 200
    assert known["leave"] == "/me/leave/"


def test_it_keeps_whatever_the_page_of_a_check_in_is_drawn_with(house: House, known: dict[str, object]) -> None:
    question_set: QuestionSet = day_set(house)
    page = client_of(house.mother).get(f"/me/q/{question_set.id}/1/").content.decode()
    drawn = set(re.findall(r'(?:<script src|<link rel="[a-z]+" href)="(/static/[^"]+)"', page))

    assert len(drawn) > 10
    assert drawn - set(known["assets"]) == set()


def test_page_without_connection_is_the_same_for_everybody(house: House) -> None:
    pages = {client.get("/me/offline/").status_code for client in (Client(), client_of(house.mother))}
    page = Client().get("/me/offline/").content.decode()

    assert pages == {200}
    assert not re.search(r"ketamine|depress|Harbour|Maya|mood", page, re.IGNORECASE)
    assert "tel:988" in page


@pytest.mark.django_db
def test_changed_file_makes_a_new_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    worker._version.cache_clear()
    before = Client().get("/me/worker.js").content
    worker._version.cache_clear()
    monkeypatch.setattr(worker, "ASSETS", worker.ASSETS[:-1])
    after = Client().get("/me/worker.js").content
    worker._version.cache_clear()

    assert before.splitlines()[0] != after.splitlines()[0]
    assert re.findall(rb'"version": "(\w+)"', before) != re.findall(rb'"version": "(\w+)"', after)
