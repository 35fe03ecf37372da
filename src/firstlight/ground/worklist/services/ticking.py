"""One beat of the background worker: escalate, run jobs, deliver. Beating twice at one moment does the work once."""

import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta

from django_scopes import scope, scopes_disabled

from firstlight.ground.audit.actors import Actor
from firstlight.ground.worklist.models import Task
from firstlight.ground.worklist.services import jobs, leases
from firstlight.ground.worklist.services.delivery import deliver_due
from firstlight.ground.worklist.services.escalating import escalate

ESCALATIONS_A_TICK = 50
AGAIN_AFTER_FAILURE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one beat did; nothing when another worker holds the lease."""

    held: bool
    escalated: int = 0
    sent: int = 0
    failed: int = 0
    jobs: tuple[str, ...] = ()
    failed_jobs: tuple[str, ...] = ()


def this_worker() -> str:
    """Return the name under which this process holds the lease."""
    return f"{socket.gethostname()}:{os.getpid()}"


def tick(now: datetime, *, holder: str | None = None) -> Ticked:
    """Do what is due. Safe to call from anywhere at any time: only the holder of the lease does anything."""
    if not leases.take(holder=holder or this_worker(), at=now):
        return Ticked(held=False)
    escalated = _escalate_due(now)
    well, failed = jobs.run_due(now)
    delivered = deliver_due(now)
    return Ticked(True, escalated, delivered.sent, delivered.failed, tuple(well), tuple(failed))


def _escalate_due(now: datetime) -> int:
    with scopes_disabled():
        due = Task.objects.filter(escalates_at__lte=now, acknowledged_at__isnull=True, finished_at__isnull=True)
        found = list(due.order_by("escalates_at").values_list("id", "clinic_id")[:ESCALATIONS_A_TICK])
    done = 0
    for task_id, clinic_id in found:
        with scope(clinic=clinic_id):
            try:
                escalate(task=Task.objects.get(id=task_id), by=Actor.system(clinic_id), at=now)
            except Exception as error:  # noqa: BLE001 - one task that cannot be passed on must not hold up the others
                jobs.log_failure(f"Escalating task {task_id}", error)
                Task.objects.filter(id=task_id).update(escalates_at=now + AGAIN_AFTER_FAILURE)
            else:
                done += 1
    return done
