"""The summary of a session as blocks of a document. Every line comes from one charted entry; nothing is judged."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from firstlight.clinical.quantities import DosePerKilogram, Mass, Weight
from firstlight.ground.design.clocks import date_text, local, time_text
from firstlight.journey.dosing import entries, right_now
from firstlight.journey.dosing.models import Observation, RightNow
from firstlight.journey.dosing.recovery import definition, row_names, total_text
from firstlight.journey.dosing.selectors import Sheet
from firstlight.journey.dosing.words import CRITERIA

Block = dict[str, Any]


def summary_blocks(sheet: Sheet) -> list[Block]:
    """Return the whole summary, in the order of the day."""
    blocks = [
        _session(sheet),
        _dose(sheet),
        _values(sheet),
        _right_now(sheet),
        _recovery(sheet),
        _happened(sheet),
        _notices(sheet),
        _leaving(sheet),
    ]
    return [block for block in blocks if block]


def _time(sheet: Sheet, at: datetime | None) -> str:
    return time_text(at, sheet.session.clinic.timezone) if at else "–"


def _table(heading: str, columns: list[str], rows: list[list[str]]) -> Block:
    return {"heading": heading, "table": {"columns": columns, "rows": rows}} if rows else {}


def _session(sheet: Sheet) -> Block:
    session = sheet.session
    day = date_text(local(session.opened_at, session.clinic.timezone).date())
    rows = [
        [_("Day"), day],
        [_("Session"), _("%(place)d of %(total)d ordered") % {"place": session.place, "total": session.order.sessions}],
        [_("Here from"), _time(sheet, session.opened_at)],
        [_("Infusion"), f"{_time(sheet, session.started_at)}–{_time(sheet, session.ended_at)}"],
        [_("Left"), _time(sheet, session.left_at)],
        [_("In the care of"), session.nurse.public_name],
        [_("Second person"), session.second_person.public_name if session.second_person else "–"],
    ]
    return _table(_("Session"), [_("What"), _("Charted")], rows)


def _dose(sheet: Sheet) -> Block:
    order = sheet.session.order
    ordered = {
        "dose": Mass(order.dose_ug).text(),
        "per_kg": DosePerKilogram(order.ug_per_kg).text(),
        "weight": Weight(order.weight_g).text(),
        "minutes": order.minutes,
        "route": order.route,
        "medicine": order.medicine,
    }
    said = _("%(medicine)s %(dose)s (%(per_kg)s for %(weight)s), %(route)s, over %(minutes)d min") % ordered
    rows = [[_("Ordered"), said]]
    if sheet.session.ended_at:
        rows.append([_("Given"), Mass(sheet.delivered_ug(sheet.session.ended_at)).text()])
    return _table(_("Dose"), [_("What"), _("Charted")], rows)


def _values(sheet: Sheet) -> Block:
    columns = [_("Time"), _("BP, mmHg"), "HR", "SpO2, %", _("Breaths"), "MOAA/S", _("Dissociation"), _("Nausea")]
    rows = [
        [_time(sheet, row.happened_at), _pressure(row), *(_figure(row, kind) for kind in Observation.KINDS[2:])]
        for row in sheet.standing
    ]
    return _table(_("Charted values"), columns, rows)


def _recovery(sheet: Sheet) -> Block:
    columns = [_("Time"), *row_names(), _("Total")]
    rows = [
        [_time(sheet, row.happened_at), *(str(value) for value in row.values().values()), total_text(row)]
        for row in sheet.standing_scores
    ]
    block = _table(_("Modified Aldrete"), columns, rows)
    return {**block, "paragraphs": [definition().citation]} if block else {}


def _right_now(sheet: Sheet) -> Block:
    columns = [_("Time"), *(str(name) for name in right_now.NAMES.values())]
    rows = [
        [_time(sheet, row.happened_at), *(_answer(row, key) for key in right_now.NAMES)]
        for row in sheet.standing_right_now
    ]
    skipped = right_now.left_early(sheet.session)
    if not rows:
        return {"heading": _("Right now"), "paragraphs": [skipped]} if skipped else {}
    said = [part for part in (skipped, right_now.basis_text()) if part]
    return {**_table(_("Right now"), columns, rows), "paragraphs": said}


def _answer(row: RightNow, key: str) -> str:
    value = getattr(row, key)
    return "–" if value is None else right_now.answer_text(key, value)


def _pressure(row: Observation) -> str:
    return f"{row.sbp}/{row.dbp}" if row.sbp is not None else "–"


def _figure(row: Observation, kind: str) -> str:
    value = getattr(row, kind)
    return "–" if value is None else str(value)


def _happened(sheet: Sheet) -> Block:
    rows = [
        [_time(sheet, one.at), f"{one.what} – {one.corrected}" if one.corrected else one.what, one.who]
        for one in entries.entries(sheet)
        if one.corrected or not (one.observation_id or one.score_id or one.right_now_id)
    ]
    return _table(_("What happened"), [_("Time"), _("What"), _("Who")], rows)


def _notices(sheet: Sheet) -> Block:
    rows = []
    for notice in sheet.notices:
        seen = sheet.acknowledged.get(notice.id)
        said = f"{entries.acknowledged_text(seen)}, {_time(sheet, seen.happened_at)}" if seen else _("not seen")
        rows.append([_time(sheet, notice.happened_at), entries.notice_text(notice), said])
    return _table(_("Notices"), [_("Time"), _("What"), _("Seen")], rows)


def _leaving(sheet: Sheet) -> Block:
    departure = sheet.departure
    if departure is None:
        return {}
    said = {"met": _("met"), "not_met": _("not met"), "unknown": _("not charted")}
    rows = [
        [str(CRITERIA[one["key"]]), one["value"] or "–", said[one["state"]]] for one in departure.readiness["criteria"]
    ]
    if departure.reason:
        rows.append([_("Decided otherwise"), departure.reason, departure.by.name])
    return _table(_("Leaving"), [_("Criterion"), _("Charted"), _("State")], rows)
