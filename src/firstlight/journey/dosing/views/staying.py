"""Who is there, which gate was opened, and how a session ends."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import membership_for
from firstlight.journey.dosing import forms, services
from firstlight.journey.dosing.pages import people_choices
from firstlight.journey.dosing.selectors import session_for
from firstlight.journey.dosing.views.steps import step


@staff(Permission.SESSION_CHART)
@require_POST
def second(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Name the second person on site."""
    people = people_choices(session_for(request.actor, session_id), request.now)
    form = forms.SecondPersonForm(request.POST, people=people, auto_id="second_%s")

    def do(found: Any) -> object:
        person = membership_for(request.actor, UUID(form.cleaned_data["second"]))
        return services.join(session=found, second=person, by=request.actor, at=request.now)

    return step(request, session_id, "second", form, do)


@staff(Permission.SESSION_PRESCRIBE)
@require_POST
def override(request: ClinicRequest, session_id: UUID, gate: str) -> HttpResponse:
    """Open a closed gate in the prescriber's own name."""
    form = forms.ReasonForm(request.POST, auto_id=f"gate_{gate}_%s")
    return step(
        request,
        session_id,
        f"gate_{gate}",
        form,
        lambda found: services.override_gate(
            session=found, gate=gate, reason=form.cleaned_data["reason"], by=request.actor, at=request.now
        ),
    )


@staff(Permission.SESSION_CHART)
@require_POST
def leave(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Let the parent go with the escort."""
    form = forms.LeaveForm(request.POST, auto_id="leave_%s")
    return step(
        request,
        session_id,
        "leave",
        form,
        lambda found: services.leave(
            session=found,
            escort_name=form.cleaned_data["escort_name"],
            gait_steady=form.answer("gait"),
            oriented=form.answer("oriented"),
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=request.now,
        ),
    )


@staff(Permission.SESSION_CHART)
@require_POST
def cancel(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Call the session off before anything was given."""
    form = forms.ReasonForm(request.POST, auto_id="cancel_%s")
    return step(
        request,
        session_id,
        "cancel",
        form,
        lambda found: services.cancel(
            session=found, reason=form.cleaned_data["reason"], by=request.actor, at=request.now
        ),
    )
