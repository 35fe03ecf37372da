"""The plan as the clinic makes it: order, series, dosing days, words about feeding."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from firstlight.clinical.protocols.session import figures
from firstlight.clinical.quantities import Weight as BodyWeight
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode, Parent
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import current_episode, parent_for
from firstlight.journey.consent.selectors import consent_state
from firstlight.journey.eligibility.selectors import decision_of, latest_weight
from firstlight.journey.planning import services
from firstlight.journey.planning.forms import OrderForm, ReleaseForm, StopForm
from firstlight.journey.planning.selectors import (
    current_order,
    day_states,
    feeding_release_of,
    orders_of,
    series_of,
)
from firstlight.journey.planning.wording import (
    feeding_sources,
    limits_words,
    missing_for_staff,
    order_words,
    reason_words,
    sessions_words,
)
from firstlight.journey.therapists.selectors import therapist_of


@staff(Permission.RECORD_READ)
@require_GET
def plan(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Show the order, the series and the days, with what is missing."""
    return _page(request, parent_id)


@staff(Permission.ORDER_SIGN)
@require_POST
def compute(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Compute an order without signing it: a part of the page for htmx, the whole page without it."""
    whose = parent_for(request.actor, parent_id)
    form = OrderForm(request.POST)
    if request.htmx:
        request.open_record(parent_id, "plan.computed")
        return render(
            request, "planning/_computed.html", {"computed": _computed(request, whose, form), "parent": whose}
        )
    return _page(request, parent_id, {"order_form": form}, status=200)


@staff(Permission.ORDER_SIGN)
@require_POST
def order(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Sign an order; the one that stands is replaced."""
    episode = current_episode(request.actor, parent_id)
    form = OrderForm(request.POST)

    def act() -> None:
        services.sign_order(episode=episode, by=request.actor, at=request.now, **form.cleaned_data)

    return _send(request, parent_id, form, "order_form", act)


@staff(Permission.ORDER_SIGN)
@require_POST
def stop(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Stop the order that stands."""
    episode = current_episode(request.actor, parent_id)
    form = StopForm(request.POST, auto_id="stop_%s")

    def act() -> None:
        standing = current_order(episode)
        if standing is not None:
            services.stop_order(order=standing, reason=form.cleaned_data["reason"], by=request.actor, at=request.now)

    return _send(request, parent_id, form, "stop_form", act)


@staff(Permission.ORDER_SIGN)
@require_POST
def release(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Release words about feeding to the parent."""
    episode = current_episode(request.actor, parent_id)
    form = ReleaseForm(request.POST, auto_id="release_%s")

    def act() -> None:
        services.release(episode=episode, text=form.cleaned_data["text"], by=request.actor, at=request.now)

    return _send(request, parent_id, form, "release_form", act)


def _send(
    request: ClinicRequest, parent_id: UUID, form: django_forms.Form, name: str, act: Callable[[], None]
) -> HttpResponse:
    def run() -> HttpResponse:
        if not form.is_valid():
            return _page(request, parent_id, {name: form})
        try:
            act()
        except Refused as refused:
            return _page(request, parent_id, {name: refused.onto(form)})
        return see_other(reverse("planning:plan", args=[parent_id]))

    return once(request, run)


def _page(
    request: ClinicRequest, parent_id: UUID, typed: dict[str, Any] | None = None, *, status: int = 422
) -> HttpResponse:
    whose = parent_for(request.actor, parent_id)
    episode = current_episode(request.actor, parent_id)
    request.open_record(parent_id, "plan")
    typed = typed or {}
    form = typed.get("order_form") or OrderForm(initial=OrderForm.usual())
    context = {
        "parent": whose,
        "zone": whose.clinic.timezone,
        "decision": decision_of(episode),
        "consent": consent_state(episode, request.now),
        "therapist": therapist_of(episode),
        "order_form": form,
        "stop_form": StopForm(auto_id="stop_%s"),
        "release_form": ReleaseForm(auto_id="release_%s"),
        "may_order": request.actor.may(Permission.ORDER_SIGN),
        "may_plan": request.actor.may(Permission.PLAN_WRITE),
        "limits": limits_words(),
        "usual": figures()["routes"]["intravenous"]["usual"],
        "release": feeding_release_of(whose),
        "feeding": feeding_sources(),
        "silent": whose.family.silent_about_baby,
        **_orders(request, whose, episode, form),
        **_days(request, whose),
    }
    return render(request, "planning/plan.html", context | typed, status=status if typed else 200)


def _orders(request: ClinicRequest, whose: Parent, episode: Episode, form: OrderForm) -> dict[str, Any]:
    lines = [(one, order_words(one), sessions_words(one.sessions, one.weeks)) for one in orders_of(episode)]
    standing, weight = current_order(episode), latest_weight(whose)
    current = next((line for line in lines if standing and line[0].id == standing.id), None)
    return {
        "order": current,
        "older_orders": [line for line in lines if line is not current],
        "computed": _computed(request, whose, form),
        "weight": weight,
        "weight_words": BodyWeight(weight.grams).text() if weight else "",
    }


def _computed(request: ClinicRequest, whose: Parent, form: OrderForm) -> dict[str, Any]:
    """Compute what the form says; what cannot be is said in words, beside the figures."""
    given = form.initial if not form.is_bound else form.cleaned_data if form.is_valid() else None
    if given is None:
        return {"refusal": next((str(errors[0]) for errors in form.errors.values()), "")}
    try:
        done = services.compute(
            parent=whose,
            mg_per_kg=given["mg_per_kg"],
            route="intravenous",
            minutes=given["minutes"],
            weight=latest_weight(whose),
            at=request.now,
        )
    except Refused as refused:
        return {"refusal": refused.message}
    return {
        "done": done,
        "reasons": [reason_words(reason) for reason in done.reasons],
        "minutes": given["minutes"],
        "weight_words": BodyWeight(done.weight.grams).text(),
    }


def _days(request: ClinicRequest, whose: Parent) -> dict[str, Any]:
    series = series_of(request.actor, whose.id)
    to_come = [
        dose.visit for dose in series.doses if dose.visit.status == "booked" and dose.visit.ends_at > request.now
    ]
    states = {state.visit.id: state for state in day_states(whose, to_come, request.now)} if to_come else {}
    days = []
    for dose in series.doses:
        state = states.get(dose.visit.id)
        missing = [missing_for_staff(key, state.about) for key in state.missing] if state else []
        days.append({"dose": dose, "state": state, "missing": missing})
    return {"series": series, "days": days}
