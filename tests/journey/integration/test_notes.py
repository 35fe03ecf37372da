"""Shared notes: written by the therapist, read by the team and the parent, never changed in silence."""

from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.http import Http404
from django_scopes import scope

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.ground.visits.models import Visit, VisitKind
from firstlight.journey.integration import selectors, services
from firstlight.journey.integration.models import Note
from tests.cast import House
from tests.journey.dosing.telling import Chair
from tests.support.signed_in import client_of

AGREED = "One walk a day with the pram."


def write(chair: Chair, text: str = AGREED, *, by: str = "therapist", **more: object) -> Note:
    return chair.scoped(
        lambda: services.write_note(parent=chair.house.mother, text=text, by=chair.by(by), at=chair.now, **more)  # type: ignore[arg-type]  # what a story gives
    )


def read(chair: Chair, who: str = "mother") -> list[str]:
    found = chair.scoped(lambda: selectors.notes_of(chair.by(who), chair.house.mother.id))
    return [one.note.text for one in found]


def preparation(chair: Chair) -> Visit:
    return chair.scoped(lambda: Visit.objects.filter(kind=VisitKind.PREPARATION).get())


def test_note_is_read_by_the_team_and_the_parent(chair: Chair) -> None:
    note = write(chair, visit=preparation(chair))

    assert (note.shared, note.by) == (True, chair.house.therapist)
    for who in ("mother", "nurse", "prescriber", "therapist"):
        assert read(chair, who) == [AGREED]


def test_note_that_is_not_shared_stays_with_the_team_also_when_amended(chair: Chair) -> None:
    note = write(chair, shared=False)
    write(chair, "Two walks.", amends=note)

    assert read(chair) == []
    assert read(chair, "nurse") == ["Two walks."]
    write(chair, "Two walks a day.", shared=True, amends=chair.scoped(lambda: Note.objects.get(amends=note)))
    assert read(chair) == ["Two walks a day."]


def test_amendment_keeps_the_old_words_their_author_and_the_visit(chair: Chair) -> None:
    note = write(chair, visit=preparation(chair))
    chair.after(60)
    write(chair, "One walk every other day.", by="prescriber", amends=note)

    (standing,) = chair.scoped(lambda: selectors.notes_of(chair.by("nurse"), chair.house.mother.id))
    assert standing.note.text == "One walk every other day."
    assert standing.note.by == chair.house.prescriber
    assert standing.note.visit == preparation(chair)
    assert [(old.text, old.by) for old in standing.past] == [(AGREED, chair.house.therapist)]
    (hers,) = chair.scoped(lambda: selectors.notes_of(chair.by("mother"), chair.house.mother.id))
    assert hers.past == ()
    with pytest.raises(Refused) as refused:
        write(chair, "No walk.", amends=note)
    assert refused.value.field == "amends"


def test_note_is_never_changed_or_removed_below_the_service(chair: Chair) -> None:
    write(chair)

    for attempt in (lambda: Note.objects.update(shared=False), lambda: Note.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            chair.scoped(attempt)
    assert read(chair) == [AGREED]


@pytest.mark.parametrize(
    ("text", "says"),
    [("  ", "The note is empty."), ("x" * 100_000, "The note has 100,000 characters; it may have 10,000.")],
)
def test_note_that_says_nothing_or_too_much_is_refused(chair: Chair, text: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        write(chair, text)

    assert refused.value.message.startswith(says)
    assert read(chair) == []


def test_note_about_another_parents_visit_or_note_is_refused(chair: Chair) -> None:
    note = write(chair)
    other = chair.another_dosing_visit()
    with pytest.raises(Refused) as refused:
        write(chair, visit=other)
    assert refused.value.message == "That visit is another parent's."

    with pytest.raises(Refused) as refused:
        chair.scoped(
            lambda: services.write_note(
                parent=chair.house.father, text="x", amends=note, by=chair.by("therapist"), at=chair.now
            )
        )
    assert refused.value.message == "That note is about another parent."


def test_words_of_a_note_never_reach_the_audit(chair: Chair) -> None:
    note = write(chair)

    event = AuditEvent.objects.get(action="note.written")
    assert event.about_id == str(note.id)
    assert event.detail == {"shared": True, "characters": len(AGREED)}


def test_outsiders_find_no_notes(chair: Chair, outsiders: House) -> None:
    note = write(chair)

    for role in ("therapist", "prescriber", "administrator"):
        with scope(clinic=outsiders.clinic.id):
            with pytest.raises(Http404):
                selectors.notes_of(outsiders.actor(role), chair.house.mother.id)
            with pytest.raises(Http404):
                selectors.note_for(outsiders.actor(role), note.id)
    with pytest.raises(Http404):
        chair.scoped(lambda: selectors.notes_of(chair.by("father"), chair.house.mother.id))
    with pytest.raises(Http404):
        chair.scoped(lambda: selectors.note_for(chair.by("mother"), note.id))


def test_therapist_writes_and_amends_on_the_page_and_the_parent_reads(chair: Chair) -> None:
    base, visit = f"/clinic/people/{chair.house.mother.id}/notes/", preparation(chair)
    with time_machine.travel(chair.now, tick=False):
        ines, maya = client_of(chair.house.therapist), client_of(chair.house.mother)
        empty = ines.post(f"{base}write/", {"text": " ", "visit": visit.id, "once": uuid4()})
        written = ines.post(f"{base}write/", {"text": AGREED, "visit": visit.id, "once": uuid4()})
        page = ines.get(base).content.decode()
        note = chair.scoped(lambda: Note.objects.get(amends=None))
        form = ines.get(f"/clinic/notes/{note.id}/amend/").content.decode()
        amended = ines.post(f"/clinic/notes/{note.id}/amend/", {"text": "<b>Two</b> walks.", "once": uuid4()})
        hers = maya.get("/me/notes/").content.decode()

    assert (empty.status_code, written.status_code, amended.status_code) == (422, 303, 303)
    assert "1 note, read by the team and the parent." in " ".join(page.split())
    assert AGREED in form
    assert f'value="{visit.id}" selected' in form
    assert "&lt;b&gt;Two&lt;/b&gt; walks." in hers
    assert AGREED not in hers
    assert "changed since the first wording" in hers
    assert "<title>What we agreed</title>" in hers


def test_note_sent_twice_is_written_once(chair: Chair) -> None:
    key = uuid4()
    with time_machine.travel(chair.now, tick=False):
        ines = client_of(chair.house.therapist)
        for _ in range(2):
            ines.post(f"/clinic/people/{chair.house.mother.id}/notes/write/", {"text": AGREED, "once": key})

    assert read(chair) == [AGREED]


def test_nurse_reads_and_does_not_write(chair: Chair) -> None:
    note = write(chair)
    base = f"/clinic/people/{chair.house.mother.id}/notes/"
    with time_machine.travel(chair.now, tick=False):
        ruth = client_of(chair.house.nurse)
        page = ruth.get(base)
        statuses = {
            ruth.post(f"{base}write/", {"text": "x"}).status_code,
            ruth.get(f"/clinic/notes/{note.id}/amend/").status_code,
        }

    assert AGREED in page.content.decode()
    assert "New note" not in page.content.decode()
    assert statuses == {404}


def test_pages_cost_few_queries(chair: Chair, django_assert_max_num_queries: object) -> None:
    for number in range(8):
        write(chair, f"Note {number}", visit=preparation(chair))
    with time_machine.travel(chair.now, tick=False):
        ines, maya = client_of(chair.house.therapist), client_of(chair.house.mother)
        for client, address in ((ines, f"/clinic/people/{chair.house.mother.id}/notes/"), (maya, "/me/notes/")):
            client.get(address)
            with django_assert_max_num_queries(20):  # type: ignore[operator]  # pytest-django's context manager
                client.get(address)
