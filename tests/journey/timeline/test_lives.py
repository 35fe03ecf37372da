"""Events in a life: noted by the parent or the clinic, hers to share, never changed in silence."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.http import Http404
from django_scopes import scope

from firstlight.clinical.evidence import text
from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.services.families import record_loss
from firstlight.journey.timeline import selectors, services
from firstlight.journey.timeline.life import life
from firstlight.journey.timeline.models import LifeEvent
from tests.cast import NOW, House
from tests.support.signed_in import client_of

DAY = timedelta(days=1)
TODAY = date(2026, 11, 23)
SEA = "an evening by the sea"


def noted(house: House, by: str = "mother", **more: Any) -> LifeEvent:
    facts: dict[str, Any] = {"kind": "other", "words": SEA, "on_date": TODAY - 3 * DAY, "shared": False}
    with scope(clinic=house.clinic.id):
        return services.note_event(parent=house.mother, **{**facts, **more}, by=house.actor(by), at=NOW)


def read(house: House, who: str) -> list[str]:
    with scope(clinic=house.clinic.id):
        return [event.words for event in selectors.events_of(house.actor(who), house.mother.id)]


def changed(house: House, event: LifeEvent, by: str = "mother", **more: Any) -> LifeEvent:
    change = services.share_event if more else services.take_back_event
    with scope(clinic=house.clinic.id):
        return change(event=event, **more, by=house.actor(by), at=NOW + DAY)


def test_what_a_parent_notes_is_hers_until_she_shares_it(house: House) -> None:
    event = noted(house)
    assert (read(house, "mother"), read(house, "therapist"), read(house, "prescriber")) == ([SEA], [], [])

    shared = changed(house, event, shared=True)
    assert (read(house, "mother"), read(house, "therapist"), read(house, "nurse")) == ([SEA], [SEA], [SEA])

    changed(house, shared, shared=False)
    assert (read(house, "mother"), read(house, "therapist")) == ([SEA], [])


def test_what_the_clinic_notes_is_the_teams_and_hers_when_it_is_shared(house: House) -> None:
    noted(house, "therapist", words="sleeps at her mother's")
    noted(house, "nurse", words="moved to the harbour", shared=True)

    assert read(house, "prescriber") == ["sleeps at her mother's", "moved to the harbour"]
    assert read(house, "mother") == ["moved to the harbour"]


def test_event_that_was_taken_back_is_on_no_page_and_stays_in_the_record(house: House) -> None:
    changed(house, noted(house))

    assert read(house, "mother") == []
    with scope(clinic=house.clinic.id):
        assert [(row.words, row.withdrawn) for row in LifeEvent.objects.order_by("at")] == [(SEA, False), (SEA, True)]


@pytest.mark.parametrize(("noted_by", "by"), [("mother", "therapist"), ("therapist", "mother")])
def test_only_the_side_that_noted_it_takes_it_back(house: House, noted_by: str, by: str) -> None:
    event = noted(house, noted_by, shared=True)

    with pytest.raises(Refused) as refused:
        changed(house, event, by)
    assert refused.value.message == "Only the side that noted an event may change it."
    assert read(house, "mother") == [SEA]


def test_second_change_of_one_event_is_refused(house: House) -> None:
    event = noted(house)
    changed(house, event, shared=True)

    with pytest.raises(Refused) as refused:
        changed(house, event)
    assert refused.value.message == "This was changed in the meantime. Look at it again."


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"kind": "holiday"}, "kind"),
        ({"kind": "other", "words": "  "}, "words"),
        ({"kind": "medicine-began", "words": ""}, "words"),
        ({"words": "x" * 201}, "words"),
        ({"on_date": TODAY + DAY}, "on_date"),
        ({"on_date": TODAY - 6 * 365 * DAY}, "on_date"),
    ],
)
def test_event_that_says_nothing_or_lies_ahead_is_refused(house: House, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        noted(house, **wrong)

    assert refused.value.field == field
    assert read(house, "mother") == []


def test_after_a_loss_no_event_is_about_the_child_and_none_is_offered(house: House) -> None:
    noted(house, "nurse", kind="nights", words="up every two hours", shared=True)
    noted(house, "nurse", kind="moved", words="to the harbour", shared=True)
    with scope(clinic=house.clinic.id):
        record_loss(family=house.mother.family, by=house.actor("nurse"), at=NOW)

    assert read(house, "mother") == read(house, "therapist") == ["to the harbour"]
    with scope(clinic=house.clinic.id):
        chart = selectors.timeline_of(house.actor("therapist"), house.mother.id, NOW)
    assert [one.name for one in chart.happenings[0].happenings] == ["Moved house"]
    assert [text(kind.label) for kind in life().offered(silent=True) if kind.about_child] == []
    page = client_of(house.mother).get("/me/line/events/").content.decode()
    assert "Childcare" not in page
    assert "child" not in page.lower()


def test_row_is_never_changed_or_removed_below_the_service(house: House) -> None:
    noted(house)
    with scope(clinic=house.clinic.id):
        for attempt in (lambda: LifeEvent.objects.update(shared=True), lambda: LifeEvent.objects.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                attempt()

    assert read(house, "therapist") == []


def test_words_and_kind_are_sealed_and_never_reach_the_audit(house: House) -> None:
    event = noted(house)

    with scope(clinic=house.clinic.id):
        sealed = LifeEvent.objects.filter(id=event.id).extra(select={"raw": "words"}).values_list("raw", flat=True)
        assert SEA not in str(list(sealed))
    written = AuditEvent.objects.get(action="life_event.noted")
    assert (written.about_id, written.detail) == (str(event.id), {"shared": False})


def test_outsiders_and_the_other_parent_find_no_events(house: House, other_house: House) -> None:
    event = noted(house, "therapist", shared=True)

    for role in ("therapist", "prescriber", "administrator", "mother"):
        with scope(clinic=other_house.clinic.id):
            with pytest.raises(Http404):
                selectors.events_of(other_house.actor(role), house.mother.id)
            with pytest.raises(Http404):
                selectors.event_for(other_house.actor(role), event.id)
    with scope(clinic=house.clinic.id):
        for who in ("father", "administrator"):
            with pytest.raises(Http404):
                selectors.event_for(house.actor(who), event.id)


def test_parent_notes_shares_and_takes_back_on_her_page(house: House) -> None:
    with time_machine.travel(NOW, tick=False):
        maya, ines = client_of(house.mother), client_of(house.therapist)
        form = {"kind": "moved", "on_date": "2026-11-20", "words": "to <b>the harbour</b>", "once": uuid4()}
        empty = maya.post("/me/line/events/", {**form, "kind": "", "once": uuid4()})
        written = maya.post("/me/line/events/", form)
        with scope(clinic=house.clinic.id):
            event = LifeEvent.objects.get()
        clinics = f"/clinic/people/{house.mother.id}/events/"
        unseen = ines.get(clinics).content.decode()
        hidden = ines.post(f"/clinic/events/{event.id}/take-back/", {"once": uuid4()})
        shared = maya.post(f"/me/line/events/{event.id}/share/", {"shared": "yes", "once": uuid4()})
        seen = ines.get(clinics).content.decode()
        with scope(clinic=house.clinic.id):
            standing = LifeEvent.objects.get(amends=event)
        hers = maya.get("/me/line/").content.decode()
        taken = maya.post(f"/me/line/events/{standing.id}/take-back/", {"once": uuid4()})
        again = maya.post(f"/me/line/events/{standing.id}/take-back/", {"once": uuid4()})

    assert (empty.status_code, written.status_code, hidden.status_code, shared.status_code) == (422, 303, 404, 303)
    assert "harbour" not in unseen
    assert "to &lt;b&gt;the harbour&lt;/b&gt;" in seen
    assert "from the parent" in seen
    assert "Moved house: to &lt;b&gt;the harbour" in hers
    assert (taken.status_code, again.status_code) == (303, 404)


def test_therapist_notes_and_takes_off_on_the_clinics_page(house: House) -> None:
    base = f"/clinic/people/{house.mother.id}/events/"
    with time_machine.travel(NOW, tick=False):
        ines = client_of(house.therapist)
        form = {"kind": "work-began", "on_date": "2026-11-20", "words": "two mornings", "shared": "on"}
        early = ines.post(f"{base}note/", {**form, "on_date": "2027-01-01", "once": uuid4()})
        written = ines.post(f"{base}note/", {**form, "once": uuid4()})
        page = " ".join(ines.get(base).content.decode().split())
        chart = ines.get(f"/clinic/people/{house.mother.id}/timeline/").content.decode()
        with scope(clinic=house.clinic.id):
            event = LifeEvent.objects.get()
        taken = ines.post(f"/clinic/events/{event.id}/take-back/", {"once": uuid4()})

    assert (early.status_code, written.status_code, taken.status_code) == (422, 303, 303)
    assert "This day is still to come." in early.content.decode()
    assert "1 life event" in page
    assert "the parent reads it too" in page
    assert "Returned to work: two mornings" in chart
    assert read(house, "mother") == []
