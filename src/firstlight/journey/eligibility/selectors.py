"""What is known of a parent, and what was decided on it. Callers look the parent up first, as the person who asks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404

from firstlight.clinical.protocols import rules
from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Child, Episode, Parent
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.selectors import parent_for
from firstlight.journey.eligibility.facts import Facts, Statement, baseline_facts, merge, still_lifting, yes_stands
from firstlight.journey.eligibility.models import Assessment, BaselineEntry, Decision, Kind, RuleOutcome
from firstlight.journey.eligibility.recorded import record_facts
from firstlight.journey.eligibility.reporting import Outcome, outcome_of
from firstlight.journey.eligibility.said import ASKED_FOR_RULES, MIND_FACTS, Moment, said_in
from firstlight.journey.screening.selectors import Scored, results_of, superseded_since

LIFTS = {
    lifting.until: {name for rule in rules().values() if rule.until == lifting.until for name in rule.when.names}
    for lifting in rules().values()
    if lifting.until
}
"""By a fact that lifts rules, what these rules rest on."""


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight in grams, when it was taken, and the entry that says so."""

    grams: int
    at: datetime
    entry: BaselineEntry


def baseline_for(actor: Actor, parent_id: UUID) -> list[BaselineEntry]:
    """Return every entry ever made for a parent of the actor's clinic, oldest first."""
    parent_for(actor, parent_id)
    return entries_about(actor, parent_id)


def entries_about(actor: Actor, parent_id: UUID) -> list[BaselineEntry]:
    """Return every entry about a parent whom the caller has looked up already, oldest first."""
    if not (actor.may(Permission.RECORD_READ) or actor.role == "system"):
        raise Http404
    found = BaselineEntry.objects.filter(parent_id=parent_id).select_related("by", "parent__clinic")
    return list(found.order_by("at", "id"))


def medicines_about(actor: Actor, parent: Parent) -> list[BaselineEntry]:
    """Return every entry ever made on the medicine list of a parent whom the caller has looked up, oldest first."""
    if not (actor.may(Permission.RECORD_READ) or actor.role == "system"):
        raise Http404
    return list(BaselineEntry.objects.filter(parent=parent, kind=Kind.MEDICINE).order_by("at", "id"))


def entry_for(actor: Actor, parent_id: UUID, entry_id: UUID) -> BaselineEntry:
    """Return one entry of a parent whom the actor may see."""
    found = next((entry for entry in baseline_for(actor, parent_id) if entry.id == entry_id), None)
    if found is None:
        raise Http404
    return found


def standing(entries: Sequence[BaselineEntry]) -> list[BaselineEntry]:
    """Leave out what was withdrawn, and what a later entry amends."""
    amended = {entry.amends_id for entry in entries}
    return [entry for entry in entries if not entry.withdrawn and entry.id not in amended]


@dataclass(frozen=True, slots=True)
class Measures:
    """The newest entries that a plan rests on; None where nobody entered one."""

    weight: Weight | None
    height_cm: int | None
    breastfeeding: bool | None


def latest_weight(parent: Parent) -> Weight | None:
    """Return the newest weight that stands; None when nobody weighed."""
    return measures_of(parent).weight


def measures_of(parent: Parent) -> Measures:
    """Return what was measured or asked last and still stands."""
    kinds = (Kind.WEIGHT, Kind.HEIGHT, Kind.BREASTFEEDING)
    found = BaselineEntry.objects.filter(parent=parent, kind__in=kinds).select_related("by").order_by("at", "id")
    newest = {entry.kind: entry for entry in standing(list(found)) if entry.value}
    weight, height, milk = (newest.get(kind) for kind in kinds)
    return Measures(
        weight=Weight(weight.value["weight_g"], weight.at, weight) if weight else None,
        height_cm=int(height.value["height_cm"]) if height else None,
        breastfeeding=bool(milk.value["breastfeeding"]) if milk else None,
    )


def facts_for(
    parent_id: UUID,
    now: datetime,
    *,
    parent: Parent | None = None,
    entries: Sequence[BaselineEntry] | None = None,
    results: Sequence[Scored] | None = None,
    episode: Episode | None = None,
) -> Facts:
    """Merge record, screening answers and baseline into the facts that the rules ask for.

    A caller that has loaded the parent, the newest episode, every entry or every result already may hand them in.
    """
    parent = parent or Parent.objects.select_related("clinic", "family").get(id=parent_id)
    here = now.astimezone(ZoneInfo(parent.clinic.timezone))
    children = list(Child.objects.filter(family_id=parent.family_id))
    own = record_facts(parent, children, silent=parent.family.silent_about_baby, today=here.date())
    if results is None:
        results = results_of(Actor.system(parent.clinic_id), parent_id, of=ASKED_FOR_RULES)
    if episode is None:
        episode = Episode.objects.filter(parent_id=parent_id).order_by("-opened_at", "-id").only("opened_at").first()
    said = said_in(results, parent, Moment(now, episode.opened_at if episode else None))
    if entries is None:
        entries = list(BaselineEntry.objects.filter(parent_id=parent_id).order_by("at", "id"))
    statements = [Statement(entry.kind, entry.value, entry.at) for entry in standing(entries)]
    baseline = said.screens.still_counts(baseline_facts(statements, here))
    found = merge([own, *yes_stands([*said.groups, baseline], MIND_FACTS)], said.to_ask, said.lapsed, said.doubts)
    return replace(found, known=still_lifting(found.known, LIFTS))


def holds_now(parent_id: UUID, name: str, at: datetime) -> bool:
    """Tell whether the clinic holds a fact to be true. Whether the asking person may know it, the caller has settled."""
    return facts_for(parent_id, at).values.get(name) is True


def episode_of(parent: Parent) -> Episode | None:
    """Return a parent's newest episode; None when there is none."""
    found = Episode.objects.filter(parent=parent).order_by("-opened_at", "-id").first()
    if found is not None:
        found.parent = parent
    return found


def assessments_of(episode: Episode) -> list[Assessment]:
    """Return every run of the rules in an episode with its decision, newest first."""
    found = Assessment.objects.filter(episode=episode).select_related("by", "episode", "parent__clinic", "decision__by")
    return list(found.order_by("-at", "-id"))


def latest_assessment(episode: Episode) -> Assessment | None:
    """Return the newest run of the rules in an episode."""
    return next(iter(assessments_of(episode)), None)


def decision_on(assessment: Assessment) -> Decision | None:
    """Return the decision on one run; None while nobody decided."""
    if not hasattr(assessment, "decision"):
        return None
    assessment.decision.assessment = assessment
    return assessment.decision


def assessment_for(actor: Actor, parent_id: UUID, assessment_id: UUID) -> Assessment:
    """Return one run of the rules about a parent whom the actor may see."""
    parent_for(actor, parent_id)
    known = Assessment.objects.select_related("by", "episode", "parent__clinic")
    found = known.filter(id=assessment_id, parent_id=parent_id).first()
    if found is None or not actor.may(Permission.RECORD_READ):
        raise Http404
    return found


def outcomes_of(assessment: Assessment) -> list[Outcome]:
    """Return what each rule said: blocks that fire first, then blocks not known, reviews, monitoring, the rest."""
    rows = RuleOutcome.objects.filter(assessment=assessment).select_related("parent__clinic")
    return sorted((outcome_of(row) for row in rows), key=lambda outcome: outcome.order)


def new_since(assessment: Assessment, results: Sequence[Scored] | None = None) -> bool:
    """Tell whether something was entered, corrected or answered after a run. `results`, if the caller has them already.

    Paper of an earlier day that was entered after the run is new, and so is what was taken back after it.
    """
    if BaselineEntry.objects.filter(parent_id=assessment.parent_id, at__gt=assessment.at).exists():
        return True
    if results is None:
        results = results_of(Actor.system(assessment.clinic_id), assessment.parent_id, of=ASKED_FOR_RULES)
    if any(result.scored_at > assessment.at for result in results if result.instrument in ASKED_FOR_RULES):
        return True
    return not ASKED_FOR_RULES.isdisjoint(superseded_since(assessment.parent_id, assessment.at))


def decision_of(episode: Episode) -> Decision | None:
    """Return the newest decision of an episode; None while nobody decided."""
    found = Decision.objects.filter(episode=episode).select_related("by", "assessment", "document")
    return found.order_by("-at", "-id").first()


def last_decision_about(parent: Parent) -> Decision | None:
    """Return the newest decision about a parent, whatever the episode."""
    return Decision.objects.filter(parent=parent).select_related("by", "assessment").order_by("-at", "-id").first()


def breastfeeding_of(measures: Measures, decision: Decision | None) -> bool:
    """Tell whether milk matters to a plan: the clinic's newest entry, else what the last decision rested on."""
    if measures.breastfeeding is not None:
        return measures.breastfeeding
    facts = decision.assessment.facts if decision else {}
    return bool(facts.get("breastfeeding", {}).get("value"))
