"""What the pages of the plan hold, put together for their templates."""

from datetime import datetime
from typing import Any

from firstlight.clinical.protocols.session import figures
from firstlight.clinical.quantities import Weight as BodyWeight
from firstlight.ground.design.clocks import day_text
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode, Parent
from firstlight.ground.visits.models import Visit, VisitStatus
from firstlight.journey.consent.selectors import consent_state
from firstlight.journey.eligibility.selectors import Measures, decision_of, measures_of
from firstlight.journey.planning.defaults import defaults
from firstlight.journey.planning.forms import DayForm, OrderForm, ReleaseForm, StopForm, day_initial
from firstlight.journey.planning.selectors import (
    DayState,
    Household,
    day_states,
    household_of,
    last_plan_of,
    orders_of,
    series_about,
    standing_order,
)
from firstlight.journey.planning.services import compute
from firstlight.journey.planning.wording import (
    feeding_sources,
    limits_words,
    missing_for_staff,
    missing_sentences,
    missing_words,
    order_words,
    reason_words,
    sessions_words,
)
from firstlight.journey.therapists.selectors import therapist_of


def plan_page(parent: Parent, episode: Episode, now: datetime, typed: dict[str, Any]) -> dict[str, Any]:
    """Order, series, days and words about feeding. `typed`: a form that was refused, by its name on the page."""
    form = typed.get("order_form") or OrderForm(initial=OrderForm.usual())
    decision, measures = decision_of(episode), measures_of(parent)
    home = household_of(parent, now, decision=decision, measures=measures)
    return {
        "parent": parent,
        "zone": parent.clinic.timezone,
        "decision": decision,
        "consent": consent_state(episode, now),
        "therapist": therapist_of(episode),
        "order_form": form,
        "stop_form": StopForm(auto_id="stop_%s"),
        "release_form": ReleaseForm(auto_id="release_%s"),
        "limits": limits_words(),
        "usual": figures()["routes"]["intravenous"]["usual"],
        "release": home.release,
        "feeding": feeding_sources(),
        "asks_feeding": home.needs_release or (home.release is not None and not home.silent),
        **_orders(parent, episode, form, measures, now),
        **_days(parent, home, now),
        **typed,
    }


def computed_order(parent: Parent, form: OrderForm, now: datetime) -> dict[str, Any]:
    """Compute what the form says; what cannot be is said in words, beside the figures."""
    return _computed(parent, form, measures_of(parent), now)


def _orders(parent: Parent, episode: Episode, form: OrderForm, measures: Measures, now: datetime) -> dict[str, Any]:
    orders = orders_of(episode)
    lines = [(one, order_words(one), sessions_words(one.sessions, one.weeks)) for one in orders]
    standing, weight = standing_order(orders), measures.weight
    current = next((line for line in lines if standing and line[0].id == standing.id), None)
    return {
        "order": current,
        "older_orders": [line for line in lines if line is not current],
        "computed": _computed(parent, form, measures, now),
        "weight": weight,
        "weight_words": BodyWeight(weight.grams).text() if weight else "",
    }


def _computed(parent: Parent, form: OrderForm, measures: Measures, now: datetime) -> dict[str, Any]:
    given = form.initial if not form.is_bound else form.cleaned_data if form.is_valid() else None
    if given is None:
        return {"refusal": next((str(errors[0]) for errors in form.errors.values()), "")}
    try:
        done = compute(
            parent=parent,
            mg_per_kg=given["mg_per_kg"],
            route="intravenous",
            minutes=given["minutes"],
            weight=measures.weight,
            height_cm=measures.height_cm,
            at=now,
        )
    except Refused as refused:
        return {"refusal": refused.message}
    return {
        "done": done,
        "reasons": [reason_words(reason) for reason in done.reasons],
        "minutes": given["minutes"],
        "weight_words": BodyWeight(done.weight.grams).text(),
    }


def _days(parent: Parent, home: Household, now: datetime) -> dict[str, Any]:
    series = series_about(parent)
    visits = [dose.visit for dose in series.doses]
    to_come = [visit for visit in visits if visit.status == VisitStatus.BOOKED and visit.ends_at > now]
    found = day_states(to_come, home) if to_come else []
    states = {state.visit.id: state for state in found}
    days = []
    for dose in series.doses:
        state = states.get(dose.visit.id)
        missing = [missing_for_staff(key, state.about) for key in state.missing] if state else []
        days.append({"dose": dose, "state": state, "missing": missing})
    return {"series": series, "days": days}


def day_form(state: DayState, parent: Parent, data: Any = None, *, for_staff: bool = False) -> DayForm:
    """Return the form of a day: as it was typed, else as the plan stands, else as the last plan stood."""
    given: dict[str, Any] = {
        "for_staff": for_staff,
        "about": state.about,
        "visit": state.visit,
        "parent": parent,
        "asks_feeding": state.needs_release,
    }
    if data is not None:
        return DayForm(data, **given)
    return DayForm(initial=day_initial(state.plan or last_plan_of(parent), parent.timezone), **given)


def my_day_page(parent: Parent, visits: list[Visit], state: DayState, form: DayForm, now: datetime) -> dict[str, Any]:
    """A day as the parent sees it."""
    day = day_text(state.visit.starts_at, now, parent.timezone)
    return {
        "parent": parent,
        "visit": state.visit,
        "visits": visits,
        "state": state,
        "day": day,
        "missing": [missing_words(key, state.about) for key in state.missing],
        "sentence": missing_sentences(list(state.missing), state.about, day)[0],
        "form": form,
        "defaults": defaults(),
        "sources": feeding_sources() if state.needs_release else [],
    }


def day_page(parent: Parent, state: DayState, form: DayForm) -> dict[str, Any]:
    """A day as the clinic sees it."""
    return {
        "parent": parent,
        "zone": parent.clinic.timezone,
        "state": state,
        "visit": state.visit,
        "missing": [missing_for_staff(key, state.about) for key in state.missing],
        "form": form,
    }
