"""Who sees nothing of a session: another clinic, a parent, an administrator; who only looks: the therapist."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.http import Http404
from django.test import Client

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.models import Membership, Parent
from firstlight.journey.dosing import selectors
from tests.cast import House
from tests.journey.dosing.telling import AWAKE, Chair
from tests.support.signed_in import client_of

STEPS = (
    "chart/",
    "mark/",
    "second/",
    "check/",
    "rate/",
    "leave/",
    "recovery/",
    "right-now/",
    "cancel/",
    "discard/",
    "pump/pause/",
    "gate/escort/",
)


def addresses(chair: Chair) -> list[str]:
    one = f"/clinic/sessions/{chair.open.id}/"
    notice = f"/clinic/sessions/notices/{chair.notices[0].id}/"
    row = chair.sheet.observations[0]
    steps = [f"{one}{step}" for step in (*STEPS, "prepare/", f"chart/{row.id}/", *scores(chair))]
    return [one, f"{one}live/", notice, *steps, f"/clinic/sessions/open/{chair.first.id}/"]


def scores(chair: Chair) -> list[str]:
    said = [f"right-now/{row.id}/" for row in chair.sheet.right_now]
    return [*(f"recovery/{score.id}/" for score in chair.sheet.scores), *said]


def answers(client: Client, chair: Chair) -> set[tuple[str, int]]:
    """Ask every address of the session both ways."""
    found = set()
    with time_machine.travel(chair.now, tick=False):
        for address in addresses(chair):
            found.add(("get", client.get(address).status_code))
            found.add(("post", client.post(address, {"reason": "x", "kind": "headache"}).status_code))
    return found


def client_at(chair: Chair, person: Membership | Parent) -> Client:
    with time_machine.travel(chair.now, tick=False):
        return client_of(person)


@pytest.fixture
def running(chair: Chair) -> Chair:
    """A session under way with an open notice."""
    chair.infusing().after(5).chart(sbp=165, dbp=90)
    return chair


@pytest.mark.parametrize("role", ["nurse", "prescriber", "administrator"])
def test_other_clinic_finds_and_writes_no_modified_aldrete(chair: Chair, outsiders: House, role: str) -> None:
    row = chair.rested().score()
    chair.chart(hr=112)
    client, rows = client_at(chair, getattr(outsiders, role)), dict.fromkeys(AWAKE, 1)

    with time_machine.travel(chair.now, tick=False):
        for step in ("recovery/", f"recovery/{row.id}/"):
            sent = {**rows, "client_id": uuid4(), "reason": "x", "once": uuid4()}
            assert client.post(f"/clinic/sessions/{chair.open.id}/{step}", sent).status_code == 404

    assert {status for _method, status in answers(client, chair)} <= {404, 405}
    assert chair.sheet.scores == (row,)


def test_other_clinic_finds_and_writes_nothing_of_a_moment(chair: Chair, outsiders: House) -> None:
    row, mother = chair.opened().ask(), chair.by("mother")
    session, client = chair.open, client_at(chair, outsiders.nurse)

    from django_scopes import scope

    with time_machine.travel(chair.now, tick=False):
        for step in ("right-now/", f"right-now/{row.id}/"):
            sent = {"mood": 1, "harm": 1, "client_id": uuid4(), "reason": "x", "once": uuid4()}
            assert client.post(f"/clinic/sessions/{session.id}/{step}", sent).status_code == 404
            assert client.get(f"/clinic/sessions/{session.id}/{step}").status_code in {404, 405}
    with scope(clinic=outsiders.clinic.id), pytest.raises(Http404):
        selectors.right_now_for(outsiders.actor("nurse"), session, row.id)
    with pytest.raises(Http404):
        chair.scoped(lambda: selectors.right_now_for(mother, session, row.id))
    assert chair.scoped(lambda: selectors.right_now_for(chair.by("therapist"), session, row.id)) == row
    assert chair.sheet.right_now == (row,)


@pytest.mark.parametrize("role", ["nurse", "prescriber", "therapist", "administrator"])
def test_other_clinic_finds_no_session(running: Chair, outsiders: House, role: str) -> None:
    found = answers(client_at(running, getattr(outsiders, role)), running)

    assert {status for _method, status in found} <= {404, 405}
    assert ("get", 404) in found
    assert ("post", 404) in found


def refusals_of(chair: Chair, client: Client, *, minutes: int) -> list[dict[str, str]]:
    """Let a script poll the session every ten minutes, from now on; return what the audit says of it."""
    for minute in range(0, minutes, 10):
        with time_machine.travel(chair.now + timedelta(minutes=minute), tick=False):
            status = client.get(f"/clinic/sessions/{chair.open.id}/live/").status_code
        assert status == 404
    return list(AuditEvent.objects.filter(action="refused").values_list("detail", flat=True))


def test_denied_poll_is_one_refusal_an_hour_that_names_the_session(running: Chair, outsiders: House) -> None:
    client = client_at(running, outsiders.nurse)

    noted = refusals_of(running, client, minutes=60)

    assert noted == [{"route": "dosing:live", "method": "GET", "session_id": str(running.open.id)}]
    running.after(61)
    assert len(refusals_of(running, client, minutes=1)) == 2


def test_each_person_who_polls_without_a_right_is_noted(running: Chair, outsiders: House) -> None:
    refusals_of(running, client_at(running, outsiders.nurse), minutes=3)
    refusals_of(running, client_at(running, running.house.administrator), minutes=3)

    noted = AuditEvent.objects.filter(action="refused").values_list("account_id", flat=True)
    assert set(noted) == {outsiders.nurse.account_id, running.house.administrator.account_id}
    assert len(noted) == 2


def test_administrator_finds_no_session(running: Chair) -> None:
    found = answers(client_at(running, running.house.administrator), running)

    assert {status for _method, status in found} == {404}


@pytest.mark.parametrize("who", ["mother", "father"])
def test_parent_is_not_let_into_the_clinics_pages(running: Chair, who: str) -> None:
    found = answers(client_at(running, getattr(running.house, who)), running)

    assert {status for _method, status in found} <= {302, 303, 401}


def test_therapist_looks_and_writes_nothing(running: Chair) -> None:
    client = client_at(running, running.house.therapist)
    one = f"/clinic/sessions/{running.open.id}/"
    version = running.open.version

    with time_machine.travel(running.now, tick=False):
        page = client.get(one)
        statuses = {client.post(f"{one}{step}", {"kind": "headache", "reason": "x"}).status_code for step in STEPS}

    assert page.status_code == 200
    assert b"<form" not in page.content.replace(b'<form method="post" action="/clinic/sign-out/">', b"")
    assert statuses == {404}
    assert running.open.version == version


def test_prescriber_draws_no_syringe(running: Chair) -> None:
    client = client_at(running, running.house.prescriber)

    with time_machine.travel(running.now, tick=False):
        answer = client.post(f"/clinic/sessions/{running.open.id}/prepare/", {"lot": uuid4(), "drawn_ml": "3.5"})

    assert answer.status_code == 404


def test_nurse_opens_no_gate(chair: Chair) -> None:
    chair.opened()
    client = client_at(chair, chair.house.nurse)

    with time_machine.travel(chair.now, tick=False):
        answer = client.post(f"/clinic/sessions/{chair.open.id}/gate/safety/", {"reason": "x"})

    assert answer.status_code == 404


@pytest.mark.parametrize("role", ["nurse", "prescriber"])
def test_selectors_answer_outsiders_with_nothing(running: Chair, outsiders: House, role: str) -> None:
    stranger, session_id, mother = outsiders.actor(role), running.open.id, running.house.mother.id
    notice_id: UUID = running.notices[0].id

    from django_scopes import scope

    with scope(clinic=outsiders.clinic.id):
        with pytest.raises(Http404):
            selectors.session_for(stranger, session_id)
        with pytest.raises(Http404):
            selectors.notice_for(stranger, notice_id)
        assert selectors.sessions_of(stranger, mother) == []
        assert selectors.live_sessions(stranger) == []


def test_selector_of_a_modified_aldrete_answers_outsiders_with_nothing(chair: Chair, outsiders: House) -> None:
    row = chair.rested().score()
    session, mother = chair.open, chair.by("mother")

    from django_scopes import scope

    with scope(clinic=outsiders.clinic.id), pytest.raises(Http404):
        selectors.recovery_score_for(outsiders.actor("nurse"), session, row.id)
    with pytest.raises(Http404):
        chair.scoped(lambda: selectors.recovery_score_for(mother, session, row.id))
    assert chair.scoped(lambda: selectors.recovery_score_for(chair.by("therapist"), session, row.id)) == row


def test_parents_sessions_are_hers_alone(running: Chair) -> None:
    mother, father = running.by("mother"), running.by("father")

    assert len(running.scoped(lambda: selectors.sessions_of(mother, running.house.mother.id))) == 1
    with pytest.raises(Http404):
        running.scoped(lambda: selectors.sessions_of(father, running.house.mother.id))
    with pytest.raises(Http404):
        running.scoped(lambda: selectors.session_for(mother, running.open.id))
