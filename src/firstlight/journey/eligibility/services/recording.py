"""Entering clinical facts, and correcting them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Parent
from firstlight.ground.safety.services import weigh_fact
from firstlight.journey.eligibility import kinds
from firstlight.journey.eligibility.models import BaselineEntry, Kind
from firstlight.journey.eligibility.services.callers import membership_of, reason_of
from firstlight.journey.eligibility.services.reopening import look_at_record


@write
def record_baseline(
    *,
    parent: Parent,
    kind: str,
    value: Mapping[str, Any],
    by: Actor,
    at: datetime,
    amends: BaselineEntry | None = None,
    reason: str = "",
) -> BaselineEntry:
    """Enter one clinical fact, or correct an earlier entry with a reason. `value`: see `kinds`, one shape for each kind.

    Refused, naming the field, when the value cannot be, or when the entry was corrected already. One that makes an open concern
    more than it was pages in the same transaction, and one that a signed decision does not outlast opens the prescriber's task.
    """
    today = at.astimezone(ZoneInfo(parent.clinic.timezone)).date()
    entry = BaselineEntry(parent=parent, kind=kind, value=kinds.checked(kind, value, today=today))
    kept = _enter(entry, amends=amends, reason=reason, by=by, at=at)
    if kept.kind == Kind.PROBLEM and (fact := kept.value.get("problem")):
        weigh_fact(parent=parent, fact=fact, by=by, at=at)
    look_at_record(parent=kept.parent, by=by, at=at)
    return kept


@write
def withdraw_entry(*, entry: BaselineEntry, reason: str, by: Actor, at: datetime) -> BaselineEntry:
    """Say that an entry does not hold (any more), and why. The entry itself stays readable."""
    gone = BaselineEntry(parent=entry.parent, kind=entry.kind, value=entry.value, withdrawn=True)
    kept = _enter(gone, amends=entry, reason=reason, by=by, at=at)
    look_at_record(parent=kept.parent, by=by, at=at)
    return kept


def _enter(
    entry: BaselineEntry, *, amends: BaselineEntry | None, reason: str, by: Actor, at: datetime
) -> BaselineEntry:
    if amends is not None:
        _may_amend(amends, entry)
        entry.amends, entry.reason = amends, reason_of(reason)
    entry.clinic_id, entry.at, entry.by_id = entry.parent.clinic_id, at, membership_of(by)
    entry.save(force_insert=True)
    action = "baseline.withdrawn" if entry.withdrawn else "baseline.amended" if amends else "baseline.recorded"
    record(action, by=by, at=at, parent=entry.parent_id, about=entry, detail={"kind": entry.kind})
    return entry


def _may_amend(old: BaselineEntry, new: BaselineEntry) -> None:
    if old.parent_id != new.parent_id or old.kind != new.kind:
        raise Refused(_("A correction is of the same kind, for the same person."), field="amends", value=old.id)
    if old.withdrawn or BaselineEntry.objects.filter(amends=old).exists():
        message = _("Somebody has corrected this entry already. Reload the page and correct the newest one.")
        raise Refused(message, field="amends", value=old.id)
