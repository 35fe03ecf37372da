"""What a parent answered, for whoever in the clinic may read it: result, band with its source, every answer."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.journey.screening.reading import sheets_of
from firstlight.journey.screening.records import record_of, record_page

EVERYTHING = "all"


@require_GET
@staff(Permission.ANSWERS_READ)
def answers(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Show one parent's sets, newest first, a page of them or all: also those that are not finished."""
    asked, asked_set, paged = request.GET.get("page", ""), _set_asked(request), None
    if asked != EVERYTHING:
        paged = record_page(request.actor, parent_id, page=asked, holding=asked_set)
    record = paged.record if paged else record_of(request.actor, parent_id)
    request.open_record(parent_id, "answers")
    sheets = sheets_of(record.sets, record.replies, record.results, request.now, record.arrivals)
    counting = [one for one in sheets if one.counts]
    context = {
        "parent": record.parent,
        "sheets": sheets,
        "counting": counting,
        "scored": [one for one in counting if one.comes_to_something],
        "any_raised": any(one.raised for one in counting),
        "asked_set": asked_set,
        "everything": paged is None,
        "page": paged.page if paged else None,
        "elsewhere": paged.elsewhere if paged else (),
        "not_asked": record.not_asked,
        "may_enter": request.actor.may(Permission.ANSWERS_ENTER),
        "now": request.now,
    }
    return render(request, "screening/answers.html", context)


def address_of_set(parent_id: UUID, set_id: UUID) -> str:
    """Return where one set stands among a parent's answers, on whichever page that is."""
    return f"{reverse('screening:answers', args=[parent_id])}?set={set_id}#set-{set_id}"


def _set_asked(request: ClinicRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("set", ""))
    except ValueError:
        return None
