"""Forms that met an ended session are kept for an hour, sealed, for the same person; and what is swept away."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.sessions.models import Session

from firstlight.ground.audit.services import write
from firstlight.ground.people.models import EntryCode, Held, Submission

KEPT = timedelta(hours=1)
AT_MOST = 5
FORGOTTEN_AFTER = timedelta(days=7)


@write
def hold(*, account_id: UUID, once: UUID, path: str, body: Sequence[tuple[str, str]], at: datetime) -> Held:
    """Keep a form for an hour under its sender's key. Of one person, the latest five are kept."""
    Held.objects.filter(account_id=account_id, expires_at__lte=at).delete()
    older = Held.objects.filter(account_id=account_id).order_by("-held_at")[AT_MOST - 1 :]
    Held.objects.filter(id__in=[held.id for held in older]).delete()
    Held.objects.filter(account_id=account_id, once=once).delete()
    return Held.objects.create(
        account_id=account_id,
        once=once,
        path=path,
        body=[list(pair) for pair in body],
        held_at=at,
        expires_at=at + KEPT,
    )


@write
def drop(*, held: Held) -> None:
    """Forget a form that was kept."""
    Held.objects.filter(id=held.id).delete()


def release(*, account_id: UUID, once: UUID) -> None:
    """Forget a kept form because it has arrived."""
    Held.objects.filter(account_id=account_id, once=once).delete()


def sweep(now: datetime) -> None:
    """Remove what has served its time: kept forms, used codes, form keys, ended sessions. Runs hourly."""
    Held.objects.filter(expires_at__lte=now).delete()
    EntryCode.objects.filter(made_at__lte=now - FORGOTTEN_AFTER).delete()
    Submission.objects.filter(at__lte=now - FORGOTTEN_AFTER).delete()
    Session.objects.filter(expire_date__lte=now).delete()
