"""Describing and vetting therapists, and choosing one."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.going_on import require_care
from firstlight.ground.people.models import Episode, Membership
from firstlight.ground.people.permissions import Role
from firstlight.journey.therapists.models import TherapistChoice, TherapistProfile
from firstlight.journey.therapists.selectors import listed, therapist_of


@write
def write_profile(
    *,
    membership: Membership,
    works_with: Sequence[str],
    languages: Sequence[str],
    by: Actor,
    at: datetime,
    perinatal_training: str = "",
    about: str = "",
) -> TherapistProfile:
    """Describe a therapist for parents. A changed description has to be vetted again."""
    if membership.role != Role.THERAPIST:
        raise Refused(_("Only a therapist has a profile."), field="membership", value=membership.role)
    profile, _made = TherapistProfile.objects.update_or_create(
        membership=membership,
        defaults={
            "clinic_id": membership.clinic_id,
            "works_with": list(works_with),
            "languages": list(languages),
            "perinatal_training": perinatal_training,
            "about": about,
            "changed_at": at,
            "vetted_date": None,
            "vetted_by": None,
        },
    )
    record("therapist.described", by=by, at=at, about=profile)
    return profile


@write
def vet(*, profile: TherapistProfile, on: date, vetted_by: Membership, by: Actor, at: datetime) -> TherapistProfile:
    """Say that somebody else of the clinic checked the licence, the register and the description on a day."""
    if vetted_by.id == profile.membership_id:
        raise Refused(_("Somebody else has to check this."), field="vetted_by", value=vetted_by.public_name)
    profile.vetted_date, profile.vetted_by = on, vetted_by
    profile.save(update_fields=["vetted_date", "vetted_by"])
    record("therapist.vetted", by=by, at=at, about=profile, detail={"on": on.isoformat()})
    return profile


@write
def choose(*, episode: Episode, therapist: Membership, by: Actor, at: datetime) -> TherapistChoice:
    """Choose a therapist, or another one, at any time and without a reason.

    Refused once care has ended, and for somebody whom nobody vetted or who has no licence today. Choosing the same one again
    changes nothing.
    """
    require_care(episode)
    if therapist.clinic_id != episode.clinic_id or listed(therapist, at) is None:
        message = _("%(name)s cannot be chosen: no vetted profile, or no licence today.")
        raise Refused(message % {"name": therapist.public_name}, field="therapist", value=therapist.id)
    current = therapist_of(episode)
    if current is not None and current.id == therapist.id:
        return TherapistChoice.objects.filter(episode=episode).latest("at", "id")
    choice = TherapistChoice.objects.create(
        clinic_id=episode.clinic_id, episode=episode, therapist=therapist, at=at, by_id=by.account_id
    )
    detail = {"therapist": str(therapist.id)}
    record("therapist.chosen", by=by, at=at, parent=episode.parent_id, about=episode, detail=detail)
    return choice
