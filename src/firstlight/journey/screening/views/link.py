"""Check-in links, under /me/c/: no sign-in. The secret in the address opens one set, for writing, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from django_scopes import scope

from firstlight.ground.people.policies import link
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import only_clinic
from firstlight.journey.screening.asking import next_open
from firstlight.journey.screening.flow import Flow
from firstlight.journey.screening.links import clinic_named, clinic_of_link, set_of_link
from firstlight.journey.screening.selectors import given_in, is_check_in, questions_of
from firstlight.journey.screening.services import link_actor
from firstlight.journey.screening.views.asking import AFTER_HELP, ask, not_now
from firstlight.journey.screening.views.before import before_page, lead_in
from firstlight.journey.screening.views.helping import help_page
from firstlight.journey.screening.views.late import late_by_link
from firstlight.journey.screening.views.starting import start_page
from firstlight.journey.screening.wording import TALK

ONE_SET = "the token in the address opens one set of questions"
PUBLIC = "the page after a link knows the clinic's name and nothing else"


class NoSuchLink(Exception):
    """The token is unknown, was ended, or its time is over; the three look alike."""


class AnsweredBefore(NoSuchLink):
    """The set behind the link was answered, perhaps through the link of another message."""

    def __init__(self, phone: str) -> None:
        self.phone = phone


@require_GET
@link(ONE_SET)
def begin(request: ClinicRequest, token: str) -> HttpResponse:
    """Say why, who reads it, how long, and what skipping stops. A check-in says it on its first question."""
    try:
        with _through(request, token) as flow:
            given = given_in(flow.question_set)
            asked = questions_of(flow.question_set, given)
            if not asked:
                raise NoSuchLink
            if (closed := not_now(request, flow)) is not None:
                return closed
            if not is_check_in(flow.question_set):
                return start_page(request, flow, asked, given)
            if (first := lead_in(flow)) is not None:
                return first
            waiting = next_open(asked, given) or asked[-1]
            return ask(request, flow, waiting.position)
    except NoSuchLink as none:
        return _opens_nothing(request, none)


@require_http_methods(["GET", "POST"])
@link(ONE_SET)
def before(request: ClinicRequest, token: str) -> HttpResponse:
    """Say what must be reported and who reads, before the first question about harm."""
    try:
        with _through(request, token) as flow:
            return before_page(request, flow)
    except NoSuchLink as none:
        return _opens_nothing(request, none)


@require_http_methods(["GET", "POST"])
@link(ONE_SET)
def question(request: ClinicRequest, token: str, position: int) -> HttpResponse:
    """Ask one question; a tap answers it."""
    try:
        with _through(request, token) as flow:
            return ask(request, flow, position)
    except NoSuchLink as none:
        return _told_late(request, token) or _opens_nothing(request, none)


@require_GET
@link(ONE_SET)
def helping(request: ClinicRequest, token: str, to: int) -> HttpResponse:
    """Show help at once after an answer that asks for it; then go on."""
    try:
        with _through(request, token) as flow:
            return help_page(request, flow, go_on=flow.question_url(to) if to else flow.start_url)
    except NoSuchLink as none:
        return _opens_nothing(request, none)


@require_GET
@link(PUBLIC)
def done(request: ClinicRequest, clinic_id: UUID) -> HttpResponse:
    """Say that the answers arrived."""
    context = {"clinic": clinic_named(clinic_id), "after_help": request.GET.get(AFTER_HELP)}
    return render(request, "screening/link_done.html", context)


@require_GET
@link(PUBLIC)
def later(request: ClinicRequest, clinic_id: UUID) -> HttpResponse:
    """Say that nothing is lost by leaving the questions for now."""
    return render(request, "screening/link_later.html", {"clinic": clinic_named(clinic_id)})


@require_GET
@link(PUBLIC)
def help_after(request: ClinicRequest, clinic_id: UUID) -> HttpResponse:
    """Show help after the last answer of a link asked for it."""
    clinic = clinic_named(clinic_id)
    context = {
        "help_clinic": clinic,
        "words": TALK,
        "go_on": reverse("screening:link_done", args=[clinic.id]),
        "finished": True,
    }
    return render(request, "screening/help.html", context)


@contextmanager
def _through(request: ClinicRequest, token: str) -> Iterator[Flow]:
    """Enter the clinic of a link, for the one set behind it."""
    clinic_id = clinic_of_link(token)
    if clinic_id is None:
        raise NoSuchLink
    with scope(clinic=clinic_id):
        try:
            question_set = set_of_link(token, request.now)
        except Http404:
            raise NoSuchLink from None
        if question_set.completed_at is not None:
            raise AnsweredBefore(question_set.clinic.phone)
        yield Flow(question_set, link_actor(question_set), token)


def _told_late(request: ClinicRequest, token: str) -> HttpResponse | None:
    """Return help after an answer that asks for it, tapped on a page that this link had opened; None for all else."""
    try:
        return late_by_link(request, token) if request.method == "POST" else None
    except Http404:
        return None


def _opens_nothing(request: ClinicRequest, none: NoSuchLink) -> HttpResponse:
    if isinstance(none, AnsweredBefore):
        context = {"phone": none.phone, "tapped": request.method == "POST"}
        return render(request, "screening/link_answered.html", context, status=410)
    clinic = only_clinic()  # the link says none; where there is one only, it is hers
    context = {"sign_in_url": reverse("people:parent_sign_in"), "phone": clinic.phone if clinic else ""}
    return render(request, "screening/no_link.html", context, status=404)


__all__ = ["before", "begin", "done", "help_after", "helping", "later", "question"]
