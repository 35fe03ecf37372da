"""What a parent says of this moment: charted, and corrected."""

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
from firstlight.journey.dosing.pages import amending_right_now
from firstlight.journey.dosing.selectors import right_now_for, session_for
from firstlight.journey.dosing.views.steps import done_or_shown, step


@staff(Permission.SESSION_CHART)
@require_POST
def chart_right_now(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Write what the parent said of this moment."""
    form = forms.RightNowForm(request.POST, auto_id="right_now_%s")
    return step(
        request,
        session_id,
        "right_now",
        form,
        lambda found: services.chart_right_now(
            session=found,
            client_id=form.cleaned_data["client_id"],
            values=form.values(),
            by=request.actor,
            at=request.now,
        ),
    )


@staff(Permission.SESSION_CHART)
def amend_right_now(request: ClinicRequest, session_id: UUID, row_id: UUID) -> HttpResponse:
    """Correct what was charted of one moment: the old answers stay readable."""
    session = session_for(request.actor, session_id)
    row = right_now_for(request.actor, session, row_id)
    if request.method != "POST":
        form = forms.AmendRightNowForm(initial={**row.values(), "client_id": uuid4()})
        return _amending(request, session, row, form)
    return once(request, lambda: _amend(request, session, row))


def _amend(request: ClinicRequest, session: Any, row: Any) -> HttpResponse:
    form = forms.AmendRightNowForm(request.POST)
    return done_or_shown(
        session.id,
        form,
        lambda: services.amend_right_now(
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
    request: ClinicRequest, session: Any, row: Any, form: forms.AmendRightNowForm, status: int = 200
) -> HttpResponse:
    request.open_record(session.parent_id, "session")
    context = {"row": row, **amending_right_now(session, form)}
    return render(request, "dosing/amend_right_now.html", context, status=status)
