"""Asking for a call: the one form of the front door."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.lockout import client_address
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.policies import anyone
from firstlight.ground.people.requests import ClinicRequest
from firstlight.journey.learn.forms import CallForm
from firstlight.journey.learn.reading import prose
from firstlight.journey.learn.selectors import Door, door
from firstlight.journey.learn.services import TooOften, ask_for_call


@require_http_methods(["GET", "HEAD", "POST"])
@anyone("Whoever asks for a call has no account yet.")
def call(request: ClinicRequest) -> HttpResponse:
    """Ask for a call."""
    found = door(request.now)
    if request.method != "POST":
        return _form(request, found, CallForm())
    if found is None:
        raise Http404
    return once(request, lambda: _ask(request, found, CallForm(request.POST)))


def _ask(request: ClinicRequest, found: Door, form: CallForm) -> HttpResponse:
    status = 422
    if form.is_valid():
        try:
            nobody = Actor(role="anyone", clinic_id=found.clinic.id)
            address = client_address(request)
            ask_for_call(clinic=found.clinic, **form.cleaned_data, address=address, by=nobody, at=request.now)
            return see_other(reverse("learn:called"))
        except TooOften as refused:
            refused.onto(form)
            status = 429
        except Refused as refused:
            refused.onto(form)
    return _form(request, found, form, status)


def _form(request: ClinicRequest, found: Door | None, form: CallForm, status: int = 200) -> HttpResponse:
    return render(request, "learn/call.html", {"door": found, "form": form, "prose": prose()["call"]}, status=status)


@require_safe
@anyone("Whoever asked for a call has no account yet.")
def called(request: ClinicRequest) -> HttpResponse:
    """Say what happens now. The page knows nothing of who asked."""
    return render(request, "learn/called.html", {"door": door(request.now)})
