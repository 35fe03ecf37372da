from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firstlight.ground.design.clocks import span_text
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission, Role
from firstlight.ground.people.policies import parent, staff
from firstlight.ground.people.requests import ClinicRequest, own_clinic
from firstlight.ground.people.selectors import parent_for, staff_of, state_of_care
from firstlight.ground.visits import forms, selectors, services
from firstlight.ground.visits.again import asked_in, asks_again
from firstlight.ground.visits.board import board
from firstlight.ground.visits.clocktimes import day_of
from firstlight.ground.visits.own import own_visits

WITH_VISITS = (Role.PRESCRIBER, Role.NURSE, Role.THERAPIST)
READ_OR_WRITE = require_http_methods(["GET", "POST"])


@staff(Permission.VISITS_WRITE)
@require_GET
def calendar(request: ClinicRequest) -> HttpResponse:
    """Show one day of the clinic, by room and by person."""
    assert request.clinic is not None  # the policy asked for staff
    zone = request.clinic.timezone
    form = forms.DayForm(request.GET or None)
    asked: date | None = form.cleaned_data["date"] if form.is_valid() else None
    on = asked or day_of(request.now, zone)
    visits = selectors.day(request.actor, on)
    standing = [visit for visit in visits if visit.status != "cancelled"]
    people = staff_of(request.clinic.id, request.now, WITH_VISITS)
    request.open_record(None, "calendar")
    context = {
        "form": form if request.GET else forms.DayForm(initial={"date": on}),
        "on": on,
        "is_today": on == day_of(request.now, zone),
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
        "visits": visits,
        "ask_again": asks_again(request.actor, visits, request.now),
        "board": board(standing, selectors.rooms_of(request.actor), people, on, zone, request.now),
        "zone": zone,
    }
    return render(request, "visits/calendar.html", context, status=422 if form.errors else 200)


@staff(Permission.STAFF_WRITE)
@READ_OR_WRITE
def rooms(request: ClinicRequest) -> HttpResponse:
    """Show the clinic's rooms, and open another one."""
    form = forms.RoomForm(_posted(request))

    def add() -> HttpResponse:
        if form.is_valid():
            try:
                services.add_room(
                    clinic_id=own_clinic(request).id, **form.cleaned_data, by=request.actor, at=request.now
                )
                return see_other(reverse("visits:rooms"))
            except Refused as refused:
                refused.onto(form)
        return page(422)

    def page(status: int = 200) -> HttpResponse:
        context = {"form": form, "rooms": selectors.rooms_of(request.actor)}
        return render(request, "visits/rooms.html", context, status=status)

    return once(request, add) if request.method == "POST" else page()


@staff(Permission.VISITS_WRITE)
@READ_OR_WRITE
def of_parent(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Show the visits of one record, and book one."""
    whose = parent_for(request.actor, parent_id)
    form = forms.BookingForm(_posted(request), initial={"minutes": 60}, **_places(request))

    def page(status: int = 200) -> HttpResponse:
        request.open_record(parent_id, "visits")
        visits = selectors.visits_of(request.actor, parent_id)
        hours = selectors.hours_of_therapy(request.actor, parent_id)
        context = {
            "parent": whose,
            "form": form,
            "zone": whose.clinic.timezone,
            "to_come": [visit for visit in visits if visit.status == "booked"],
            "ask_again": asks_again(request.actor, visits, request.now),
            "over": [visit for visit in reversed(visits) if visit.status != "booked"],
            "therapy_hours": span_text(hours) if hours else "",
        }
        return render(request, "visits/of_parent.html", context, status=status)

    def book() -> None:
        services.book(
            kind=form.cleaned_data["kind"],
            parent=whose,
            staff=form.person,
            room=form.place,
            starts_at=form.starts_at,
            minutes=form.cleaned_data["minutes"],
            by=request.actor,
            at=request.now,
        )

    if request.method == "GET":
        return page()
    return _send(request, form, book, page, reverse("visits:of_parent", args=[parent_id]))


@staff(Permission.VISITS_WRITE)
@require_GET
def visit(request: ClinicRequest, visit_id: UUID) -> HttpResponse:
    """Show one visit, what was done to it, and what can be done."""
    return _visit_page(request, visit_id)


@staff(Permission.VISITS_WRITE)
@require_POST
def happened(request: ClinicRequest, visit_id: UUID) -> HttpResponse:
    """Say that a visit took place."""
    found = selectors.visit_for(request.actor, visit_id)
    form = forms.HappenedForm(request.POST, auto_id="happened_%s")

    def act() -> None:
        minutes = form.cleaned_data["minutes"]
        services.mark_happened(visit=found, minutes=minutes, by=request.actor, at=request.now)

    return _change(request, visit_id, "happened", form, act)


@staff(Permission.ANSWERS_READ)
@require_POST
def asked_again(request: ClinicRequest, visit_id: UUID) -> HttpResponse:
    """Say what came of it when somebody asked again."""
    found = selectors.visit_for(request.actor, visit_id)
    form = forms.AskedForm(request.POST, auto_id="asked_%s")

    def act() -> None:
        services.asked_again(visit=found, answer=form.cleaned_data["answer"], by=request.actor, at=request.now)

    return _change(request, visit_id, "asked", form, act)


@staff(Permission.VISITS_WRITE)
@require_POST
def missed(request: ClinicRequest, visit_id: UUID) -> HttpResponse:
    """Say that nobody came."""
    found = selectors.visit_for(request.actor, visit_id)
    form = forms.ReasonForm(request.POST, auto_id="missed_%s")

    def act() -> None:
        reason = form.cleaned_data["reason"]
        services.mark_missed(visit=found, reason=reason, by=request.actor, at=request.now)

    return _change(request, visit_id, "missed", form, act)


@staff(Permission.VISITS_WRITE)
@require_POST
def cancel(request: ClinicRequest, visit_id: UUID) -> HttpResponse:
    """Cancel a visit."""
    found = selectors.visit_for(request.actor, visit_id)
    form = forms.ReasonForm(request.POST, auto_id="cancel_%s")

    def act() -> None:
        services.cancel(visit=found, reason=form.cleaned_data["reason"], by=request.actor, at=request.now)

    return _change(request, visit_id, "cancel", form, act)


@staff(Permission.VISITS_WRITE)
@require_POST
def move(request: ClinicRequest, visit_id: UUID) -> HttpResponse:
    """Move a visit."""
    found = selectors.visit_for(request.actor, visit_id)
    form = forms.MoveForm(request.POST, auto_id="move_%s", **_places(request))

    def act() -> None:
        services.move(
            visit=found,
            starts_at=form.starts_at,
            minutes=form.cleaned_data["minutes"],
            staff=form.person,
            room=form.place,
            reason=form.cleaned_data["reason"],
            by=request.actor,
            at=request.now,
        )

    return _change(request, visit_id, "move", form, act)


@parent()
@require_GET
def mine(request: ClinicRequest) -> HttpResponse:
    """Show the parent her visits, in her own zone."""
    assert request.actor.parent_id is not None  # the policy asked for a parent
    whose = parent_for(request.actor, request.actor.parent_id)
    request.open_record(whose.id, "visits")
    state = state_of_care(whose)
    visits = own_visits(selectors.visits_of(request.actor, whose.id), request.now, state=state)
    context = {
        "parent": whose,
        "to_come": [one for one in visits if one.visit.status == "booked" and one.visit.ends_at > request.now],
        "over": [one for one in reversed(visits) if one.visit.status == "happened"],
        "rests": any(one.rests for one in visits),
        "two_zones": whose.timezone != whose.clinic.timezone,
    }
    return render(request, "visits/mine.html", context)


def _posted(request: ClinicRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _places(request: ClinicRequest) -> dict[str, Any]:
    assert request.clinic is not None  # the policies above asked for staff
    return {
        "staff": staff_of(request.clinic.id, request.now, WITH_VISITS),
        "rooms": selectors.rooms_of(request.actor),
        "zone": request.clinic.timezone,
    }


def _send(
    request: ClinicRequest,
    form: django_forms.Form,
    act: Callable[[], None],
    page: Callable[[int], HttpResponse],
    then: str,
) -> HttpResponse:
    """Do one thing once and lead on; show the page again with what is wrong."""

    def run() -> HttpResponse:
        if not form.is_valid():
            return page(422)
        try:
            act()
        except Refused as refused:
            refused.onto(form)
            return page(422)
        return see_other(then)

    return once(request, run)


def _change(
    request: ClinicRequest, visit_id: UUID, what: str, form: django_forms.Form, act: Callable[[], None]
) -> HttpResponse:
    def page(status: int) -> HttpResponse:
        return _visit_page(request, visit_id, status=status, **{what: form})

    return _send(request, form, act, page, reverse("visits:visit", args=[visit_id]))


def _visit_page(request: ClinicRequest, visit_id: UUID, status: int = 200, **typed: django_forms.Form) -> HttpResponse:
    found = selectors.visit_for(request.actor, visit_id)
    request.open_record(found.parent_id, "visit")
    zone = found.clinic.timezone
    context: dict[str, Any] = {
        "parent": found.parent,
        "visit": found,
        "zone": zone,
        "history": selectors.history_of(found),
        "begun": request.now >= found.starts_at,
        "ask_again": asks_again(request.actor, [found], request.now),
        "asked_again": asked_in(request.actor, found),
        "asked": forms.AskedForm(auto_id="asked_%s"),
        "happened": forms.HappenedForm(initial={"minutes": found.minutes}, auto_id="happened_%s"),
        "missed": forms.ReasonForm(auto_id="missed_%s"),
        "cancel": forms.ReasonForm(auto_id="cancel_%s"),
        "move": forms.MoveForm(initial=forms.placed(found, zone), auto_id="move_%s", **_places(request)),
    }
    return render(request, "visits/visit.html", context | typed, status=status)
