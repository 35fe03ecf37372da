"""A permission of the role taken from one member, and given back. Deny wins, from the next request on."""

from datetime import datetime

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Membership, PermissionChange
from firstlight.ground.people.permissions import ROLES, Permission, Role
from firstlight.ground.people.services.episodes import REASON_LENGTH


@write
def deny(*, membership: Membership, permission: str, reason: str, by: Actor, at: datetime) -> PermissionChange:
    """Take one permission of the role from somebody. Refuses one that the role lacks, and the own place."""
    member = _other_member(membership, by)
    if permission not in ROLES[Role(member.role)]:
        raise Refused(_("The role does not have this permission."), field="permission", value=permission)
    if permission in member.denied:
        raise Refused(_("This is taken away already."), field="permission", value=permission)
    return _change(member, Permission(permission), reason, by, at, denied=True)


@write
def lift(*, membership: Membership, permission: str, reason: str, by: Actor, at: datetime) -> PermissionChange:
    """Give back what was taken away: the role decides again."""
    member = _other_member(membership, by)
    if permission not in member.denied:
        raise Refused(_("This is not taken away."), field="permission", value=permission)
    return _change(member, Permission(permission), reason, by, at, denied=False)


def _other_member(membership: Membership, by: Actor) -> Membership:
    """Return the place as it stands now, locked: two changes at once come one after the other."""
    if membership.id == by.membership_id:
        message = _("You cannot change your own permissions. Ask another administrator.")
        raise Refused(message, field="membership", value=membership.id)
    return Membership.objects.select_for_update().get(id=membership.id)


def _change(
    member: Membership, permission: Permission, reason: str, by: Actor, at: datetime, *, denied: bool
) -> PermissionChange:
    reason = reason.strip()
    if not reason:
        raise Refused(_("Write the reason. It stays in the record."), field="reason")
    if len(reason) > REASON_LENGTH:
        message = _("A reason has at most %(most)d characters; this has %(count)d.")
        raise Refused(message % {"most": REASON_LENGTH, "count": len(reason)}, field="reason")
    held_back = {*member.denied, permission.value} if denied else {*member.denied} - {permission.value}
    member.denied = sorted(held_back)
    member.save(update_fields=["denied"])
    change = PermissionChange.objects.create(
        clinic_id=member.clinic_id,
        membership=member,
        permission=permission,
        denied=denied,
        reason=reason,
        at=at,
        by_id=by.account_id,
    )
    detail = {"permission": permission.value, "denied": member.denied}
    record("staff.denied" if denied else "staff.denial_lifted", by=by, at=at, about=member, detail=detail)
    return change
