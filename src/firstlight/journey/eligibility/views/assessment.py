"""What is known, what the rules say to it, and what the prescriber decides."""

from collections.abc import Mapping, Sequence
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
from firstlight.journey.eligibility.reopening import reopened
from firstlight.journey.eligibility.reporting import Outcome, outcome_words
from firstlight.journey.eligibility.selectors import (
    assessment_for,
    assessments_of,
    decision_on,
    episode_of,
    new_since,
    outcomes_of,
)
from firstlight.journey.screening.reading import sheets_of
from firstlight.journey.screening.selectors import Reply, Scored, replies_of, results_of, sets_about
from firstlight.journey.screening.sheets import SetSheet

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
    found = assessment_for(request.actor, parent_id, assessment_id)
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
    episode = episode_of(whose)
    runs = assessments_of(episode) if episode else []
    newest = runs[0] if runs else None
    decision = next((found for run in runs if (found := decision_on(run))), None)
    decided = newest is not None and decision_on(newest) is not None
    outcomes = outcomes_of(newest) if newest else []
    results = results_of(request.actor, parent_id) if request.actor.may(Permission.ANSWERS_READ) else None
    stale = newest is not None and not decided and new_since(newest, results)
    open_to_decide = newest is not None and not decided and not stale and request.actor.may(Permission.ASSESS)
    shown = form or (DecisionForm(asking=_asking(outcomes)) if open_to_decide else None)
    fired = {one.rule for one in outcomes if one.state == "fires"} if decided else None
    request.open_record(parent_id, "assessment")
    context: dict[str, Any] = {
        "parent": whose,
        "zone": whose.clinic.timezone,
        "sheets": [] if results is None else _sheets(request, parent_id, results),
        "assessment": newest,
        "stale": stale,
        "decision": decision,
        "reopened": (
            reopened(episode, request.now, parent=whose, results=results, decision=decision, fired=fired)
            if episode and decision
            else None
        ),
        "decision_words": outcome_words(decision.outcome) if decision else "",
        "groups": groups(outcomes, shown, decision.reviews if decision and decided else {}),
        "quiet": [outcome for outcome in outcomes if outcome.state in {"clear", "not_applicable"}],
        "form": shown,
        "may_run": episode is not None and request.actor.may(Permission.ASSESS),
        "refusal": refusal,
    }
    refused = bool(refusal) or form is not None
    return render(request, "eligibility/assessment.html", context, status=422 if refused else 200)


def _sheets(request: ClinicRequest, parent_id: UUID, results: list[Scored]) -> list[SetSheet]:
    """Return the newest first questions as they are read; answers of a finished set came with its results.

    Whoever got the results may read them.
    """
    asked = [one for one in sets_about(parent_id) if one.set_name == FIRST][:1]
    replies: Mapping[UUID, Sequence[Reply]] = {
        one.id: [reply for result in results if result.question_set_id == one.id for reply in result.answers]
        for one in asked
    }
    if any(one.completed_at is None for one in asked):
        replies = replies_of(request.actor, parent_id)
    return sheets_of(asked, replies, results, request.now)
