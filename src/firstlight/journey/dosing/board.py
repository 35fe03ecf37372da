"""What the live session's screen shows, worked out once a change from the chart."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from firstlight.clinical.protocols import session as figures
from firstlight.clinical.protocols import vitals
from firstlight.clinical.quantities import POSSIBLE, Mass
from firstlight.ground.design.clocks import relative_text
from firstlight.journey.dosing.models import Notice, SessionState
from firstlight.journey.dosing.readings import NAMES
from firstlight.journey.dosing.selectors import Sheet
from firstlight.journey.dosing.words import ACTIONS, MARKS, STEPS

BIG = ("hr", "spo2")
SMALL = ("rr", "moaas", "dissociation", "nausea")
SHORT = {"hr": "HR", "spo2": "SpO2"}


@dataclass(frozen=True, slots=True)
class Reading:
    """One value in large type: when it was charted, and whether it is in plan, out of it, or due again."""

    label: str
    unit: str
    value: str
    age: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice in words."""

    notice: Notice
    text: str
    source: str
    taken: str


@dataclass(frozen=True, slots=True)
class LogRow:
    """One line of the chart's log."""

    at: datetime
    what: str
    who: str
    amended: bool = False
    observation_id: Any = None


def due_at(sheet: Sheet) -> datetime | None:
    """Return when the next set of values is due; None before the start and after the parent left."""
    session = sheet.session
    if session.started_at is None or not session.live:
        return None
    charted = sheet.standing[-1].happened_at if sheet.standing else None
    plan = figures.next_due(started_at=session.started_at, ended_at=session.ended_at, last_at=charted)
    asked = [notice.recheck_at for notice in sheet.notices if notice.recheck_at and _still_asked(sheet, notice)]
    return min([plan, *asked])


def _still_asked(sheet: Sheet, notice: Notice) -> bool:
    latest = sheet.latest(notice.kind)
    return latest is not None and latest.id == notice.observation_id


def readings(sheet: Sheet, now: datetime) -> list[Reading]:
    """Return pressure, pulse and saturation for the large row, then the smaller ones."""
    pressure = sheet.latest("sbp")
    value = f"{pressure.sbp}/{pressure.dbp}" if pressure else ""
    first = _reading(sheet, _("BP"), "mmHg", value, pressure, ("sbp", "dbp"), now)
    rest = []
    for kind in (*BIG, *SMALL):
        row = sheet.latest(kind)
        shown = str(getattr(row, kind)) if row else ""
        label = SHORT.get(kind) or str(NAMES[kind])
        rest.append(_reading(sheet, label, POSSIBLE[kind][2], shown, row, (kind,), now))
    return [first, *rest]


def _reading(
    sheet: Sheet, label: str, unit: str, value: str, row: Any, kinds: tuple[str, ...], now: datetime
) -> Reading:
    if row is None:
        return Reading(label, unit, "", "", "unknown", _("not charted"))
    age = relative_text(row.happened_at, now)
    levels = {notice.level for notice in sheet.notices if notice.observation_id == row.id and notice.kind in kinds}
    due = due_at(sheet)
    if levels & {"act", "emergency"}:
        return Reading(label, unit, value, age, "stop", _("out of plan"))
    if "warn" in levels:
        return Reading(label, unit, value, age, "look", _("out of plan"))
    if due is not None and now >= due:
        return Reading(label, unit, value, age, "due", _("due again"))
    return Reading(label, unit, value, age, "ok", _("in plan"))


def notice_rows(sheet: Sheet) -> list[NoticeRow]:
    """Return the notices nobody acknowledged first, then the others, newest first."""
    rows = [_notice_row(sheet, notice) for notice in reversed(sheet.notices)]
    return sorted(rows, key=lambda row: bool(row.taken))


def _notice_row(sheet: Sheet, notice: Notice) -> NoticeRow:
    limit = vitals.limits(notice.kind)
    tag, sources = limit.get("tag", ""), ", ".join(limit.get("sources", ()))
    taken = sheet.acknowledged.get(notice.id)
    return NoticeRow(
        notice=notice,
        text=f"{NAMES[notice.kind]} {notice.value}: {notice.words}",
        source=_("Ours, no source")
        if tag == "ours"
        else _("Source: %(sources)s (%(tag)s)") % {"sources": sources, "tag": tag},
        taken=f"{ACTIONS[taken.action]}, {taken.by.name}" if taken else "",
    )


def log(sheet: Sheet) -> list[LogRow]:
    """Return everything charted as lines, newest first; corrected sets stay, marked as such."""
    standing = {row.id for row in sheet.standing}
    rows = [
        LogRow(row.happened_at, _values(row.values()), row.by.name, row.id not in standing, row.id)
        for row in sheet.observations
    ]
    rows += [LogRow(step.happened_at, _step(step), step.by.name) for step in sheet.steps]
    rows += [LogRow(mark.happened_at, _mark(mark), mark.by.name) for mark in sheet.marks]
    rows += [
        LogRow(override.happened_at, _("Gate opened: %(why)s") % {"why": override.reason}, override.by.name)
        for override in sheet.overrides
    ]
    return sorted(rows, key=lambda row: row.at, reverse=True)


def _values(values: dict[str, int]) -> str:
    parts = [f"{_('BP')} {values['sbp']}/{values['dbp']}"] if "sbp" in values else []
    parts += [
        f"{SHORT.get(kind) or NAMES[kind]} {value}" for kind, value in values.items() if kind not in {"sbp", "dbp"}
    ]
    return ", ".join(parts)


def _step(step: Any) -> str:
    rate = f", {Mass(round(step.rate_ug_per_min, -1)).text()}/min" if step.rate_ug_per_min else ""
    reason = f" ({step.reason})" if step.reason else ""
    return f"{STEPS[step.kind]}{rate}{reason}"


def _mark(mark: Any) -> str:
    return f"{MARKS[mark.kind]}: {mark.words}" if mark.words else str(MARKS[mark.kind])


def running(sheet: Sheet) -> bool:
    """Tell whether the pump runs."""
    return bool(sheet.session.state == SessionState.INFUSING)
