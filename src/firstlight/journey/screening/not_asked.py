"""Questions that were due and not asked, with the reason that somebody of the clinic recorded."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from firstlight.clinical.instruments import short_name_of
from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Parent
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.selectors.records import reaches
from firstlight.journey.screening.models import STANDS, NotAsked
from firstlight.journey.screening.reasons import reason_words
from firstlight.journey.screening.wording import set_title


@dataclass(frozen=True, slots=True)
class Unasked:
    """What was not asked, when it was due, why, and who said so."""

    title: str
    names: str
    due_at: datetime
    reason: str
    words: str
    at: datetime
    by: str


def not_asked_about(actor: Actor, parent: Parent) -> list[Unasked]:
    """Return what stands recorded about a parent, the latest due in front, for staff who may read her answers.

    The caller has looked the parent up already.
    """
    if not reaches(actor, parent) or not actor.may(Permission.ANSWERS_READ):
        raise Http404
    found = NotAsked.objects.filter(STANDS, parent=parent, withdrawn=False).select_related("by")
    return [unasked(one) for one in found.order_by("-due_at", "-id")]


def unasked(one: NotAsked) -> Unasked:
    """Return one record in words."""
    names = ", ".join(map(short_name_of, one.instruments))
    return Unasked(set_title(one.set_name), names, one.due_at, reason_words(one.reason), one.words, one.at, one.by.name)
