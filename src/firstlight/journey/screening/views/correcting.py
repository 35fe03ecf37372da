"""Correcting a paper form that was kept, or taking it back: the same grid, and why."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from firstlight.ground.design.clocks import local
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.journey.screening.corrections import correction_of, paper_for, sheet_of
from firstlight.journey.screening.forms import CorrectionReasonForm, PaperDetailsForm
from firstlight.journey.screening.holding import instrument_for
from firstlight.journey.screening.paper import field_of, typed
from firstlight.journey.screening.services import correct_paper, take_back_paper
from firstlight.journey.screening.views.clinic import address_of_set
from firstlight.journey.screening.views.grid import Grid, details_form

if TYPE_CHECKING:
    from firstlight.journey.screening.models import PaperForm


@require_http_methods(["GET", "POST"])
@staff(Permission.ANSWERS_ENTER)
def correct(request: ClinicRequest, parent_id: UUID, form_id: UUID) -> HttpResponse:
    """Correct a kept form, or take it back, with a reason. What was kept stays readable."""
    kept = paper_for(request.actor, parent_id, form_id)
    if request.method == "GET":
        return _filled(request, kept)
    reason = CorrectionReasonForm(request.POST)
    grid = _grid(request, kept, _form(request, kept, request.POST), reason)
    if "withdraw" in request.POST:
        return once(request, lambda: _take_back(grid, kept, reason))
    if not reason.is_valid():
        return grid.page(first=request.POST.get("first", ""), status=422)
    return once(request, lambda: grid.in_passes(lambda first: _correct(grid, kept, reason, first)))


def _filled(request: ClinicRequest, kept: "PaperForm") -> HttpResponse:
    """Show the grid with what was kept, as scores."""
    request.open_record(kept.question_set.parent_id, "paper")
    sheet = sheet_of(kept)
    initial = {"filled_in_date": sheet.day, "handed_in_by": sheet.handed_in_by, "twice": sheet.entered_twice}
    initial |= {"beside_dose": sheet.beside_dose}
    if sheet.rated:
        rated_time = local(sheet.rated.at, kept.clinic.timezone).time()
        initial |= {"rated_by": str(sheet.rated.by_id), "rated_time": rated_time}
    cells = {key: field_of(value) for key, value in sheet.values.items()}
    return _grid(request, kept, _form(request, kept, initial=initial), CorrectionReasonForm()).page(cells)


def _form(request: ClinicRequest, kept: "PaperForm", data: Any = None, **more: Any) -> PaperDetailsForm:
    (name,) = kept.question_set.instruments
    return details_form(request, instrument_for(kept.clinic_id, name), data, **more)


def _grid(request: ClinicRequest, kept: "PaperForm", form: PaperDetailsForm, reason: CorrectionReasonForm) -> Grid:
    (name,) = kept.question_set.instruments
    definition = instrument_for(kept.clinic_id, name)
    more = {"kept": kept, "reason": reason, "correction": correction_of(kept)}
    return Grid(request, kept.question_set.parent, form, typed(definition, request.POST, boxes=form.boxes), more)


def _correct(grid: Grid, kept: "PaperForm", reason: CorrectionReasonForm, first: str) -> HttpResponse:
    try:
        stands = correct_paper(
            form=kept,
            values=grid.entered.values,
            **grid.form.details(kept.clinic.timezone),
            entered_twice=bool(first),
            differed=grid.differed,
            reason=reason.cleaned_data["reason"],
            by=grid.request.actor,
            at=grid.request.now,
        )
    except Refused as refused:
        return _refused(grid, reason, refused, first)
    return see_other(address_of_set(grid.parent.id, stands.id))


def _take_back(grid: Grid, kept: "PaperForm", reason: CorrectionReasonForm) -> HttpResponse:
    if not reason.is_valid():
        return grid.page(status=422)
    try:
        take_back_paper(form=kept, reason=reason.cleaned_data["reason"], by=grid.request.actor, at=grid.request.now)
    except Refused as refused:
        return _refused(grid, reason, refused, "")
    return see_other(address_of_set(grid.parent.id, kept.question_set_id))


def _refused(grid: Grid, reason: CorrectionReasonForm, refused: Refused, first: str) -> HttpResponse:
    refused.onto(reason if refused.field == "reason" else grid.form)
    return grid.page(first=first, status=422)
