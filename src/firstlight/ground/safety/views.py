from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import anyone, parent, staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import membership_for, only_clinic, parent_for, staff_of
from firstlight.ground.safety import selectors, services
from firstlight.ground.safety.cards import card_for
from firstlight.ground.safety.forms import MailboxForm, SafetyPlanForm, SlotForm
from firstlight.ground.safety.helplines import helplines
from firstlight.ground.safety.plan_steps import plan_steps
from firstlight.ground.safety.week import week_of
from firstlight.ground.worklist.selectors import delivery_address, delivery_state, latest_test
from firstlight.ground.worklist.services import set_delivery_address


@require_GET
@anyone("who needs help now must not have to sign in")
def help_now(request: ClinicRequest) -> HttpResponse:
    """Show who answers now. Works without a clinic, and while the database is away."""
    try:
        clinic = only_clinic()
        phone = clinic.phone if clinic else ""
    except DatabaseError:
        phone = ""
    return render(request, "safety/help.html", {"lines": helplines(), "phone": phone})


@require_GET
@parent()
def parent_help(request: ClinicRequest) -> HttpResponse:
    """Show a signed-in parent who answers now, whether somebody reads what she writes, and her plan if she has one."""
    plan = selectors.own_plan(request.actor)
    if plan is not None:
        request.open_record(request.actor.parent_id, "safety_plan")
    context = {"card": card_for(request), "plan": plan, "written": plan_steps().filled(plan.texts) if plan else ()}
    return render(request, "safety/parent_help.html", context)


@require_GET
@staff(Permission.ANSWERS_READ)
def plan(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Show a parent's safety plan, and what stood in it earlier."""
    found = parent_for(request.actor, parent_id)
    request.open_record(found.id, "safety_plan")
    versions = selectors.plans_for(request.actor, found.id)
    standing = versions[0] if versions else None
    context = {
        "parent": found,
        "standing": standing,
        "written": plan_steps().filled(standing.texts) if standing else (),
        "earlier": [{"plan": one, "written": plan_steps().filled(one.texts)} for one in versions[1:]],
        "sources": plan_steps().sources,
    }
    return render(request, "safety/plan.html", context)


@require_http_methods(["GET", "POST"])
@staff(Permission.ANSWERS_READ)
def write_plan(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Write the next version of a safety plan. The form holds what stands now."""
    found = parent_for(request.actor, parent_id)
    request.open_record(found.id, "safety_plan")
    if request.method == "GET":
        return _plan_form(request, found, None)
    form = SafetyPlanForm(request.POST, silent_about_baby=found.family.silent_about_baby)

    def act() -> HttpResponse:
        if not form.is_valid():
            return _plan_form(request, found, form)
        try:
            services.write_safety_plan(
                parent=found, steps=form.cleaned_data, expected=_number_seen(request), by=request.actor, at=request.now
            )
        except Refused as refused:
            return _plan_form(request, found, refused.onto(form))
        return see_other(reverse("safety:plan", args=[found.id]))

    return once(request, act)


def _number_seen(request: ClinicRequest) -> int | None:
    seen = request.POST.get("expected", "")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 6 else None


def _plan_form(request: ClinicRequest, found: Any, form: SafetyPlanForm | None) -> HttpResponse:
    """Show the form, and beside it the version that stands at this moment."""
    versions = selectors.plans_for(request.actor, found.id)
    standing = versions[0] if versions else None
    texts = standing.texts if standing else {}
    context = {
        "parent": found,
        "standing": standing,
        "written": plan_steps().filled(texts),
        "form": form or SafetyPlanForm(initial=texts, silent_about_baby=found.family.silent_about_baby),
    }
    return render(request, "safety/write_plan.html", context, status=422 if form else 200)


@require_GET
@staff(Permission.TASKS)
def roster(request: ClinicRequest) -> HttpResponse:
    """Show who answers when, the hours in which nobody does, and whether messages reach anybody."""
    return _roster(request)


@require_POST
@staff(Permission.ROSTER_WRITE)
def add_slot(request: ClinicRequest) -> HttpResponse:
    """Add hours to the roster."""
    form = SlotForm(request.POST, colleagues=_who_may_answer(request))
    if not form.is_valid():
        return _roster(request, slot_form=form, status=422)
    values = form.cleaned_data
    member = membership_for(request.actor, UUID(values.pop("member")))
    return _done(
        request, form, "slot_form", lambda: services.add_slot(member=member, by=request.actor, at=request.now, **values)
    )


@require_POST
@staff(Permission.ROSTER_WRITE)
def end_slot(request: ClinicRequest, slot_id: UUID) -> HttpResponse:
    """End hours of the roster."""
    slot = selectors.slot_for(request.actor, slot_id)

    def act() -> HttpResponse:
        services.end_slot(slot=slot, by=request.actor, at=request.now)
        return see_other(reverse("safety:roster"))

    return once(request, act)


@require_POST
@staff(Permission.ROSTER_WRITE)
def set_mailbox(request: ClinicRequest) -> HttpResponse:
    """Name the clinic's own mailbox."""
    form = MailboxForm(request.POST)
    if not form.is_valid():
        return _roster(request, mailbox_form=form, status=422)
    address = form.cleaned_data["address"]
    return _done(
        request,
        form,
        "mailbox_form",
        lambda: set_delivery_address(clinic=_clinic(request), address=address, by=request.actor, at=request.now),
    )


def _done(request: ClinicRequest, form: Any, name: str, write: Callable[[], object]) -> HttpResponse:
    def act() -> HttpResponse:
        try:
            write()
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
            return _roster(request, status=422, **{name: form})
        return see_other(reverse("safety:roster"))

    return once(request, act)


def _who_may_answer(request: ClinicRequest) -> list[Any]:
    return [
        person for person in staff_of(_clinic(request).id, request.now) if not selectors.why_not(person, request.now)
    ]


def _clinic(request: ClinicRequest) -> Any:
    return request.clinic


def _roster(
    request: ClinicRequest, *, slot_form: Any = None, mailbox_form: Any = None, status: int = 200
) -> HttpResponse:
    clinic = _clinic(request)
    slots = selectors.slots_of(clinic.id, request.now)
    mailbox = delivery_address(clinic.id)
    context = {
        "slots": selectors.standing_slots(clinic.id, request.now),
        "uncounted": selectors.uncounted(request.actor, request.now),
        "week": week_of(clinic, slots, request.now),
        "delivery": delivery_state(clinic.id, request.now),
        "test": latest_test(clinic.id),
        "mailbox": mailbox,
        "may_write": request.actor.may(Permission.ROSTER_WRITE),
        "slot_form": slot_form or SlotForm(colleagues=_who_may_answer(request)),
        "mailbox_form": mailbox_form or MailboxForm(initial={"address": mailbox}),
        "notice": selectors.watch_notice(clinic, request.now),
    }
    return render(request, "safety/roster.html", context, status=status)
