"""What a parent said to one question, as far as it counts: what was entered wrongly counts as what it is indeed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from firstlight.ground.safety.ladder import ladder
from firstlight.ground.safety.models import Came, Concern, SafetyPlan
from firstlight.ground.safety.selectors import current_plan
from firstlight.ground.worklist.models import Task


@dataclass(frozen=True, slots=True)
class Said:
    """One answer that asked for help, and how strongly it does. `eased`: it had gone in between."""

    concern: Concern
    strength: int

    @property
    def at(self) -> datetime:
        return self.concern.at

    @property
    def eased(self) -> bool:
        return self.concern.eased

    @property
    def corrected(self) -> bool:
        """Tell whether it was entered more strongly than it is."""
        return self.strength < self.concern.strength

    def is_below(self, level: str, strength: int) -> bool:
        """Tell whether it asks for less than an answer of this level and strength."""
        return self.strength < strength or ladder().stronger(level, self.concern.level)

    def is_below_said(self, other: "Said") -> bool:
        """Tell whether it asks for less than another one."""
        return self.is_below(other.concern.level, other.strength)


def said_to(parent_id: UUID, *, source: str, asked: str) -> list[Said]:
    """Return what was said to one question, in the order in which it came; nothing of what should not stand there at all."""
    rows = Concern.objects.filter(parent_id=parent_id, source=source, asked=asked).select_related("task")
    return _counted(rows.order_by("at", "id"))


def said_in_task(task: Task) -> list[Said]:
    """Return what an open task still rests on, in the order in which it came. What names no question counts as it is."""
    rows = list(Concern.objects.filter(task=task).order_by("at", "id"))
    return [one for series in by_question(rows) for one in series]


def plan_that_holds(parent_id: UUID, *, level: str, source: str, asked: str, strength: int) -> SafetyPlan | None:
    """Return the standing plan if it was written after this answer was given, and nothing has grown since.

    Of one question, the last answer before the plan is what the plan holds, as strongly as it still counts. A later one that
    was stronger, or had gone and come back, is not in it; nor is anything while the latest answer was weaker than this one. An
    answer of which nobody says which question it was is in no plan.
    """
    plan = current_plan(parent_id)
    rows = said_to(parent_id, source=source, asked=asked) if plan and asked else []
    before = [one for one in rows if plan and one.at < plan.at]
    if not before:
        return None
    grown = any(one.eased or before[-1].is_below_said(one) for one in rows[len(before) :])
    return None if grown or rows[-1].is_below(level, strength) else plan


def tasks_in_plan(tasks: Sequence[Task]) -> dict[UUID, SafetyPlan]:
    """Return the standing plan of each task that rests on nothing but what this plan holds. However many tasks, two queries."""
    parents = {task.parent_id for task in tasks if task.parent_id}
    numbered = SafetyPlan.objects.filter(parent_id__in=parents).defer("texts").order_by("number")
    plans = {plan.parent_id: plan for plan in numbered}
    if not plans:
        return {}
    held: dict[UUID, list[bool]] = defaultdict(list)
    rows = Concern.objects.filter(parent_id__in=list(plans)).defer("reason").order_by("at", "id")
    for series in by_question(rows):
        inside = _in_plan(plans[series[0].concern.parent_id], series)
        for one in series:
            held[one.concern.task_id].append(one.concern.id in inside)
    return {
        task.id: plans[task.parent_id]
        for task in tasks
        if task.parent_id in plans and held[task.id] and all(held[task.id])
    }


def held_by_plan(parent_id: UUID, *, source: str, asked: str) -> list[Said]:
    """Return the answers to one question that paged nobody as new and that the standing plan holds, by what counts now."""
    plan = current_plan(parent_id)
    series = said_to(parent_id, source=source, asked=asked) if plan else []
    inside = _in_plan(plan, series) if plan else set()
    return [one for one in series if one.concern.id in inside and not one.concern.is_new]


def held_by_task(parent_id: UUID, *, source: str, asked: str) -> list[Said]:
    """Return the answers to one question that joined a task, still open, as the same again, and are that by what counts now."""
    series, found = said_to(parent_id, source=source, asked=asked), []
    for place, one in enumerate(series):
        before = [earlier for earlier in series[:place] if earlier.concern.task_id == one.concern.task_id]
        joined = one.concern.came == Came.JOINED and one.concern.task.finished_at is None
        if joined and before and before[-1].strength >= one.strength:
            found.append(one)
    return found


def is_in_plan(plan: SafetyPlan, concern: Concern) -> bool:
    """Tell whether a plan holds an answer, by what counts now."""
    series = said_to(concern.parent_id, source=concern.source, asked=concern.asked)
    return concern.id in _in_plan(plan, series)


def _in_plan(plan: SafetyPlan, series: Sequence[Said]) -> set[UUID]:
    """Return the later answers to one question that a plan holds: each was no stronger than the one before it."""
    before = [one for one in series if one.at < plan.at]
    inside: set[UUID] = set()
    if not before or not before[-1].concern.asked:
        return inside
    held = last = before[-1]
    for one in series[len(before) :]:
        if one.eased or held.is_below_said(one):
            break
        if not (last.is_below_said(one) or ladder().levels[one.concern.level].never_joins):
            inside.add(one.concern.id)
        last = one
    return inside


def by_question(rows: Iterable[Concern]) -> list[list[Said]]:
    """Return concerns, each series of one question in the order given, without what should not stand there at all."""
    found: dict[tuple[UUID, str, str], list[Concern]] = defaultdict(list)
    for row in rows:
        found[row.parent_id, row.source, row.asked].append(row)
    return [series for one in found.values() if (series := _counted(one))]


def _counted(rows: Iterable[Concern]) -> list[Said]:
    in_order = list(rows)
    indeed = {one.said_in: one.strength for one in in_order if one.came == Came.LOWERED}
    said = [one for one in in_order if one.came != Came.LOWERED]
    counted = [Said(one, min(one.strength, indeed.get(one.said_in, one.strength))) for one in said]
    return [one for one in counted if one.strength > 0 or not one.corrected]
