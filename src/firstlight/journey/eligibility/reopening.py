"""What re-opens a signed decision: rules that fire now and did not when it was made. The list is data, in data/reopening.yaml."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.utils.translation import get_language

from firstlight.clinical.evidence import Record, Tag, Words, data_file, text
from firstlight.clinical.protocols import State, rules
from firstlight.clinical.protocols.eligibility import checked, hold
from firstlight.ground.people.models import Episode, Parent
from firstlight.ground.worklist.models import Task
from firstlight.journey.eligibility.models import RuleOutcome
from firstlight.journey.eligibility.selectors import decision_of, facts_for
from firstlight.journey.screening.selectors import Scored

KIND = "decide-anew"


@dataclass(frozen=True, slots=True)
class Reason:
    """Rules that re-open a decision for the same reason, and the words of the prescriber's task."""

    rules: tuple[str, ...]
    title_words: Words
    does_words: Words


@dataclass(frozen=True, slots=True)
class Reopening:
    """Every reason, the gravest last, and within which time the prescriber takes the task."""

    reasons: tuple[Reason, ...]
    take_within: timedelta


@dataclass(frozen=True, slots=True)
class Reopened:
    """Why a decision is open again: the rules that came to fire, and the task that a prescriber has not finished."""

    rules: tuple[str, ...]
    task: Task | None

    @property
    def texts(self) -> tuple[str, ...]:
        """Return what the rules say; of a task alone, its title."""
        language = get_language() or "en"
        said = tuple(text(rules()[key].text, language) for key in self.rules)
        return said or ((f"{self.task.title}.",) if self.task else ())


@cache
def reopening() -> Reopening:
    """Read the list. Raises DataError when the file is wrong."""
    page = Record(data_file("firstlight.journey.eligibility", "data/reopening.yaml"), where="reopening.yaml")
    page.integer("version")
    page.choice("tag", Tag)
    found = Reopening(
        tuple(_reason(record) for record in page.records("reasons")),
        timedelta(hours=page.integer("take_within_hours")),
    )
    page.done()
    return found


def _reason(record: Record) -> Reason:
    reason = Reason(record.strings("rules"), record.words("title"), record.words("does"))
    record.done()
    unknown = [key for key in reason.rules if key not in rules()]
    if unknown:
        raise record.error(f"there is no rule {unknown[0]}")
    return reason


def reopened(
    episode: Episode, now: datetime, *, parent: Parent | None = None, results: Sequence[Scored] | None = None
) -> Reopened | None:
    """Return why treatment waits for a prescriber's decision; None when nothing came up since the last one.

    Whether the asking person may know it, the caller has settled. `parent`, `results`: see `facts_for`.
    """
    fresh, task = not_decided_on(episode, now, parent=parent, results=results), open_task_about(episode)
    return Reopened(fresh, task) if fresh or task else None


def not_decided_on(
    episode: Episode, now: datetime, *, parent: Parent | None = None, results: Sequence[Scored] | None = None
) -> tuple[str, ...]:
    """Return the rules of the list that fire now and did not in the run on which the newest decision rests."""
    known = checked(facts_for(episode.parent_id, now, parent=parent, results=results, episode=episode).values)
    watched = [key for reason in reopening().reasons for key in reason.rules]
    firing = [key for key in watched if hold(rules()[key], known).state is State.FIRES]
    decision = decision_of(episode) if firing else None
    if decision is None:
        return tuple(firing)
    rows = RuleOutcome.objects.filter(assessment=decision.assessment_id, rule__in=firing)
    decided = {row.rule for row in rows if (row.result or {}).get("state") == State.FIRES}
    return tuple(key for key in firing if key not in decided)


def open_task_about(episode: Episode) -> Task | None:
    """Return the prescriber's task to decide anew; None when there is none or it is finished."""
    return Task.objects.filter(parent_id=episode.parent_id, kind=KIND, finished_at=None).first()
