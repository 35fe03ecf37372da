"""The day's board: who is in the chair, who comes, and opening a session."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.visits.selectors import visit_for
from firstlight.journey.dosing import services
from firstlight.journey.dosing.selectors import day_board, live_sessions
from firstlight.journey.dosing.views.steps import to_session


@staff(Permission.SESSION_READ)
def board(request: ClinicRequest) -> HttpResponse:
    """Who is in the chair now, and who comes today."""
    return _board(request)


@staff(Permission.SESSION_CHART)
@require_POST
def open_session(request: ClinicRequest, visit_id: UUID) -> HttpResponse:
    """Open the session of a visit, or go to it when it is open. Who has another parent in the chair is asked first."""

    def act() -> HttpResponse:
        visit = visit_for(request.actor, visit_id)
        if "sure" not in request.POST and (others := _in_my_care(request, visit)):
            return _board(request, {"asked": visit, "others": others}, status=422)
        try:
            session = services.open_session(visit=visit, by=request.actor, at=request.now)
        except Refused as refused:
            return _board(request, {"refused": refused.message}, status=422)
        return to_session(session.id)

    return once(request, act)


def _in_my_care(request: ClinicRequest, visit: Any) -> list[str]:
    """Return the names of the parents whose session this person has in charge, the visit's own left out."""
    return [
        session.parent.name
        for session in live_sessions(request.actor)
        if session.nurse_id == request.actor.membership_id and session.visit_id != visit.id
    ]


def _board(request: ClinicRequest, more: dict[str, object] | None = None, status: int = 200) -> HttpResponse:
    request.open_record(None, "sessions")
    context = {
        "board": day_board(request.actor, request.now),
        "may_open": request.actor.may(Permission.SESSION_CHART),
        **(more or {}),
    }
    return render(request, "dosing/board.html", context, status=status)
