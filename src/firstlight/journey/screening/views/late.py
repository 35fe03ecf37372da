"""An answer that asks for help and can be taken no more: the clinic is told, and help stands before all else."""

from django.http import HttpResponse
from django.shortcuts import render
from django_scopes import scope

from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.safety.selectors import has_plan
from firstlight.journey.screening.flow import Flow
from firstlight.journey.screening.passes import clinic_of_pass, set_of_pass, set_opened_by
from firstlight.journey.screening.services import link_actor, tell_late
from firstlight.journey.screening.views.readers import heard
from firstlight.journey.screening.views.taps import tapped
from firstlight.journey.screening.wording import TALK, help_words

OPENED_BY = "opened"  # the part of a form that shows which set its link opened


def late_answer(request: ClinicRequest, flow: Flow) -> HttpResponse | None:
    """Tell the clinic of an answer to a closed set, and show help; None when the answer asks for none."""
    item, value = tapped(request)
    late = tell_late(question_set=flow.question_set, item=item, value=value, by=flow.actor, at=request.now)
    if late is None:
        return None
    context = {
        "flow": flow,
        "help_clinic": flow.clinic,
        "words": TALK if flow.by_link else help_words(late.action),
        "go_on": flow.start_url,
        "told": [] if flow.by_link else heard(flow, request.now),
        "has_plan": not flow.by_link and has_plan(flow.question_set.parent_id),
        "late": not late.stands,
        "finished": flow.question_set.completed_at is not None,
    }
    return render(request, "screening/help.html", context)


def late_by_link(request: ClinicRequest, token: str) -> HttpResponse | None:
    """Do the same for a link that opens nothing any more, for the set that its page was made of.

    None when the answer asks for no help. Raises Http404 for what no page of this link sends.
    """
    set_id = set_opened_by(token, request.POST.get(OPENED_BY, ""))
    with scope(clinic=clinic_of_pass(set_id)):
        question_set = set_of_pass(set_id)
        return late_answer(request, Flow(question_set, link_actor(question_set), token))
