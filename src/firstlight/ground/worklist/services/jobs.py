"""Periodic jobs: conf names them and how often they run; the worker that holds the lease runs them."""

import logging
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.module_loading import import_string

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Clinic
from firstlight.ground.worklist.models import PeriodicJob
from firstlight.ground.worklist.services.alarms import alarm

AGAIN_AFTER_FAILURE = timedelta(minutes=5)
FAILURES_BEFORE_ALARM = 3
logger = logging.getLogger(__name__)


def run_due(now: datetime) -> tuple[list[str], list[str]]:
    """Run the jobs that are due; return the paths of those that ran well and of those that failed."""
    jobs: Mapping[str, int] = import_string(settings.FIRSTLIGHT_PERIODIC)
    well: list[str] = []
    failed: list[str] = []
    for path, minutes in jobs.items():
        job, _new = PeriodicJob.objects.get_or_create(path=path, defaults={"due_at": now})
        if job.due_at <= now and _claim(job, now, timedelta(minutes=minutes)):
            (well if _run(job, now) else failed).append(path)
    return well, failed


def _claim(job: PeriodicJob, now: datetime, interval: timedelta) -> bool:
    waiting = PeriodicJob.objects.filter(path=job.path, due_at=job.due_at)
    job.due_at = now + interval
    return waiting.update(due_at=job.due_at) == 1


def _run(job: PeriodicJob, now: datetime) -> bool:
    try:
        import_string(job.path)(now)
    except Exception as error:  # noqa: BLE001 - one job that fails must not keep the others from running
        log_failure(job.path, error)
        job.failures += 1
        job.due_at = min(job.due_at, now + AGAIN_AFTER_FAILURE)
        if job.failures == FAILURES_BEFORE_ALARM:
            _ring(job.path, now)
    else:
        job.failures, job.ran_at = 0, now
    job.save(update_fields=["failures", "due_at", "ran_at"])
    return job.failures == 0


def _ring(path: str, now: datetime) -> None:
    for clinic in Clinic.objects.order_by("name"):
        alarm(clinic_id=clinic.id, kind="job-failed", reason=path, by=Actor.system(clinic.id), at=now)


def goes_well(what: str, act: Callable[[], object]) -> bool:
    """Do one of many things in the background. What fails is undone by its own transaction and logged, and holds up no other."""
    try:
        act()
    except Exception as error:  # noqa: BLE001 - one that fails must not keep the others from it
        log_failure(what, error)
        return False
    return True


def log_failure(what: str, error: Exception) -> None:
    """Log where something failed. The words of an error and of the code are left out: they may hold a person's data."""
    frames = traceback.extract_tb(error.__traceback__)
    where = "\n".join(f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)
    logger.error("%s failed with %s\n%s", what, type(error).__name__, where)
