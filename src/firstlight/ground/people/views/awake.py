"""How long the own sign-in still lasts: asked by the page that warns of its end."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from firstlight.ground.people import sessions
from firstlight.ground.people.lasting import STAFF
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest


@require_GET
@staff(poll=True)
def awake(request: ClinicRequest) -> HttpResponse:
    """Say how many seconds are left, and whether a touch gives more.

    With the header of a poll it only asks; without it somebody touched the page, and the time begins anew.
    """
    end = sessions.end_of(request.session, STAFF)
    left = (end.at - request.now).total_seconds() if end else 0
    return JsonResponse({"seconds": max(0, int(left)), "can_stay": bool(end and end.can_stay)})
