"""Why a check-in was not asked: recorded by somebody of the clinic, changed, or taken back."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.journey.response.forms import NotAskedForm
from firstlight.journey.response.reading import may_be_noted, rule_words
from firstlight.journey.response.selectors import check_in_for
from firstlight.journey.response.services import ask_after_all, note_not_asked

if TYPE_CHECKING:
    from firstlight.journey.response.models import CheckIn


@require_http_methods(["GET", "POST"])
@staff(Permission.ANSWERS_READ)
def not_asked(request: ClinicRequest, parent_id: UUID, check_in_id: UUID) -> HttpResponse:
    """Record why a check-in was not asked, or take that back."""
    check_in = check_in_for(request.actor, parent_id, check_in_id)
    if request.method == "POST":
        return once(request, lambda: _keep(request, check_in))
    said = check_in.not_asked
    return _page(
        request, check_in, NotAskedForm(initial={"reason": said.reason, "words": said.words} if said else None)
    )


def _keep(request: ClinicRequest, check_in: "CheckIn") -> HttpResponse:
    form = NotAskedForm(request.POST)
    undo = request.POST.get("do") == "undo"
    if not undo and not form.is_valid():
        return _page(request, check_in, form, status=422)
    try:
        if undo:
            ask_after_all(check_in=check_in, by=request.actor, at=request.now)
        else:
            note_not_asked(check_in=check_in, by=request.actor, at=request.now, **form.cleaned_data)
    except Refused as refused:
        return _page(request, check_in, NotAskedForm() if undo else form, status=422, refusal=refused.message)
    return see_other(f"{reverse('response:of_parent', args=[check_in.parent_id])}#check-ins")


def _page(
    request: ClinicRequest, check_in: "CheckIn", form: NotAskedForm, status: int = 200, refusal: str = ""
) -> HttpResponse:
    request.open_record(check_in.parent_id, "not-asked")
    context = {
        "parent": check_in.parent,
        "check_in": check_in,
        "name": rule_words(check_in),
        "form": form,
        "may_be_noted": may_be_noted(check_in),
        "refusal": refusal,
    }
    return render(request, "response/not_asked.html", context, status=status)
