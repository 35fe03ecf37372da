"""The door: who waits for an answer, and logging who called."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.forms.care import AnotherPersonForm, EnquiryForm
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest, own_clinic
from firstlight.ground.people.selectors import (
    changes_of,
    enquiries_of,
    episode_for,
    episodes_of,
    parent_for,
    same_person,
)
from firstlight.ground.people.services import log_enquiry, reopen
from firstlight.ground.people.steps import AT_THE_DOOR, steps_from
from firstlight.ground.people.views.staff_access import answer

ANOTHER = "another"
FAMILY = "family:"


@staff(Permission.ENQUIRIES)
def enquiries(request: ClinicRequest) -> HttpResponse:
    """List who waits, longest first."""
    request.open_record(None, "enquiries")
    found = enquiries_of(request.actor)
    waiting = [one for one in found if one.episode.state != "invited"]
    invited = [one for one in found if one.episode.state == "invited"]
    return render(request, "people/enquiries.html", {"waiting": waiting, "invited": invited, "now": request.now})


@staff(Permission.ENQUIRIES)
def log(request: ClinicRequest) -> HttpResponse:
    """Log a call or a referral. Somebody with the same number or address is shown before a second record is made."""
    form = EnquiryForm(request.POST or None)

    def act() -> HttpResponse:
        question = None
        if form.is_valid():
            question = _question(request, form.cleaned_data)
            if question is None or question.is_valid():
                try:
                    return see_other(_log(request, form.cleaned_data, question))
                except Refused as refused:
                    refused.onto(form)
        return answer(request, "people/log_enquiry.html", form=form, question=question)

    return once(request, act) if request.method == "POST" else act()


def _question(request: ClinicRequest, data: dict[str, Any]) -> AnotherPersonForm | None:
    found = same_person(request.actor, email=data["email"], phone=data["phone"])
    if not found:
        return None
    request.open_record(None, "same_person")
    people = [(str(one.id), _("%(name)s: a new enquiry of the same person") % {"name": one.name}) for one in found]
    people += [
        (f"{FAMILY}{one.id}", _("%(name)s: the other parent of the same family") % {"name": one.name}) for one in found
    ]
    return AnotherPersonForm(request.POST if "same" in request.POST else None, people=people)


def _log(request: ClinicRequest, data: dict[str, Any], question: AnotherPersonForm | None) -> str:
    chosen = question.cleaned_data["same"] if question else ANOTHER
    kept = {name: data[name] for name in ("best_time", "concern", "source", "referred_by")}
    if chosen == ANOTHER or chosen.startswith(FAMILY):
        family = None
        if chosen != ANOTHER:
            family = parent_for(request.actor, UUID(chosen.removeprefix(FAMILY))).family
        person = {name: data[name] for name in ("name", "relation", "phone", "email")}
        clinic = own_clinic(request)
        episode = log_enquiry(clinic_id=clinic.id, **person, **kept, family=family, by=request.actor, at=request.now)
    else:
        parent = parent_for(request.actor, UUID(chosen))
        episode = reopen(parent=parent, **kept, by=request.actor, at=request.now)
    return reverse("people:enquiry", args=[episode.id])


@staff(Permission.ENQUIRIES)
def enquiry(request: ClinicRequest, episode_id: UUID) -> HttpResponse:
    """Show one enquiry: what was said, how to reach the person, and the next step."""
    episode = episode_for(request.actor, episode_id)
    parent = parent_for(request.actor, episode.parent_id)
    request.open_record(parent.id, "enquiry")
    context = {
        "episode": episode,
        "parent": parent,
        "steps": steps_from(episode.state, request.actor.permissions),
        "line": next(line for line in episodes_of(request.actor, parent) if line.episode.id == episode.id),
        "twins": same_person(request.actor, email=parent.email, phone=parent.phone, other_than=parent.id),
        "changes": changes_of(request.actor, parent),
        "at_the_door": episode.state in AT_THE_DOOR,
        "may_open": request.actor.may(Permission.RECORD_READ),
    }
    return render(request, "people/enquiry.html", context)
