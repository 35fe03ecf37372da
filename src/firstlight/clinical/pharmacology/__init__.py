"""What a dose does over time: linear compartment systems, published models, populations, effects, milk."""

from firstlight.clinical.pharmacology.bodies import plan
from firstlight.clinical.pharmacology.doses import Dose, Isomer, RateChange, Route, infusion
from firstlight.clinical.pharmacology.effects import pressure_window, response_curve
from firstlight.clinical.pharmacology.errors import PharmacologyError
from firstlight.clinical.pharmacology.lactation import milk
from firstlight.clinical.pharmacology.modelling import Assumption, Model, Site
from firstlight.clinical.pharmacology.models import MODELS
from firstlight.clinical.pharmacology.people import Ancestry, Person
from firstlight.clinical.pharmacology.recommending import recommend
from firstlight.clinical.pharmacology.simulation import require_same_site, simulate

__all__ = [
    "MODELS",
    "Ancestry",
    "Assumption",
    "Dose",
    "Isomer",
    "Model",
    "Person",
    "PharmacologyError",
    "RateChange",
    "Route",
    "Site",
    "infusion",
    "milk",
    "plan",
    "pressure_window",
    "recommend",
    "require_same_site",
    "response_curve",
    "simulate",
]
