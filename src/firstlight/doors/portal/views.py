"""The parent's first page, and what her phone needs to keep it on its home screen."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from firstlight.doors.portal.selectors import care_ended, coming_up, next_step, state_first
from firstlight.doors.portal.situation import Situation
from firstlight.doors.portal.wording import part_of_day
from firstlight.ground.design.charts.parent import parent_line
from firstlight.ground.people.policies import anyone, parent
from firstlight.ground.people.requests import ClinicRequest, own_record

PAPER = "#FAF6EF"


@require_GET
@parent()
def today(request: ClinicRequest) -> HttpResponse:
    """Show the one next step, or who acts next, and what is coming up."""
    whose = own_record(request)
    request.open_record(whose.id, "today")
    here = Situation(request.actor, whose, request.now)
    step, own = next_step(here), here.own_line
    context = {
        "parent": whose,
        "eyebrow": part_of_day(request.now.astimezone(here.zone)),
        "step": step,
        "own": own,
        "line_first": own is not None and not step.url and not state_first(here),
        "ended": care_ended(here),
        "chart": parent_line(own.line) if own else None,
        "coming": coming_up(here),
        "told": here.told,
    }
    return render(request, "portal/today.html", context)


@require_GET
@anyone("a phone asks for it before anybody signs in; it holds no data")
def manifest(request: ClinicRequest) -> HttpResponse:
    """Say how the parent's pages look on a home screen: a neutral name and our own drawing."""
    content = {
        "name": _("Firstlight"),
        "short_name": _("Firstlight"),
        "id": "/me/",
        "start_url": "/me/",
        "scope": "/me/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            {"src": static("portal/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any maskable"}
        ],
    }
    return JsonResponse(content, content_type="application/manifest+json")
