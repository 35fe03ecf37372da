"""Full-screen help after an answer that says somebody may not be safe."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.safety.selectors import has_plan
from firstlight.journey.screening.flow import HELP_OF, Flow
from firstlight.journey.screening.selectors import flags_in
from firstlight.journey.screening.views.readers import heard
from firstlight.journey.screening.wording import TALK, help_words

MOST_DIGITS = 3


def help_page(request: ClinicRequest, flow: Flow, *, go_on: str) -> HttpResponse:
    """Show help for the strongest answer of the set; without such an answer there is nothing to help with.

    A link shows one page for all: it never tells what was answered.
    """
    raised = [] if flow.by_link else flags_in(flow.question_set)
    if not raised and not flow.by_link:
        return redirect(flow.start_url)
    of, finished = request.GET.get(HELP_OF, ""), flow.question_set.completed_at is not None
    context = {
        "flow": flow,
        "help_clinic": flow.clinic,
        "words": help_words(raised[0].action) if raised else TALK,
        "go_on": go_on,
        "told": [] if flow.by_link else heard(flow, request.now),
        "has_plan": not flow.by_link and has_plan(flow.question_set.parent_id),
        "finished": finished,
        "change_url": flow.question_url(int(of)) if _is_position(of) and not finished else "",
    }
    return render(request, "screening/help.html", context)


def _is_position(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS
