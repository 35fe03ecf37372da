"""The outbox: a message is written where its cause is written, and leaves later."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import get_template
from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.models import Parent
from firstlight.ground.worklist.models import OutboxMessage, Task

# How long to wait after each failed attempt; after the last one a message is dead. Ours.
PATIENCE = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
URGENT_PATIENCE = tuple(timedelta(seconds=seconds) for seconds in (20, 60, 180))


@write
def send(
    *,
    clinic_id: UUID,
    to: str,
    template: str,
    context: dict[str, Any],
    by: Actor,
    at: datetime,
    parent: Parent | None = None,
    task: Task | None = None,
    key: str | None = None,
    urgent: bool = False,
) -> OutboxMessage:
    """Queue one e-mail. `template` names a text template: its first line is the subject, the rest after a blank line the body.

    Words must be neutral (people-and-trust P8): no treatment, no score, no child. A `key` that was used before returns that
    message and queues nothing. Raises TemplateDoesNotExist.
    """
    get_template(template)
    with scope(clinic=clinic_id):
        if key and (queued := OutboxMessage.objects.filter(key=key).first()):
            return queued
        message = OutboxMessage.objects.create(
            clinic_id=clinic_id,
            parent=parent,
            task=task,
            to=to,
            template=template,
            context=context,
            language=parent.language if parent else settings.LANGUAGE_CODE,
            key=key,
            made_at=at,
            due_at=at,
            urgent=urgent,
        )
    record(
        "message.queued",
        by=by,
        at=at,
        parent=parent.id if parent else None,
        about=message,
        detail={"template": template},
    )
    return message


def next_attempt(message: OutboxMessage, at: datetime) -> datetime | None:
    """Return when to try again after a failure at `at`; None when it was the last attempt."""
    patience = URGENT_PATIENCE if message.urgent else PATIENCE
    return at + patience[message.attempts - 1] if message.attempts <= len(patience) else None


def absolute(address: str) -> str:
    """Return an address that works outside the site; one that has a scheme already is left as it is."""
    return f"{settings.PUBLIC_ADDRESS.rstrip('/')}{address}" if address.startswith("/") else address
