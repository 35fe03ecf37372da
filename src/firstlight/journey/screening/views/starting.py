"""Before the first question, for both ways in: what it is, how long it takes, who reads it, and what skipping it stops."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from firstlight.ground.people.requests import ClinicRequest
from firstlight.journey.screening.asking import Given, Question, is_answered, next_open
from firstlight.journey.screening.flow import Flow
from firstlight.journey.screening.views.before import must_read_first
from firstlight.journey.screening.views.readers import readers
from firstlight.journey.screening.views.reminding import reminder
from firstlight.journey.screening.wording import minutes_of, preface_of, set_words


def start_page(request: ClinicRequest, flow: Flow, asked: Sequence[Question], given: Given) -> HttpResponse:
    """Show what stands before a set; it shows no answer. A check-in has no such page: its first question says it."""
    still = [question for question in asked if not is_answered(question, given)]
    parts, again = _parts(still), reminder(flow, still)
    context = {
        "flow": flow,
        "asks": set_words(flow.question_set.set_name)[0],
        "parts": parts,
        "minutes": minutes_of(question.instrument.name for question in still),
        "total": len(asked),
        "done": len(asked) - len(still),
        "left": len(still),
        "next_url": flow.before_url if again and again.is_new else _first_question(flow, asked, given),
        "reporting": again if again and not again.is_new else None,  # new ones have the next page
    }
    return render(request, "screening/start.html", context | readers(flow, request.now))


def first_page(flow: Flow, asked: Sequence[Question], given: Given) -> str:
    """Return where a set goes on: what is to be read before questions about harm, or the first question without an answer."""
    still = [question for question in asked if not is_answered(question, given)]
    return flow.before_url if must_read_first(flow, still) else _first_question(flow, asked, given)


def _first_question(flow: Flow, asked: Sequence[Question], given: Given) -> str:
    waiting = next_open(asked, given) or asked[-1]
    return flow.question_url(waiting.position)


def _parts(still: Sequence[Question]) -> list[dict[str, Any]]:
    """Return the parts that still have questions, each with their number."""
    counts = Counter(question.instrument.name for question in still)
    return [{"preface": preface_of(name), "questions": count} for name, count in counts.items()]
