from django.http import HttpResponse
from django.shortcuts import render

from firstlight.doors.desk.selectors import desk_of
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest


@staff()
def today(request: ClinicRequest) -> HttpResponse:
    """The clinic's first page."""
    if request.clinic is None:
        raise LookupError("The policy admits members of a clinic only.")
    request.open_record(None, "desk")
    context = {
        "desk": desk_of(request.actor, request.clinic, request.now),
        "may_visits": request.actor.may(Permission.VISITS_WRITE),
        "may_read": request.actor.may(Permission.RECORD_READ),
    }
    return render(request, "desk/today.html", context)
