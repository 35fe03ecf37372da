"""A parent opens an invitation: two ways to sign in, then a PIN if she wants one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import note
from firstlight.ground.people import sessions
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.forms.access import NewPasswordForm
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.policies import link
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import invitation_by, only_clinic, parent_actor
from firstlight.ground.people.services import accept
from firstlight.ground.people.views.staff_access import answer

WHY_OPEN = "An invitation, sent to a parent's own address. It shows no name."


@link(WHY_OPEN)
def invitation(request: ClinicRequest, token: str) -> HttpResponse:
    """Let a parent choose how to sign in. Opening the page uses nothing up: mail programs open links too."""

    def act() -> HttpResponse:
        if invitation_by(token, request.now) is None:
            return _over(request)
        if request.POST.get("way") == "password":
            return see_other(reverse("people:invitation_password", args=[token]))
        return _accept(request, token, None)

    if request.method == "POST":
        return once(request, act)
    if invitation_by(token, request.now) is None:
        return _over(request)
    return render(request, "people/invitation.html", {"token": token})


@link(WHY_OPEN)
def invitation_password(request: ClinicRequest, token: str) -> HttpResponse:
    """Take a password of at least 15 characters."""
    form = NewPasswordForm(request.POST or None)

    def act() -> HttpResponse:
        if invitation_by(token, request.now) is None:
            return _over(request)
        if form.is_valid():
            try:
                return _accept(request, token, form.cleaned_data["password"])
            except Refused as refused:
                refused.onto(form)
        return answer(request, "people/invitation_password.html", form=form, token=token)

    return once(request, act) if request.method == "POST" else act()


def _accept(request: ClinicRequest, token: str, chosen: str | None) -> HttpResponse:
    found = invitation_by(token, request.now)
    if found is None:
        return _over(request)
    by = Actor(role="parent", clinic_id=found.clinic_id, parent_id=found.episode.parent_id)
    with scope(clinic=found.clinic_id):
        parent = accept(invitation=found, password=chosen, by=by, at=request.now)
    sessions.begin_parent(request, parent, request.now)
    note("signed_in", by=parent_actor(parent), at=request.now, parent=parent.id)
    return see_other(reverse("people:pin"))


def _over(request: ClinicRequest) -> HttpResponse:
    """Say that a link is over. Unknown, used and old ones look alike, and no name is shown."""
    if request.actor.parent_id:
        return see_other("/me/")
    clinic = only_clinic()
    return render(request, "people/link_over.html", {"phone": clinic.phone if clinic else ""}, status=410)
