"""What is known, what the rules say to it, and what the prescriber decides."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import current_episode, parent_for
from firstlight.journey.eligibility import services
from firstlight.journey.eligibility.forms import DecisionForm
from firstlight.journey.eligibility.grouping import groups
from firstlight.journey.eligibility.reporting import Outcome, outcome_words
from firstlight.journey.eligibility.selectors import (
    assessment_for,
    decision_of,
    latest_assessment,
    new_since,
    outcomes_of,
)
from firstlight.journey.screening.reading import sheets_of
from firstlight.journey.screening.selectors import replies_of, results_of, sets_of

FIRST = "first"


@staff(Permission.RECORD_READ)
@require_GET
def assessment(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Show answers, the newest run of the rules, and the decision or its form."""
    return _page(request, parent_id)


@staff(Permission.ASSESS)
@require_POST
def run(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Run the rules over what is known now."""
    episode = current_episode(request.actor, parent_id)

    def act() -> HttpResponse:
        try:
            services.assess_now(episode=episode, by=request.actor, at=request.now)
        except Refused as refused:
            return _page(request, parent_id, refusal=refused.message)
        return see_other(reverse("eligibility:assessment", args=[parent_id]))

    return once(request, act)


@staff(Permission.ASSESS)
@require_POST
def decide(request: ClinicRequest, parent_id: UUID, assessment_id: UUID) -> HttpResponse:
    """Sign a decision on one run."""
    parent_for(request.actor, parent_id)
    found = assessment_for(request.actor, assessment_id)
    form = DecisionForm(request.POST, asking=_asking(outcomes_of(found)))

    def act() -> HttpResponse:
        if not form.is_valid():
            return _page(request, parent_id, form)
        try:
            services.decide(
                assessment=found,
                outcome=form.cleaned_data["outcome"],
                reason=form.cleaned_data["reason"],
                reviews=form.reviews,
                by=request.actor,
                at=request.now,
            )
        except Refused as refused:
            return _page(request, parent_id, refused.onto(form))
        return see_other(reverse("eligibility:assessment", args=[parent_id]))

    return once(request, act)


def _asking(outcomes: list[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.needs_reason]


def _page(request: ClinicRequest, parent_id: UUID, form: DecisionForm | None = None, refusal: str = "") -> HttpResponse:
    whose = parent_for(request.actor, parent_id)
    episode = current_episode(request.actor, parent_id)
    newest = latest_assessment(episode)
    decision = decision_of(episode)
    outcomes = outcomes_of(newest) if newest else []
    decided_on_this = decision is not None and newest is not None and decision.assessment_id == newest.id
    stale = newest is not None and new_since(newest)
    open_to_decide = newest is not None and not decided_on_this and not stale and request.actor.may(Permission.ASSESS)
    shown = form or (DecisionForm(asking=_asking(outcomes)) if open_to_decide else None)
    request.open_record(parent_id, "assessment")
    context: dict[str, Any] = {
        "parent": whose,
        "zone": whose.clinic.timezone,
        "sheets": _sheets(request, parent_id),
        "assessment": newest,
        "stale": stale,
        "decision": decision,
        "decision_words": outcome_words(decision.outcome) if decision else "",
        "groups": groups(outcomes, shown, decision.reviews if decision and decided_on_this else {}),
        "quiet": [outcome for outcome in outcomes if outcome.state in {"clear", "not_applicable"}],
        "form": shown,
        "may_run": request.actor.may(Permission.ASSESS),
        "refusal": refusal,
    }
    refused = bool(refusal) or form is not None
    return render(request, "eligibility/assessment.html", context, status=422 if refused else 200)


def _sheets(request: ClinicRequest, parent_id: UUID) -> list[Any]:
    if not request.actor.may(Permission.ANSWERS_READ):
        return []
    actor = request.actor
    first = [one for one in sets_of(actor, parent_id) if one.set_name == FIRST][:1]
    replies, results = replies_of(actor, parent_id), results_of(actor, parent_id)
    return list(sheets_of(first, replies, results, request.now))
