"""One question a page, one tap an answer, for both ways in. Each tap is saved before the next question is shown."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import flags, instrument
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import see_other
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.services.holding import release
from firstlight.journey.screening.asking import (
    Given,
    Question,
    decides_on_more,
    is_answered,
    leaves_no_total,
    next_open,
    offers_refusal,
)
from firstlight.journey.screening.flow import Flow, link_done_url
from firstlight.journey.screening.passes import opened_by
from firstlight.journey.screening.selectors import (
    given_in,
    has_closed,
    is_check_in,
    is_early,
    is_expired,
    opens_at,
    questions_of,
)
from firstlight.journey.screening.services import Concern, Saved, prefer, tap
from firstlight.journey.screening.sets import may_be_followed
from firstlight.journey.screening.strength import NO_ANSWER_GIVEN
from firstlight.journey.screening.views.check_in import one_page, others_to_choose, stands_on_one_page
from firstlight.journey.screening.views.choices import choices_of, does_not_apply, is_scale
from firstlight.journey.screening.views.late import late_answer
from firstlight.journey.screening.views.readers import readers
from firstlight.journey.screening.views.reminding import reminder
from firstlight.journey.screening.views.sealing import sealing
from firstlight.journey.screening.views.stems import stem_of
from firstlight.journey.screening.views.taps import tapped
from firstlight.journey.screening.wording import follows_because, preface_of

LONG_QUESTION = 60  # letters; a longer one is set smaller
AFTER_HELP = "h"  # the short card, and what it says first
SHORT, PLANNED, UNSAID, TAKEN_BACK = "1", "plan", "unsaid", "back"


def not_now(request: ClinicRequest, flow: Flow) -> HttpResponse | None:
    """Return what to show of a set that cannot be answered now; None when it can."""
    if flow.question_set.completed_at is not None:
        return redirect(flow.done_url)
    if is_expired(flow.question_set, request.now):
        return render(request, "screening/closed.html", {"flow": flow}, status=410)
    if is_early(flow.question_set, request.now):
        return render(request, "screening/early.html", {"flow": flow, "opens_at": opens_at(flow.question_set)})
    return None


def ask(request: ClinicRequest, flow: Flow, position: int) -> HttpResponse:
    """Show one question, or keep its answer and lead to the next. An answer that asks for help is told though it is too late."""
    if (closed := not_now(request, flow)) is not None:
        asks = request.method == "POST" and has_closed(flow.question_set.id, request.now)
        return (late_answer(request, flow) if asks else None) or closed
    if request.method == "POST" and "instead" in request.POST:
        return _ask_instead(request, flow, position)
    if request.method == "POST":
        return _take(request, flow, position)
    return _show(request, flow, position)


def _show(request: ClinicRequest, flow: Flow, position: int, refusal: str = "") -> HttpResponse:
    given = given_in(flow.question_set)
    asked = questions_of(flow.question_set, given)
    if not 1 <= position <= len(asked):
        waiting = next_open(asked, given)
        return redirect(flow.question_url(waiting.position) if waiting else flow.start_url)
    context = _page(request, flow, asked, given, position) | {"refusal": refusal}
    status = 422 if refusal else 200
    if not stands_on_one_page(flow, asked[position - 1]):
        return render(request, "screening/question.html", context, status=status)
    context |= one_page(request, flow, asked, given) | {"instead": others_to_choose(flow, asked[position - 1])}
    return render(request, "screening/check_in.html", context, status=status)


def _page(request: ClinicRequest, flow: Flow, asked: Sequence[Question], given: Given, position: int) -> dict[str, Any]:
    """Return what the page of one question shows."""
    question, language = asked[position - 1], get_language() or "en"
    words = text(question.item.text, language)
    # A link writes and does not read: it never shows what was answered before.
    shown = {} if flow.by_link else given
    chosen = shown.get(question.instrument.name, {}).get(question.item.key)
    choices = choices_of(question.instrument, question.item, chosen, language)
    return _opening(request, flow, asked, question) | {
        "flow": flow,
        "question": question,
        "text": words,
        "long": len(words) > LONG_QUESTION,
        "stem": stem_of(asked, question, language),
        "options": choices,
        "scale": is_scale(choices),
        "number": question.item.is_number,
        "chosen": chosen,
        "answered_unseen": flow.by_link and is_answered(question, given),
        "asks_help": any(choice.asks_help for choice in choices),
        "not_applicable": does_not_apply(question.item, chosen),
        "may_pass": not offers_refusal(question.instrument),
        "no_total": leaves_no_total(question),
        "passed": is_answered(question, shown) and shown[question.instrument.name][question.item.key] is None,
        "here": flow.question_url(position),
        "sealing": sealing(request, flow),
        "opened_by": opened_by(flow.token, flow.question_set) if flow.by_link else "",
        "back_url": _back_url(flow, question),
        "after_help": request.GET.get(AFTER_HELP),
        "note_ahead": _note_ahead(asked, position),
        "more_may_follow": question.is_last and _more_may_follow(flow, asked, question),
    }


def _more_may_follow(flow: Flow, asked: Sequence[Question], question: Question) -> bool:
    """Tell whether the answer to the last question that is asked so far may bring others."""
    names = flow.question_set.instruments
    followed = may_be_followed(question.instrument.name, names)
    return followed or decides_on_more(question, asked)


def _opening(request: ClinicRequest, flow: Flow, asked: Sequence[Question], question: Question) -> dict[str, Any]:
    """Return what stands before the first question of a part, where it was not read on the page before."""
    short, begins_here = stands_on_one_page(flow, question), is_check_in(flow.question_set)
    if not (question.opens_part or short) or (question.part == 1 and not begins_here):
        return {}
    of_part = [one for one in asked if one.part == question.part]
    opening = {
        "preface": preface_of(question.instrument.name),
        "questions": len(of_part),
        "reporting": reminder(flow, of_part),
        "follows": follows_because(flow.question_set, question.instrument.name),
        "begins_here": begins_here and question.part == 1,
    }
    return opening | readers(flow, request.now)


def _note_ahead(asked: Sequence[Question], position: int) -> str | Promise:
    """Return the note on heavy content when the next question is the one it speaks of."""
    if position >= len(asked) or _asks_help(asked[position - 1]) or not _asks_help(asked[position]):
        return ""
    preface = preface_of(asked[position].instrument.name)
    return preface.ahead or preface.note


def _asks_help(question: Question) -> bool:
    return any(flags(question.instrument, {question.item.key: value}) for value in question.item.values)


def _back_url(flow: Flow, question: Question) -> str:
    if question.position > 1:
        return flow.question_url(question.position - 1)
    return "" if is_check_in(flow.question_set) else flow.start_url


def _ask_instead(request: ClinicRequest, flow: Flow, position: int) -> HttpResponse:
    """Ask another item from now on, where there is a choice."""
    try:
        prefer(question_set=flow.question_set, item=request.POST["instead"], by=flow.actor, at=request.now)
    except Refused as refused:
        return _show(request, flow, position, refused.message)
    return see_other(flow.question_url(position))


def _take(request: ClinicRequest, flow: Flow, position: int) -> HttpResponse:
    """Keep a tap. No form key is needed: the same answer twice is one row, and leads to the same place."""
    key, value = tapped(request)
    try:
        saved = tap(question_set=flow.question_set, item=key, value=value, by=flow.actor, at=request.now)
    except Refused as refused:
        closed_since = late_answer(request, flow) if has_closed(flow.question_set.id, request.now) else None
        return closed_since or _show(request, flow, position, refused.message)
    _forget_kept_form(request)
    return see_other(_finished(flow, saved) if saved.finished else _further(flow, key, saved))


def _finished(flow: Flow, saved: Saved) -> str:
    if saved.concern is None or not saved.concern.new:
        return _with_card(flow.done_url, saved)
    return link_done_url(flow.clinic.id, with_help=True) if flow.by_link else flow.help_url(None)


def _further(flow: Flow, key: str, saved: Saved) -> str:
    given = given_in(flow.question_set)
    asked = questions_of(flow.question_set, given)
    here = next((question.position for question in asked if question.key == key), 0)
    following = _following(asked, given, here)
    if saved.concern is not None and saved.concern.new:
        return flow.help_url(following, here)
    return _with_card(flow.question_url(following), saved)


def _with_card(address: str, saved: Saved) -> str:
    """Return an address, and on it the short card where the answer calls for one."""
    card = TAKEN_BACK if saved.taken_back else _card_of(saved, saved.concern) if saved.concern else ""
    return f"{address}?{AFTER_HELP}={card}" if card else address


def _card_of(saved: Saved, concern: Concern) -> str:
    unsaid = offers_refusal(instrument(saved.answer.instrument)) and saved.answer.value == NO_ANSWER_GIVEN
    return PLANNED if concern.planned else UNSAID if unsaid else SHORT


def _following(asked: Sequence[Question], given: Given, here: int) -> int:
    """Return the position after an answered one; at the end, of the first question left open."""
    waiting = next_open(asked, given)
    return here + 1 if here < len(asked) or waiting is None else waiting.position


def _forget_kept_form(request: ClinicRequest) -> None:
    """Drop the copy that was kept when this form met an ended session: it has arrived."""
    try:
        once = UUID(request.POST.get("once", ""))
    except ValueError:
        return
    if request.actor.account_id:
        release(account_id=request.actor.account_id, once=once)
