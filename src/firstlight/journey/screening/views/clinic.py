"""What a parent answered, for whoever in the clinic may read it: result, band with its source, every answer."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import parent_for
from firstlight.journey.screening.reading import sheets_of
from firstlight.journey.screening.selectors import record_of


@require_GET
@staff(Permission.ANSWERS_READ)
def answers(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Show every set of one parent, newest first: also those that are not finished."""
    parent = parent_for(request.actor, parent_id)
    request.open_record(parent.id, "answers")
    record = record_of(request.actor, parent.id)
    sheets = sheets_of(record.sets, record.replies, record.results, request.now, record.arrivals)
    counting = [one for one in sheets if one.counts]
    context = {
        "parent": parent,
        "sheets": sheets,
        "counting": counting,
        "any_raised": any(one.raised for one in counting),
        "may_enter": request.actor.may(Permission.ANSWERS_ENTER),
        "now": request.now,
    }
    return render(request, "screening/answers.html", context)
