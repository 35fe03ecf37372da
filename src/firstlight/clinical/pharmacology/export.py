"""Models, simulations and milk estimates as plain dictionaries: what `firstlight models`, `simulate` and `milk` print."""

from collections.abc import Iterable
from typing import Any

from firstlight.clinical.evidence import sources, text
from firstlight.clinical.pharmacology.courses import Course
from firstlight.clinical.pharmacology.doses import Isomer
from firstlight.clinical.pharmacology.lactation import AnalyteInMilk, Feed, Milk
from firstlight.clinical.pharmacology.lactation_evidence import ADVICE, EVIDENCE_SOURCES, NO_RULE, STUDIES, UNKNOWN
from firstlight.clinical.pharmacology.lactation_people import Band
from firstlight.clinical.pharmacology.modelling import Assumption, Checked, Covariate, Model
from firstlight.clinical.pharmacology.models import MODELS
from firstlight.clinical.pharmacology.residuals import Residual
from firstlight.clinical.pharmacology.simulation import Simulation
from firstlight.clinical.pharmacology.variability import Variability


def models_json() -> list[dict[str, Any]]:
    """Every model, in the order in which they are listed."""
    return [model_json(model) for model in MODELS.values()]


def model_json(model: Model) -> dict[str, Any]:
    first = sources()[model.sources[0]]
    return {
        "name": model.name,
        "title": model.title,
        "route": [route.value for route in model.routes],
        "isomer": model.isomer.value,
        "site": model.site.value,
        "analytes": ["ketamine", *(name for name in model.analytes if name != "ketamine")],
        "population": text(model.population),
        "youngest_years": model.youngest_years,
        "covariates": [_covariate(one) for one in model.covariates],
        "variability": bool(model.variability),
        "omega": [_block(block) for block in model.variability],
        "sigma": [_residual(one, model.checked) for one in model.residual],
        "not_published": [
            *(() if model.variability else ("omega",)),
            *(f"omega of {blank.symbol}" for blank in model.blank),
            *(() if model.residual else ("sigma",)),
        ],
        "assumptions": [
            _assumption(one) for one in (*model.assumptions, *(blank.assumption(0.0) for blank in model.blank))
        ],
        "citation": first.title,
        "doi": first.doi,
        "address": first.address,
        "table": model.table,
        "tag": model.checked.value,
        "sources": list(model.sources),
        "parameters": [
            {"symbol": one.symbol, "value": one.value, "unit": one.unit, "what": one.what} for one in model.parameters
        ],
    }


def simulation_json(simulation: Simulation, *, remarks: Iterable[Assumption] = ()) -> dict[str, Any]:
    """Concentrations by analyte, with sources and assumptions; `remarks` are what the caller took for granted."""
    planned = simulation.plan
    return {
        "model": planned.model.name,
        "analytes": {
            name: {
                "site": simulation.site.value,
                "isomer": course.isomer.value,
                "unit": "ng/mL",
                "at_min": simulation.at_min.tolist(),
                **_course(course),
            }
            for name, course in simulation.analytes.items()
        },
        "sources": _sources(planned.sources),
        "assumptions": [_assumption(one) for one in (*remarks, *simulation.assumptions)],
    }


def milk_json(estimate: Milk, *, remarks: Iterable[Assumption] = ()) -> dict[str, Any]:
    """Milk by analyte, then what studies found, what sources advise, and what is unknown."""
    taken = (*remarks, *estimate.assumptions)
    keys = (*estimate.plan.sources, *(key for one in taken for key in one.sources), *EVIDENCE_SOURCES)
    return {
        "model": estimate.plan.model.name,
        "site": estimate.plan.model.site.value,
        "infant_kg": estimate.infant_kg,
        "analytes": {one.analyte: _in_milk(one) for one in estimate.analytes},
        "not_modelled": [] if len(estimate.analytes) > 1 else ["norketamine"],
        "studies": [
            {"source": one.source, "people": one.people, "design": text(one.design), "result": text(one.result)}
            for one in STUDIES
        ],
        "advice": [{"source": one.source, "about": text(one.about), "says": text(one.says)} for one in ADVICE],
        "no_rule": text(NO_RULE),
        "unknown": [text(one) for one in UNKNOWN],
        "sources": _sources(dict.fromkeys(keys)),
        "assumptions": [_assumption(one) for one in taken],
    }


def isomer_remark(model: Model) -> Assumption:
    """What an output says when the isomer of the dose was not given."""
    what = "S-ketamine (esketamine)" if model.isomer is Isomer.S else "racemic ketamine"
    return Assumption(name={"en": "isomer of the dose"}, why={"en": f"not given; read as the model's own, {what}"})


def _block(block: Variability) -> dict[str, Any]:
    """The lower triangle of covariances, one row a symbol."""
    of = "between visits" if block.per_visit else "between people"
    return {"symbols": list(block.symbols), "of": of, "scale": block.scale.value, "lower": [*map(list, block.lower)]}


def _covariate(one: Covariate) -> dict[str, Any]:
    """A property that the paper's people had, with its range; low and high null where that is not known here."""
    found = {"name": one.name, "unit": one.unit, "low": one.low, "high": one.high, "groups": list(one.groups)}
    return found | {"note": text(one.note), "not_given": text(one.missing)}


def _residual(one: Residual, checked: Checked) -> dict[str, Any]:
    found = {"analyte": one.analyte, "kind": one.kind.value, "sd": one.sd, "unit": one.unit}
    return found | {"read": one.read, "tag": checked.value}


def _course(course: Course) -> dict[str, list[float]]:
    return {"value": course.value.tolist()} | {name: row.tolist() for name, row in course.quantiles.items()}


def _in_milk(one: AnalyteInMilk) -> dict[str, Any]:
    return {
        "unit": "mcg/L",
        "feeds": [_feed(feed) for feed in one.feeds],
        "relative_infant_dose_percent": {
            "mean_of_intervals": _band(one.by_samples_percent),
            "over_24_h": _band(one.by_day_percent),
        },
        "milk_not_given_for_h": [
            {"h": waiting.wait_h, "relative_infant_dose_percent": _band(waiting.relative_infant_dose_percent)}
            for waiting in one.waiting
        ],
    }


def _feed(feed: Feed) -> dict[str, Any]:
    return {
        "at_h": feed.at_h,
        "since_h": feed.since_h,
        "milk": _band(feed.milk_ug_per_l),
        "average": _band(feed.average_ug_per_l),
        "infant_dose_mcg": _band(feed.infant_dose_ug),
    }


def _band(band: Band) -> dict[str, float]:
    return {"value": band.value, "low": band.low, "high": band.high}


def _sources(keys: Iterable[str]) -> list[dict[str, str]]:
    found = [sources()[key] for key in keys]
    return [{"key": one.key, "title": one.title, "address": one.address, "tag": one.tag.value} for one in found]


def _assumption(one: Assumption) -> dict[str, Any]:
    return {
        "name": text(one.name),
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "unit": one.unit,
        "why": text(one.why),
        "sources": list(one.sources),
    }
