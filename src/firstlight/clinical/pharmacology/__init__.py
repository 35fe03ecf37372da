"""What a dose does over time: linear compartment systems, published models, populations, effects, milk."""

from firstlight.clinical.pharmacology.asking import ask
from firstlight.clinical.pharmacology.bodies import plan
from firstlight.clinical.pharmacology.cohorts import cohort
from firstlight.clinical.pharmacology.doses import Dose, Isomer, RateChange, Route, infusion
from firstlight.clinical.pharmacology.effects import dissociation, pressure_windows, response_curve
from firstlight.clinical.pharmacology.errors import Cancelled, PharmacologyError
from firstlight.clinical.pharmacology.exposure import total_exposure
from firstlight.clinical.pharmacology.lactation import milk
from firstlight.clinical.pharmacology.modelling import Assumption, Model, Site
from firstlight.clinical.pharmacology.models import MODELS
from firstlight.clinical.pharmacology.people import Ancestry, Person
from firstlight.clinical.pharmacology.population import question
from firstlight.clinical.pharmacology.progress import Bar
from firstlight.clinical.pharmacology.recommending import recommend
from firstlight.clinical.pharmacology.simulation import Course, compare, require_same_site, simulate
from firstlight.clinical.pharmacology.solving import concentrations

__all__ = [
    "MODELS",
    "Ancestry",
    "Assumption",
    "Bar",
    "Cancelled",
    "Course",
    "Dose",
    "Isomer",
    "Model",
    "Person",
    "PharmacologyError",
    "RateChange",
    "Route",
    "Site",
    "ask",
    "cohort",
    "compare",
    "concentrations",
    "dissociation",
    "infusion",
    "milk",
    "plan",
    "pressure_windows",
    "question",
    "recommend",
    "require_same_site",
    "response_curve",
    "simulate",
    "total_exposure",
]
