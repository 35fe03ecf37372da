"""Values, corrections, what happened, and notices that somebody saw."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.journey.dosing import forms, services
from firstlight.journey.dosing.pages import mark_choices, value_rows
from firstlight.journey.dosing.selectors import Sheet, notice_for, observation_for, session_for
from firstlight.journey.dosing.views.steps import Correction, chart_step, correct, step
from firstlight.journey.dosing.words import EMERGENCY_MARKS

CORRECTION = Correction(
    forms.AmendForm,
    lambda row, **entered: services.amend(observation=row, **entered),
    "dosing/amend.html",
    lambda form, session: {"value_rows": value_rows(form, Sheet(session))},
)


@staff(Permission.SESSION_CHART)
@require_POST
def chart(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Write one set of values."""
    form = forms.ChartForm(request.POST, auto_id="chart_%s")
    return chart_step(request, session_id, "chart", form, services.chart)


@staff(Permission.SESSION_CHART)
def amend(request: ClinicRequest, session_id: UUID, observation_id: UUID) -> HttpResponse:
    """Correct one set of values: the old one stays readable."""
    session = session_for(request.actor, session_id)
    return correct(request, session, observation_for(request.actor, session, observation_id), CORRECTION)


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
