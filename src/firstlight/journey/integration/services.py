"""Shared notes of preparation and integration visits."""

from datetime import datetime

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Membership, Parent
from firstlight.ground.visits.models import Visit
from firstlight.journey.integration.models import Note

LONGEST = 10_000


@write
def write_note(
    *,
    parent: Parent,
    text: str,
    by: Actor,
    at: datetime,
    visit: Visit | None = None,
    shared: bool | None = None,
    amends: Note | None = None,
) -> Note:
    """Write a note that the team reads, and the parent too when it is shared (not given: it is).

    An amendment keeps the old text, and its visit and who reads it unless others are given.
    """
    words = text.strip()
    if not words:
        raise Refused(_("The note is empty. Write what was agreed."), field="text", value=text)
    if len(words) > LONGEST:
        counted = {"count": f"{len(words):,}", "most": f"{LONGEST:,}"}
        raise Refused(
            _("The note has %(count)s characters; it may have %(most)s.") % counted, field="text", value=len(words)
        )
    _check_belongings(parent, visit, amends)
    author = Membership.objects.get(id=by.membership_id) if by.membership_id else None
    if author is None:
        raise Refused(_("A note is written by somebody of the clinic."), field="by", value=by.role)
    if shared is None:
        shared = amends.shared if amends else True
    note = Note.objects.create(
        clinic_id=parent.clinic_id,
        parent=parent,
        visit=visit or (amends.visit if amends else None),
        text=words,
        shared=shared,
        amends=amends,
        at=at,
        by=author,
    )
    action = "note.amended" if amends else "note.written"
    record(action, by=by, at=at, parent=parent.id, about=note, detail={"shared": shared, "characters": len(words)})
    return note


def _check_belongings(parent: Parent, visit: Visit | None, amends: Note | None) -> None:
    if visit is not None and visit.parent_id != parent.id:
        raise Refused(_("That visit is another parent's."), field="visit", value=visit.id)
    if amends is None:
        return
    if amends.parent_id != parent.id:
        raise Refused(_("That note is about another parent."), field="amends", value=amends.id)
    if Note.objects.filter(amends=amends).exists():
        raise Refused(_("This note was amended already. Amend the newer one."), field="amends", value=amends.id)
