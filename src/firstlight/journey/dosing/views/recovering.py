"""The modified Aldrete: charted, and corrected."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.journey.dosing import forms, services
from firstlight.journey.dosing.pages import score_rows
from firstlight.journey.dosing.recovery import definition
from firstlight.journey.dosing.selectors import recovery_score_for, session_for
from firstlight.journey.dosing.views.steps import Correction, chart_step, correct

CORRECTION = Correction(
    forms.AmendRecoveryForm,
    services.amend_recovery,
    "dosing/amend_recovery.html",
    lambda form, _session: {"score_rows": score_rows(form), "table": definition()},
)


@staff(Permission.SESSION_CHART)
@require_POST
def score_recovery(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Write one modified Aldrete."""
    form = forms.RecoveryForm(request.POST, auto_id="recovery_%s")
    return chart_step(request, session_id, "recovery", form, services.score_recovery)


@staff(Permission.SESSION_CHART)
def amend_recovery(request: ClinicRequest, session_id: UUID, score_id: UUID) -> HttpResponse:
    """Correct one modified Aldrete: the old one stays readable."""
    session = session_for(request.actor, session_id)
    return correct(request, session, recovery_score_for(request.actor, session, score_id), CORRECTION)
