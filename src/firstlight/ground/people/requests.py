"""What our views know of a request beyond Django's."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Account, Clinic, Parent


@dataclass(frozen=True, slots=True)
class Opened:
    """A record that this request showed."""

    parent_id: UUID | None
    screen: str


class ClinicRequest(HttpRequest):
    """A request after our middleware: who acts, when, in which clinic, and what was opened.

    `account` is set while a session stands, also where `actor` is nobody: the phone is locked, or the place has ended.
    """

    actor: Actor
    now: datetime
    clinic: Clinic | None
    account: Account | None
    parent: Parent | None
    locked: bool
    opened: list[Opened]
    htmx: HtmxDetails

    def open_record(self, parent_id: UUID | None, screen: str) -> None:
        """Say that a parent's record (or a list of several: None) is on this screen; the policy writes the read event."""
        raise NotImplementedError
