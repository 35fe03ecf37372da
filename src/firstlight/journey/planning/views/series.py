"""Booking a series in two steps: dates are proposed, somebody looks at each, all are booked at once."""

from typing import Any
from uuid import UUID

from django.forms import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission, Role
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest, own_clinic
from firstlight.ground.people.selectors import current_episode, parent_for, staff_of
from firstlight.ground.visits.selectors import rooms_of
from firstlight.journey.planning import services
from firstlight.journey.planning.defaults import defaults
from firstlight.journey.planning.forms import ProposalForm, ProposalFormSet, SeriesForm, proposed

DOSING_ROLES = (Role.NURSE, Role.PRESCRIBER)


@staff(Permission.PLAN_WRITE)
@require_http_methods(["GET", "POST"])
def series(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Propose the dates of a series (GET with a first day), and book them (POST)."""
    if request.method == "GET":
        return _propose(request, parent_id)
    episode = current_episode(request.actor, parent_id)
    rows = ProposalFormSet(request.POST, form_kwargs=_places(request))

    def act() -> HttpResponse:
        if not rows.is_valid():
            return _page(request, parent_id, _start(request), rows, refused=True)
        visits = [form.proposal for form in rows]
        try:
            services.book_series(episode=episode, visits=visits, by=request.actor, at=request.now)
        except Refused as refused:
            return _page(request, parent_id, _start(request), rows, refused.message, refused=True)
        return see_other(reverse("planning:plan", args=[parent_id]))

    return once(request, act)


def _start(request: ClinicRequest) -> SeriesForm:
    nurses = staff_of(own_clinic(request).id, request.now, DOSING_ROLES)
    nurses.sort(key=lambda person: person.role != Role.NURSE)
    return SeriesForm(request.GET or None, nurses=nurses, rooms=rooms_of(request.actor))


def _places(request: ClinicRequest) -> dict[str, Any]:
    clinic = own_clinic(request)
    return {"staff": staff_of(clinic.id, request.now), "rooms": rooms_of(request.actor), "zone": clinic.timezone}


def _propose(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    episode = current_episode(request.actor, parent_id)
    form = _start(request)
    if not form.is_valid():
        return _page(request, parent_id, form, None, refused=form.is_bound)
    try:
        proposals = services.propose_series(episode=episode, at=request.now, **form.chosen)
    except Refused as refused:
        refused.onto(form)
        return _page(request, parent_id, form, None, refused=True)
    rows = ProposalFormSet(initial=proposed(proposals, own_clinic(request).timezone), form_kwargs=_places(request))
    return _page(request, parent_id, form, rows)


def _page(
    request: ClinicRequest,
    parent_id: UUID,
    form: SeriesForm,
    rows: "BaseFormSet[ProposalForm] | None",
    refusal: str = "",
    *,
    refused: bool = False,
) -> HttpResponse:
    request.open_record(parent_id, "plan.series")
    context = {
        "parent": parent_for(request.actor, parent_id),
        "form": form,
        "rows": rows,
        "refusal": refusal,
        "defaults": defaults(),
    }
    return render(request, "planning/series.html", context, status=422 if refused else 200)
