"""One-click sign-in as somebody of the demo. Exists only for a demo home, on this machine, never in production."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django_scopes import scope

from firstlight.doors.demo.cast import cast
from firstlight.doors.demo.house import House, asked_today, demo_clinic, house_of, parents_of
from firstlight.ground.people.once import see_other
from firstlight.ground.people.policies import anyone
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.sessions import begin_parent, begin_staff

LOOPBACK = {"127.0.0.1", "::1"}
WITH_PHONE = ("maya", "elena", "daniel", "tom", "hannah", "ivy", "samuel", "claire", "robin", "lucia")
STANDS = {
    "running": _("third dose under way"),
    "finished": _("six doses given"),
    "planned": _("before the first dose"),
    "answering": _("first questions"),
    "paused": _("treatment paused"),
    "resumed": _("one dose given"),
    "stopped": _("stopped after one dose"),
    "transferred": _("with another clinic now"),
    "closed": _("care closed"),
}


def _house(request: ClinicRequest) -> House:
    clinic = demo_clinic()
    if settings.PRODUCTION or not settings.DEMO or clinic is None or request.META.get("REMOTE_ADDR") not in LOOPBACK:
        raise Http404
    with scope(clinic=clinic.id):
        return house_of(clinic)


@anyone("the demo's list of people to sign in as")
def people(request: ClinicRequest) -> HttpResponse:
    """Who can be played."""
    house = _house(request)
    players = cast()
    with scope(clinic=house.clinic_id):
        asked = asked_today(house.clinic, request.now)
    parents = [(role, STANDS[role.story], role.email in asked) for role in map(players.parent, WITH_PHONE)]
    return render(request, "demo/people.html", {"staff": players.staff, "parents": parents})


@anyone("demo sign-in as staff")
@require_POST
def enter_staff(request: ClinicRequest, key: str) -> HttpResponse:
    """Sign in as somebody of the staff."""
    member = _house(request).staff.get(key)
    if member is None:
        raise Http404
    begin_staff(request, member.account, request.now, membership_id=member.id)
    return see_other("/clinic/")


@anyone("demo sign-in as a parent")
@require_POST
def enter_parent(request: ClinicRequest, key: str) -> HttpResponse:
    """Sign in as a parent."""
    house = _house(request)
    if key not in WITH_PHONE:
        raise Http404
    with scope(clinic=house.clinic_id):
        parent = next((found for found in parents_of(house.clinic) if found.email == cast().parent(key).email), None)
        if parent is None:
            raise Http404
        begin_parent(request, parent, request.now)
    return see_other("/me/")
