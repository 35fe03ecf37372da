"""What is known of a parent, and what was decided on it. Callers look the parent up first, as the person who asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Child, Episode, Parent
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.selectors import parent_for
from firstlight.journey.eligibility.facts import Fact, Facts, Statement, baseline_facts, merge
from firstlight.journey.eligibility.models import Assessment, BaselineEntry, Decision, Kind, RuleOutcome
from firstlight.journey.eligibility.recorded import record_facts
from firstlight.journey.eligibility.reporting import Outcome, outcome_of
from firstlight.journey.screening.selectors import HEALTH, Scored, health_facts, results_of

ASQ = "asq"


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight in grams, when it was taken, and the entry that says so."""

    grams: int
    at: datetime
    entry: BaselineEntry


def baseline_for(actor: Actor, parent_id: UUID) -> list[BaselineEntry]:
    """Return every entry ever made for a parent of the actor's clinic, oldest first."""
    parent_for(actor, parent_id)
    if not (actor.may(Permission.RECORD_READ) or actor.role == "system"):
        raise Http404
    found = BaselineEntry.objects.filter(parent_id=parent_id).select_related("by", "parent__clinic")
    return list(found.order_by("at"))


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


def latest_weight(parent: Parent) -> Weight | None:
    """Return the newest weight that stands; None when nobody weighed."""
    entries = standing(list(BaselineEntry.objects.filter(parent=parent, kind=Kind.WEIGHT).order_by("at")))
    return Weight(entries[-1].value["weight_g"], entries[-1].at, entries[-1]) if entries else None


def facts_for(parent_id: UUID, now: datetime) -> Facts:
    """Merge record, screening answers and baseline into the facts that the rules ask for."""
    parent = Parent.objects.select_related("clinic", "family").get(id=parent_id)
    today = now.astimezone(ZoneInfo(parent.clinic.timezone)).date()
    children = list(Child.objects.filter(family_id=parent.family_id))
    own = record_facts(parent, children, silent=parent.family.silent_about_baby, today=today)
    results = results_of(Actor.system(parent.clinic_id), parent_id)
    screen = _screen_facts(results)
    answers, to_ask = _health(parent_id, results)
    entries = standing(list(BaselineEntry.objects.filter(parent_id=parent_id).order_by("at")))
    baseline = baseline_facts([Statement(entry.kind, entry.value, entry.at) for entry in entries], now)
    return merge([own, answers, screen, _not_outdated(baseline, screen)], to_ask)


def _screen_facts(results: Sequence[Scored]) -> list[Fact]:
    latest = next((result for result in reversed(results) if result.instrument == ASQ), None)
    if latest is None or not (latest.complete or latest.flags):
        return []
    rules = {flag["rule"] for flag in latest.flags}
    named = {"asq_acute": "asq-acute" in rules, "asq_positive_unassessed": bool(rules)}
    return [Fact(name, value, "screen", latest.answered_at) for name, value in named.items()]


def _not_outdated(baseline: Sequence[Fact], screen: Sequence[Fact]) -> list[Fact]:
    """Leave out a safety assessment that is older than the answers it would have to be about."""
    asked_at = max((fact.at for fact in screen if fact.at), default=None)
    return [
        fact
        for fact in baseline
        if fact.name != "brief_safety_assessment" or asked_at is None or (fact.at and fact.at >= asked_at)
    ]


def _health(parent_id: UUID, results: Sequence[Scored]) -> tuple[list[Fact], tuple[str, ...]]:
    latest = next((result for result in reversed(results) if result.instrument == HEALTH), None)
    if latest is None:
        return [], ()
    said = health_facts(parent_id)
    known = [Fact(name, value, "health", latest.answered_at) for name, value in said.known.items()]
    return known, tuple(said.to_ask)


def latest_assessment(episode: Episode) -> Assessment | None:
    """Return the newest run of the rules in an episode."""
    found = Assessment.objects.filter(episode=episode).select_related("by", "episode", "parent__clinic", "decision__by")
    return found.order_by("-at").first()


def assessment_for(actor: Actor, assessment_id: UUID) -> Assessment:
    """Return one run of the rules about a parent whom the actor may see."""
    found = Assessment.objects.select_related("by", "episode", "parent__clinic").filter(id=assessment_id).first()
    if found is None or not actor.may(Permission.RECORD_READ):
        raise Http404
    parent_for(actor, found.parent_id)
    return found


def outcomes_of(assessment: Assessment) -> list[Outcome]:
    """Return what each rule said: blocks that fire first, then blocks not known, reviews, monitoring, the rest."""
    rows = RuleOutcome.objects.filter(assessment=assessment)
    return sorted((outcome_of(row) for row in rows), key=lambda outcome: outcome.order)


def new_since(assessment: Assessment) -> bool:
    """Tell whether something was entered or answered after a run."""
    if BaselineEntry.objects.filter(parent_id=assessment.parent_id, at__gt=assessment.at).exists():
        return True
    results = results_of(Actor.system(assessment.clinic_id), assessment.parent_id)
    return any(result.answered_at > assessment.at for result in results if result.instrument in {ASQ, HEALTH})


def decision_of(episode: Episode) -> Decision | None:
    """Return the newest decision of an episode; None while nobody decided."""
    found = Decision.objects.filter(episode=episode).select_related("by", "assessment", "document")
    return found.order_by("-at").first()
