"""Two that mean more together than each alone: whether the other one stands beside a concern, and is not cleared."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from firstlight.ground.people.models import Episode
from firstlight.ground.safety.ladder import Side, Together, ladder
from firstlight.ground.safety.models import Concern
from firstlight.ground.safety.said import by_question
from firstlight.ground.worklist.models import TaskEvent


@dataclass(frozen=True, slots=True)
class Reached:
    """The pair whose level an answer reached, and since when."""

    pair: Together
    since: datetime


def stands_beside(parent_id: UUID, source: str, at: datetime) -> Together | None:
    """Return the pair of which a concern of this source is one, when the other one stands; of several the highest."""
    found = ((pair, pair.beside(source)) for pair in ladder().together)
    standing = [pair for pair, other in found if other is not None and _stands(parent_id, other, at)]
    return max(standing, key=lambda pair: pair.level, default=None)


def beside_fact(parent_id: UUID, fact: str) -> tuple[Together, Concern] | None:
    """Return the pair of which a clinical fact is one, and the latest concern that stands beside it."""
    for pair in ladder().together:
        for side, other in (pair.sides, pair.sides[::-1]):
            concerns = _not_cleared(parent_id, other.raised_by) if fact in side.found else []
            if concerns:
                return pair, concerns[-1]
    return None


def reached_beside(parent_id: UUID, sources: Collection[str]) -> dict[tuple[UUID, str], Reached]:
    """Return what answers reached, by where they were given and their concern's source: beside what came with them or after.

    What came after counts where it came to the task that was open. One query, and none where no source takes part in a pair.
    """
    pairs = [pair for pair in ladder().together if any(pair.beside(source) for source in sources)]
    names = {source for pair in pairs for side in pair.sides for source in side.sources}
    rows = Concern.objects.filter(parent_id=parent_id, source__in=names).defer("reason").order_by("at", "id")
    concerns = [said.concern for series in by_question(rows) for said in series] if names else []
    found: dict[tuple[UUID, str], Reached] = {}
    for one in sorted(concerns, key=lambda one: one.at):
        for pair in pairs:
            since = _since(one, pair, concerns)
            if one.said_in is not None and since is not None:
                found.setdefault((one.said_in, one.source), Reached(pair, since))
    return found


def _since(one: Concern, pair: Together, concerns: Sequence[Concern]) -> datetime | None:
    other = pair.beside(one.source)
    if other is None:
        return None
    if not ladder().stronger(pair.level, one.level):
        return one.at
    beside = (row for row in concerns if row.task_id == one.task_id and row.source in other.sources)
    return min(
        (row.at for row in beside if row.at >= one.at and not ladder().stronger(pair.level, row.level)), default=None
    )


def _stands(parent_id: UUID, side: Side, at: datetime) -> bool:
    return bool(_not_cleared(parent_id, side.raised_by)) or _is_found(parent_id, side.found, at)


def _is_found(parent_id: UUID, names: Sequence[str], at: datetime) -> bool:
    holds = import_string(settings.FIRSTLIGHT_FACT_HOLDS)
    return any(holds(parent_id, name, at) for name in names)


def _not_cleared(parent_id: UUID, sources: Sequence[str]) -> list[Concern]:
    """Return the concerns that still count and are open, or of this episode and finished by nobody who may clear them."""
    rows = Concern.objects.filter(parent_id=parent_id, source__in=sources).select_related("task").order_by("at", "id")
    opened_at = Episode.objects.filter(parent_id=parent_id).order_by("-opened_at").values_list("opened_at", flat=True)
    since = opened_at.first()
    counted = [said.concern for series in by_question(rows) for said in series]
    here = [one for one in counted if one.task.finished_at is None or since is None or one.at >= since]
    cleared = _cleared(here)
    return sorted((one for one in here if one.id not in cleared), key=lambda one: one.at)


def _cleared(concerns: Iterable[Concern]) -> set[UUID]:
    finished = {one.id: one for one in concerns if one.task.finished_at is not None}
    ends = TaskEvent.objects.filter(
        task_id__in={one.task_id for one in finished.values()}, kind=TaskEvent.Kind.FINISHED, by__isnull=False
    ).select_related("by")
    finished_by = {end.task_id: end.by.role for end in ends if end.by is not None}
    return {
        key for key, one in finished.items() if finished_by.get(one.task_id) in ladder().levels[one.level].cleared_by
    }
