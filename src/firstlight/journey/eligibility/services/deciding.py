"""Running the rules over what is known, and deciding."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from firstlight.clinical import protocols
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import announce, record, write
from firstlight.ground.documents.services import file_document, sign
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode, EpisodeState
from firstlight.ground.people.services.episodes import decline, move, stop
from firstlight.ground.people.steps import IN_CARE
from firstlight.journey.eligibility import reporting
from firstlight.journey.eligibility.facts import Fact
from firstlight.journey.eligibility.models import Assessment, Decision, RuleOutcome
from firstlight.journey.eligibility.selectors import facts_for, latest_assessment, new_since, outcomes_of
from firstlight.journey.eligibility.services.callers import check_length, membership_of, reason_of
from firstlight.journey.eligibility.services.reopening import finish_reopened


@write
def assess_now(*, episode: Episode, by: Actor, at: datetime) -> Assessment:
    """Run every rule over what is known now, and keep each result with its inputs."""
    _in_care(episode)
    facts = facts_for(episode.parent_id, at)
    origins = {name: _origin(fact) for name, fact in facts.known.items()}
    assessment = Assessment.objects.create(
        clinic_id=episode.clinic_id,
        episode=episode,
        parent=episode.parent,
        facts={name: {"value": fact.value, **origins[name]} for name, fact in facts.known.items()},
        at=at,
        by_id=membership_of(by),
    )
    results = protocols.assess(facts.values, at).results
    RuleOutcome.objects.bulk_create(
        RuleOutcome(
            clinic_id=episode.clinic_id,
            assessment=assessment,
            parent=episode.parent,
            place=place,
            rule=result.id,
            action=result.action,
            result=reporting.result_as_json(result, origins, facts.lapsed),
        )
        for place, result in enumerate(results)
    )
    detail = {"rules": len(results)}
    record("assessment.run", by=by, at=at, parent=episode.parent_id, about=assessment, detail=detail)
    return assessment


@write
def decide(
    *,
    assessment: Assessment,
    outcome: str,
    reason: str,
    by: Actor,
    at: datetime,
    reviews: Mapping[str, str] | None = None,
) -> Decision:
    """Decide on an assessment: suitable, not_now or declined. `reviews`: reason by rule, for each rule that asks for one.

    "Suitable" is refused while a rule blocks, and while a review that fires or a block that could not be
    checked has no reason. Refused too when it is not the newest run, or something was entered after it.
    """
    if outcome not in Decision.Outcome.values:
        raise Refused(_("Choose suitable, not now or declined."), field="outcome", value=outcome)
    reason = reason_of(reason)
    _in_care(assessment.episode)
    _is_newest(assessment)
    kept = {rule: text.strip() for rule, text in (reviews or {}).items() if text.strip()}
    check_length(kept)
    outcomes = outcomes_of(assessment)
    if outcome == Decision.Outcome.SUITABLE:
        _may_be_suitable(outcomes, kept)
    body = reporting.decision_blocks(outcome, reason, kept, outcomes, assessment)
    document = file_document(
        kind="decision", parent=assessment.parent, title=_("Assessment and decision"), body=body, by=by, at=at
    )
    sign(document=document, meaning="decided", by=by, at=at)
    decision = Decision.objects.create(
        clinic_id=assessment.clinic_id,
        assessment=assessment,
        episode=assessment.episode,
        parent=assessment.parent,
        outcome=outcome,
        reason=reason,
        reviews=kept,
        document=document,
        at=at,
        by_id=membership_of(by),
    )
    detail = {"outcome": outcome}
    record("assessment.decided", by=by, at=at, parent=assessment.parent_id, about=decision, detail=detail)
    _move(decision, by, at)
    finish_reopened(decision=decision, by=by, at=at)
    announce("assessment.decided", decision=decision, by=by, at=at)
    return decision


def _is_newest(assessment: Assessment) -> None:
    newest = latest_assessment(assessment.episode)
    if newest is None or newest.id != assessment.id:
        raise Refused(_("The rules were run again since. Decide on the newest run."), field="assessment")
    if Decision.objects.filter(assessment=assessment).exists():
        raise Refused(_("This run has its decision. Run the rules again to decide anew."), field="assessment")
    if new_since(assessment):
        raise Refused(_("Something was entered after this run. Run the rules again first."), field="assessment")


def _may_be_suitable(outcomes: list[reporting.Outcome], reviews: Mapping[str, str]) -> None:
    blocking = [outcome for outcome in outcomes if outcome.blocks]
    if blocking:
        words = {"count": len(blocking), "first": blocking[0].text}
        message = _("%(count)d rules block this. The first: %(first)s Only new facts clear a block.") % words
        raise Refused(message, field="outcome", value=Decision.Outcome.SUITABLE)
    for outcome in outcomes:
        if outcome.needs_reason and outcome.rule not in reviews:
            message = _("This needs your decision in words: %(rule)s") % {"rule": outcome.text}
            raise Refused(message, field=f"review-{outcome.rule}", value="")


def _move(decision: Decision, by: Actor, at: datetime) -> None:
    episode = decision.episode
    if decision.outcome == Decision.Outcome.DECLINED:
        treated = episode.state in {EpisodeState.ACTIVE, EpisodeState.PAUSED}
        end = stop if treated else decline
        end(episode=episode, reason=decision.reason, by=by, at=at)
    elif episode.state == EpisodeState.INVITED:
        move(episode=episode, to=EpisodeState.ASSESSED, by=by, at=at)


def _in_care(episode: Episode) -> None:
    if episode.state not in IN_CARE:
        message = _("This episode is “%(state)s”. Assess somebody who was invited.")
        raise Refused(message % {"state": EpisodeState(episode.state).label}, field="episode", value=episode.state)


def _origin(fact: Fact) -> dict[str, str | None]:
    return {"origin": fact.origin, "at": fact.at.isoformat() if fact.at else None}
