"""The parent's plan for a day at the clinic: what stands, the one thing that is missing, what to bring."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.policies import parent
from firstlight.ground.people.requests import ClinicRequest, own_record
from firstlight.journey.planning import services
from firstlight.journey.planning.forms import DayForm
from firstlight.journey.planning.pages import day_form, my_day_page
from firstlight.journey.planning.resting import resting
from firstlight.journey.planning.selectors import day_state, next_dosing_visits

READ_OR_WRITE = require_http_methods(["GET", "POST"])


@parent()
@READ_OR_WRITE
def mine(request: ClinicRequest) -> HttpResponse:
    """Show the plan of the next day at the clinic."""
    return _day(request, None)


@parent()
@READ_OR_WRITE
def of_day(request: ClinicRequest, visit_id: UUID) -> HttpResponse:
    """Show the plan of one of the days to come."""
    return _day(request, visit_id)


def _day(request: ClinicRequest, visit_id: UUID | None) -> HttpResponse:
    whose = own_record(request)
    visits = next_dosing_visits(request.actor, whose.id, request.now)
    request.open_record(whose.id, "plan")
    rest = resting(whose, request.now)
    if rest is not None:
        status = 422 if request.method == "POST" else 200
        return render(request, "planning/resting.html", {"parent": whose, "rest": rest}, status=status)
    if visit_id is None and not visits:
        return render(request, "planning/no_day.html", {"parent": whose})
    visit = next((one for one in visits if visit_id in {None, one.id}), None)
    if visit is None:
        raise Http404
    state = day_state(visit, request.now)

    def page(form: DayForm) -> HttpResponse:
        context = my_day_page(whose, visits, state, form, request.now)
        return render(request, "planning/mine.html", context, status=422 if form.errors else 200)

    def act() -> HttpResponse:
        form = day_form(state, whose, request.POST)
        if not form.is_valid():
            return page(form)
        try:
            services.set_day_plan(parent=whose, visit=visit, by=request.actor, at=request.now, **form.cleaned_data)
        except Refused as refused:
            return page(refused.onto(form))
        return see_other(reverse("planning:of_day", args=[visit.id]))

    return once(request, act) if request.method == "POST" else page(day_form(state, whose))
