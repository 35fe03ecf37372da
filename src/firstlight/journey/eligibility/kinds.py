"""What a baseline entry may say: one check for each kind, so that form, demo and import meet the same refusals.

Limits of what is plausible for an adult are ours (data/limits.yaml); what is possible at all stands in clinical/quantities.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from firstlight.clinical.quantities import POSSIBLE, BloodPressure, QuantityError, scaled
from firstlight.ground.people.errors import Refused
from firstlight.journey.eligibility.limits import limits
from firstlight.journey.eligibility.lists import choice
from firstlight.journey.eligibility.models import Kind

Value = dict[str, Any]

SHORT_TEXT, LONG_TEXT = 200, 2_000
# Lists that can be closed with "nothing else known".
CLOSABLE = (Kind.MEDICINE, Kind.ALLERGY, Kind.PROBLEM, Kind.TREATMENT_TRIAL)
NOTHING_ELSE: Value = {"nothing_else": True}


def checked(kind: str, value: Mapping[str, Any], *, today: date) -> Value:
    """Return a value with exactly the fields of its kind. Refused, naming the field, for anything else."""
    if kind not in _CHECKS:
        _refuse("kind", kind, _("Choose what this entry is about."))
    if value.get("nothing_else"):
        if kind not in CLOSABLE:
            _refuse("kind", kind, _("Only a list can be closed with nothing else known."))
        return dict(NOTHING_ELSE)
    return _CHECKS[Kind(kind)](value, today)


def _weight(value: Mapping[str, Any], today: date) -> Value:
    grams = value.get("weight_g")
    low, high = limits().weight_g
    if not isinstance(grams, int) or not low <= grams <= high:
        shown = scaled(grams, 1000) if isinstance(grams, int) else ""
        words = {"given": shown, "low": scaled(low, 1000), "high": scaled(high, 1000)}
        message = _("%(given)s kg cannot be used. A weight here is %(low)s to %(high)s kg.") % words
        _refuse("weight", grams, message)
    return {"weight_g": grams}


def _height(value: Mapping[str, Any], today: date) -> Value:
    return {"height_cm": _whole(value, "height_cm", limits().height_cm, "cm")}


def _blood_pressure(value: Mapping[str, Any], today: date) -> Value:
    try:
        pressure = BloodPressure(value.get("sbp"), value.get("dbp"))  # type: ignore[arg-type]  # it refuses what is no number
    except QuantityError as error:
        if error.code == "diastolic_above_systolic":
            words = {"sbp": value["sbp"], "dbp": value["dbp"]}
            message = _("%(sbp)d/%(dbp)d cannot be used. The first figure (systolic) is the higher one.") % words
            _refuse("dbp", value["dbp"], message)
        _refuse(error.field, error.value, _reading_words(error))
    return {"sbp": pressure.sbp, "dbp": pressure.dbp}


def _reading_words(error: QuantityError) -> str:
    low, high, _unit = POSSIBLE[error.field]
    words = {"low": low, "high": high}
    return _("This cannot be a blood pressure. Use a whole number, %(low)d to %(high)d mmHg.") % words


def _pregnancy_test(value: Mapping[str, Any], today: date) -> Value:
    result = _chosen(value, "result", "pregnancy_results")
    if result == "cannot":
        return {"result": result, "test_date": None}
    return {"result": result, "test_date": _past_day(value, "test_date", today)}


def _medicine(value: Mapping[str, Any], today: date) -> Value:
    return {
        "name": _text(value, "name", required=True),
        "dose": _text(value, "dose"),
        "group": _chosen(value, "group", "medicines"),
        "within_24h": bool(value.get("within_24h", False)),
    }


def _allergy(value: Mapping[str, Any], today: date) -> Value:
    return {
        "substance": _text(value, "substance", required=True),
        "group": _chosen(value, "group", "allergies"),
        "reaction": _text(value, "reaction"),
    }


def _problem(value: Mapping[str, Any], today: date) -> Value:
    problem = _chosen(value, "problem", "problems")
    return {"problem": problem, "note": _text(value, "note", required=problem == "other")}


def _treatment_trial(value: Mapping[str, Any], today: date) -> Value:
    return {
        "treatment": _text(value, "treatment", required=True),
        "group": _chosen(value, "group", "treatments"),
        "weeks": _whole(value, "weeks", limits().trial_weeks, _("weeks")),
        "adequate": bool(value.get("adequate", False)),
        "outcome": _chosen(value, "outcome", "trial_outcomes"),
    }


def _indication(value: Mapping[str, Any], today: date) -> Value:
    return {
        "diagnosis": _text(value, "diagnosis", required=True),
        "severity": _chosen(value, "severity", "severities"),
    }


def _breastfeeding(value: Mapping[str, Any], today: date) -> Value:
    return {"breastfeeding": _yes_or_no(value, "breastfeeding")}


def _obstetric(value: Mapping[str, Any], today: date) -> Value:
    symptoms = list(value.get("symptoms", []))
    if unknown := [key for key in symptoms if choice("symptoms", key) is None]:
        _refuse("symptoms", unknown[0], _("Choose from the list."))
    names = ("hypertensive_disorder", "preeclampsia_this_pregnancy", "preeclampsia_current", "clearance")
    return {name: _yes_or_no(value, name) for name in names} | {"symptoms": symptoms}


def _laboratory(value: Mapping[str, Any], today: date) -> Value:
    return {
        "test": _chosen(value, "test", "laboratory_tests"),
        "result": _text(value, "result", required=True),
        "raised": bool(value.get("raised", False)),
        "test_date": _past_day(value, "test_date", today),
    }


def _clearance(value: Mapping[str, Any], today: date) -> Value:
    return {
        "clearance": _chosen(value, "clearance", "clearances"),
        "note": _text(value, "note", required=True, longest=LONG_TEXT),
    }


_CHECKS: dict[Kind, Callable[[Mapping[str, Any], date], Value]] = {
    Kind.WEIGHT: _weight,
    Kind.HEIGHT: _height,
    Kind.BLOOD_PRESSURE: _blood_pressure,
    Kind.PREGNANCY_TEST: _pregnancy_test,
    Kind.MEDICINE: _medicine,
    Kind.ALLERGY: _allergy,
    Kind.PROBLEM: _problem,
    Kind.TREATMENT_TRIAL: _treatment_trial,
    Kind.INDICATION: _indication,
    Kind.BREASTFEEDING: _breastfeeding,
    Kind.OBSTETRIC: _obstetric,
    Kind.LABORATORY: _laboratory,
    Kind.CLEARANCE: _clearance,
}


def _text(value: Mapping[str, Any], field: str, *, required: bool = False, longest: int = SHORT_TEXT) -> str:
    text = str(value.get(field) or "").strip()
    if required and not text:
        _refuse(field, text, _("This is empty. Write it in a few words."))
    if len(text) > longest:
        words = {"given": len(text), "longest": longest}
        _refuse(field, len(text), _("%(given)d characters are too many. Use at most %(longest)d.") % words)
    return text


def _whole(value: Mapping[str, Any], field: str, limits: tuple[int, int], unit: str) -> int:
    number = value.get(field)
    low, high = limits
    if isinstance(number, bool) or not isinstance(number, int) or not low <= number <= high:
        words = {"given": number, "low": low, "high": high, "unit": unit}
        message = _("%(given)s cannot be used. Use a whole number, %(low)d to %(high)d %(unit)s.") % words
        _refuse(field, number, message)
    return number


def _chosen(value: Mapping[str, Any], field: str, name: str) -> str:
    key = str(value.get(field) or "")
    if choice(name, key) is None:
        _refuse(field, key, _("Choose one from the list."))
    return key


def _yes_or_no(value: Mapping[str, Any], field: str) -> bool:
    answer = value.get(field)
    if not isinstance(answer, bool):
        _refuse(field, answer, _("Answer yes or no."))
    return answer


def _past_day(value: Mapping[str, Any], field: str, today: date) -> str:
    given = value.get(field)
    try:
        day = given if isinstance(given, date) else date.fromisoformat(str(given))
    except ValueError:
        _refuse(field, given, _("This is no date. Write year, month and day."))
    if day > today:
        _refuse(field, given, _("%(day)s is in the future. A test has been taken already.") % {"day": day.isoformat()})
    if (today - day).days > limits().test_age_days:
        _refuse(field, given, _("%(day)s is over a year ago. Take the newest test.") % {"day": day.isoformat()})
    return day.isoformat()


def _refuse(field: str, value: object, message: str) -> NoReturn:
    raise Refused(message, field=field, value=value)
