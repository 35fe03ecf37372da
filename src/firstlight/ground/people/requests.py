"""What our views know of a request beyond Django's."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest
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


def own_account(request: ClinicRequest) -> Account:
    """Return the account of whoever is signed in, staff or parent."""
    if request.account is None:
        raise Http404
    return request.account


def own_record(request: ClinicRequest) -> Parent:
    """Return the parent who is signed in."""
    if request.parent is None:
        raise Http404
    return request.parent


def own_clinic(request: ClinicRequest) -> Clinic:
    """Return the clinic in whose scope the request runs."""
    if request.clinic is None:
        raise Http404
    return request.clinic
