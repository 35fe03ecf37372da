"""What a parent said to one question, as far as it counts: what was entered wrongly counts as what it is indeed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from firstlight.ground.safety.ladder import ladder
from firstlight.ground.safety.models import Came, Concern, SafetyPlan
from firstlight.ground.safety.selectors import current_plan


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

    def is_below(self, level: str, strength: int) -> bool:
        """Tell whether it asks for less than an answer of this level and strength."""
        return self.strength < strength or ladder().stronger(level, self.concern.level)


def said_to(parent_id: UUID, *, source: str, asked: str) -> list[Said]:
    """Return what was said to one question, in the order in which it came; nothing of what should not stand there at all."""
    rows = Concern.objects.filter(parent_id=parent_id, source=source, asked=asked).select_related("task")
    in_order = list(rows.order_by("at", "strength"))
    indeed = {one.said_in: one.strength for one in in_order if one.came == Came.LOWERED}
    said = [one for one in in_order if one.came != Came.LOWERED]
    counted = [Said(one, min(one.strength, indeed.get(one.said_in, one.strength))) for one in said]
    return [one for one in counted if one.strength > 0 or one.concern.strength == 0]


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
    held, since = before[-1], rows[len(before) :]
    grown = any(one.eased or held.is_below(one.concern.level, one.strength) for one in since)
    return None if grown or rows[-1].is_below(level, strength) else plan


def stood_before(plan: SafetyPlan, concern: Concern) -> bool:
    """Tell whether an answer as strong as a concern's stood before a plan, by what counts now."""
    rows = said_to(concern.parent_id, source=concern.source, asked=concern.asked)
    before = [one for one in rows if one.at < plan.at]
    return bool(before) and not before[-1].is_below(concern.level, concern.strength)
