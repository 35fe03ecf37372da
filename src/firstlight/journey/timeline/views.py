"""The dose timeline: for the clinic with all lanes, for the parent with one."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from firstlight.clinical.quantities import Mass
from firstlight.ground.design.charts.parent import parent_line
from firstlight.ground.design.charts.timeline import dose_timeline
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import parent, staff
from firstlight.ground.people.requests import ClinicRequest, own_record
from firstlight.journey.response.selectors import due_check_ins
from firstlight.journey.timeline.selectors import (
    LANES,
    VIEWS,
    course_of,
    drawn,
    empty,
    own_line_of,
    session_lines,
)
from firstlight.journey.timeline.wording import part_of_day

VIEW_WORDS = {"week": _("Last week"), "month": _("Last month"), "all": _("Everything")}
LANE_WORDS = {"main": _("Main lanes"), "more": _("More own reports")}


@staff(Permission.RECORD_READ)
def timeline(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Everything of one parent on one chart."""
    view, lanes = request.GET.get("view", "all"), request.GET.get("lanes", "main")
    if view not in VIEWS or lanes not in LANES:
        raise Http404
    course = course_of(request.actor, parent_id)
    request.open_record(course.parent.id, "timeline")
    facts = drawn(course, request.now, view, lanes)
    context = {
        "parent": course.parent,
        "chart": None if empty(facts) else dose_timeline(facts),
        "view": view,
        "lanes": lanes,
        "views": [(key, words, key == view) for key, words in VIEW_WORDS.items()],
        "lane_sets": [(key, words, key == lanes) for key, words in LANE_WORDS.items()],
        "sessions": [(line.session, Mass(line.given_ug).text()) for line in session_lines(course)],
        "may_open": request.actor.may(Permission.SESSION_READ),
    }
    return render(request, "timeline/timeline.html", context)


@parent()
def line(request: ClinicRequest) -> HttpResponse:
    """The parent's own line."""
    own = own_record(request)
    request.open_record(own.id, "line")
    own_line = own_line_of(request.actor, own, request.now)
    due = due_check_ins(request.actor, request.now)
    context = {
        "parent": own,
        "own": own_line,
        "today": part_of_day(request.now, own_line.line.zone),
        "chart": parent_line(own_line.line) if own_line.figures else None,
        "due": due[0].question_set if due else None,
    }
    return render(request, "timeline/line.html", context)
