"""People in care, and the first page of a record."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.forms.care import ChildForm, DetailsForm, FeedingForm, SearchForm
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import (
    changes_of,
    child_for,
    episodes_of,
    family_of,
    parent_for,
    people_of,
)
from firstlight.ground.people.services import add_child, amend_details, record_feeding, record_loss
from firstlight.ground.people.steps import ENDED, IN_CARE, steps_from
from firstlight.ground.people.views.staff_access import answer


@staff(Permission.RECORD_READ)
def people(request: ClinicRequest) -> HttpResponse:
    """List people in care; filter by state, search by name."""
    states = [("", _("In care")), *((state.value, state.label) for state in (*IN_CARE, *ENDED))]
    form = SearchForm(request.GET or None, states=states)
    wanted = form.cleaned_data if form.is_valid() else {}
    asked = {"state": wanted.get("state", ""), "search": wanted.get("search", ""), "page": request.GET.get("page", "")}
    found = people_of(request.actor, request.now, **asked)
    request.open_record(None, "people")
    context = {"form": form, "people": found, "searched": any(wanted.values()), "now": request.now}
    return render(request, "people/people.html", context)


@staff(Permission.RECORD_READ)
def record(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Show the overview: contact, family, episodes and the next step."""
    parent = parent_for(request.actor, parent_id)
    request.open_record(parent.id, "overview")
    lines = episodes_of(request.actor, parent)
    latest = lines[0].episode if lines else None
    context = {
        "parent": parent,
        "family": family_of(request.actor, parent),
        "lines": lines,
        "latest": latest,
        "steps": steps_from(latest.state, request.actor.permissions) if latest else [],
        "changes": changes_of(request.actor, parent),
        "may_amend": request.actor.may(Permission.ENQUIRIES),
        "may_write_family": request.actor.may(Permission.FAMILY_WRITE),
    }
    return render(request, "people/overview.html", context)


@staff(Permission.ENQUIRIES)
def details(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Correct contact details. What stood there before stays in the record."""
    parent = parent_for(request.actor, parent_id)
    initial = {name: getattr(parent, name) for name in DetailsForm.base_fields} | {"birth_date": parent.born_on}
    form = DetailsForm(request.POST or None, initial=initial)
    request.open_record(parent.id, "details")

    def act() -> HttpResponse:
        if form.is_valid():
            try:
                seen = _whole_number(request.POST.get("expected", ""))
                amend_details(parent=parent, by=request.actor, at=request.now, expected=seen, **form.cleaned_data)
                return see_other(_after(request, parent_id))
            except Refused as refused:
                refused.onto(form)
        shown = parent_for(request.actor, parent_id)
        back, expected = _after(request, parent_id), len(changes_of(request.actor, shown))
        return answer(request, "people/details.html", form=form, parent=shown, back=back, expected=expected)

    return once(request, act) if request.method == "POST" else act()


def _whole_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _after(request: ClinicRequest, parent_id: UUID) -> str:
    if request.actor.may(Permission.RECORD_READ):
        return reverse("people:record", args=[parent_id])
    return reverse("people:enquiries")


@staff(Permission.FAMILY_WRITE)
def child(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Add a child to the family."""
    parent = parent_for(request.actor, parent_id)
    form = ChildForm(request.POST or None)
    request.open_record(parent.id, "family")

    def act() -> HttpResponse:
        if form.is_valid():
            try:
                add_child(family=parent.family, **form.cleaned_data, by=request.actor, at=request.now)
                return see_other(reverse("people:record", args=[parent_id]))
            except Refused as refused:
                refused.onto(form)
        return answer(request, "people/child.html", form=form, parent=parent)

    return once(request, act) if request.method == "POST" else act()


@staff(Permission.FAMILY_WRITE)
def feeding(request: ClinicRequest, parent_id: UUID, child_id: UUID) -> HttpResponse:
    """Record how a child is fed from now on."""
    parent = parent_for(request.actor, parent_id)
    fed = child_for(request.actor, child_id, parent)
    form = FeedingForm(request.POST or None, initial={"fed_how": fed.fed_how})
    request.open_record(parent.id, "family")

    def act() -> HttpResponse:
        if form.is_valid():
            record_feeding(child=fed, **form.cleaned_data, by=request.actor, at=request.now)
            return see_other(reverse("people:record", args=[parent_id]))
        return answer(request, "people/feeding.html", form=form, parent=parent, child=fed)

    return once(request, act) if request.method == "POST" else act()


@staff(Permission.FAMILY_WRITE)
def loss(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Record a loss, after a page that says what follows from it."""
    parent = parent_for(request.actor, parent_id)
    request.open_record(parent.id, "family")

    def act() -> HttpResponse:
        record_loss(family=parent.family, by=request.actor, at=request.now)
        return see_other(reverse("people:record", args=[parent_id]))

    if request.method == "POST":
        return once(request, act)
    return render(request, "people/loss.html", {"parent": parent})
