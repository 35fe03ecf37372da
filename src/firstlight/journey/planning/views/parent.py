"""The parent's plan for a day at the clinic: what stands, the one thing that is missing, what to bring."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from firstlight.ground.design.clocks import day_text
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Parent
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.policies import parent
from firstlight.ground.people.requests import ClinicRequest, own_record
from firstlight.ground.visits.models import Visit
from firstlight.journey.planning import services
from firstlight.journey.planning.defaults import defaults
from firstlight.journey.planning.forms import DayForm, day_initial
from firstlight.journey.planning.selectors import DayState, day_state, last_plan_of, next_dosing_visits
from firstlight.journey.planning.wording import feeding_sources, missing_sentence

READ_OR_WRITE = require_http_methods(["GET", "POST"])


@parent()
@READ_OR_WRITE
def mine(request: ClinicRequest) -> HttpResponse:
    """Show the plan of the next day at the clinic."""
    whose = own_record(request)
    visits = next_dosing_visits(request.actor, whose.id, request.now)
    if not visits:
        request.open_record(whose.id, "plan")
        return render(request, "planning/no_day.html", {"parent": whose})
    return _day(request, whose, visits, visits[0])


@parent()
@READ_OR_WRITE
def of_day(request: ClinicRequest, visit_id: UUID) -> HttpResponse:
    """Show the plan of one of the days to come."""
    whose = own_record(request)
    visits = next_dosing_visits(request.actor, whose.id, request.now)
    chosen = next((visit for visit in visits if visit.id == visit_id), None)
    if chosen is None:
        raise Http404
    return _day(request, whose, visits, chosen)


def _day(request: ClinicRequest, whose: Parent, visits: list[Visit], visit: Visit) -> HttpResponse:
    state = day_state(visit, request.now)
    if request.method == "GET":
        plan = state.plan or last_plan_of(whose)
        return _page(request, whose, visits, state, _form(state, whose, initial=day_initial(plan, whose.timezone)))
    form = _form(state, whose, data=request.POST)

    def act() -> HttpResponse:
        if not form.is_valid():
            return _page(request, whose, visits, state, form)
        try:
            services.set_day_plan(parent=whose, visit=visit, by=request.actor, at=request.now, **form.cleaned_data)
        except Refused as refused:
            return _page(request, whose, visits, state, refused.onto(form))
        return see_other(reverse("planning:of_day", args=[visit.id]))

    return once(request, act)


def _form(state: DayState, whose: Parent, **given: object) -> DayForm:
    return DayForm(about=state.about, visit=state.visit, parent=whose, asks_feeding=state.needs_release, **given)


def _page(request: ClinicRequest, whose: Parent, visits: list[Visit], state: DayState, form: DayForm) -> HttpResponse:
    request.open_record(whose.id, "plan")
    day = day_text(state.visit.starts_at, request.now, whose.timezone)
    context = {
        "parent": whose,
        "visit": state.visit,
        "visits": visits,
        "state": state,
        "day": day,
        "sentence": missing_sentence(list(state.missing), state.about, day),
        "form": form,
        "defaults": defaults(),
        "sources": feeding_sources() if state.needs_release else [],
    }
    return render(request, "planning/mine.html", context, status=422 if form.errors else 200)
