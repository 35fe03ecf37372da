"""The question sets: which instruments, in which order, and when their answers are read. Times are Firstlight's own.

A schedule may ask other instruments under a set's name, as far as they can be asked on that day.
"""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class SetPlan:
    """One named set. `read_within`: how soon a completed set is read by a person; None: only its flags ask for one.

    `short`: of the items of which a parent chooses one, only that one is asked, and all are on one page.
    """

    name: str
    instruments: tuple[str, ...]
    read_within: timedelta | None = None
    short: bool = False


SETS = {
    plan.name: plan
    for plan in (
        SetPlan("first", ("asq", "phq-9", "gad-7", "health-10"), read_within=timedelta(days=2)),
        SetPlan("day", ("check-in",), short=True),
        SetPlan("day-full", ("check-in",)),
        SetPlan("week", ("phq-9", "gad-7")),
        SetPlan("month", ("phq-9", "gad-7")),
    )
}
