"""Who reads notes: the team of the clinic all of them, a parent those that were shared with her."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.selectors import parent_for
from firstlight.journey.integration.models import Note


@dataclass(frozen=True, slots=True)
class NoteWithPast:
    """A note as it stands, and what it amended, latest first."""

    note: Note
    past: tuple[Note, ...]


def notes_of(actor: Actor, parent_id: UUID) -> list[NoteWithPast]:
    """Return the standing notes about a parent, newest first; a parent gets hers that are shared."""
    parent_for(actor, parent_id)
    own = actor.parent_id == parent_id
    if not (own or actor.may(Permission.RECORD_READ) or actor.role == "system"):
        raise Http404
    found = {note.id: note for note in Note.objects.filter(parent_id=parent_id).select_related("by", "visit")}
    amended = {note.amends_id for note in found.values()}
    standing = [note for note in found.values() if note.id not in amended and (note.shared or not own)]
    return [NoteWithPast(note, () if own else _past(note, found)) for note in standing]


def note_for(actor: Actor, note_id: UUID) -> Note:
    """Return a note about a parent whom the actor may see."""
    note = Note.objects.filter(id=note_id).select_related("parent__family").first()
    if note is None or not actor.may(Permission.RECORD_READ):
        raise Http404
    parent_for(actor, note.parent_id)
    return note


def _past(note: Note, found: dict[UUID, Note]) -> tuple[Note, ...]:
    past = []
    while note.amends_id is not None:
        note = found[note.amends_id]
        past.append(note)
    return tuple(past)
