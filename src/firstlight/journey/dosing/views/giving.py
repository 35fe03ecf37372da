"""The syringe and the pump."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from firstlight.ground.ledger.selectors import lot_for
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.journey.dosing import forms, services
from firstlight.journey.dosing.pages import lot_choices
from firstlight.journey.dosing.selectors import session_for
from firstlight.journey.dosing.views.steps import step

VERBS = ("start", "pause", "resume", "end")


@staff(Permission.STOCK_WRITE)
@require_POST
def prepare(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Draw the syringe from a lot."""
    lots = lot_choices(session_for(request.actor, session_id), request.actor, request.now)
    form = forms.PrepareForm(request.POST, lots=lots, auto_id="prepare_%s")

    def do(found: Any) -> object:
        lot = lot_for(request.actor, UUID(form.cleaned_data["lot"]))
        drawn_ul = _thousandths(form.cleaned_data["drawn_ml"])
        return services.prepare(session=found, lot=lot, drawn_ul=drawn_ul, by=request.actor, at=request.now)

    return step(request, session_id, "prepare", form, do)


@staff(Permission.SESSION_CHART)
@require_POST
def check(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Enter the second person's own reading of vial and syringe."""
    form = forms.SecondCheckForm(request.POST, auto_id="check_%s")
    return step(
        request,
        session_id,
        "check",
        form,
        lambda found: services.second_check(
            session=found,
            volume_ul=_thousandths(form.cleaned_data["volume_ml"]),
            concentration_ug_per_ml=_thousandths(form.cleaned_data["strength_mg_per_ml"]),
            by=request.actor,
            at=request.now,
        ),
    )


@staff(Permission.SESSION_CHART)
@require_POST
def discard(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Put a prepared syringe aside."""
    form = forms.ReasonForm(request.POST, auto_id="discard_%s")
    return step(
        request,
        session_id,
        "discard",
        form,
        lambda found: services.discard_syringe(
            session=found, reason=form.cleaned_data["reason"], by=request.actor, at=request.now
        ),
    )


@staff(Permission.SESSION_CHART)
@require_POST
def pump(request: ClinicRequest, session_id: UUID, verb: str) -> HttpResponse:
    """Start, pause, resume or end the infusion."""
    if verb not in VERBS:
        raise Http404
    form = forms.ReasonForm(request.POST, auto_id=f"{verb}_%s")

    def do(found: Any) -> object:
        by, at, reason = request.actor, request.now, form.cleaned_data["reason"]
        if verb == "start":
            return services.start_infusion(session=found, by=by, at=at)
        if verb == "pause":
            return services.pause_infusion(session=found, reason=reason, by=by, at=at)
        if verb == "resume":
            return services.resume_infusion(session=found, by=by, at=at)
        return services.end_infusion(session=found, reason=reason, by=by, at=at)

    return step(request, session_id, verb, form, do)


@staff(Permission.SESSION_CHART)
@require_POST
def rate(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Change the pump's rate."""
    form = forms.RateForm(request.POST, auto_id="rate_%s")
    return step(
        request,
        session_id,
        "rate",
        form,
        lambda found: services.change_rate(
            session=found,
            rate_ug_per_min=_thousandths(form.cleaned_data["rate_mg_per_min"]),
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=request.now,
        ),
    )


def _thousandths(amount: Decimal) -> int:
    """Return mL as microlitres, or mg as micrograms."""
    return int(amount * 1000)
