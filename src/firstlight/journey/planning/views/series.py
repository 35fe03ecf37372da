"""Booking a series in two steps: dates are proposed, somebody looks at each, all are booked at once."""

from typing import Any
from uuid import UUID

from django.forms import BaseFormSet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode, Parent
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission, Role
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest, own_clinic
from firstlight.ground.people.selectors import current_episode, parent_for, staff_of
from firstlight.ground.visits.models import VisitKind
from firstlight.ground.visits.selectors import rooms_of, visit_for
from firstlight.journey.planning import services
from firstlight.journey.planning.defaults import defaults
from firstlight.journey.planning.forms import (
    DayForm,
    ProposalForm,
    ProposalFormSet,
    SeriesForm,
    day_initial,
    proposed,
)
from firstlight.journey.planning.selectors import DayState, day_state, last_plan_of
from firstlight.journey.planning.wording import missing_for_staff

READ_OR_WRITE = require_http_methods(["GET", "POST"])
DOSING_ROLES = (Role.NURSE, Role.PRESCRIBER)


@staff(Permission.PLAN_WRITE)
@READ_OR_WRITE
def series(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Propose the dates of a series (GET with a first day), and book them (POST)."""
    whose = parent_for(request.actor, parent_id)
    episode = current_episode(request.actor, parent_id)
    if request.method == "GET":
        return _propose(request, whose, episode)
    rows = ProposalFormSet(request.POST, form_kwargs=_places(request))

    def act() -> HttpResponse:
        if not rows.is_valid():
            return _page(request, whose, _start(request), rows, refused=True)
        visits = [form.proposal for form in rows]
        try:
            services.book_series(episode=episode, visits=visits, by=request.actor, at=request.now)
        except Refused as refused:
            return _page(request, whose, _start(request), rows, refused.message, refused=True)
        return see_other(reverse("planning:plan", args=[parent_id]))

    return once(request, act)


@staff(Permission.PLAN_WRITE)
@READ_OR_WRITE
def day(request: ClinicRequest, parent_id: UUID, visit_id: UUID) -> HttpResponse:
    """Fill a dosing day for the parent."""
    whose = parent_for(request.actor, parent_id)
    visit = visit_for(request.actor, visit_id)
    if visit.parent_id != whose.id or visit.kind != VisitKind.DOSING:
        raise Http404
    state = day_state(visit, request.now)
    given: dict[str, Any] = {"about": state.about, "visit": visit, "parent": whose, "asks_feeding": state.needs_release}
    if request.method == "GET":
        plan = state.plan or last_plan_of(whose)
        return _day_page(request, whose, state, DayForm(initial=day_initial(plan, whose.timezone), **given))
    form = DayForm(request.POST, **given)

    def act() -> HttpResponse:
        if not form.is_valid():
            return _day_page(request, whose, state, form)
        try:
            services.set_day_plan(parent=whose, visit=visit, by=request.actor, at=request.now, **form.cleaned_data)
        except Refused as refused:
            return _day_page(request, whose, state, refused.onto(form))
        return see_other(reverse("planning:plan", args=[parent_id]))

    return once(request, act)


def _start(request: ClinicRequest) -> SeriesForm:
    nurses = staff_of(own_clinic(request).id, request.now, DOSING_ROLES)
    nurses.sort(key=lambda person: person.role != Role.NURSE)
    return SeriesForm(request.GET or None, nurses=nurses, rooms=rooms_of(request.actor))


def _places(request: ClinicRequest) -> dict[str, Any]:
    clinic = own_clinic(request)
    return {"staff": staff_of(clinic.id, request.now), "rooms": rooms_of(request.actor), "zone": clinic.timezone}


def _propose(request: ClinicRequest, whose: Parent, episode: Episode) -> HttpResponse:
    form = _start(request)
    if not form.is_valid():
        return _page(request, whose, form, None, refused=form.is_bound)
    try:
        proposals = services.propose_series(episode=episode, at=request.now, **form.chosen)
    except Refused as refused:
        refused.onto(form)
        return _page(request, whose, form, None, refused=True)
    rows = ProposalFormSet(initial=proposed(proposals, whose.clinic.timezone), form_kwargs=_places(request))
    return _page(request, whose, form, rows)


def _page(
    request: ClinicRequest,
    whose: Parent,
    form: SeriesForm,
    rows: "BaseFormSet[ProposalForm] | None",
    refusal: str = "",
    *,
    refused: bool = False,
) -> HttpResponse:
    request.open_record(whose.id, "plan.series")
    context = {
        "parent": whose,
        "zone": whose.clinic.timezone,
        "form": form,
        "rows": rows,
        "refusal": refusal,
        "defaults": defaults(),
    }
    return render(request, "planning/series.html", context, status=422 if refused else 200)


def _day_page(request: ClinicRequest, whose: Parent, state: DayState, form: DayForm) -> HttpResponse:
    request.open_record(whose.id, "plan.day")
    context = {
        "parent": whose,
        "zone": whose.clinic.timezone,
        "state": state,
        "visit": state.visit,
        "missing": [missing_for_staff(key, state.about) for key in state.missing],
        "form": form,
    }
    return render(request, "planning/day.html", context, status=422 if form.errors else 200)
