"""A signed-in parent's own question sets, under /me/q/."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from firstlight.ground.people.policies import parent
from firstlight.ground.people.requests import ClinicRequest
from firstlight.journey.screening.asking import Question, is_answered, next_open
from firstlight.journey.screening.flow import Flow
from firstlight.journey.screening.selectors import flags_in, given_in, is_short, questions_of, set_for
from firstlight.journey.screening.views.asking import AFTER_HELP, ask, not_now
from firstlight.journey.screening.views.before import before_page, must_read_first
from firstlight.journey.screening.views.helping import help_page
from firstlight.journey.screening.views.readers import read_by, readers
from firstlight.journey.screening.wording import preface_of, set_words


@require_GET
@parent()
def start(request: ClinicRequest, set_id: UUID) -> HttpResponse:
    """Say why, who reads it, how long; then begin, or go on where the phone died. The daily check-in says it on its page."""
    flow = _flow(request, set_id)
    if (closed := not_now(request, flow)) is not None:
        return closed
    given = given_in(flow.question_set)
    asked = questions_of(flow.question_set, given)
    if not asked:  # all that was left was about the child, and a loss was recorded since
        return render(request, "screening/closed.html", {"flow": flow}, status=410)
    waiting = next_open(asked, given) or asked[-1]
    still = [question for question in asked if not is_answered(question, given)]
    if is_short(flow.question_set):
        told_first = must_read_first(flow, still)
        return redirect(flow.before_url if told_first else flow.question_url(waiting.position))
    parts = _parts(still)
    ask_words, skipping = set_words(flow.question_set.set_name)
    context = {
        "flow": flow,
        "asks": ask_words,
        "skipping": skipping,
        "parts": parts,
        "minutes": sum(part["preface"].minutes for part in parts),
        "total": len(asked),
        "done": len(asked) - len(still),
        "left": len(still),
        "next_url": flow.before_url if must_read_first(flow, still) else flow.question_url(waiting.position),
    }
    return render(request, "screening/start.html", context | readers(flow, request.now))


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
    return render(request, "screening/done.html", context | readers(flow, request.now))


def _flow(request: ClinicRequest, set_id: UUID) -> Flow:
    question_set = set_for(request.actor, set_id)
    if request.method == "GET":
        request.open_record(question_set.parent_id, "questions")
    return Flow(question_set, request.actor)


def _parts(still: Sequence[Question]) -> list[dict[str, Any]]:
    """Return the parts that still have questions, each with their number."""
    counts = Counter(question.instrument.name for question in still)
    return [{"preface": preface_of(name), "questions": count} for name, count in counts.items()]
