"""Entering clinical facts, running the rules over them, and deciding."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.clinical import protocols
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import announce, record, write
from firstlight.ground.documents.services import file_document, sign
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Episode, EpisodeState, Parent
from firstlight.ground.people.services.episodes import decline, move, stop
from firstlight.ground.people.steps import IN_CARE
from firstlight.ground.safety.services import weigh_fact
from firstlight.journey.eligibility import kinds, reporting
from firstlight.journey.eligibility.facts import Fact
from firstlight.journey.eligibility.models import Assessment, BaselineEntry, Decision, Kind, RuleOutcome
from firstlight.journey.eligibility.selectors import facts_for, latest_assessment, new_since, outcomes_of

LONGEST_REASON = 2_000


@write
def record_baseline(
    *,
    parent: Parent,
    kind: str,
    value: Mapping[str, Any],
    by: Actor,
    at: datetime,
    amends: BaselineEntry | None = None,
    reason: str = "",
) -> BaselineEntry:
    """Enter one clinical fact, or correct an earlier entry with a reason. `value`: see `kinds`, one shape for each kind.

    Refused, naming the field, when the value cannot be, or when the entry was corrected already. One that makes an open concern
    more than it was pages in the same transaction.
    """
    today = at.astimezone(ZoneInfo(parent.clinic.timezone)).date()
    entry = BaselineEntry(parent=parent, kind=kind, value=kinds.checked(kind, value, today=today))
    kept = _enter(entry, amends=amends, reason=reason, by=by, at=at)
    if kept.kind == Kind.PROBLEM and (fact := kept.value.get("problem")):
        weigh_fact(parent=parent, fact=fact, by=by, at=at)
    return kept


@write
def withdraw_entry(*, entry: BaselineEntry, reason: str, by: Actor, at: datetime) -> BaselineEntry:
    """Say that an entry does not hold (any more), and why. The entry itself stays readable."""
    gone = BaselineEntry(parent=entry.parent, kind=entry.kind, value=entry.value, withdrawn=True)
    return _enter(gone, amends=entry, reason=reason, by=by, at=at)


def _enter(
    entry: BaselineEntry, *, amends: BaselineEntry | None, reason: str, by: Actor, at: datetime
) -> BaselineEntry:
    if amends is not None:
        _may_amend(amends, entry)
        entry.amends, entry.reason = amends, _reason(reason)
    entry.clinic_id, entry.at, entry.by_id = entry.parent.clinic_id, at, _membership(by)
    entry.save(force_insert=True)
    action = "baseline.withdrawn" if entry.withdrawn else "baseline.amended" if amends else "baseline.recorded"
    record(action, by=by, at=at, parent=entry.parent_id, about=entry, detail={"kind": entry.kind})
    return entry


def _may_amend(old: BaselineEntry, new: BaselineEntry) -> None:
    if old.parent_id != new.parent_id or old.kind != new.kind:
        raise Refused(_("A correction is of the same kind, for the same person."), field="amends", value=old.id)
    if old.withdrawn or BaselineEntry.objects.filter(amends=old).exists():
        message = _("Somebody has corrected this entry already. Reload the page and correct the newest one.")
        raise Refused(message, field="amends", value=old.id)


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
        by_id=_membership(by),
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
            result=reporting.result_as_json(result, origins),
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
    reason = _reason(reason)
    _in_care(assessment.episode)
    _is_newest(assessment)
    kept = {rule: text.strip() for rule, text in (reviews or {}).items() if text.strip()}
    _short_enough(kept)
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
        by_id=_membership(by),
    )
    detail = {"outcome": outcome}
    record("assessment.decided", by=by, at=at, parent=assessment.parent_id, about=decision, detail=detail)
    _move(decision, by, at)
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


def _membership(by: Actor) -> UUID:
    if by.membership_id is None:
        raise Refused(_("Only staff of the clinic can do this."), field="by", value=by.role)
    return by.membership_id


def _reason(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused(_("Give the reason in a few words."), field="reason", value="")
    _short_enough({"reason": text})
    return text


def _short_enough(texts: Mapping[str, str]) -> None:
    for field, text in texts.items():
        if len(text) > LONGEST_REASON:
            words = {"given": len(text), "longest": LONGEST_REASON}
            message = _("%(given)d characters are too many. Use at most %(longest)d.") % words
            raise Refused(message, field=field, value=len(text))
