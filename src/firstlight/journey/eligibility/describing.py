"""Baseline entries in words."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from firstlight.clinical.quantities import Weight as BodyWeight
from firstlight.ground.design.clocks import date_text
from firstlight.journey.eligibility.lists import label_of
from firstlight.journey.eligibility.models import BaselineEntry, Kind

Value = dict[str, Any]


def words_of(entry: BaselineEntry) -> str:
    """Say what an entry says. An erased one says nothing."""
    if not entry.value:
        return ""
    if entry.value.get("nothing_else"):
        return _("Asked: nothing else known")
    return _WORDS[Kind(entry.kind)](entry.value)


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _pregnancy(value: Value) -> str:
    day = date_text(date.fromisoformat(value["test_date"])) if value["test_date"] else ""
    return _joined(label_of("pregnancy_results", value["result"]), day)


def _medicine(value: Value) -> str:
    group = "" if value["group"] == "none" else label_of("medicines", value["group"])
    recent = _("in the last 24 hours") if value["within_24h"] else ""
    return _joined(value["name"], value["dose"], group, recent)


def _trial(value: Value) -> str:
    weeks = _("%(weeks)d weeks") % {"weeks": value["weeks"]}
    adequate = _("adequate") if value["adequate"] else _("not adequate")
    outcome = label_of("trial_outcomes", value["outcome"])
    return _joined(value["treatment"], label_of("treatments", value["group"]), weeks, adequate, outcome)


def _obstetric(value: Value) -> str:
    said = {
        "hypertensive_disorder": _("high blood pressure disorder"),
        "preeclampsia_this_pregnancy": _("pre-eclampsia or eclampsia"),
        "preeclampsia_current": _("pre-eclampsia now"),
        "clearance": _("cleared by an obstetrician"),
    }
    present = [words for name, words in said.items() if value[name]]
    present += [label_of("symptoms", key) for key in value["symptoms"]]
    return _joined(*present) or _("No blood pressure disorder, no warning signs")


def _laboratory(value: Value) -> str:
    raised = _("above the range") if value["raised"] else ""
    day = date_text(date.fromisoformat(value["test_date"]))
    return _joined(label_of("laboratory_tests", value["test"]), value["result"], raised, day)


_WORDS: dict[Kind, Callable[[Value], str]] = {
    Kind.WEIGHT: lambda value: BodyWeight(value["weight_g"]).text(),
    Kind.HEIGHT: lambda value: _("%(height)d cm") % {"height": value["height_cm"]},
    Kind.BLOOD_PRESSURE: lambda value: _("%(sbp)d/%(dbp)d mmHg") % value,
    Kind.PREGNANCY_TEST: _pregnancy,
    Kind.MEDICINE: _medicine,
    Kind.ALLERGY: lambda value: _joined(value["substance"], value["reaction"]),
    Kind.PROBLEM: lambda value: _joined(label_of("problems", value["problem"]), value["note"]),
    Kind.TREATMENT_TRIAL: _trial,
    Kind.INDICATION: lambda value: _joined(value["diagnosis"], label_of("severities", value["severity"])),
    Kind.BREASTFEEDING: lambda value: _("Yes") if value["breastfeeding"] else _("No"),
    Kind.OBSTETRIC: _obstetric,
    Kind.LABORATORY: _laboratory,
    Kind.CLEARANCE: lambda value: _joined(label_of("clearances", value["clearance"]), value["note"]),
}
