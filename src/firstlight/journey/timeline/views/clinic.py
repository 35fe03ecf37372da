"""The dose timeline of the clinic: all lanes, from the hours of one dose to everything."""

from dataclasses import replace
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from firstlight.clinical.quantities import Mass
from firstlight.ground.design.charts.rows import DayWords
from firstlight.ground.design.charts.timeline import dose_timeline
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.journey.timeline.pages import Choice, scales_in, span_words
from firstlight.journey.timeline.selectors import Course, charts_of, course_of, heading_of, session_lines
from firstlight.journey.timeline.windows import (
    LENGTHS,
    SETS,
    NoSuchView,
    View,
    Window,
    counted_from,
    lengthened,
    view_from,
    ways_from,
)

LENGTH_WORDS = {"hours": _("Hours"), "day": _("Day"), "week": _("Week"), "month": _("Month"), "all": _("Everything")}
SET_WORDS = {"main": _("Main lanes"), "reports": _("Check-ins"), "scores": _("Scores"), "all": _("All lanes")}


@staff(Permission.RECORD_READ)
def timeline(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Everything of one parent on one time axis."""
    course = course_of(request.actor, parent_id, request.now)
    try:
        view, window = course.window(view_from(request.GET), request.now)
    except NoSuchView as error:
        raise Http404 from error
    request.open_record(course.parent.id, "timeline")
    facts = () if course.is_empty else charts_of(course, view, window, request.now)
    title, subtitle = heading_of(course, request.now)
    days = DayWords(course.zone)
    context = {
        "parent": course.parent,
        "title": title,
        "subtitle": subtitle,
        "charts": [dose_timeline(chart, days) for chart in facts],
        "scales": scales_in(facts),
        "sessions": [(line.session, Mass(line.given_ug).text()) for line in session_lines(course)],
        "may_open": request.actor.may(Permission.SESSION_READ),
        "may_note": request.actor.may(Permission.FAMILY_WRITE),
    }
    return render(request, "timeline/timeline.html", context | _controls(request, course, view, window))


def _controls(request: ClinicRequest, course: Course, view: View, window: Window) -> dict[str, object]:
    ways = ways_from(view, window, course.extent(request.now), len(course.doses), request.now)
    doses = [Choice(str(number), counted_from(view, number, window).query, number == view.dose)
             for number in range(1, len(course.doses) + 1)]  # fmt: skip
    return {
        "view": view,
        "ways": ways,
        "span": span_words(window, view, course.zone),
        "lengths": [Choice(LENGTH_WORDS[key], lengthened(view, key, window).query,
                           key == view.length) for key in LENGTHS],
        "doses": doses,
        "without_dose": Choice(_("The first dose"), counted_from(view, None, window).query, view.dose is None),
        "sets": [Choice(SET_WORDS[key], replace(view, lanes=key).query, key == view.lanes) for key in SETS],
    }  # fmt: skip
