"""The dose timeline: for the clinic with all lanes, for the parent with one."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from firstlight.ground.design.charts.parent import parent_line
from firstlight.ground.design.charts.timeline import dose_timeline
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import parent, staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import parent_for
from firstlight.journey.timeline.selectors import VIEWS, empty, parent_line_of, timeline_of

VIEW_WORDS = {"week": _("Last week"), "month": _("Last month"), "all": _("Everything")}


@staff(Permission.RECORD_READ)
def timeline(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Everything of one parent on one chart."""
    view = request.GET.get("view", "all")
    if view not in VIEWS:
        raise Http404
    found = parent_for(request.actor, parent_id)
    request.open_record(found.id, "timeline")
    course = timeline_of(request.actor, found.id, request.now, view)
    context = {
        "parent": found,
        "chart": None if empty(course) else dose_timeline(course),
        "views": [(key, words, key == view) for key, words in VIEW_WORDS.items()],
    }
    return render(request, "timeline/timeline.html", context)


@parent()
def line(request: ClinicRequest) -> HttpResponse:
    """The parent's own line."""
    own = request.parent
    if own is None:
        raise Http404
    request.open_record(own.id, "line")
    course = parent_line_of(request.actor, own, request.now)
    answered = [answer for answer in course.answers if answer.value is not None]
    context = {
        "parent": own,
        "course": course,
        "chart": parent_line(course) if answered else None,
        "first": answered[0] if answered else None,
        "last": answered[-1] if len(answered) > 1 else None,
    }
    return render(request, "timeline/line.html", context)
