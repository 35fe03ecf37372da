"""What the live session's screen shows, worked out once a change from the chart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from firstlight.clinical.protocols import monitoring, vitals
from firstlight.clinical.quantities import POSSIBLE
from firstlight.ground.design.clocks import relative_text, time_text
from firstlight.journey.dosing.basis import basis
from firstlight.journey.dosing.entries import acknowledged_text, notice_text, short_name
from firstlight.journey.dosing.findings import PRESSURE, SYMPTOM, condition_of, due_at, findings_now
from firstlight.journey.dosing.models import Notice, Observation
from firstlight.journey.dosing.selectors import Sheet

LARGE = (PRESSURE, ("hr",), ("spo2",))
SMALL = ("rr", "moaas", "dissociation", "nausea")
SHAPES = {"warn": "info", "act": "look", "emergency": "stop"}
"""The shape of a value out of plan is the shape of its notice."""
WATCHED = ("sbp", "dbp", "hr", "spo2", "rr", "moaas")


@dataclass(frozen=True, slots=True)
class Reading:
    """One value: when it was charted, and whether it is in plan, out of it, or due again."""

    key: str
    label: str
    unit: str
    value: str
    age: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice in words: what, what to do, what it rests on, and who saw it. One tap answers for the whole block."""

    id: UUID
    at: datetime
    level: str
    text: str
    steps: tuple[str, ...]
    source: str
    taken: str = ""


@dataclass(frozen=True, slots=True)
class DueRow:
    """When values are due next, and how far the moment has passed: "", due, warn or act."""

    at: datetime
    late: str


def due_row(sheet: Sheet, now: datetime) -> DueRow | None:
    """Return when the next set is due; None before the start and after the parent left."""
    at = due_at(sheet)
    if at is None:
        return None
    return DueRow(at, monitoring.overdue(at, now) or ("due" if now >= at else ""))


def large_readings(sheet: Sheet, now: datetime) -> list[Reading]:
    """Return pressure, pulse and saturation, for the row that is read from two metres."""
    return [_reading(sheet, kinds, now) for kinds in LARGE]


def small_readings(sheet: Sheet, now: datetime) -> list[Reading]:
    """Return the other values."""
    return [_reading(sheet, (kind,), now) for kind in SMALL]


def _reading(sheet: Sheet, kinds: tuple[str, ...], now: datetime) -> Reading:
    key = kinds[0]
    label = _("BP") if len(kinds) > 1 else short_name(key)
    unit = POSSIBLE[key][2] or f"{POSSIBLE[key][0]}–{POSSIBLE[key][1]}"
    row = sheet.latest(key)
    if row is None:
        return Reading(key, label, unit, "", "", "unknown", _("not charted"))
    kind, words = _stands(sheet, kinds, now)
    return Reading(key, label, unit, _figures(row, kinds), relative_text(row.happened_at, now), kind, words)


def _stands(sheet: Sheet, kinds: tuple[str, ...], now: datetime) -> tuple[str, str]:
    """Return state and word. What is out of plan says so until a newer value is in plan; what is due is never "in plan"."""
    found = findings_now(sheet)
    levels = {found[kind].level for kind in kinds if kind in found}
    if kinds == PRESSURE and any(notice.kind == SYMPTOM for notice in sheet.open_notices):
        levels.add("emergency")
    if levels:
        return SHAPES[max(levels, key=vitals.LEVELS.index)], _("out of plan")
    if kinds[0] not in WATCHED:
        return "", ""
    due = due_row(sheet, now)
    if due is not None and due.late:
        return "due", _("due again")
    return "ok", _("in plan")


def _figures(row: Observation, kinds: tuple[str, ...]) -> str:
    return "/".join(str(getattr(row, kind)) for kind in kinds)


def last_values(sheet: Sheet) -> dict[str, tuple[int, str]]:
    """Return by kind the last charted value and its time of day, for the form's "same" buttons."""
    zone = sheet.session.clinic.timezone
    found = {kind: row for row in sheet.standing for kind in row.values()}
    return {kind: (row.values()[kind], time_text(row.happened_at, zone)) for kind, row in found.items()}


def open_rows(sheet: Sheet) -> list[NoticeRow]:
    """Return what nobody has seen yet, gravest first: one block a condition, as both figures of a pressure are one."""
    gravest = sorted(sheet.open_notices, key=lambda notice: -vitals.LEVELS.index(notice.level))
    blocks: dict[str, list[Notice]] = {}
    for notice in gravest:
        blocks.setdefault(condition_of(notice.kind), []).append(notice)
    return [_row(block) for block in blocks.values()]


def seen_rows(sheet: Sheet) -> list[NoticeRow]:
    """Return the notices that somebody saw, newest first, with who and what was done."""
    seen = sheet.acknowledged
    newest = [notice for notice in reversed(sheet.notices) if notice.id in seen]
    return [replace(_row([notice]), taken=acknowledged_text(seen[notice.id])) for notice in newest]


def _row(block: Sequence[Notice]) -> NoticeRow:
    first = block[0]
    return NoticeRow(
        id=first.id,
        at=first.happened_at,
        level=first.level,
        text=". ".join(notice_text(notice) for notice in block),
        steps=vitals.steps(first.rule, first.level, get_language() or "en"),
        source=basis(first.tag, first.sources),
    )
