"""A clinician sends a set to a parent, takes an unopened one back, or notes what she asked face to face."""

from functools import partial
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import current_episode, parent_for
from firstlight.journey.screening import services
from firstlight.journey.screening.forms import AskedForm
from firstlight.journey.screening.lines import offered, waiting_lines
from firstlight.journey.screening.offering import offers_for, questions_face_to_face
from firstlight.journey.screening.selectors import set_about
from firstlight.journey.screening.wording import set_title


@require_GET
@staff(Permission.ANSWERS_READ)
def sets(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Show what can be sent to a parent, why not the rest, and what waits for her."""
    return _page(request, parent_id)


@require_POST
@staff(Permission.ANSWERS_READ)
def send(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Send one set."""
    episode = current_episode(request.actor, parent_id)
    name = request.POST.get("set", "")

    def act() -> HttpResponse:
        try:
            services.send_set(episode=episode, set_name=name, by=request.actor, at=request.now)
        except Refused as refused:
            return _page(request, parent_id, refusal=refused.message)
        return see_other(reverse("screening:sets", args=[parent_id]))

    return once(request, act)


@require_POST
@staff(Permission.ANSWERS_READ)
def withdraw(request: ClinicRequest, parent_id: UUID, set_id: UUID) -> HttpResponse:
    """Take back a set that nobody began."""
    question_set = set_about(request.actor, parent_id, set_id)

    def act() -> HttpResponse:
        if not services.take_back(question_set=question_set, by=request.actor, at=request.now):
            return _page(request, parent_id, refusal=_("It was begun already, or is over. It stays as it is."))
        return see_other(reverse("screening:sets", args=[parent_id]))

    return once(request, act)


@require_http_methods(["GET", "POST"])
@staff(Permission.ANSWERS_READ)
def ask(request: ClinicRequest, parent_id: UUID, set_name: str) -> HttpResponse:
    """Note what a clinician asked face to face."""
    episode = current_episode(request.actor, parent_id)
    questions = questions_face_to_face(episode.parent, set_name)
    if not questions:
        raise Http404
    form = AskedForm(request.POST or None, questions=questions)
    show = partial(_ask_page, request, parent_id, set_name, form)
    if request.method == "GET" or not form.is_valid():
        return show(status=200 if request.method == "GET" else 422)

    def act() -> HttpResponse:
        try:
            services.note_asked(
                episode=episode, set_name=set_name, values=form.values, by=request.actor, at=request.now
            )
        except Refused as refused:
            refused.onto(form)
            return show(status=422)
        return see_other(reverse("screening:answers", args=[parent_id]))

    return once(request, act)


def _page(request: ClinicRequest, parent_id: UUID, refusal: str = "") -> HttpResponse:
    parent = parent_for(request.actor, parent_id)
    request.open_record(parent.id, "sets")
    offers = offers_for(request.actor, parent, request.now)
    sent, not_sent = offered(offers.sent, offers.waiting)
    asked, not_asked = offered(offers.asked, offers.waiting)
    context = {
        "parent": parent,
        "sent": sent,
        "not_sent": not_sent,
        "asked": asked,
        "not_asked": not_asked,
        "opens_at": offers.opens_at if offers.opens_at > request.now else None,
        "waiting": waiting_lines(offers.waiting, offers.begun, request.now),
        "refusal": refusal,
    }
    return render(request, "screening/sets.html", context, status=422 if refusal else 200)


def _ask_page(request: ClinicRequest, parent_id: UUID, set_name: str, form: AskedForm, *, status: int) -> HttpResponse:
    parent = parent_for(request.actor, parent_id)
    request.open_record(parent.id, "sets")
    context = {"parent": parent, "form": form, "title": set_title(set_name)}
    return render(request, "screening/ask.html", context, status=status)
