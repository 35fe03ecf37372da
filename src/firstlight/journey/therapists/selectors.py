"""Who works here, and who works with whom."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.http import Http404
from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Clinic, Credential, Episode, Membership
from firstlight.ground.people.permissions import Permission, Role, effective
from firstlight.ground.people.selectors import staff_of
from firstlight.ground.visits.clocktimes import day_of
from firstlight.journey.therapists.models import TherapistChoice, TherapistProfile

LICENCE = r"licen[cs]e"  # in the kind of credential without which nobody is listed, in both spellings


@dataclass(frozen=True, slots=True)
class Therapist:
    """A therapist as parents may see her: vetted, and with a licence that holds on the day asked about."""

    membership: Membership
    works_with: tuple[str, ...]
    languages: tuple[str, ...]
    perinatal_training: str
    about: str
    vetted_date: date
    licence: Credential

    @property
    def name(self) -> str:
        return self.membership.public_name

    @property
    def title(self) -> str:
        return self.membership.title


@dataclass(frozen=True, slots=True)
class Standing:
    """A therapist as the clinic sees her: what is written, which licence holds today, whether parents can choose her."""

    membership: Membership
    profile: TherapistProfile | None
    licence: Credential | None
    shown: bool


def profiles(clinic_id: UUID, now: datetime) -> list[Therapist]:
    """Return the therapists whom parents may choose, by name. Works without a signed-in person: the front door shows them.

    Left out: whoever nobody vetted, whoever has no licence that holds today, whoever left or may not be chosen any more.
    """
    with scope(clinic=clinic_id):
        here = {
            member.id: member
            for member in staff_of(clinic_id, now, [Role.THERAPIST])
            if Permission.THERAPY_TEAM in effective(Role.THERAPIST, member.denied)
        }
        today = day_of(now, Clinic.objects.get(id=clinic_id).timezone)
        licences = _licences(list(here), today)
        vetted = TherapistProfile.objects.filter(membership__in=here, vetted_date__lte=today)
        found = [
            _therapist(profile, here[profile.membership_id], licences[profile.membership_id])
            for profile in vetted
            if profile.membership_id in licences
        ]
    return sorted(found, key=lambda therapist: therapist.name)


def listed(membership: Membership, now: datetime) -> Therapist | None:
    """Return a therapist if parents may choose her now."""
    found = profiles(membership.clinic_id, now)
    return next((therapist for therapist in found if therapist.membership.id == membership.id), None)


def therapist_for(actor: Actor, membership_id: UUID, now: datetime) -> Therapist:
    """Return a therapist of the actor's clinic who may be chosen."""
    if actor.clinic_id is None:
        raise Http404
    found = profiles(actor.clinic_id, now)
    therapist = next((one for one in found if one.membership.id == membership_id), None)
    if therapist is None:
        raise Http404
    return therapist


def therapist_of(episode: Episode) -> Membership | None:
    """Return the therapist who was chosen last in an episode; None while nobody was."""
    choices = choices_of(episode)
    return choices[-1].therapist if choices else None


def choices_of(episode: Episode) -> list[TherapistChoice]:
    """Return every choice of an episode, first one first."""
    return list(TherapistChoice.objects.filter(episode=episode).select_related("therapist", "by"))


def team_of(actor: Actor, now: datetime) -> list[Standing]:
    """Return every therapist who works in the actor's clinic now, described or not."""
    if actor.clinic_id is None or not actor.may(Permission.STAFF_WRITE):
        raise Http404
    members = staff_of(actor.clinic_id, now, [Role.THERAPIST])
    licences = _licences([one.id for one in members], day_of(now, Clinic.objects.get(id=actor.clinic_id).timezone))
    written = TherapistProfile.objects.filter(membership__in=members).select_related("vetted_by")
    described = {profile.membership_id: profile for profile in written}
    shown = {therapist.membership.id for therapist in profiles(actor.clinic_id, now)}
    return [Standing(one, described.get(one.id), licences.get(one.id), one.id in shown) for one in members]


def standing_of(actor: Actor, membership_id: UUID, now: datetime) -> Standing:
    """Return how one therapist of the actor's clinic stands."""
    found = next((one for one in team_of(actor, now) if one.membership.id == membership_id), None)
    if found is None:
        raise Http404
    return found


def profile_of(membership: Membership) -> TherapistProfile | None:
    """Return a therapist's profile, vetted or not."""
    return TherapistProfile.objects.filter(membership=membership).select_related("vetted_by").first()


def _licences(membership_ids: list[UUID], today: date) -> dict[UUID, Credential]:
    held = Credential.objects.filter(membership__in=membership_ids, kind__iregex=LICENCE, expires_date__gte=today)
    return {licence.membership_id: licence for licence in held.order_by("expires_date")}


def _therapist(profile: TherapistProfile, membership: Membership, licence: Credential) -> Therapist:
    assert profile.vetted_date is not None  # the query asked for it
    return Therapist(
        membership=membership,
        works_with=tuple(profile.works_with),
        languages=tuple(profile.languages),
        perinatal_training=profile.perinatal_training,
        about=profile.about,
        vetted_date=profile.vetted_date,
        licence=licence,
    )
