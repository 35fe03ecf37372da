"""Charting: values, corrections, what happened, and who saw a notice."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from firstlight.clinical.protocols import vitals
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.journey.dosing.models import LIVE, Acknowledgement, Mark, Notice, Observation, Session
from firstlight.journey.dosing.readings import check_values
from firstlight.journey.dosing.selectors import Sheet, sheet_of
from firstlight.journey.dosing.services.writing import entry, lock, move_on, require
from firstlight.journey.dosing.words import ACTIONS, MARKS


class Contradicts(Refused):
    """The same device id arrived with other values: nothing was overwritten."""


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
    """Write one set of values. A set that arrives again is the same row; notices follow in the same transaction."""
    earlier = Observation.objects.filter(client_id=client_id).first()
    if earlier is not None:
        if earlier.session_id == session.id and earlier.values() == dict(values):
            return earlier
        raise Contradicts(
            _("These values were sent before with other figures. Nothing was changed."), field="client_id"
        )
    session = lock(session)
    require(session, *LIVE)
    check_values(values)
    before = sheet_of(session)
    observation = Observation.objects.create(
        client_id=client_id, **values, **entry(session, by=by, at=at, happened_at=event_at)
    )
    _notify(session, before, observation, by=by, at=at)
    move_on(session)
    record("observation.charted", by=by, at=at, parent=session.parent_id, about=observation, detail=dict(values))
    return observation


@write
def amend(
    *, observation: Observation, client_id: UUID, values: Mapping[str, int], reason: str, by: Actor, at: datetime
) -> Observation:
    """Correct a set: a new row that names the old one and the reason. The old one stays readable."""
    if not reason.strip():
        raise Refused(_("Say why this is corrected."), field="reason", value=reason)
    session = lock(observation.session)
    require(session, *LIVE)
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
    _notify(session, before, amended, by=by, at=at)
    move_on(session)
    record("observation.amended", by=by, at=at, parent=session.parent_id, about=amended, detail=dict(values))
    return amended


def _notify(session: Session, before: Sheet, observation: Observation, *, by: Actor, at: datetime) -> None:
    history = [(row.happened_at, row.values()) for row in before.standing if row.id != observation.amends_id]
    unseen = {(notice.kind, notice.level) for notice in before.open_notices}
    for finding in vitals.findings(session.vitals_profile, observation.values(), history, observation.happened_at):
        if (finding.kind, finding.level) in unseen:
            continue
        recheck = timedelta(minutes=finding.recheck_minutes) if finding.recheck_minutes else None
        notice = Notice.objects.create(
            observation=observation,
            kind=finding.kind,
            rule=finding.rule,
            level=finding.level,
            limit=finding.limit,
            recheck_minutes=finding.recheck_minutes,
            value=str(finding.value),
            recheck_at=observation.happened_at + recheck if recheck else None,
            **entry(session, by=by, at=at, happened_at=observation.happened_at),
        )
        record("notice.raised", by=by, at=at, parent=session.parent_id, about=notice, detail={"rule": finding.rule})


@write
def acknowledge_notice(*, notice: Notice, action: str, by: Actor, at: datetime) -> Acknowledgement:
    """Say who saw a notice and what was done. The value stays on the screen."""
    if action not in ACTIONS:
        raise Refused(_("Choose what was done."), field="action", value=action)
    session = lock(notice.session)
    earlier = Acknowledgement.objects.filter(notice=notice).first()
    if earlier is not None:
        return earlier
    acknowledgement = Acknowledgement.objects.create(notice=notice, action=action, **entry(session, by=by, at=at))
    move_on(session)
    record("notice.acknowledged", by=by, at=at, parent=session.parent_id, about=notice, detail={"action": action})
    return acknowledgement


@write
def mark(
    *, session: Session, kind: str, words: str = "", by: Actor, at: datetime, event_at: datetime | None = None
) -> Mark:
    """Note something that happened, to the second."""
    if kind not in MARKS:
        raise Refused(_("Choose what happened."), field="kind", value=kind)
    if len(words) > 2000:
        raise Refused(_("At most 2,000 characters; this has %(count)s.") % {"count": f"{len(words):,}"}, field="words")
    session = lock(session)
    require(session, *LIVE)
    entered = Mark.objects.create(kind=kind, words=words, **entry(session, by=by, at=at, happened_at=event_at))
    _notify_symptom(session, entered, by=by, at=at)
    move_on(session)
    record("session.marked", by=by, at=at, parent=session.parent_id, about=entered, detail={"kind": kind})
    return entered


def _notify_symptom(session: Session, entered: Mark, *, by: Actor, at: datetime) -> None:
    pressure = sheet_of(session).latest("sbp")
    finding = vitals.symptom_finding(entered.kind, pressure.values()) if pressure else None
    if finding is None:
        return
    notice = Notice.objects.create(
        observation=pressure,
        kind=finding.kind,
        rule=finding.rule,
        level=finding.level,
        limit=finding.limit,
        value=str(finding.value),
        **entry(session, by=by, at=at, happened_at=entered.happened_at),
    )
    record("notice.raised", by=by, at=at, parent=session.parent_id, about=notice, detail={"rule": finding.rule})
