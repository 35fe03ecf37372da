"""Before questions about harm: who reads the answers and when, what must be reported, and what not."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect, render

from firstlight.ground.people.once import see_other
from firstlight.ground.people.requests import ClinicRequest
from firstlight.journey.learn.reporting import has_seen, notice_of
from firstlight.journey.learn.services import note_reporting_seen
from firstlight.journey.screening.asking import Question, is_answered, next_open
from firstlight.journey.screening.flow import Flow
from firstlight.journey.screening.selectors import given_in, is_check_in, questions_of
from firstlight.journey.screening.views.asking import not_now
from firstlight.journey.screening.views.readers import readers
from firstlight.journey.screening.views.reminding import about_harm, sections_of


def must_read_first(flow: Flow, still: Sequence[Question]) -> bool:
    """Tell whether a question about harm is ahead, and these words were never shown to this parent, or have changed."""
    return about_harm(still) and not has_seen(flow.question_set.parent, notice_of(flow.clinic))


def before_page(request: ClinicRequest, flow: Flow) -> HttpResponse:
    """Show the words; going on notes that they were shown, and leads to the first question without an answer."""
    if (closed := not_now(request, flow)) is not None:
        return closed
    if request.method == "POST":
        note_reporting_seen(parent=flow.question_set.parent, by=flow.actor, at=request.now)
        return see_other(_onward(flow))
    notice = notice_of(flow.clinic)
    context = {
        "flow": flow,
        "sections": sections_of(flow, notice),
        "checked": notice.checked,
        "readers_new": is_check_in(flow.question_set),  # another set has them whole on the page before
        "here": flow.before_url,
    }
    return render(request, "screening/before.html", context | readers(flow, request.now))


def lead_in(flow: Flow) -> HttpResponse | None:
    """Lead to these words when they come first; None when they do not."""
    given = given_in(flow.question_set)
    still = [question for question in questions_of(flow.question_set, given) if not is_answered(question, given)]
    return redirect(flow.before_url) if must_read_first(flow, still) else None


def _onward(flow: Flow) -> str:
    given = given_in(flow.question_set)
    waiting = next_open(questions_of(flow.question_set, given), given)
    return flow.question_url(waiting.position) if waiting else flow.start_url
