"""The plan as the clinic makes it: order, series, dosing days, words about feeding."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import current_episode, parent_for
from firstlight.ground.visits.selectors import visit_for
from firstlight.journey.eligibility.selectors import episode_of
from firstlight.journey.planning import services
from firstlight.journey.planning.forms import DayForm, OrderForm, ReleaseForm, StopForm
from firstlight.journey.planning.pages import computed_order, day_form, day_page, plan_page
from firstlight.journey.planning.selectors import current_order, day_state


@staff(Permission.RECORD_READ)
@require_GET
def plan(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Show the order, the series and the days, with what is missing."""
    return _page(request, parent_id)


@staff(Permission.ORDER_SIGN)
@require_POST
def compute(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Compute an order without signing it: a part of the page for htmx, the whole page without it."""
    form = OrderForm(request.POST)
    if not request.htmx:
        return _page(request, parent_id, {"order_form": form}, status=200)
    whose = parent_for(request.actor, parent_id)
    request.open_record(parent_id, "plan.computed")
    return render(request, "planning/_computed.html", {"computed": computed_order(whose, form, request.now)})


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


@staff(Permission.PLAN_WRITE)
@require_http_methods(["GET", "POST"])
def day(request: ClinicRequest, parent_id: UUID, visit_id: UUID) -> HttpResponse:
    """Fill a dosing day for the parent."""
    whose, visit = parent_for(request.actor, parent_id), visit_for(request.actor, visit_id)
    if visit.parent_id != whose.id or visit.kind != "dosing":
        raise Http404
    state = day_state(visit, request.now)

    def page(form: DayForm) -> HttpResponse:
        request.open_record(parent_id, "plan.day")
        return render(request, "planning/day.html", day_page(whose, state, form), status=422 if form.errors else 200)

    def act() -> HttpResponse:
        form = day_form(state, whose, request.POST, for_staff=True)
        if not form.is_valid():
            return page(form)
        try:
            services.set_day_plan(parent=whose, visit=visit, by=request.actor, at=request.now, **form.cleaned_data)
        except Refused as refused:
            return page(refused.onto(form))
        return see_other(reverse("planning:plan", args=[parent_id]))

    return once(request, act) if request.method == "POST" else page(day_form(state, whose, for_staff=True))


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
    episode = episode_of(whose)
    if episode is None:
        raise Http404
    request.open_record(parent_id, "plan")
    context = plan_page(whose, episode, request.now, typed or {}) | {
        "may_order": request.actor.may(Permission.ORDER_SIGN),
        "may_plan": request.actor.may(Permission.PLAN_WRITE),
    }
    return render(request, "planning/plan.html", context, status=status if typed else 200)
