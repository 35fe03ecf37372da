"""Charting: values, corrections, and what happened."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.safety.services import raise_concern
from firstlight.journey.dosing.models import LIVE, Mark, Observation, Session, SessionState
from firstlight.journey.dosing.readings import check_values
from firstlight.journey.dosing.selectors import sheet_of
from firstlight.journey.dosing.services.noticing import notice_symptom, notice_values
from firstlight.journey.dosing.services.summing import file_summary
from firstlight.journey.dosing.services.writing import entry, lock, move_on, reason_given, require, sent_before
from firstlight.journey.dosing.words import EMERGENCY_MARKS, MARKS, NEEDS_WORDS

LONGEST = 2_000
CHANGED, CHANGED_LEVEL = "safety_changed", "L3"
"""What is new about safety on the day of a dose, and its step of the ladder: ours, since a prescriber is in the house."""


@write
def chart(
    *,
    session: Session,
    client_id: UUID,
    values: Mapping[str, int],
    by: Actor,
    at: datetime,
    event_at: datetime | None = None,
) -> Observation:
    """Write one set of values. A set that arrives again is the same row; notices follow in the same transaction.

    Raises Contradicts when this device id was used for other values, Refused for a set that cannot be.
    """
    session = lock(session)
    earlier = sent_before(Observation, session, client_id, values, event_at=event_at)
    if earlier is not None:
        return earlier
    require(session, *LIVE)
    check_values(values)
    before = sheet_of(session)
    observation = Observation.objects.create(
        client_id=client_id, **values, **entry(session, by=by, at=at, happened_at=event_at)
    )
    notice_values(session, before, observation, by=by, at=at)
    move_on(session)
    record(
        "observation.charted",
        by=by,
        at=at,
        parent=session.parent_id,
        about=observation,
        detail={"kinds": sorted(values)},
    )
    return observation


@write
def amend(
    *, observation: Observation, client_id: UUID, values: Mapping[str, int], reason: str, by: Actor, at: datetime
) -> Observation:
    """Correct a set: a new row that names the old one and the reason. The old one stays readable.

    A session that is over can be corrected too; its summary is then written anew beside the first one.
    """
    session = lock(observation.session)
    earlier = sent_before(Observation, session, client_id, values, event_at=observation.happened_at)
    if earlier is not None:
        return earlier
    reason = reason_given(reason, _("Say why this is corrected."))
    require(session, *LIVE, SessionState.LEFT)
    check_values(values)
    if Observation.objects.filter(amends=observation).exists():
        raise Refused(_("This set was corrected already. Correct the newer one."), field="amends")
    before = sheet_of(session)
    amended = Observation.objects.create(
        client_id=client_id,
        amends=observation,
        reason=reason,
        **values,
        **entry(session, by=by, at=at, happened_at=observation.happened_at),
    )
    notice_values(session, before, amended, by=by, at=at)
    move_on(session)
    record(
        "observation.amended", by=by, at=at, parent=session.parent_id, about=amended, detail={"kinds": sorted(values)}
    )
    if session.state == SessionState.LEFT:
        file_summary(session=session, by=by, at=at)
    return amended


@write
def mark(
    *, session: Session, kind: str, words: str = "", by: Actor, at: datetime, event_at: datetime | None = None
) -> Mark:
    """Note something that happened, to the second. What is new about safety is a prescriber's task at once."""
    if kind not in MARKS and kind not in EMERGENCY_MARKS:
        raise Refused(_("Choose what happened."), field="kind", value=kind)
    words = words.strip()
    if len(words) > LONGEST:
        counted = {"count": f"{len(words):,}", "most": f"{LONGEST:,}"}
        raise Refused(_("At most %(most)s characters; this has %(count)s.") % counted, field="words", value=len(words))
    if kind in NEEDS_WORDS and not words:
        raise Refused(_("Say in words what it was."), field="words", value=words)
    session = lock(session)
    require(session, *LIVE)
    before = sheet_of(session)
    entered = Mark.objects.create(kind=kind, words=words, **entry(session, by=by, at=at, happened_at=event_at))
    notice_symptom(session, before, entered, by=by, at=at)
    if kind == CHANGED:
        raise_concern(
            parent=session.parent,
            level=CHANGED_LEVEL,
            source="session:changed",
            reason=_("Said before the dose of today: %(words)s") % {"words": words},
            link_name="dosing:session",
            link_id=session.id,
            by=by,
            at=at,
        )
    move_on(session)
    record("session.marked", by=by, at=at, parent=session.parent_id, about=entered, detail={"kind": kind})
    return entered
