"""What a dose is expected to do: for those who plan it. It reads and computes, and writes nothing."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import parent_for
from firstlight.journey.eligibility.selectors import episode_of
from firstlight.journey.planning.forecast_pages import forecast_page


@staff(Permission.PLAN_WRITE)
@require_GET
def forecast(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Show the forecast of a dose: a part of the page for htmx, the whole page without it."""
    whose = parent_for(request.actor, parent_id)
    episode = episode_of(whose)
    if episode is None:
        raise Http404
    request.open_record(parent_id, "plan.forecast")
    page = forecast_page(whose, episode, request.now, request.GET, part=bool(request.htmx))
    template = "planning/_forecast.html" if request.htmx else "planning/forecast.html"
    return render(request, template, page, status=422 if page.get("refusals") else 200)
