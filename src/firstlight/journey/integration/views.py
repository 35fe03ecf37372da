"""Notes of preparation and integration: the clinic writes them, the parent reads what was shared."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from firstlight.ground.design.clocks import date_text, local
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import parent, staff
from firstlight.ground.people.requests import ClinicRequest, own_record
from firstlight.ground.people.selectors import parent_for
from firstlight.ground.visits.selectors import THERAPY, visit_for, visits_of
from firstlight.journey.integration import services
from firstlight.journey.integration.forms import NoteForm
from firstlight.journey.integration.selectors import note_for, notes_of


@staff(Permission.RECORD_READ)
def notes(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """The notes about a parent, and the form for the next one."""
    return _page(request, parent_id, None)


@staff(Permission.NOTE_WRITE)
@require_POST
def write(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Write a note."""
    return _write(request, parent_id, None)


@staff(Permission.NOTE_WRITE)
def amend(request: ClinicRequest, note_id: UUID) -> HttpResponse:
    """Amend a note: the old text stays readable."""
    note = note_for(request.actor, note_id)
    if request.method == "POST":
        return _write(request, note.parent_id, note_id)
    return _page(
        request,
        note.parent_id,
        NoteForm(initial={"text": note.text, "visit": note.visit_id}, visits=_visits(request, note.parent_id)),
        note_id,
    )


@parent()
def shared_notes(request: ClinicRequest) -> HttpResponse:
    """What the parent and her therapist agreed on."""
    own = own_record(request)
    request.open_record(own.id, "notes")
    return render(request, "integration/shared.html", {"notes": notes_of(request.actor, own.id), "parent": own})


def _write(request: ClinicRequest, parent_id: UUID, amends: UUID | None) -> HttpResponse:
    form = NoteForm(request.POST, visits=_visits(request, parent_id))

    def act() -> HttpResponse:
        found = parent_for(request.actor, parent_id)
        if form.is_valid():
            visit_id = form.cleaned_data["visit"]
            try:
                services.write_note(
                    parent=found,
                    visit=visit_for(request.actor, UUID(visit_id)) if visit_id else None,
                    text=form.cleaned_data["text"],
                    amends=note_for(request.actor, amends) if amends else None,
                    by=request.actor,
                    at=request.now,
                )
                return see_other(reverse("integration:notes", args=[parent_id]))
            except Refused as refused:
                refused.onto(form)
        return _page(request, parent_id, form, amends, status=422)

    return once(request, act)


def _page(
    request: ClinicRequest, parent_id: UUID, form: NoteForm | None, amends: UUID | None = None, status: int = 200
) -> HttpResponse:
    found = parent_for(request.actor, parent_id)
    request.open_record(found.id, "notes")
    may_write, found_notes = request.actor.may(Permission.NOTE_WRITE), notes_of(request.actor, found.id)
    context = {
        "parent": found,
        "notes": found_notes,
        "all_shared": all(one.note.shared for one in found_notes),
        "form": (form or NoteForm(visits=_visits(request, found.id))) if may_write else None,
        "amends": amends,
    }
    return render(request, "integration/notes.html", context, status=status)


def _visits(request: ClinicRequest, parent_id: UUID) -> list[tuple[str, str]]:
    zone = request.clinic.timezone if request.clinic else None
    return [
        (str(visit.id), f"{visit.get_kind_display()}, {date_text(local(visit.starts_at, zone).date())}")
        for visit in reversed(visits_of(request.actor, parent_id))
        if visit.kind in THERAPY and visit.starts_at <= request.now
    ]
