"""The demo clinic: everything in it was made through services, its books hold, and it can rest over night."""

import os
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django_scopes import scope, scopes_disabled

from firstlight.doors.demo.cast import cast
from firstlight.doors.demo.house import house_of
from firstlight.doors.demo.restarting import bring_up_to
from firstlight.doors.demo.sessions import dose
from firstlight.ground.audit import verification as audit
from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.documents.models import Document
from firstlight.ground.ledger import verification as ledger
from firstlight.ground.people.models import Clinic, Episode, EpisodeEvent, EpisodeState, Parent
from firstlight.ground.visits import services as visits
from firstlight.ground.visits.models import Visit
from firstlight.ground.worklist.models import Task
from firstlight.journey.dosing.models import LIVE, Session
from firstlight.journey.response.selectors import change_of, reports_of, score_measure
from firstlight.journey.screening.models import Answer, QuestionSet
from tests.site.asking import browser_of
from tests.support.demo import Demo
from tests.support.installation import free_port


@pytest.fixture
def lantern_house(demo: Demo, undone: None) -> Any:
    """The demo's clinic, in its scope."""
    clinic = Clinic.objects.get(slug="lantern-house")
    with scope(clinic=clinic.id):
        yield clinic


def test_demo_has_eighteen_parents_in_every_state(lantern_house: Clinic) -> None:
    names = {role.name for role in cast().parents}
    episodes = [one for one in Episode.objects.select_related("parent") if one.parent.name in names]

    assert len(episodes) == 18
    assert {one.state for one in episodes} == set(EpisodeState.values)
    assert {one.parent.relation for one in episodes} == {"mother", "father", "partner", "adoptive"}
    assert Task.objects.filter(finished_at__isnull=True).exists()


def test_demo_tells_how_care_rested_went_on_and_ended(lantern_house: Clinic) -> None:
    taken = {key: _steps_of(key) for key in ("peter", "ivy", "samuel", "claire", "robin", "lucia")}

    into_care = ["logged", "contacted", "invited", "assessed"]
    assert taken == {
        "peter": ["logged", "contacted", "declined"],
        "ivy": [*into_care, "active", "paused"],
        "samuel": [*into_care, "active", "paused", "active"],
        "claire": [*into_care, "active", "stopped"],
        "robin": [*into_care, "transferred"],
        "lucia": [*into_care, "closed"],
    }
    (handed_over,) = Task.objects.filter(kind="hand_over")
    assert handed_over.finished_at is not None
    assert Document.objects.get(parent=handed_over.parent, kind="decline_letter").released_at
    assert Session.objects.get(parent=_called("claire")).state == "left"


def test_demo_asks_nothing_of_staff_for_care_that_rests_or_ended(demo: Demo, lantern_house: Clinic) -> None:
    quiet = [_called(key) for key in ("peter", "ivy", "claire", "robin", "lucia")]
    doctor = Client()
    doctor.post("/clinic/demo/prescriber/")

    today = doctor.get("/clinic/").content.decode()

    assert not Task.objects.filter(finished_at=None, parent__in=quiet).exists()
    assert not QuestionSet.objects.filter(completed_at=None, parent__in=quiet, expires_at__gt=demo.now).exists()
    assert [one.name for one in quiet if one.name in today] == []


def _called(key: str) -> Parent:
    return next(one for one in Parent.objects.all() if one.name == cast().parent(key).name)


def _steps_of(key: str) -> list[str]:
    return list(
        EpisodeEvent.objects.filter(episode__parent=_called(key)).order_by("at").values_list("state", flat=True)
    )


@pytest.mark.parametrize(
    ("key", "direction", "reliable"),
    [("elena", "better", True), ("priya", "better", False), ("daniel", "worse", True)],
)
def test_demo_has_three_finished_courses(
    demo: Demo, lantern_house: Clinic, key: str, direction: str, reliable: bool
) -> None:
    from firstlight.ground.audit.actors import Actor

    parents = {episode.parent.name: episode.parent for episode in Episode.objects.select_related("parent")}
    parent = parents[cast().parent(key).name]

    change = change_of(score_measure(reports_of(Actor.system(lantern_house.id), parent.id), "phq-9", demo.now))

    assert Session.objects.filter(parent=parent, state="left").count() == 6
    assert change is not None
    assert (change.direction, change.reliable) == (direction, reliable)
    assert (change.first, change.last) == (cast().parent(key).phq[0], cast().parent(key).phq[-1])


@pytest.mark.parametrize(
    ("key", "days", "bond"),
    [("elena", "better", "better"), ("priya", "same", "same"), ("daniel", "worse", None)],
)
def test_days_and_closeness_to_the_child_go_with_the_course(
    demo: Demo, lantern_house: Clinic, key: str, days: str, bond: str | None
) -> None:
    """Nobody answers 0 of 100 throughout: who gets well does more in a day, and says so."""
    from firstlight.ground.audit.actors import Actor

    said = reports_of(Actor.system(lantern_house.id), _called(key).id)
    living = [point.value for point in score_measure(said, "daily-life", demo.now).points]
    pbq = [point.value for point in score_measure(said, "pbq", demo.now).points]

    assert (_way(living), _way([-value for value in pbq if value is not None]) if pbq else None) == (days, bond)
    assert 0 not in (*living, *pbq)
    energy = Answer.objects.filter(instrument="check-in", item="energy", question_set__parent=_called(key))
    assert {row.value for row in energy} != {0}


def _way(values: list[Any]) -> str:
    """Tell which way the values went, where more is better."""
    assert len(values) > 1
    gone = values[-1] - values[0]
    return "same" if abs(gone) < 6 else "better" if gone > 0 else "worse"


def test_somebody_in_the_demo_has_the_daily_check_in_open(demo: Demo, lantern_house: Clinic) -> None:
    """Samuel, three days after his first dose, for the rest of the day."""
    waiting = QuestionSet.objects.get(parent=_called("samuel"), set_name="day", completed_at=None)
    page = Client().get("/demo/").content.decode()
    client = Client()
    client.post("/me/demo/samuel/")

    assert waiting.expires_at - demo.now > timedelta(hours=4)
    assert not Answer.objects.filter(question_set=waiting).exists()
    assert page.count("a check-in of four taps is open") == 1
    assert f"/me/q/{waiting.id}/" in client.get("/me/").content.decode()


def test_demo_asks_fathers_and_the_bereaved_nothing_about_a_birth(lantern_house: Clinic) -> None:
    people = {episode.parent.name: episode.parent for episode in Episode.objects.select_related("parent")}
    health = Answer.objects.filter(instrument="health-10")
    asked = {
        key: {row.item for row in health.filter(question_set__parent=people[cast().parent(key).name])}
        for key in ("elena", "daniel", "aisha")
    }

    assert {"pregnant", "birth", "milk"} <= asked["elena"]
    assert asked["daniel"] == asked["aisha"] == asked["elena"] - {"pregnant", "birth", "milk"}


def test_demo_books_hold(lantern_house: Clinic) -> None:
    with scopes_disabled():
        assert audit.verify() == []
        assert ledger.verify() == []


def test_demo_left_alone_over_night_ends_its_session_and_opens_another(demo: Demo, lantern_house: Clinic) -> None:
    running = Session.objects.get(state__in=LIVE)
    tomorrow = demo.now + timedelta(hours=14)

    assert bring_up_to(tomorrow)

    running.refresh_from_db()
    opened = Session.objects.get(state__in=LIVE)
    assert running.state == "left"
    assert running.ended_at is not None
    assert running.ended_at < tomorrow
    assert opened.number == running.number + 1
    assert tomorrow - timedelta(hours=1) < opened.opened_at < tomorrow
    with scopes_disabled():
        assert ledger.verify() == []


def test_demo_keeps_what_a_visitor_charted_and_opens_mayas_next_session(demo: Demo, lantern_house: Clinic) -> None:
    """A visitor moved Tom's first dose to today and dosed him; over night both sessions come to their end."""
    house, begins = house_of(lantern_house), demo.now + timedelta(hours=1)
    maya = Session.objects.get(state__in=LIVE)
    booked = Visit.objects.filter(parent__in=named("Tom Becker")).order_by("starts_at")
    talk, visit = booked.filter(kind="preparation")[0], booked.filter(kind="dosing")[0]
    nurse = house.actor("nurse")
    talked = visits.move(visit=talk, starts_at=demo.now - timedelta(hours=1), by=nurse, at=demo.now)
    visits.mark_happened(visit=talked, by=house.actor("therapist"), at=talked.ends_at)
    moved = visits.move(visit=visit, starts_at=begins, by=nurse, at=demo.now)
    episode = Episode.objects.select_related("parent__family", "clinic").get(parent=visit.parent_id)
    for _at in dose(cast().parent("tom"), house, episode, moved, 0, begins + timedelta(minutes=45), Random(1)):
        pass
    tomorrow = begins + timedelta(hours=14)

    assert bring_up_to(tomorrow)

    (charted,) = Session.objects.filter(parent=visit.parent_id)
    opened = Session.objects.get(state__in=LIVE)
    assert charted.state == "left"
    assert charted.started_at == begins + timedelta(minutes=30)
    assert (opened.parent_id, opened.number) == (maya.parent_id, maya.number + 1)


def named(name: str) -> list[Parent]:
    """Return who has a name, which is sealed and so cannot be searched for."""
    return [parent for parent in Parent.objects.all() if parent.name == name]


def test_demo_opened_on_three_days_plays_three_sessions(demo: Demo, lantern_house: Clinic) -> None:
    numbers = [Session.objects.get(state__in=LIVE).number]
    for night in (1, 2):
        assert bring_up_to(demo.now + night * timedelta(hours=14))
        numbers.append(Session.objects.get(state__in=LIVE).number)

    assert numbers == [3, 4, 5]


def test_demo_opened_again_at_once_changes_nothing(demo: Demo, lantern_house: Clinic) -> None:
    before = AuditEvent.objects.count()

    assert bring_up_to(demo.now + timedelta(minutes=5))

    assert AuditEvent.objects.count() == before


def test_visit_whose_session_is_under_way_is_not_called_booked(demo: Demo, undone: None) -> None:
    nurse = Client()
    nurse.post("/clinic/demo/nurse/")
    shown = nurse.get("/clinic/").content.decode().partition("Visits today")[2]

    assert "Maya Torres" in shown
    assert "In the chair" in shown
    assert "Booked" not in shown


def test_links_in_messages_lead_to_the_port_of_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    from firstlight.conf.management.commands import demo as command

    port, made, served = free_port(), [], []
    monkeypatch.setenv("FIRSTLIGHT_ADDRESS", "")
    monkeypatch.delenv("FIRSTLIGHT_ADDRESS")
    monkeypatch.setattr(settings, "PUBLIC_ADDRESS", "http://localhost:8000")
    monkeypatch.setattr(command.Command, "_make", lambda *_given: made.append(settings.PUBLIC_ADDRESS))
    monkeypatch.setattr(command, "supervise", lambda *_given, say: served.append(os.environ["FIRSTLIGHT_ADDRESS"]))
    call_command("demo", port=port)

    assert made == served == [f"http://localhost:{port}"]


def test_one_click_sign_in_exists_only_in_a_demo(demo: Demo, undone: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Client().post("/clinic/demo/nurse/").status_code == 303
    assert Client().post("/me/demo/elena/").status_code == 303
    assert Client().post("/me/demo/sofia/").status_code == 404
    assert Client().post("/clinic/demo/nurse/", REMOTE_ADDR="192.0.2.7").status_code == 404

    monkeypatch.setattr(settings, "PRODUCTION", True)
    assert Client().post("/clinic/demo/nurse/").status_code == 404

    monkeypatch.setattr(settings, "PRODUCTION", False)
    monkeypatch.setattr(settings, "DEMO", False)
    assert Client().get("/demo/").status_code == 404


@pytest.mark.parametrize("page", ["/me/", "/me/line/"])
def test_missing_answer_breaks_a_parents_line_on_each_of_her_pages(demo: Demo, undone: None, page: str) -> None:
    with scopes_disabled():
        elena = next(one for one in Parent.objects.select_related("account", "clinic") if one.name == "Elena Novak")

    shown = browser_of(elena).get(page).content.decode()

    assert "A hollow square: no answer came that time." in shown
    assert "A star" not in shown
    assert shown.count('<polyline class="m-score"') == 1
    assert shown.count('<circle class="m-ring"') == 3
