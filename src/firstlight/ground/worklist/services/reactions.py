"""What follows an event of a lower app; named in conf/reactions.py."""

from datetime import datetime
from uuid import UUID

from django_scopes import scope, scopes_disabled

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import write
from firstlight.ground.people.models import Account, Episode, Membership, Parent
from firstlight.ground.worklist.services.outbox import absolute, send


@write
def send_invitation(*, episode: Episode, link: str, by: Actor, at: datetime) -> None:
    """Send a parent her invitation. Who has no address was not invited: `invite` refuses that."""
    send(
        clinic_id=episode.clinic_id,
        to=episode.parent.email,
        template="worklist/messages/invitation.txt",
        context={"link": absolute(link), "phone": episode.clinic.phone},
        parent=episode.parent,
        by=by,
        at=at,
    )


@write
def send_code(*, account: Account, code: str, at: datetime, by: Actor | None = None) -> None:
    """Send a sign-in code to an account's own address. An account that belongs to no clinic gets none."""
    clinic_id, parent = _clinic_of(account)
    if clinic_id is None:
        return
    send(
        clinic_id=clinic_id,
        to=account.email,
        template="worklist/messages/code.txt",
        context={"code": code},
        parent=parent,
        urgent=True,
        by=by or Actor.system(clinic_id),
        at=at,
    )


@write
def send_start_link(*, membership: Membership, link: str, by: Actor, at: datetime) -> None:
    """Send somebody of the staff the link for a first or a new sign-in, to the work address."""
    send(
        clinic_id=membership.clinic_id,
        to=membership.account.email,
        template="worklist/messages/start.txt",
        context={"link": absolute(link), "clinic": membership.clinic.name},
        urgent=True,
        by=by,
        at=at,
    )


def _clinic_of(account: Account) -> tuple[UUID | None, Parent | None]:
    with scopes_disabled():
        parent = Parent.objects.filter(account=account).first()
    if parent:
        with scope(clinic=parent.clinic_id):
            return parent.clinic_id, parent
    membership = Membership.objects.filter(account=account).order_by("-since_at").first()
    return (membership.clinic_id if membership else None), None
