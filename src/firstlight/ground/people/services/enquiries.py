"""Somebody calls, is referred, or asks for a call."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django_scopes import scope

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import announce, record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Clinic, Episode, EpisodeState, Family, Parent, Relation, Source
from firstlight.ground.people.names import clean_email, clean_name, clean_phone
from firstlight.ground.people.services.details import index_contact
from firstlight.ground.people.services.episodes import log_step
from firstlight.ground.people.steps import ENDED
from firstlight.ground.vault.services import make_key

CONCERN_LENGTH = 4000


@write
def log_enquiry(
    *,
    clinic_id: UUID,
    name: str,
    phone: str = "",
    email: str = "",
    best_time: str = "",
    concern: str = "",
    source: str = Source.CALL,
    referred_by: str = "",
    relation: str = Relation.MOTHER,
    family: Family | None = None,
    by: Actor,
    at: datetime,
) -> Episode:
    """Log a call, a referral or a request for a call: a parent and the first state of an episode.

    `family` joins a second parent to a family that is known. Refuses an enquiry that nobody could answer.
    """
    name, phone, email = clean_name(name), clean_phone(phone), clean_email(email)
    if not phone and not email:
        raise Refused(_("Write a telephone number or an email address, so that someone can answer."), field="phone")
    if len(concern) > CONCERN_LENGTH:
        message = _("This has at most %(most)d characters; what you wrote has %(count)d.")
        raise Refused(message % {"most": CONCERN_LENGTH, "count": len(concern)}, field="concern")
    with scope(clinic=clinic_id):
        clinic = Clinic.objects.get(id=clinic_id)
        parent = Parent(
            clinic=clinic,
            family=family or Family.objects.create(clinic=clinic),
            name=name,
            phone=phone,
            email=email,
            relation=Relation(relation),
            timezone=clinic.timezone,
            made_at=at,
        )
        index_contact(parent)
        make_key(owner_id=parent.id, at=at)
        parent.save()
        return _open(parent, best_time, concern, Source(source), referred_by, by, at)


@write
def reopen(
    *,
    parent: Parent,
    best_time: str = "",
    concern: str = "",
    source: str = Source.CALL,
    referred_by: str = "",
    by: Actor,
    at: datetime,
) -> Episode:
    """Log a new enquiry of somebody who is known. Refused while an earlier one is open."""
    latest = Episode.objects.filter(parent=parent).order_by("-opened_at", "-id").first()
    if latest and latest.state not in ENDED:
        message = _("%(name)s has an open episode already (“%(state)s”). Write into that one.")
        raise Refused(message % {"name": parent.name, "state": latest.get_state_display()}, field="name")
    return _open(parent, best_time, concern, Source(source), referred_by, by, at)


def _open(
    parent: Parent, best_time: str, concern: str, source: Source, referred_by: str, by: Actor, at: datetime
) -> Episode:
    episode = Episode(
        clinic_id=parent.clinic_id,
        parent=parent,
        state=EpisodeState.LOGGED,
        source=source,
        referred_by=referred_by.strip(),
        concern=concern.strip(),
        best_time=best_time.strip(),
        opened_at=at,
        moved_at=at,
    )
    episode.save()
    log_step(episode, "", by, at)
    record("episode.logged", by=by, at=at, parent=parent.id, about=episode, detail={"source": source})
    announce("episode.logged", episode=episode, by=by, at=at)
    return episode
