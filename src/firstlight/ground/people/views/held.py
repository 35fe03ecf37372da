"""A form that met an ended session, offered for sending once more."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render

from firstlight.ground.people.once import see_other
from firstlight.ground.people.policies import parent, staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import held_form
from firstlight.ground.people.services import drop


@staff()
def held_staff(request: ClinicRequest, held_id: UUID) -> HttpResponse:
    """Offer a staff member's kept form."""
    return _offer(request, held_id, "/clinic/", "people/held_staff.html")


@parent()
def held_parent(request: ClinicRequest, held_id: UUID) -> HttpResponse:
    """Offer a parent's kept form."""
    return _offer(request, held_id, "/me/", "people/held_parent.html")


def _offer(request: ClinicRequest, held_id: UUID, realm: str, template: str) -> HttpResponse:
    if request.actor.account_id is None:
        raise Http404
    held = held_form(request.actor.account_id, realm, request.now, held_id)
    if held is None:
        return see_other(realm)
    if request.method == "POST":
        drop(held=held)
        return see_other(realm)
    typed = [value for name, value in held.body if name not in {"once", "expected"} and not _is_key(value)]
    return render(request, template, {"held": held, "typed": [value for value in typed if value.strip()]})


def _is_key(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
