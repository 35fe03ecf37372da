"""Events in a parent's life: noted, shared, taken back. Nothing is overwritten."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Parent
from firstlight.journey.timeline.life import life
from firstlight.journey.timeline.models import LifeEvent

YEAR = timedelta(days=365)


@write
def note_event(
    *, parent: Parent, kind: str, on_date: date, by: Actor, at: datetime, words: str = "", shared: bool = False
) -> LifeEvent:
    """Note an event. `shared`: the other side reads it too: the clinic what she noted, she what the clinic noted.

    Refuses an unknown kind, one that needs words without them, and a day to come or too long ago.
    """
    author, words = _author(by), " ".join(words.split())
    _check_words(kind, words)
    _check_day(on_date, at.astimezone(ZoneInfo(parent.timezone)).date())
    event = LifeEvent.objects.create(
        clinic_id=parent.clinic_id,
        parent=parent,
        kind=kind,
        words=words,
        on_date=on_date,
        own=by.parent_id == parent.id,
        shared=shared,
        at=at,
        by_id=author,
    )
    record("life_event.noted", by=by, at=at, parent=parent.id, about=event, detail={"shared": shared})
    return event


@write
def share_event(*, event: LifeEvent, shared: bool, by: Actor, at: datetime) -> LifeEvent:
    """Let the other side read an event, or no longer. Only the side that noted it may; as it is already, it stays."""
    if event.shared == shared:
        return event
    made = _amended(event, by, at, shared=shared)
    record("life_event.shared", by=by, at=at, parent=event.parent_id, about=made, detail={"shared": shared})
    return made


@write
def take_back_event(*, event: LifeEvent, by: Actor, at: datetime) -> LifeEvent:
    """Take an event off the timeline. It stays in the record."""
    made = _amended(event, by, at, withdrawn=True)
    record("life_event.taken_back", by=by, at=at, parent=event.parent_id, about=made)
    return made


def _amended(
    event: LifeEvent, by: Actor, at: datetime, *, shared: bool | None = None, withdrawn: bool = False
) -> LifeEvent:
    if event.own != (by.parent_id is not None):
        raise Refused(_("Only the side that noted an event may change it."), field="event", value=event.id)
    if event.withdrawn or LifeEvent.objects.filter(amends=event).exists():
        raise Refused(_("This was changed in the meantime. Look at it again."), field="event", value=event.id)
    return LifeEvent.objects.create(
        clinic_id=event.clinic_id,
        parent_id=event.parent_id,
        kind=event.kind,
        words=event.words,
        on_date=event.on_date,
        own=event.own,
        shared=event.shared if shared is None else shared,
        withdrawn=withdrawn,
        amends=event,
        at=at,
        by_id=_author(by),
    )


def _author(by: Actor) -> UUID:
    if by.account_id is None:
        raise Refused(_("An event is noted by a person."), field="by", value=by.role)
    return by.account_id


def _check_words(kind: str, words: str) -> None:
    known = life().kinds.get(kind)
    if known is None:
        raise Refused(_("Choose what happened."), field="kind", value=kind)
    if known.needs_words and not words:
        raise Refused(_("Write what it was, in a few words."), field="words", value=words)
    if len(words) > life().most_letters:
        counted = {"count": len(words), "most": life().most_letters}
        raise Refused(
            _("This has %(count)d characters; it may have %(most)d.") % counted, field="words", value=len(words)
        )


def _check_day(on_date: date, today: date) -> None:
    if on_date > today:
        raise Refused(_("This day is still to come. Note what has happened."), field="on_date", value=on_date)
    if on_date < today - life().oldest_years * YEAR:
        oldest = {"years": life().oldest_years}
        raise Refused(_("This is more than %(years)d years ago.") % oldest, field="on_date", value=on_date)
