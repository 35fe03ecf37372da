"""Notices: a charted value out of the plan's range raises one; somebody sees it and says what was done."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from firstlight.clinical.protocols import vitals
from firstlight.clinical.protocols.vitals import LEVELS, Finding
from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.journey.dosing.findings import SYMPTOM, condition_of
from firstlight.journey.dosing.models import Acknowledgement, Mark, Notice, Observation, Session
from firstlight.journey.dosing.selectors import Sheet, sheet_of
from firstlight.journey.dosing.services.writing import entry, lock, move_on
from firstlight.journey.dosing.words import ACTIONS

SYMPTOM_COUNTS_FOR = timedelta(minutes=30)
"""How long after a warning symptom a raised pressure still makes an emergency of both. Ours."""


def notice_values(session: Session, before: Sheet, observation: Observation, *, by: Actor, at: datetime) -> None:
    """Raise what a new set asks for. A condition that stands open is not raised twice at the same level."""
    history = [
        (row.happened_at, row.values())
        for row in before.standing
        if row.id != observation.amends_id and row.happened_at < observation.happened_at
    ]
    for finding in vitals.findings(session.vitals_profile, observation.values(), history, observation.happened_at):
        if not _stands_open(before, finding):
            _raise(session, finding, observation, None, by=by, at=at)
    warned = [mark for mark in before.marks if mark.kind in vitals.symptoms()]
    if warned and abs(observation.happened_at - warned[-1].happened_at) <= SYMPTOM_COUNTS_FOR:
        _notice_both(session, before, observation, warned[-1], by=by, at=at)


def notice_symptom(session: Session, before: Sheet, mark: Mark, *, by: Actor, at: datetime) -> None:
    """Raise an emergency for a warning symptom while the last charted pressure was raised."""
    pressure = before.latest("sbp")
    if pressure is not None and mark.kind in vitals.symptoms():
        _notice_both(session, before, pressure, mark, by=by, at=at)


def _notice_both(
    session: Session, before: Sheet, pressure: Observation, mark: Mark, *, by: Actor, at: datetime
) -> None:
    finding = vitals.symptom_finding(mark.kind, pressure.values())
    if finding is not None and not any(notice.kind == SYMPTOM for notice in before.open_notices):
        _raise(session, finding, pressure, mark, by=by, at=at)


def _raise(
    session: Session, finding: Finding, observation: Observation, mark: Mark | None, *, by: Actor, at: datetime
) -> None:
    recheck = timedelta(minutes=finding.recheck_minutes) if finding.recheck_minutes else None
    notice = Notice.objects.create(
        observation=observation,
        mark=mark,
        kind=SYMPTOM if mark else finding.kind,
        rule=finding.rule,
        level=finding.level,
        limit=finding.limit,
        recheck_minutes=finding.recheck_minutes,
        value=f"{observation.sbp}/{observation.dbp}" if mark else str(finding.value),
        tag=finding.tag,
        sources=list(finding.sources),
        recheck_at=observation.happened_at + recheck if recheck else None,
        **entry(session, by=by, at=at, happened_at=mark.happened_at if mark else observation.happened_at),
    )
    record("notice.raised", by=by, at=at, parent=session.parent_id, about=notice, detail={"rule": finding.rule})


def _stands_open(before: Sheet, finding: Finding) -> bool:
    return any(
        notice.kind == finding.kind and LEVELS.index(notice.level) >= LEVELS.index(finding.level)
        for notice in before.open_notices
    )


@write
def acknowledge_notice(*, notice: Notice, action: str, by: Actor, at: datetime) -> Acknowledgement:
    """Say who saw a notice and what was done. Lesser notices of the same condition are seen with it. Values stay."""
    if action not in ACTIONS:
        raise Refused(_("Choose what was done."), field="action", value=action)
    session = lock(notice.session)
    sheet = sheet_of(session)
    if notice.id in sheet.acknowledged:
        return sheet.acknowledged[notice.id]
    seen = [one for one in sheet.open_notices if one.id != notice.id and _covers(notice, one)]
    made = [
        Acknowledgement.objects.create(notice=one, action=action, **entry(session, by=by, at=at))
        for one in (notice, *seen)
    ]
    move_on(session)
    for one in (notice, *seen):
        record("notice.acknowledged", by=by, at=at, parent=session.parent_id, about=one, detail={"action": action})
    return made[0]


def _covers(notice: Notice, other: Notice) -> bool:
    same = condition_of(notice.kind) == condition_of(other.kind)
    return same and LEVELS.index(other.level) <= LEVELS.index(notice.level)
