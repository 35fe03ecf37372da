"""The clinic's pages of the response: its lists, and one parent's course."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import parent_for
from firstlight.journey.response.messages import reminding_words, sent_rows
from firstlight.journey.response.reading import (
    check_in_rows,
    coming_rows,
    dose_rows,
    line_rows,
    resting_rows,
    rhythm_words,
)
from firstlight.journey.response.schedule import schedule
from firstlight.journey.response.selectors import ORDERS, asked_episode, course_of, hours_of, lists_of
from firstlight.journey.response.services import wish_after_stop
from firstlight.journey.response.stopped_pages import clinics_asking

if TYPE_CHECKING:
    from firstlight.ground.people.models import Parent

ORDER_WORDS = {"urgent": _("Most urgent first"), "longest": _("Longest first"), "latest": _("Latest first")}


@require_GET
@staff(Permission.ANSWERS_READ)
def lists(request: ClinicRequest) -> HttpResponse:
    """Show whose course goes the wrong way, who has not answered, and whose task waits too long."""
    order = request.GET.get("order", "urgent")
    if order not in ORDERS:
        raise Http404
    request.open_record(None, "response")
    found = lists_of(request.actor, request.now, order)
    context = {
        "lists": found,
        "urgent_on_top": order == "urgent" and found.urgent_count,
        "orders": [(key, words, key == order) for key, words in ORDER_WORDS.items()],
        "may_choose_values": request.actor.may(Permission.ASSESS),
        "now": request.now,
    }
    return render(request, "response/lists.html", context)


@require_GET
@staff(Permission.ANSWERS_READ)
def of_parent(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Show one parent's change by instrument beside what is published, and what became of each check-in."""
    return _of_parent_page(request, parent_for(request.actor, parent_id))


def _of_parent_page(request: ClinicRequest, parent: "Parent", refusal: str = "") -> HttpResponse:
    request.open_record(parent.id, "response")
    course = course_of(request.actor, parent, request.now)
    context = {
        "parent": parent,
        "rows": line_rows(course),
        "doses": dose_rows(course),
        "check_ins": check_in_rows(course, request.now),
        "coming": coming_rows(course, request.now),
        "resting": resting_rows(course, request.now),
        "sent": sent_rows(course, request.now),
        "reminding": reminding_words(),
        "rhythm": rhythm_words(hours_of(parent)),
        "after": clinics_asking(course, parent, request.now),
        "stopping": schedule().stopping,
        "refusal": refusal,
        "now": request.now,
    }
    return render(request, "response/of_parent.html", context, status=422 if refusal else 200)


@require_POST
@staff(Permission.ANSWERS_READ)
def after_stop(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Enter what a parent wants to be asked after a stop."""
    episode = asked_episode(request.actor, parent_id)

    def act() -> HttpResponse:
        try:
            wish_after_stop(episode=episode, wish=request.POST.get("wish", ""), by=request.actor, at=request.now)
        except Refused as refused:
            return _of_parent_page(request, episode.parent, refused.message)
        return see_other(reverse("response:of_parent", args=[parent_id]))

    return once(request, act)
