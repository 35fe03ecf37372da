"""Entering what was filled in on paper."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firstlight.clinical.instruments import Instrument
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import current_episode, parent_for
from firstlight.journey.screening.forms import PaperDetailsForm
from firstlight.journey.screening.holding import held_names, instrument_for
from firstlight.journey.screening.paper import enterable, on_paper, open_to, rated_forms, typed
from firstlight.journey.screening.services import enter_paper
from firstlight.journey.screening.views.clinic import address_of_set
from firstlight.journey.screening.views.grid import Grid, as_it_counts, count_of, details_form

if TYPE_CHECKING:
    from firstlight.ground.people.models import Parent


@require_GET
@staff(Permission.ANSWERS_ENTER)
def papers(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """List what can have been filled in on paper, the usual one first."""
    parent = parent_for(request.actor, parent_id)
    request.open_record(parent.id, "paper")
    forms = open_to(on_paper(), held_names(parent.clinic_id))
    return render(request, "screening/papers.html", {"parent": parent, "instruments": forms, "rated": rated_forms()})


@require_http_methods(["GET", "POST"])
@staff(Permission.ANSWERS_ENTER)
def paper(request: ClinicRequest, parent_id: UUID, instrument: str) -> HttpResponse:
    """Show the grid of one paper form; compare a second pass with the first; keep it."""
    parent, definition = parent_for(request.actor, parent_id), _definition(request, instrument)
    if request.method == "GET":
        request.open_record(parent.id, "paper")
        return Grid(request, parent, details_form(request, definition), typed(definition, {}, boxes=False)).page()
    form = details_form(request, definition, request.POST)
    grid = Grid(request, parent, form, typed(definition, request.POST, boxes=form.boxes))
    return once(request, lambda: grid.in_passes(lambda first: _keep(request, parent, grid, first)))


@require_POST
@staff(Permission.ANSWERS_ENTER)
def count(request: ClinicRequest, parent_id: UUID, instrument: str) -> HttpResponse:
    """Say what the digits typed so far come to. Nothing is kept."""
    parent_for(request.actor, parent_id)
    definition = _definition(request, instrument)
    entered = as_it_counts(definition, request.POST, boxes=PaperDetailsForm(request.POST).boxes)
    correcting = "kept" in request.POST
    return render(request, "screening/_count.html", count_of(entered) | {"kept": correcting})


def _definition(request: ClinicRequest, name: str) -> Instrument:
    clinic_id = request.actor.clinic_id
    if clinic_id is None or all(name != one.name for one in open_to(enterable(), held_names(clinic_id))):
        raise Http404
    return instrument_for(clinic_id, name)


def _keep(request: ClinicRequest, parent: "Parent", grid: Grid, first: str) -> HttpResponse:
    try:
        kept = enter_paper(
            episode=current_episode(request.actor, parent.id),
            instrument=grid.entered.definition.name,
            values=grid.entered.values,
            **grid.form.details(parent.clinic.timezone),
            entered_twice=bool(first),
            differed=grid.differed,
            by=request.actor,
            at=request.now,
        )
    except Refused as refused:
        refused.onto(grid.form)
        return grid.page(first=first, status=422)
    return see_other(address_of_set(parent.id, kept.id))
