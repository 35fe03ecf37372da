"""What a parent says of this moment: charted, and corrected."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.journey.dosing import forms, services
from firstlight.journey.dosing.pages import asking_right_now
from firstlight.journey.dosing.selectors import right_now_for, session_for
from firstlight.journey.dosing.views.steps import Correction, chart_step, correct

CORRECTION = Correction(
    forms.AmendRightNowForm,
    services.amend_right_now,
    "dosing/amend_right_now.html",
    lambda form, _session: asking_right_now(form),
)


@staff(Permission.SESSION_CHART)
@require_POST
def chart_right_now(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """Write what the parent said of this moment."""
    form = forms.RightNowForm(request.POST, auto_id="right_now_%s")
    return chart_step(request, session_id, "right_now", form, services.chart_right_now)


@staff(Permission.SESSION_CHART)
def amend_right_now(request: ClinicRequest, session_id: UUID, row_id: UUID) -> HttpResponse:
    """Correct what was charted of one moment: the old answers stay readable."""
    session = session_for(request.actor, session_id)
    return correct(request, session, right_now_for(request.actor, session, row_id), CORRECTION)
