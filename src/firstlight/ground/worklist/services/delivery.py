"""Delivery: claim, send, note what came of it. At least once, always under the same message id."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template import Context
from django.template.backends.django import Template
from django.template.loader import get_template
from django.utils import translation
from django_scopes import scope, scopes_disabled

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.vault.fields import ERASED
from firstlight.ground.worklist.models import OutboxMessage
from firstlight.ground.worklist.selectors import TEST_KEY
from firstlight.ground.worklist.services.alarms import alarm
from firstlight.ground.worklist.services.escalating import page_failed
from firstlight.ground.worklist.services.outbox import next_attempt

MESSAGES_A_TICK = 10  # with the mail time-out of 10 s, one tick stays inside its lease


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one round of delivery did."""

    sent: int = 0
    failed: int = 0


def deliver_due(now: datetime) -> Delivered:
    """Send what is due, urgent messages first. Messages of another worker's claim are left to it."""
    with scopes_disabled():
        due = OutboxMessage.objects.filter(sent_at__isnull=True, dead_at__isnull=True, due_at__lte=now)
        found = list(due.order_by("-urgent", "due_at").values_list("id", "clinic_id", "due_at")[:MESSAGES_A_TICK])
    sent = failed = 0
    for message_id, clinic_id, due_at in found:
        with scope(clinic=clinic_id):
            message = _claim(message_id, due_at, now)
            if message is None:
                continue
            if message.to == ERASED:
                _drop(message=message, by=Actor.system(clinic_id), at=now)
                continue
            trouble = _hand_to_mail(message)
            if trouble:
                _note_failure(message=message, trouble=trouble, by=Actor.system(clinic_id), at=now)
            else:
                _note_sent(message=message, by=Actor.system(clinic_id), at=now)
            sent, failed = sent + (not trouble), failed + bool(trouble)
    return Delivered(sent, failed)


def _claim(message_id: UUID, due_at: datetime, now: datetime) -> OutboxMessage | None:
    """Move the message's next attempt into the future: of two workers that saw it due, one row count is 1."""
    message = OutboxMessage.objects.select_related("task").get(id=message_id)
    message.attempts += 1
    again_at = next_attempt(message, now) or now
    waiting = OutboxMessage.objects.filter(id=message_id, due_at=due_at, attempts=message.attempts - 1, sent_at=None)
    if not waiting.update(attempts=message.attempts, due_at=again_at):
        return None
    message.due_at = again_at
    return message


def _hand_to_mail(message: OutboxMessage) -> str:
    """Send; return what went wrong, as a class name: the words of an error may hold an address."""
    try:
        subject, body = rendered(message)
        host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
        headers = {"Message-ID": f"<{message.id}@{host}>", "Auto-Submitted": "auto-generated"}
        EmailMessage(subject, body, to=[message.to], headers=headers).send()
    except Exception as error:  # noqa: BLE001 - whatever the mail back-end raises, the message did not leave
        return type(error).__name__
    return ""


def rendered(message: OutboxMessage) -> tuple[str, str]:
    """Return subject and body in the language of whom it is for."""
    template = cast("Template", get_template(message.template))
    with translation.override(message.language):
        text = template.template.render(Context(message.context, autoescape=False))
    subject, _blank, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


@write
def _drop(*, message: OutboxMessage, by: Actor, at: datetime) -> None:
    """Let go of a message to somebody whose record was erased: nobody knows the address any more, and nothing is broken."""
    message.trouble, message.dead_at, message.urgent = ERASED, at, False
    message.save(update_fields=["trouble", "dead_at", "urgent"])
    record("message.dropped", by=by, at=at, parent=message.parent_id, about=message)


@write
def _note_sent(*, message: OutboxMessage, by: Actor, at: datetime) -> None:
    message.sent_at, message.trouble, message.context = at, "", {}  # a code or link that was sent is kept nowhere
    message.save(update_fields=["sent_at", "trouble", "context"])
    record("message.sent", by=by, at=at, parent=message.parent_id, about=message, detail={"attempts": message.attempts})


@write
def _note_failure(*, message: OutboxMessage, trouble: str, by: Actor, at: datetime) -> None:
    message.trouble = trouble
    if next_attempt(message, at) is None:
        message.dead_at = at
    message.save(update_fields=["trouble", "dead_at"])
    if message.dead_at:
        record("message.dead", by=by, at=at, parent=message.parent_id, about=message, detail={"trouble": trouble})
        _ring(message, f"{message.template}: {trouble}", by, at)


def _ring(message: OutboxMessage, reason: str, by: Actor, at: datetime) -> None:
    if message.task is not None:
        page_failed(task=message.task, reason=reason, by=by, at=at)
        return
    kind = "delivery-test-failed" if (message.key or "").startswith(TEST_KEY) else "message-failed"
    alarm(clinic_id=message.clinic_id, kind=kind, reason=reason, by=by, at=at)
