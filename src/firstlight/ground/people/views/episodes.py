"""Each step of an episode is a page that says what follows, and one form."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse

from firstlight.ground.people import services
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.forms.care import DeclineForm, StepForm
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import episode_for, parent_for
from firstlight.ground.people.steps import NEEDS_REASON, STEPS, Step
from firstlight.ground.people.views.staff_access import answer

View = Callable[..., HttpResponse]


def _step_view(step: Step, act: Callable[..., Any]) -> View:
    @staff(step.permission)
    def view(request: ClinicRequest, episode_id: UUID) -> HttpResponse:
        return _take(request, episode_id, step, act)

    view.__doc__ = f"Ask for what is needed, then: {step.verb}."
    return view


def _take(request: ClinicRequest, episode_id: UUID, step: Step, act: Callable[..., Any]) -> HttpResponse:
    episode = episode_for(request.actor, episode_id)
    parent = parent_for(request.actor, episode.parent_id)
    made = DeclineForm if step.verb == "decline" else StepForm
    form = made(request.POST or None, initial={"expected": episode.state})
    form.fields["reason"].label = str(step.reason)
    form.fields["reason"].required = step.to in NEEDS_REASON
    request.open_record(parent.id, "episode_step")

    def run() -> HttpResponse:
        if form.is_valid():
            try:
                act(episode=episode, by=request.actor, at=request.now, **_given(step, form.cleaned_data))
                return see_other(_page_of(request, episode))
            except Refused as refused:
                refused.onto(form)
        context = {"form": form, "episode": episode, "parent": parent, "step": step}
        return answer(request, "people/step.html", **context, back=_page_of(request, episode))

    return once(request, run) if request.method == "POST" else run()


def _given(step: Step, data: dict[str, Any]) -> dict[str, Any]:
    given = {"expected": data["expected"] or None}
    if step.verb == "contact":
        return given | {"note": data["reason"]}
    if step.verb == "decline":
        return given | {"reason": data["reason"], "at_risk": data["at_risk"]}
    return given | ({"reason": data["reason"]} if step.reason else {})


def _page_of(request: ClinicRequest, episode: Any) -> str:
    if request.actor.may(Permission.ENQUIRIES) and "from=record" not in request.META.get("QUERY_STRING", ""):
        return reverse("people:enquiry", args=[episode.id])
    if request.actor.may(Permission.RECORD_READ):
        return reverse("people:record", args=[episode.parent_id])
    raise Http404


contact = _step_view(STEPS["contact"], services.contact)
invite = _step_view(STEPS["invite"], services.invite)
resend = _step_view(STEPS["link"], services.invite)
decline = _step_view(STEPS["decline"], services.decline)
withdraw = _step_view(STEPS["withdraw"], services.close)
pause = _step_view(STEPS["pause"], services.pause)
resume = _step_view(STEPS["resume"], services.resume)
stop = _step_view(STEPS["stop"], services.stop)
transfer = _step_view(STEPS["transfer"], services.transfer)
close = _step_view(STEPS["close"], services.close)
