"""One-click sign-in as somebody of the demo. Exists only for a demo home, on this machine, never in production."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST
from django_scopes import scope

from firstlight.doors.demo.cast import cast
from firstlight.doors.demo.house import house_of, parents_of
from firstlight.ground.people.models import Clinic
from firstlight.ground.people.once import see_other
from firstlight.ground.people.policies import anyone
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.sessions import begin_parent, begin_staff

LOOPBACK = {"127.0.0.1", "::1"}
WITH_PHONE = ("maya", "elena", "daniel", "tom", "hannah")


def _only_in_demo(request: ClinicRequest) -> Clinic:
    clinic = Clinic.objects.filter(slug=cast().clinic["slug"]).first()
    if settings.PRODUCTION or not settings.DEMO or clinic is None or request.META.get("REMOTE_ADDR") not in LOOPBACK:
        raise Http404
    return clinic


@anyone("the demo's list of people to sign in as")
def people(request: ClinicRequest) -> HttpResponse:
    """Who can be played."""
    _only_in_demo(request)
    players = cast()
    return render(
        request, "demo/people.html", {"staff": players.staff, "parents": [players.parent(key) for key in WITH_PHONE]}
    )


@anyone("demo sign-in as staff")
@require_POST
def enter_staff(request: ClinicRequest, key: str) -> HttpResponse:
    """Sign in as somebody of the staff."""
    clinic = _only_in_demo(request)
    with scope(clinic=clinic.id):
        member = house_of(clinic).staff.get(key)
    if member is None:
        raise Http404
    begin_staff(request, member.account, request.now, membership_id=member.id)
    return see_other("/clinic/")


@anyone("demo sign-in as a parent")
@require_POST
def enter_parent(request: ClinicRequest, key: str) -> HttpResponse:
    """Sign in as a parent."""
    clinic = _only_in_demo(request)
    if key not in WITH_PHONE:
        raise Http404
    with scope(clinic=clinic.id):
        parent = next((found for found in parents_of(clinic) if found.email == cast().parent(key).email), None)
        if parent is None:
            raise Http404
        begin_parent(request, parent, request.now)
    return see_other("/me/")
