"""The live session, and what changed of it: asked every second, answered only when something did."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import render

from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.journey.dosing.pages import session_context
from firstlight.journey.dosing.selectors import session_for, sheet_of
from firstlight.journey.dosing.views.steps import page

AGES_EVERY_SECONDS = 10
"""How often a value's age and the amount given are shown anew when nothing was charted."""


@staff(Permission.SESSION_READ)
def session(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """The live session."""
    return page(request, sheet_of(session_for(request.actor, session_id)))


@staff(Permission.SESSION_READ, poll=True)
def live(request: ClinicRequest, session_id: UUID) -> HttpResponse:
    """The page's regions as they are now. Not modified: nothing was written and no age has moved on."""
    found = session_for(request.actor, session_id)
    etag = f'W/"{found.version}.{int(request.now.timestamp()) // AGES_EVERY_SECONDS}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    context = session_context(sheet_of(found), request.actor, request.now)
    response = render(request, "dosing/_live.html", context)
    response["ETag"] = etag
    return response
