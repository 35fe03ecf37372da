"""Values, corrections, what happened, and notices that somebody saw."""

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
from firstlight.journey.dosing.pages import mark_choices, value_rows
from firstlight.journey.dosing.selectors import Sheet, notice_for, observation_for, session_for
from firstlight.journey.dosing.views.steps import done_or_shown, step
from firstlight.journey.dosing.words import EMERGENCY_MARKS


@staff(Permission.SESSION_CHART)
@require_POST
def chart(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Write one set of values."""
    form = forms.ChartForm(request.POST, auto_id="chart_%s")
    return step(
        request,
        session_id,
        "chart",
        form,
        lambda found: services.chart(
            session=found,
            client_id=form.cleaned_data["client_id"],
            values=form.values(),
            by=request.actor,
            at=request.now,
        ),
    )


@staff(Permission.SESSION_CHART)
def amend(request: ClinicRequest, session_id: UUID, observation_id: UUID) -> HttpResponse:
    """Correct one set of values: the old one stays readable."""
    session = session_for(request.actor, session_id)
    observation = observation_for(request.actor, session, observation_id)
    if request.method != "POST":
        initial = {**observation.values(), "client_id": uuid4()}
        return _amending(request, session, observation, forms.AmendForm(initial=initial))
    return once(request, lambda: _amend(request, session, observation))


def _amend(request: ClinicRequest, session: Any, observation: Any) -> HttpResponse:
    form = forms.AmendForm(request.POST)
    return done_or_shown(
        session.id,
        form,
        lambda: services.amend(
            observation=observation,
            client_id=form.cleaned_data["client_id"],
            values=form.values(),
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=request.now,
        ),
        lambda status: _amending(request, session, observation, form, status=status),
    )


def _amending(
    request: ClinicRequest, session: Any, observation: Any, form: forms.AmendForm, status: int = 200
) -> HttpResponse:
    request.open_record(session.parent_id, "session")
    context = {
        "session": session,
        "parent": session.parent,
        "observation": observation,
        "form": form,
        "value_rows": value_rows(form, Sheet(session)),
    }
    return render(request, "dosing/amend.html", context, status=status)


@staff(Permission.SESSION_CHART)
@require_POST
def mark(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Note something that happened."""
    form = forms.MarkForm(request.POST, kinds=[*mark_choices(), *EMERGENCY_MARKS.items()], auto_id="mark_%s")
    return step(
        request,
        session_id,
        "mark",
        form,
        lambda found: services.mark(session=found, **form.cleaned_data, by=request.actor, at=request.now),
    )


@staff(Permission.SESSION_CHART)
@require_POST
def acknowledge(request: ClinicRequest, notice_id: UUID) -> HttpResponse:
    """Say that a notice was seen, and what was done."""
    notice = notice_for(request.actor, notice_id)
    form = forms.ActionForm(request.POST, auto_id="action_%s")
    return step(
        request,
        notice.session_id,
        "acknowledge",
        form,
        lambda _found: services.acknowledge_notice(
            notice=notice, action=form.cleaned_data["action"], by=request.actor, at=request.now
        ),
    )
