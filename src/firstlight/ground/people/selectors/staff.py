"""The people of a clinic and what they are licensed for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import Http404

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Authenticator, Clinic, Credential, Membership, PermissionChange
from firstlight.ground.people.permissions import PERMISSION_NAMES, ROLE_NAMES, ROLES, Permission, Role
from firstlight.ground.people.selectors.records import staff_of

SOON = timedelta(days=60)
CHECK_EVERY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class CredentialLine:
    """A credential and how it stands: ok, look (ends soon, or its check is old), stop (ended)."""

    credential: Credential
    kind: str


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One person of the clinic."""

    membership: Membership
    role: str
    credentials: list[CredentialLine]
    second_factor: bool


@dataclass(frozen=True, slots=True)
class PermissionLine:
    """One permission of somebody's role; `denial` says who took it away, when and why. None: it is held."""

    permission: Permission
    name: str
    denial: PermissionChange | None


@dataclass(frozen=True, slots=True)
class Permissions:
    """What somebody may do here, line by line, and every change of it, the latest first."""

    role: str
    lines: list[PermissionLine]
    changes: list[tuple[str, PermissionChange]]


def colleagues(actor: Actor, now: datetime) -> list[StaffLine]:
    """Return who works in the actor's clinic, with credentials."""
    if actor.clinic_id is None or not actor.may(Permission.STAFF_WRITE):
        raise Http404
    members = staff_of(actor.clinic_id, now)
    today = now.astimezone(ZoneInfo(Clinic.objects.get(id=actor.clinic_id).timezone)).date()
    held: dict[object, list[CredentialLine]] = {member.id: [] for member in members}
    for credential in Credential.objects.filter(membership__in=members).order_by("kind", "expires_date"):
        held[credential.membership_id].append(CredentialLine(credential, _stands(credential, today)))
    confirmed = Authenticator.objects.filter(user__in=[member.account_id for member in members], confirmed=True)
    enrolled = set(confirmed.values_list("user_id", flat=True))
    return [
        StaffLine(member, str(ROLE_NAMES[Role(member.role)]), held[member.id], member.account_id in enrolled)
        for member in members
    ]


def permissions_of(actor: Actor, membership: Membership) -> Permissions:
    """Return a colleague's permissions. The caller has the place from `membership_for`."""
    if not actor.may(Permission.STAFF_WRITE):
        raise Http404
    changes = list(PermissionChange.objects.filter(membership=membership).select_related("by").order_by("-at", "-id"))
    latest: dict[str, PermissionChange] = {}
    for change in changes:
        latest.setdefault(change.permission, change)
    own = [permission for permission in Permission if permission in ROLES[Role(membership.role)]]
    return Permissions(
        role=str(ROLE_NAMES[Role(membership.role)]),
        lines=[
            PermissionLine(one, str(PERMISSION_NAMES[one]), latest.get(one) if one in membership.denied else None)
            for one in own
        ],
        changes=[(str(PERMISSION_NAMES[Permission(change.permission)]), change) for change in changes],
    )


def _stands(credential: Credential, today: date) -> str:
    if credential.expires_date < today:
        return "stop"
    old = today - credential.checked_date > CHECK_EVERY
    return "look" if old or credential.expires_date - today < SOON else "ok"
