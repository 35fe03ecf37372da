"""Charted entries as sentences: the same words on the screen's log and in the summary."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from firstlight.clinical.quantities import POSSIBLE, Concentration, Mass, Volume
from firstlight.journey.dosing.conditions import GATE_NAMES
from firstlight.journey.dosing.models import (
    Acknowledgement,
    GateOverride,
    InfusionStep,
    Mark,
    Notice,
    Observation,
    Preparation,
    RecoveryScore,
    RightNow,
    SecondCheck,
)
from firstlight.journey.dosing.readings import NAMES
from firstlight.journey.dosing.recovery import score_text
from firstlight.journey.dosing.right_now import right_now_text
from firstlight.journey.dosing.selectors import Sheet
from firstlight.journey.dosing.words import ACTIONS, STEPS, mark_name

SHORT = {"hr": "HR", "spo2": "SpO2", "rr": "RR", "moaas": "MOAA/S"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of what was charted. A corrected set keeps its line, with who corrected it and why."""

    at: datetime
    what: str
    who: str
    corrected: str = ""
    observation_id: UUID | None = None
    score_id: UUID | None = None
    right_now_id: UUID | None = None


def short_name(kind: str) -> str:
    """Return what a value is called where room is scarce."""
    return SHORT.get(kind) or str(NAMES[kind])


def value_text(kind: str, value: int) -> str:
    """Return one value with its unit, safe to read aloud."""
    unit = POSSIBLE[kind][2]
    return f"{value}{unit}" if unit == "%" else f"{value} {unit}".rstrip()


def values_text(values: dict[str, int]) -> str:
    """Return a set of values in one line."""
    parts = [f"{_('BP')} {values['sbp']}/{values['dbp']} mmHg"] if "sbp" in values else []
    rest = [kind for kind in Observation.KINDS if kind in values and kind not in {"sbp", "dbp"}]
    return ", ".join([*parts, *(f"{short_name(kind)} {value_text(kind, values[kind])}" for kind in rest)])


def rate_text(rate_ug_per_min: int) -> str:
    """Return a rate rounded to 0.01 mg, as a pump shows it."""
    return _("%(rate)s a minute") % {"rate": Mass(round(rate_ug_per_min, -1)).text()}


def step_text(step: InfusionStep) -> str:
    """Return one change of the pump."""
    rate = f", {rate_text(step.rate_ug_per_min)}" if step.rate_ug_per_min else ""
    return f"{STEPS[step.kind]}{rate}{_because(step.reason)}"


def mark_text(mark: Mark) -> str:
    """Return what happened, with its words."""
    return f"{mark_name(mark.kind)}: {mark.words}" if mark.words else mark_name(mark.kind)


def syringe_text(preparation: Preparation) -> str:
    """Return a syringe: the dose first, then volume, strength and what the whole vial holds."""
    return _("Syringe drawn: %(dose)s in %(volume)s at %(strength)s, lot %(lot)s, one vial holds %(vial)s") % {
        "dose": Mass(preparation.dose_ug).text(),
        "volume": Volume(preparation.volume_ul).text(),
        "strength": Concentration(preparation.concentration_ug_per_ml).text(),
        "lot": preparation.lot_number,
        "vial": Mass(preparation.vial_ug).text(),
    }


def check_text(check: SecondCheck) -> str:
    """Return a second reading and whether it is the same."""
    read = Volume(check.volume_ul).text()
    if check.concentration_ug_per_ml:
        strength = Concentration(check.concentration_ug_per_ml).text()
        read = _("%(volume)s at %(strength)s") % {"volume": read, "strength": strength}
    said = _("Second reading: %(read)s, the same") if check.agrees else _("Second reading: %(read)s, which differs")
    return said % {"read": read}


def notice_text(notice: Notice) -> str:
    """Return a notice as one sentence: value, rule, what to do."""
    if notice.mark_id and notice.mark:
        shown = {"symptom": mark_name(notice.mark.kind), "value": notice.value, "rule": notice.words}
        return _("%(symptom)s, blood pressure %(value)s mmHg: %(rule)s") % shown
    value = value_text(notice.kind, int(notice.value))
    return f"{NAMES[notice.kind]} {value}, {notice.words}"


def acknowledged_text(row: Acknowledgement) -> str:
    """Return who saw a notice and what was done."""
    return f"{ACTIONS[row.action]}, {row.by.name}"


def override_text(override: GateOverride) -> str:
    """Return a gate that was opened, with the reason."""
    return _("Gate opened: %(gate)s") % {"gate": GATE_NAMES[override.gate]} + _because(override.reason)


def entries(sheet: Sheet) -> list[Entry]:
    """Return everything charted, first to last. A syringe's figures stay hidden until the second reading agrees."""
    checked = sheet.check is not None and sheet.check.agrees
    hidden = {sheet.preparation.id} if sheet.preparation and not checked else set()
    found = [
        *_sets(sheet),
        *_scores(sheet),
        *_said(sheet),
        *(Entry(step.happened_at, step_text(step), step.by.name) for step in sheet.steps),
        *(Entry(mark.happened_at, mark_text(mark), mark.by.name) for mark in sheet.marks),
        *(
            Entry(one.happened_at, _("Syringe drawn") if one.id in hidden else syringe_text(one), one.by.name)
            for one in sheet.preparations
        ),
        *_checks(sheet, hidden),
        *(
            Entry(
                one.happened_at,
                _("Gate opened: %(gate)s") % {"gate": GATE_NAMES[one.gate]} + _because(one.reason),
                one.by.name,
            )
            for one in sheet.overrides
        ),
    ]
    return sorted(found, key=lambda entry: entry.at)


def _sets(sheet: Sheet) -> Iterable[Entry]:
    correction = {row.amends_id: row for row in sheet.observations if row.amends_id}
    for row in sheet.observations:
        words = _corrected(correction.get(row.id))
        yield Entry(row.happened_at, values_text(row.values()), row.by.name, words, row.id)


def _scores(sheet: Sheet) -> Iterable[Entry]:
    correction = {row.amends_id: row for row in sheet.scores if row.amends_id}
    for row in sheet.scores:
        words = _corrected(correction.get(row.id))
        yield Entry(row.happened_at, score_text(row), row.by.name, words, score_id=row.id)


def _said(sheet: Sheet) -> Iterable[Entry]:
    correction = {row.amends_id: row for row in sheet.right_now if row.amends_id}
    for row in sheet.right_now:
        words = _corrected(correction.get(row.id))
        yield Entry(row.happened_at, right_now_text(row), row.by.name, words, right_now_id=row.id)


def _corrected(by: Observation | RecoveryScore | RightNow | None) -> str:
    return _("corrected by %(who)s: %(why)s") % {"who": by.by.name, "why": by.reason} if by else ""


def _checks(sheet: Sheet, hidden: set[UUID]) -> Iterable[Entry]:
    for check in sheet.checks:
        differs = _("Second reading differs")
        text = differs if check.preparation_id in hidden else check_text(check)
        yield Entry(check.happened_at, text, check.by.name)


def _because(reason: str) -> str:
    return f" ({reason})" if reason else ""
