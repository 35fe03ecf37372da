"""A signed-in parent's own question sets, under /me/q/."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from firstlight.ground.people.policies import parent
from firstlight.ground.people.requests import ClinicRequest
from firstlight.journey.screening.flow import Flow
from firstlight.journey.screening.selectors import flags_in, given_in, is_check_in, questions_of, set_for
from firstlight.journey.screening.views.asking import AFTER_HELP, ask, not_now
from firstlight.journey.screening.views.before import before_page
from firstlight.journey.screening.views.helping import help_page
from firstlight.journey.screening.views.readers import heard, read_by, readers
from firstlight.journey.screening.views.starting import first_page, start_page


@require_GET
@parent()
def start(request: ClinicRequest, set_id: UUID) -> HttpResponse:
    """Say why, who reads it, how long; then begin, or go on where the phone died. A check-in says it on its first question."""
    flow = _flow(request, set_id)
    if (closed := not_now(request, flow)) is not None:
        return closed
    given = given_in(flow.question_set)
    asked = questions_of(flow.question_set, given)
    if not asked:  # all that was left was about the child, and a loss was recorded since
        return render(request, "screening/closed.html", {"flow": flow}, status=410)
    if is_check_in(flow.question_set):
        return redirect(first_page(flow, asked, given))
    return start_page(request, flow, asked, given)


@require_http_methods(["GET", "POST"])
@parent()
def before(request: ClinicRequest, set_id: UUID) -> HttpResponse:
    """Say what must be reported and who reads, before the first question about harm."""
    return before_page(request, _flow(request, set_id))


@require_http_methods(["GET", "POST"])
@parent()
def question(request: ClinicRequest, set_id: UUID, position: int) -> HttpResponse:
    """Ask one question; a tap answers it."""
    return ask(request, _flow(request, set_id), position)


@require_GET
@parent()
def helping(request: ClinicRequest, set_id: UUID, to: int) -> HttpResponse:
    """Show help at once after an answer that asks for it; then go on, or stop."""
    flow = _flow(request, set_id)
    go_on = flow.question_url(to) if to else flow.done_url
    return help_page(request, flow, go_on=go_on)


@require_GET
@parent()
def done(request: ClinicRequest, set_id: UUID) -> HttpResponse:
    """Say what happens with the answers now, by whom and by when. No score: a person talks about it."""
    flow = _flow(request, set_id)
    if flow.question_set.completed_at is None:
        return redirect(flow.start_url)
    context = {
        "flow": flow,
        "clinic": flow.clinic,
        "read_by": read_by(flow),
        "raised": bool(flags_in(flow.question_set)),
        "after_help": request.GET.get(AFTER_HELP),
    }
    context |= readers(flow, request.now)
    if context["raised"]:
        context["watch"] = heard(flow, request.now)
    return render(request, "screening/done.html", context)


def _flow(request: ClinicRequest, set_id: UUID) -> Flow:
    question_set = set_for(request.actor, set_id)
    if request.method == "GET":
        request.open_record(question_set.parent_id, "questions")
    return Flow(question_set, request.actor)
