"""Writing: one transaction, its audit events in it and last, its announcements to later stages."""

import functools
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.utils.module_loading import import_string

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.chain import GENESIS, link
from firstlight.ground.audit.models import SYSTEM_CHAIN, AuditEvent, AuditHead

P = ParamSpec("P")
T = TypeVar("T")

_pending: ContextVar[list[AuditEvent] | None] = ContextVar("pending audit events", default=None)


def write(service: Callable[P, T]) -> Callable[P, T]:
    """Make a service one transaction. Audit events join it as its last statements, so a chain's head is locked briefly.

    A write inside a write is a step of it: if it fails and its caller goes on, neither its rows nor its events stay.
    """

    @functools.wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        outer = _pending.get()
        if outer is not None:
            return _as_step(outer, service, *args, **kwargs)
        events: list[AuditEvent] = []
        token = _pending.set(events)
        try:
            with transaction.atomic():
                result = service(*args, **kwargs)
                _append(events)
            return result
        finally:
            _pending.reset(token)

    return run


def _as_step(events: list[AuditEvent], service: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    before = len(events)
    try:
        with transaction.atomic():
            return service(*args, **kwargs)
    except BaseException:
        del events[before:]
        raise


def record(
    action: str,
    *,
    by: Actor,
    at: datetime,
    parent: UUID | None = None,
    about: models.Model | None = None,
    detail: dict[str, Any] | None = None,
    outcome: str = "done",
) -> None:
    """Note one fact of the write in progress. Outside a write it is an error: an event without its deed would be a lie."""
    events = _pending.get()
    if events is None:
        raise RuntimeError(f"{action} was recorded outside a write.")
    events.append(
        AuditEvent(
            chain=str(by.clinic_id or SYSTEM_CHAIN),
            at=at,
            action=action,
            outcome=outcome,
            account_id=by.account_id,
            role=by.role,
            parent_id=parent,
            about_kind=about._meta.label_lower if about else "",
            about_id=str(about.pk) if about else "",
            detail=detail or {},
        )
    )


@write
def note(
    action: str,
    *,
    by: Actor,
    at: datetime,
    parent: UUID | None = None,
    outcome: str = "done",
    detail: dict[str, Any] | None = None,
) -> None:
    """Write an event by itself: a screen opened, a request refused."""
    record(action, by=by, at=at, parent=parent, outcome=outcome, detail=detail)


def announce(event: str, **payload: Any) -> None:
    """Run what must follow an event, in order, in the same transaction. The list is one file: conf/reactions.py."""
    if _pending.get() is None:
        raise RuntimeError(f"{event} was announced outside a write.")
    reactions: dict[str, Sequence[str]] = import_string(settings.FIRSTLIGHT_REACTIONS)
    for path in reactions[event]:
        import_string(path)(**payload)


def _append(events: list[AuditEvent]) -> None:
    for chain in sorted({event.chain for event in events}):
        _append_to(chain, [event for event in events if event.chain == chain])


def _append_to(chain: str, events: list[AuditEvent]) -> None:
    locked = AuditHead.objects.select_for_update()
    begun = {"hash": GENESIS, "moved_at": events[0].at}
    head = locked.filter(chain=chain).first() or locked.get_or_create(chain=chain, defaults=begun)[0]
    for event in events:
        head.sequence += 1
        event.sequence = head.sequence
        event.previous_hash = head.hash
        event.hash = head.hash = link(event.previous_hash, event.columns())
    AuditEvent.objects.bulk_create(events)
    head.moved_at = events[-1].at
    head.save(update_fields=["sequence", "hash", "moved_at"])
