"""Events in a parent's life: each side reads what it noted itself, and what the other side shared."""

from uuid import UUID

from django.http import Http404

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Parent
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.selectors import parent_for
from firstlight.journey.timeline.life import life
from firstlight.journey.timeline.models import LifeEvent


def events_of(actor: Actor, parent_id: UUID) -> list[LifeEvent]:
    """Return the standing events that the actor may read, earliest first; after a loss none is about a child."""
    parent = parent_for(actor, parent_id)
    found = events_about(actor, parent)
    silent = any(about_child(event) for event in found) and parent.family.silent_about_baby
    return [event for event in found if not (silent and about_child(event))]


def events_about(actor: Actor, parent: Parent) -> list[LifeEvent]:
    """Return the standing events about a parent whom the caller has looked up already, a child's too, earliest first."""
    found = list(LifeEvent.objects.filter(parent=parent))
    amended = {event.amends_id for event in found}
    standing = [event for event in found if event.id not in amended and not event.withdrawn]
    return [event for event in standing if _may_read(actor, event)]


def event_for(actor: Actor, event_id: UUID) -> LifeEvent:
    """Return a standing event that the actor may read; unknown and forbidden look alike."""
    event = LifeEvent.objects.filter(id=event_id, withdrawn=False).first()
    if event is None or not _may_read(actor, event) or LifeEvent.objects.filter(amends=event).exists():
        raise Http404
    return event


def _may_read(actor: Actor, event: LifeEvent) -> bool:
    if actor.parent_id is not None:
        return actor.parent_id == event.parent_id and (event.own or event.shared)
    return actor.may(Permission.RECORD_READ) and (event.shared or not event.own)


def about_child(event: LifeEvent) -> bool:
    """Tell whether an event is about a child: then a loss silences it."""
    kind = life().kinds.get(event.kind)
    return kind is not None and kind.about_child
