"""The one door to people: each answers only for the asking person. Unknown and forbidden look alike."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.http import Http404
from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Account, Clinic, Episode, Membership, Parent
from firstlight.ground.people.permissions import Permission, Role, effective


def reaches(actor: Actor, parent: Parent) -> bool:
    """Tell whether an actor may see a parent: staff with the record's permission their clinic's, a parent herself."""
    if actor.clinic_id is None or parent.clinic_id != actor.clinic_id:
        return False
    if actor.role == "parent":
        return actor.parent_id == parent.id
    return actor.role == "system" or actor.may(Permission.RECORD_READ) or actor.may(Permission.ENQUIRIES)


def parent_for(actor: Actor, parent_id: UUID) -> Parent:
    """Return a parent whom the actor may see (see `reaches`)."""
    if actor.clinic_id is None:
        raise Http404
    parent = Parent.objects.select_related("family", "clinic").filter(id=parent_id).first()
    if parent is None or not reaches(actor, parent):
        raise Http404
    return parent


def episode_for(actor: Actor, episode_id: UUID) -> Episode:
    """Return an episode of a parent whom the actor may see."""
    episode = Episode.objects.select_related("parent__family", "parent__clinic", "clinic").filter(id=episode_id).first()
    if episode is None:
        raise Http404
    parent_for(actor, episode.parent_id)
    return episode


def state_of_care(parent: Parent) -> str:
    """Return the state of a parent's latest episode; nothing where there is none. The parent is the asking person's own."""
    if hasattr(parent, "latest_state"):  # read with the parent who is signed in
        return parent.latest_state or ""
    with scope(clinic=parent.clinic_id):  # the shell of an error page asks too
        states = Episode.objects.filter(parent=parent).order_by("-opened_at", "-id").values_list("state", flat=True)
        return states.first() or ""


def current_episode(actor: Actor, parent_id: UUID) -> Episode:
    """Return the latest episode of a parent whom the actor may see."""
    parent_for(actor, parent_id)
    episode = (
        Episode.objects.filter(parent_id=parent_id)
        .select_related("parent__family", "parent__clinic", "clinic")
        .order_by("-opened_at", "-id")
        .first()
    )
    if episode is None:
        raise Http404
    return episode


def episodes_in(actor: Actor, states: Sequence[str]) -> list[Episode]:
    """Return the clinic's episodes in some states, longest waiting first."""
    if not (actor.may(Permission.RECORD_READ) or actor.may(Permission.ENQUIRIES)):
        raise Http404
    return list(Episode.objects.filter(state__in=states).select_related("parent__family").order_by("moved_at"))


def membership_for(actor: Actor, membership_id: UUID) -> Membership:
    """Return a colleague of the actor's clinic."""
    if actor.clinic_id is None:
        raise Http404
    found = Membership.objects.filter(id=membership_id, clinic_id=actor.clinic_id)
    membership = found.select_related("account").first()
    if membership is None:
        raise Http404
    return membership


def staff_of(clinic_id: UUID, now: datetime, roles: Sequence[Role] = tuple(Role)) -> list[Membership]:
    """Return who works in a clinic now, in some roles."""
    current = Q(until_at__isnull=True) | Q(until_at__gt=now)
    found = Membership.objects.filter(current, clinic_id=clinic_id, since_at__lte=now, role__in=list(roles))
    return list(found.select_related("account").order_by("role", "public_name"))


def staff_actor(membership: Membership) -> Actor:
    """Return the actor that a current membership gives."""
    return Actor(
        role=membership.role,
        name=membership.public_name,
        account_id=membership.account_id,
        clinic_id=membership.clinic_id,
        membership_id=membership.id,
        permissions=effective(Role(membership.role), membership.denied),
    )


def parent_actor(parent: Parent) -> Actor:
    """Return the actor for a parent about her own record."""
    return Actor(
        role="parent", name=parent.name, account_id=parent.account_id, clinic_id=parent.clinic_id, parent_id=parent.id
    )


def current_membership(account: Account, membership_id: UUID | None, now: datetime) -> Membership | None:
    """Return the membership an account works under: the chosen one, else its only one."""
    current = Q(until_at__isnull=True) | Q(until_at__gt=now)
    found = Membership.objects.filter(current, account=account, since_at__lte=now).select_related("clinic", "account")
    if membership_id:
        return found.filter(id=membership_id).first()
    return found.order_by("since_at").first()


def only_clinic() -> Clinic | None:
    """Return the clinic whose front door this is: of several, the first by name."""
    return Clinic.objects.order_by("name").first()
