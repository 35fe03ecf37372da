"""Events in a parent's life, as the clinic reads and notes them."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import parent_for
from firstlight.journey.timeline import services
from firstlight.journey.timeline.forms import EventForm
from firstlight.journey.timeline.selectors import event_for, events_of
from firstlight.journey.timeline.wording import told

SHARED = _("The parent reads this too")


@staff(Permission.RECORD_READ)
def events(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """The events of a life that the clinic may read, and the form for the next one."""
    return _page(request, parent_id, None)


@staff(Permission.FAMILY_WRITE)
@require_POST
def note(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Note an event."""
    parent = parent_for(request.actor, parent_id)
    form = EventForm(request.POST, silent=parent.family.silent_about_baby, shared=SHARED)

    def act() -> HttpResponse:
        if form.is_valid():
            try:
                services.note_event(parent=parent, **form.cleaned_data, by=request.actor, at=request.now)
                return see_other(reverse("timeline:events", args=[parent_id]))
            except Refused as refused:
                refused.onto(form)
        return _page(request, parent_id, form, status=422)

    return once(request, act)


@staff(Permission.FAMILY_WRITE)
@require_POST
def take_back(request: ClinicRequest, event_id: UUID) -> HttpResponse:
    """Take an event that the clinic noted off the timeline."""
    event = event_for(request.actor, event_id)

    def act() -> HttpResponse:
        try:
            services.take_back_event(event=event, by=request.actor, at=request.now)
        except Refused as refused:
            return _page(request, event.parent_id, None, status=422, refusal=refused.message)
        return see_other(reverse("timeline:events", args=[event.parent_id]))

    return once(request, act)


def _page(
    request: ClinicRequest, parent_id: UUID, form: EventForm | None, status: int = 200, refusal: str = ""
) -> HttpResponse:
    parent = parent_for(request.actor, parent_id)
    request.open_record(parent.id, "events")
    may_note = request.actor.may(Permission.FAMILY_WRITE)
    blank = EventForm(silent=parent.family.silent_about_baby, shared=SHARED, initial={"shared": True})
    context = {
        "parent": parent,
        "events": [told(event) for event in reversed(events_of(request.actor, parent.id))],
        "form": (form or blank) if may_note else None,
        "refusal": refusal,
    }
    return render(request, "timeline/events.html", context, status=status)
