"""The parent's own line, and the events of her life that she notes and shares as she likes."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from firstlight.ground.design.charts.parent import parent_line
from firstlight.ground.design.clocks import local
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.policies import parent
from firstlight.ground.people.requests import ClinicRequest, own_record
from firstlight.journey.response.selectors import due_check_ins
from firstlight.journey.timeline import services
from firstlight.journey.timeline.forms import EventForm
from firstlight.journey.timeline.selectors import event_for, events_of, own_line_of
from firstlight.journey.timeline.wording import part_of_day, told

SHARED = _("Your team reads this too")


@parent()
def line(request: ClinicRequest) -> HttpResponse:
    """The parent's own line, and what she wrote beside it."""
    own = own_record(request)
    request.open_record(own.id, "line")
    own_line = own_line_of(request.actor, own, request.now)
    due = due_check_ins(request.actor, request.now)
    context = {
        "parent": own,
        "own": own_line,
        "today": part_of_day(request.now, own_line.line.zone),
        "chart": parent_line(own_line.line) if own_line.figures else None,
        "events": [told(event) for event in reversed(events_of(request.actor, own.id))],
        "due": due[0].question_set if due else None,
    }
    return render(request, "timeline/line.html", context)


@parent()
@require_http_methods(["GET", "HEAD", "POST"])
def events(request: ClinicRequest) -> HttpResponse:
    """What else happened: hers, and what the clinic shared with her; and the form for the next one."""
    own = own_record(request)
    if request.method != "POST":
        return _page(request, None)
    form = EventForm(request.POST, silent=own.family.silent_about_baby, shared=SHARED)

    def act() -> HttpResponse:
        if form.is_valid():
            try:
                services.note_event(parent=own, **form.cleaned_data, by=request.actor, at=request.now)
                return see_other(reverse("timeline:own_events"))
            except Refused as refused:
                refused.onto(form)
        return _page(request, form, status=422)

    return once(request, act)


@parent()
@require_POST
def share(request: ClinicRequest, event_id: UUID) -> HttpResponse:
    """Let the team read one of her events, or no longer."""
    event, shared = event_for(request.actor, event_id), request.POST.get("shared") == "yes"
    return _change(request, lambda: services.share_event(event=event, shared=shared, by=request.actor, at=request.now))


@parent()
@require_POST
def take_back(request: ClinicRequest, event_id: UUID) -> HttpResponse:
    """Take one of her events off again."""
    event = event_for(request.actor, event_id)
    return _change(request, lambda: services.take_back_event(event=event, by=request.actor, at=request.now))


def _change(request: ClinicRequest, change: Callable[[], object]) -> HttpResponse:
    def act() -> HttpResponse:
        try:
            change()
        except Refused as refused:
            return _page(request, None, status=422, refusal=refused.message)
        return see_other(reverse("timeline:own_events"))

    return once(request, act)


def _page(request: ClinicRequest, form: EventForm | None, status: int = 200, refusal: str = "") -> HttpResponse:
    own = own_record(request)
    request.open_record(own.id, "events")
    today = local(request.now, own.timezone).date()
    context = {
        "parent": own,
        "events": [told(event) for event in reversed(events_of(request.actor, own.id))],
        "form": form or EventForm(silent=own.family.silent_about_baby, shared=SHARED, initial={"on_date": today}),
        "refusal": refusal,
    }
    return render(request, "timeline/own_events.html", context, status=status)
