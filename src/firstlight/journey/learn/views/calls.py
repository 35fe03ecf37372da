"""Asking for a call: the one form of the front door."""

from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.lockout import client_address
from firstlight.ground.people.models import Clinic
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.policies import anyone
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import only_clinic
from firstlight.ground.safety.selectors import watch_notice
from firstlight.journey.learn.forms import CallForm
from firstlight.journey.learn.reading import prose
from firstlight.journey.learn.services import TooOften, ask_for_call
from firstlight.journey.learn.wording import read_by


@require_http_methods(["GET", "HEAD", "POST"])
@anyone("Whoever asks for a call has no account yet.")
def call(request: ClinicRequest) -> HttpResponse:
    """Ask for a call."""
    clinic = only_clinic()
    if request.method != "POST":
        return _form(request, clinic, CallForm())
    if clinic is None:
        raise Http404
    asked = clinic
    return once(request, lambda: _ask(request, asked, CallForm(request.POST)))


def _ask(request: ClinicRequest, clinic: Clinic, form: CallForm) -> HttpResponse:
    status = 422
    if form.is_valid():
        try:
            nobody = Actor(role="anyone", clinic_id=clinic.id)
            address = client_address(request)
            ask_for_call(clinic=clinic, **form.cleaned_data, address=address, by=nobody, at=request.now)
            return see_other(reverse("learn:called"))
        except TooOften as refused:
            refused.onto(form)
            status = 429
        except Refused as refused:
            refused.onto(form)
    return _form(request, clinic, form, status)


def _form(request: ClinicRequest, clinic: Clinic | None, form: CallForm, status: int = 200) -> HttpResponse:
    context = {"clinic": clinic, "form": form, "prose": prose()["call"], "read_by": _read_by(request, clinic)}
    return render(request, "learn/call.html", context, status=status)


@require_safe
@anyone("Whoever asked for a call has no account yet.")
def called(request: ClinicRequest) -> HttpResponse:
    """Say what happens now. The page knows nothing of who asked."""
    clinic = only_clinic()
    return render(request, "learn/called.html", {"clinic": clinic, "read_by": _read_by(request, clinic)})


def _read_by(request: ClinicRequest, clinic: Clinic | None) -> str:
    if clinic is None:
        return ""
    return read_by(watch_notice(clinic, request.now), request.now, ZoneInfo(clinic.timezone))
