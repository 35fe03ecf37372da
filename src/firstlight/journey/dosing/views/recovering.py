"""The modified Aldrete: charted, and corrected."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from firstlight.ground.people.once import once
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.journey.dosing import forms, services
from firstlight.journey.dosing.pages import score_rows
from firstlight.journey.dosing.recovery import definition
from firstlight.journey.dosing.selectors import recovery_score_for, session_for
from firstlight.journey.dosing.views.steps import done_or_shown, step


@staff(Permission.SESSION_CHART)
@require_POST
def score_recovery(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Write one modified Aldrete."""
    form = forms.RecoveryForm(request.POST, auto_id="recovery_%s")
    return step(
        request,
        session_id,
        "recovery",
        form,
        lambda found: services.score_recovery(
            session=found,
            client_id=form.cleaned_data["client_id"],
            values=form.values(),
            by=request.actor,
            at=request.now,
        ),
    )


@staff(Permission.SESSION_CHART)
def amend_recovery(request: ClinicRequest, session_id: UUID, score_id: UUID) -> HttpResponse:
    """Correct one modified Aldrete: the old one stays readable."""
    session = session_for(request.actor, session_id)
    row = recovery_score_for(request.actor, session, score_id)
    if request.method != "POST":
        form = forms.AmendRecoveryForm(initial={**row.values(), "client_id": uuid4()})
        return _amending(request, session, row, form)
    return once(request, lambda: _amend(request, session, row))


def _amend(request: ClinicRequest, session: Any, row: Any) -> HttpResponse:
    form = forms.AmendRecoveryForm(request.POST)
    return done_or_shown(
        session.id,
        form,
        lambda: services.amend_recovery(
            row=row,
            client_id=form.cleaned_data["client_id"],
            values=form.values(),
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=request.now,
        ),
        lambda status: _amending(request, session, row, form, status=status),
    )


def _amending(
    request: ClinicRequest, session: Any, row: Any, form: forms.AmendRecoveryForm, status: int = 200
) -> HttpResponse:
    request.open_record(session.parent_id, "session")
    context = {
        "session": session,
        "parent": session.parent,
        "row": row,
        "form": form,
        "score_rows": score_rows(form),
        "table": definition(),
    }
    return render(request, "dosing/amend_recovery.html", context, status=status)
