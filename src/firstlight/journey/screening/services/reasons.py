"""Recording why questions that were due were not asked, amending that, and taking it back. Nothing is overwritten."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Parent
from firstlight.ground.people.permissions import Permission
from firstlight.journey.screening.models import NotAsked
from firstlight.journey.screening.reasons import reasons


@write
def record_not_asked(
    *,
    parent: Parent,
    set_name: str,
    instruments: Sequence[str],
    due_at: datetime,
    reason: str,
    words: str = "",
    amends: NotAsked | None = None,
    withdrawn: bool = False,
    by: Actor,
    at: datetime,
) -> NotAsked:
    """Record why a set that was due was not asked. `withdrawn`: what `amends` says holds no more. Raises Refused."""
    words = " ".join(words.split())
    if by.account_id is None or by.membership_id is None or not by.may(Permission.ANSWERS_READ):
        raise Refused(_("Only somebody who may read the answers can do this."), field="by", value=by.role)
    _check(reason, words)
    if amends is not None and NotAsked.objects.filter(amends=amends).exists():
        raise Refused(_("This was changed in the meantime. Look at it again."), field="reason", value=reason)
    kept = NotAsked.objects.create(
        clinic_id=parent.clinic_id,
        parent=parent,
        set_name=set_name,
        instruments=list(instruments),
        due_at=due_at,
        reason=reason,
        words=words,
        amends=amends,
        withdrawn=withdrawn,
        at=at,
        by_id=by.account_id,
    )
    detail = {"reason": reason, "amends": amends is not None, "withdrawn": withdrawn}
    record("screening.not_asked", by=by, at=at, parent=parent.id, about=kept, detail=detail)
    return kept


def _check(reason: str, words: str) -> None:
    known = reasons().by_key.get(reason)
    if known is None:
        raise Refused(_("Choose a reason."), field="reason", value=reason)
    if known.needs_words and not words:
        raise Refused(_("Write what it was, in a few words."), field="words", value=words)
    if len(words) > reasons().most_letters:
        counted = {"count": len(words), "most": reasons().most_letters}
        raise Refused(
            _("This has %(count)d characters; it may have %(most)d.") % counted, field="words", value=len(words)
        )
