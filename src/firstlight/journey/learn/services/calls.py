"""Somebody without an account asks for a call; the clinic gets a task with a clock."""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Clinic, Episode, EpisodeState, Relation, Source
from firstlight.ground.people.permissions import Permission, Role, effective
from firstlight.ground.people.services import log_enquiry
from firstlight.ground.safety.selectors import watch_notice
from firstlight.ground.vault.keyring import blind_index
from firstlight.ground.worklist.models import Task, Urgency
from firstlight.ground.worklist.services import finish, open_task
from firstlight.journey.learn.models import Asking

AT_MOST = 5
WITHIN = timedelta(hours=1)
# How long a request may wait when nobody is on the roster. Ours.
UNWATCHED = timedelta(days=1)
KIND = "call"


class TooOften(Refused):
    """This address has asked as often as it may within an hour."""


@write
def ask_for_call(
    *,
    clinic: Clinic,
    name: str,
    phone: str = "",
    email: str = "",
    best_time: str = "",
    concern: str = "",
    relation: str = "",
    address: str,
    by: Actor,
    at: datetime,
) -> Episode:
    """Log a request for a call. Refused the sixth time within an hour from one internet `address`."""
    _count(address, at)
    return log_enquiry(
        clinic_id=clinic.id,
        name=name,
        phone=phone,
        email=email,
        best_time=best_time,
        concern=concern,
        source=Source.SELF,
        relation=relation or Relation.UNKNOWN,
        by=by,
        at=at,
    )


def _count(address: str, at: datetime) -> None:
    digest = blind_index(f"call from {_household(address)}")
    recent = Asking.objects.filter(digest=digest, at__gt=at - WITHIN)
    if recent.count() >= AT_MOST:
        message = _(
            "This connection has asked %(count)d times within an hour. Nothing was sent. Call us, or wait an hour."
        )
        raise TooOften(message % {"count": AT_MOST})
    Asking.objects.create(digest=digest, at=at)


def _household(address: str) -> str:
    """Return what counts as one address: of an IPv6 address the half that names the network."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return known.exploded[:19] if isinstance(known, IPv6Address) else str(known)


@write
def open_call_task(*, episode: Episode, by: Actor, at: datetime) -> None:
    """Open the task to call somebody back, for whoever the roster names, by the time that the page promised.

    Not for a call that staff logged: they are speaking with the person.
    """
    if episode.source == Source.CALL:
        return
    notice = watch_notice(episode.clinic, at)
    watched = notice.until is not None and Permission.ENQUIRIES in effective(Role(notice.who), [])
    open_task(
        clinic_id=episode.clinic_id,
        parent=episode.parent,
        kind=KIND,
        title=_("Call back: referral") if episode.source == Source.REFERRAL else _("Call back: asked for a call"),
        reason=_("Best time: %(when)s.") % {"when": episode.best_time}
        if episode.best_time
        else _("No time was named."),
        role=notice.who if watched else Role.ADMINISTRATOR,
        acknowledge_by=notice.until if watched and notice.until else at + UNWATCHED,
        urgency=Urgency.TODAY if watched else Urgency.ROUTINE,
        link_name="people:enquiry",
        link_id=episode.id,
        by=by,
        at=at,
    )


@write
def close_call_task(*, episode: Episode, by: Actor, at: datetime) -> None:
    """Finish the task once the episode has moved on: noting the call is enough."""
    if episode.state == EpisodeState.LOGGED:
        return
    for task in Task.objects.filter(parent_id=episode.parent_id, kind=KIND, link_id=str(episode.id), finished_at=None):
        finish(task=task, outcome=str(EpisodeState(episode.state).label), by=by, at=at)


def sweep(now: datetime) -> None:
    """Forget who asked more than an hour ago. Runs hourly."""
    Asking.objects.filter(at__lte=now - WITHIN).delete()
