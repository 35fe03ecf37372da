"""What re-opens a signed decision, or makes a review due: rules that fire now and did not when it was made.

Which, follows from each rule's own action; words, and the rules that are not watched here, are data in data/reopening.yaml.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from firstlight.clinical.evidence import Record, Tag, Words, data_file
from firstlight.clinical.protocols import Action, Rule, RuleResult, State, rules
from firstlight.clinical.protocols.eligibility import checked, hold
from firstlight.ground.people.models import Episode, Parent
from firstlight.ground.worklist.models import Task
from firstlight.journey.eligibility.facts import Facts
from firstlight.journey.eligibility.finding import Finding, stated_in
from firstlight.journey.eligibility.models import Decision, RuleOutcome
from firstlight.journey.eligibility.selectors import decision_of, facts_for
from firstlight.journey.screening.selectors import Scored

KIND, REVIEW_KIND = "decide-anew", "review-before-dose"
DECIDED = frozenset({Action.BLOCK, Action.REVIEW})
"""The actions that ask for a prescriber's decision."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Rules that re-open a decision for the same reason, and the words of the prescriber's task."""

    rules: tuple[str, ...]
    title_words: Words
    does_words: Words


@dataclass(frozen=True, slots=True)
class Reopening:
    """Every reason, the gravest last, and within which time the prescriber takes the task.

    `general`: the words for a rule without a reason of its own, by its action. `not_here`: why a rule is not watched here.
    """

    general: Mapping[Action, Reason]
    reasons: tuple[Reason, ...]
    not_here: Mapping[str, Words]
    take_within: timedelta

    @property
    def named(self) -> frozenset[str]:
        """Return the rules with words of their own."""
        return frozenset(key for reason in self.reasons for key in reason.rules)

    @property
    def watched(self) -> tuple[str, ...]:
        """Return the rules that a decision does not outlast, in the order of the rules."""
        return tuple(key for key, rule in rules().items() if rule.action in DECIDED and key not in self.not_here)

    def stops(self, rule: Rule) -> bool:
        """Tell whether a rule that fires opens the decision again, not only a review."""
        return rule.action is Action.BLOCK or rule.id in self.named

    def reasons_for(self, findings: Sequence[Finding]) -> list[Reason]:
        """Return the reasons of what came up, the gravest last."""
        own = {one.rule for one in findings if one.stops}
        general = [self.general[Action.REVIEW]] if any(not one.stops for one in findings) else []
        general += [self.general[Action.BLOCK]] if own - self.named else []
        return general + [reason for reason in self.reasons if own & set(reason.rules)]


@dataclass(frozen=True, slots=True)
class Reopened:
    """Why treatment waits for a prescriber: what came up, and her tasks to decide anew and to review that are not finished."""

    findings: tuple[Finding, ...]
    task: Task | None
    review_task: Task | None

    @property
    def rules(self) -> tuple[str, ...]:
        """Return the rules that came up."""
        return tuple(one.rule for one in self.findings)

    @property
    def stopping(self) -> tuple[Finding, ...]:
        """Return what opens the decision again."""
        return tuple(one for one in self.findings if one.stops)

    @property
    def due(self) -> tuple[Finding, ...]:
        """Return what is to be reviewed before the next dose."""
        return tuple(one for one in self.findings if not one.stops)

    @property
    def stops(self) -> bool:
        """Tell whether the decision is open again."""
        return bool(self.stopping or self.task)

    @property
    def texts(self) -> tuple[str, ...]:
        """Return what opens the decision again, each with its source; of a task alone, its title."""
        return tuple(one.told for one in self.stopping) or ((f"{self.task.title}.",) if self.task else ())


@cache
def reopening() -> Reopening:
    """Read the list. Raises DataError when the file is wrong."""
    page = Record(data_file("firstlight.journey.eligibility", "data/reopening.yaml"), where="reopening.yaml")
    page.integer("version")
    page.choice("tag", Tag)
    found = Reopening(
        general={action: _reason(page.record(action), ()) for action in (Action.REVIEW, Action.BLOCK)},
        reasons=tuple(_reason(record, _rules(record)) for record in page.records("reasons")),
        not_here={key: because for record in page.records("not_here") for key, because in _left_out(record)},
        take_within=timedelta(hours=page.integer("take_within_hours")),
    )
    page.done()
    return found


def _reason(record: Record, keys: tuple[str, ...]) -> Reason:
    reason = Reason(keys, record.words("title"), record.words("does"))
    record.done()
    return reason


def _left_out(record: Record) -> list[tuple[str, Words]]:
    keys, because = _rules(record), record.words("because")
    record.done()
    return [(key, because) for key in keys]


def _rules(record: Record) -> tuple[str, ...]:
    keys = record.strings("rules")
    for key in keys:
        if key not in rules() or rules()[key].action not in DECIDED:
            raise record.error(f"there is no rule {key} that asks for a decision")
    return keys


def reopened(
    episode: Episode,
    now: datetime,
    *,
    parent: Parent | None = None,
    results: Sequence[Scored] | None = None,
    decision: Decision | None = None,
    fired: Collection[str] | None = None,
) -> Reopened | None:
    """Return why treatment waits for a prescriber's decision; None when nothing came up since the last one.

    Whether the asking person may know it, the caller has settled. `parent`, `results`: see `facts_for`. `decision`: the
    newest, if the caller has it. `fired`: the rules that fired in the run on which it rests, if the caller has them.
    """
    fresh = not_decided_on(episode, now, parent=parent, results=results, decision=decision, fired=fired)
    tasks = open_tasks_about(episode)
    return Reopened(fresh, tasks.get(KIND), tasks.get(REVIEW_KIND)) if fresh or KIND in tasks else None


def not_decided_on(
    episode: Episode,
    now: datetime,
    *,
    parent: Parent | None = None,
    results: Sequence[Scored] | None = None,
    decision: Decision | None = None,
    fired: Collection[str] | None = None,
) -> tuple[Finding, ...]:
    """Return what came up since the run on which the newest decision rests, what opens it again first.

    Without a decision for treatment only the rules with words of their own count: the next run says the rest.
    """
    decision = decision or decision_of(episode)
    treats = decision is not None and decision.outcome == Decision.Outcome.SUITABLE
    watched = reopening().watched if treats else tuple(key for key in rules() if key in reopening().named)
    parent = parent or Parent.objects.select_related("clinic", "family").get(id=episode.parent_id)
    facts = facts_for(parent.id, now, parent=parent, results=results, episode=episode)
    known = checked(facts.values)
    held = [hold(rules()[key], known) for key in watched]
    firing = _not_fired_in(decision, [one for one in held if one.state is State.FIRES], fired)
    doubted = [one for one in held if one.state is State.UNKNOWN and _is_new(one, facts, decision)] if treats else []
    zone, stops = parent.clinic.timezone, reopening().stops
    found = [Finding(one.id, stops=stops(rules()[one.id]), source=stated_in(one, facts, zone)) for one in firing]
    found += [Finding(one.id, stops=False, source=stated_in(one, facts, zone), known=False) for one in doubted]
    return tuple(sorted(found, key=lambda one: not one.stops))


def _not_fired_in(
    decision: Decision | None, firing: Sequence[RuleResult], fired: Collection[str] | None
) -> Sequence[RuleResult]:
    """Leave out what fired in the run of a decision: it was weighed there."""
    if decision is None or not firing:
        return firing
    if fired is None:
        rows = RuleOutcome.objects.filter(assessment=decision.assessment_id, rule__in=[one.id for one in firing])
        fired = {row.rule for row in rows if (row.result or {}).get("state") == State.FIRES}
    return [one for one in firing if one.id not in fired]


def _is_new(result: RuleResult, facts: Facts, decision: Decision | None) -> bool:
    """Tell whether a rule lacks a fact that an answer left open, which nobody could know when the rules were run."""
    doubts = [facts.doubts[gap] for gap in result.gaps if gap in facts.doubts]
    return decision is not None and any(doubt.known_at > decision.assessment.at for doubt in doubts)


def open_tasks_about(episode: Episode) -> dict[str, Task]:
    """Return the prescriber's tasks to decide anew and to review that are not finished, by kind."""
    found = Task.objects.filter(parent_id=episode.parent_id, kind__in=(KIND, REVIEW_KIND), finished_at=None)
    return {task.kind: task for task in found.order_by("-opened_at", "-id")}
