"""The order of tasks: how much is at stake comes before how late they are."""

from datetime import timedelta

from django.db.models import Case, DurationField, F, Value, When

from firstlight.ground.worklist.models import Urgency

CONCERN = "concern"
"""The kind of a task about somebody's safety, whatever its clock."""


def by_danger() -> tuple[Case, Case]:
    """Return the order of tasks by how much is at stake: people in danger now, then alarms, today's, what is routine.

    Of two in danger now, the one comes first that gave less time to be taken. Of today's, somebody's safety comes first.
    """
    rank = Case(
        When(urgency=Urgency.NOW, parent__isnull=False, then=Value(0)),
        When(urgency=Urgency.NOW, then=Value(1)),
        When(urgency=Urgency.TODAY, kind=CONCERN, then=Value(2)),
        When(urgency=Urgency.TODAY, then=Value(3)),
        default=Value(4),
    )
    given = F("acknowledge_by") - F("clock_began_at")
    time = Case(When(urgency=Urgency.NOW, then=given), default=Value(timedelta()), output_field=DurationField())
    return rank, time
