"""What a forecast rests on and what it must not be read as, in words: it stands beside every forecast."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from firstlight.clinical.evidence import Words, text
from firstlight.clinical.pharmacology.doses import Isomer
from firstlight.clinical.pharmacology.effects import STUDIED_NG_PER_ML
from firstlight.clinical.pharmacology.forecasting import Forecast
from firstlight.clinical.pharmacology.lactation import Milk
from firstlight.clinical.pharmacology.modelling import Assumption, Site
from firstlight.ground.design import clocks
from firstlight.ground.design.charts import figure_text

SITES = {
    Site.VENOUS: _lazy("venous blood"),
    Site.ARTERIAL: _lazy("arterial blood"),
    Site.UNKNOWN: _lazy("sampling site unknown"),
}
ISOMERS = {
    Isomer.RACEMATE: _lazy("racemic ketamine, both isomers together"),
    Isomer.S: _lazy("S-ketamine alone"),
}

UNITS = {"min": _lazy("min"), "L/kg/day": _lazy("L/kg/day")}
"""Units of assumptions that hold words; the others are signs that all languages share."""


def said(words: Words) -> str:
    """Return words of the data in the language of the page."""
    return text(words, get_language() or "en")


@dataclass(frozen=True, slots=True)
class Assumed:
    """One assumption as it stands beside the chart: what, its figure with bounds, why, and the keys of its sources."""

    name: str
    figure: str
    why: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a forecast rests on: model with its papers and why it, site, isomer, who was studied, assumptions, limits, sources.

    `papers` are the sources of the model itself, `sources` all the others.
    """

    model: str
    papers: tuple[str, ...]
    why: str
    site: str
    isomer: str
    population: str
    assumed: tuple[Assumed, ...]
    limits: tuple[str, ...]
    sources: tuple[str, ...]


def basis_of(found: Forecast, estimate: Milk | None = None) -> Basis:
    """Say everything that must stand beside the figures."""
    model = found.recommended.model
    taken = dict.fromkeys((*found.assumptions, *(estimate.assumptions if estimate else ())))
    keys = [*found.sources, *(key for one in taken for key in one.sources)]
    return Basis(
        model=model.name,
        papers=model.sources,
        why=said(found.recommended.why),
        site=str(SITES[model.site]),
        isomer=str(ISOMERS[found.plan.isomer]),
        population=said(model.population),
        assumed=tuple(assumed(one) for one in taken),
        limits=limits_of(found),
        sources=tuple(key for key in dict.fromkeys(keys) if key not in model.sources),
    )


def assumed(one: Assumption) -> Assumed:
    """Put one assumption into words."""
    figure = f"{one.value:g}" if one.value is not None else ""
    if one.low is not None and one.high is not None and one.low < one.high:
        figure = _("%(value)s (%(low)s to %(high)s)") % {
            "value": figure,
            "low": f"{one.low:g}",
            "high": f"{one.high:g}",
        }
    return Assumed(said(one.name), f"{figure} {UNITS.get(one.unit, one.unit)}".strip(), said(one.why), one.sources)


def limits_of(found: Forecast) -> tuple[str, ...]:
    """Say what the figures must not be read as."""
    low, high = STUDIED_NG_PER_ML
    studied = {"low": f"{low:g}", "high": f"{high:g}"}
    other = {
        "model": found.arterial.recommended.model.name,
        "value": figure_text(found.arterial.value),
        "when": span(found.arterial.at_min),
    }
    return (
        _(
            "The middle and the band of a population. What this person's level will be is not known before it is measured."
        ),
        _(
            "Of this person the model takes the weight. Liver, other medicines and the time since a birth are not in it."
        ),
        _(
            "In arterial blood the model %(model)s expects %(value)s ng/mL %(when)s after the start. Do not compare the two."
        )
        % other,
        _(
            "Dissociation was studied in 10 people at steady levels of %(low)s to %(high)s ng/mL; outside it is illustrative."
        )
        % studied,
        _("How much dissociation is felt does not say whether treatment will work."),
        _("The blood pressure window is a time, not a height.") + " " + said(found.sessions[0].pressure.why),
    )


def span(minutes: float) -> str:
    """Return minutes as a length of time: 40 min, 2 h 10 min, 3 days 17 min."""
    return clocks.whole_span_text(timedelta(minutes=round(minutes)))
