"""The clinic's pages of the response: its lists, and one parent's course."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import parent_for
from firstlight.journey.response.messages import reminding_words, sent_rows
from firstlight.journey.response.reading import check_in_rows, coming_rows, dose_rows, line_rows, rhythm_words
from firstlight.journey.response.selectors import ORDERS, course_of, hours_of, lists_of

ORDER_WORDS = {"urgent": _("Most urgent first"), "longest": _("Longest first"), "latest": _("Latest first")}


@require_GET
@staff(Permission.ANSWERS_READ)
def lists(request: ClinicRequest) -> HttpResponse:
    """Show whose course goes the wrong way, who has not answered, and whose task waits too long."""
    order = request.GET.get("order", "urgent")
    if order not in ORDERS:
        raise Http404
    request.open_record(None, "response")
    context = {
        "lists": lists_of(request.actor, request.now, order),
        "orders": [(key, words, key == order) for key, words in ORDER_WORDS.items()],
        "now": request.now,
    }
    return render(request, "response/lists.html", context)


@require_GET
@staff(Permission.ANSWERS_READ)
def of_parent(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Show one parent's change by instrument beside what is published, and what became of each check-in."""
    parent = parent_for(request.actor, parent_id)
    request.open_record(parent.id, "response")
    course = course_of(request.actor, parent, request.now)
    context = {
        "parent": parent,
        "rows": line_rows(course),
        "doses": dose_rows(course),
        "check_ins": check_in_rows(course, request.now),
        "coming": coming_rows(course, request.now),
        "sent": sent_rows(course.sent, request.now),
        "reminding": reminding_words(),
        "rhythm": rhythm_words(hours_of(parent)),
        "now": request.now,
    }
    return render(request, "response/of_parent.html", context)
