"""Which charted values lie out of the plan's range now, whoever acknowledged what, and when to read again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from firstlight.clinical.protocols import session as figures
from firstlight.clinical.protocols import vitals
from firstlight.clinical.protocols.vitals import Finding
from firstlight.journey.dosing.charted import Charted
from firstlight.journey.dosing.models import Observation, Session
from firstlight.journey.dosing.selectors import Sheet

PRESSURE = ("sbp", "dbp")
SYMPTOM = "symptom"


def findings_in(sheet: Sheet, row: Observation) -> tuple[Finding, ...]:
    """Return what is out of range in one standing set, held against the sets before it."""
    before = [
        (other.happened_at, other.values())
        for other in sheet.standing
        if other.id != row.id and other.happened_at < row.happened_at
    ]
    return vitals.findings(sheet.session.vitals_profile, row.values(), before, row.happened_at)


def findings_now(sheet: Sheet) -> dict[str, Finding]:
    """Return by kind what is out of range in the latest value of each kind."""
    latest: dict[str, Observation] = {kind: row for row in sheet.standing for kind in row.values()}
    judged = {row.id: findings_in(sheet, row) for row in latest.values()}
    return {finding.kind: finding for kind, row in latest.items() for finding in judged[row.id] if finding.kind == kind}


def pressure_left_plan(session: Session, rows: Sequence[Observation | Charted]) -> bool:
    """Tell whether a charted pressure of a session lay out of the plan's range."""
    pressures = [(row, {"sbp": row.sbp, "dbp": row.dbp}) for row in rows if row.sbp is not None and row.dbp is not None]
    return any(vitals.findings(session.vitals_profile, values, (), row.happened_at) for row, values in pressures)


def condition_of(kind: str) -> str:
    """Return what a value is about: both figures of a pressure are one thing."""
    return "pressure" if kind in PRESSURE else kind


def due_at(sheet: Sheet) -> datetime | None:
    """Return when the next set of values is due; None before the start and after the parent left.

    Due is what comes first: the plan's interval after the last pressure, a value that has to be read again, a warning
    symptom after which no pressure was charted.
    """
    session, pressure = sheet.session, sheet.latest("sbp")
    if session.started_at is None or not session.live:
        return None
    charted = pressure.happened_at if pressure else None
    asked = [figures.next_due(started_at=session.started_at, ended_at=session.ended_at, last_at=charted)]
    for kind, finding in findings_now(sheet).items():
        row = sheet.latest(kind)
        if row is not None and finding.recheck_minutes:
            asked.append(row.happened_at + timedelta(minutes=finding.recheck_minutes))
    warned = [mark.happened_at for mark in sheet.marks if mark.kind in vitals.symptoms()]
    asked += [at for at in warned if charted is None or at > charted]
    return min(asked)
