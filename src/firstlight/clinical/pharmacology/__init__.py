"""What a dose does over time: linear compartment systems, published models, populations, effects, milk."""

from firstlight.clinical.pharmacology.asking import ask
from firstlight.clinical.pharmacology.bodies import plan
from firstlight.clinical.pharmacology.cohorts import cohort
from firstlight.clinical.pharmacology.courses import Course, Measured, compare, require_same_site
from firstlight.clinical.pharmacology.doses import Dose, Isomer, RateChange, Route, infusion
from firstlight.clinical.pharmacology.effects import dissociation, pressure_windows, response_curve
from firstlight.clinical.pharmacology.errors import (
    AnalyteNotCovered,
    AnalytesDiffer,
    Cancelled,
    DifferentLengths,
    IsomerNotCovered,
    IsomersDiffer,
    KernelMissing,
    MissingDuration,
    NegativeDose,
    NeverEliminated,
    NotACluster,
    NotANumber,
    NothingAsked,
    PharmacologyError,
    PopulationNotCovered,
    RateTooFast,
    RouteNotCovered,
    SitesDiffer,
    TimesDiffer,
    TimesOutOfOrder,
    UnknownModel,
    UnknownState,
    UnknownWord,
    VariabilityUnknown,
    WrongKind,
    WrongUnit,
)
from firstlight.clinical.pharmacology.exposure import total_exposure
from firstlight.clinical.pharmacology.lactation import milk
from firstlight.clinical.pharmacology.modelling import Assumption, Model, Site
from firstlight.clinical.pharmacology.models import MODELS
from firstlight.clinical.pharmacology.people import Ancestry, Person
from firstlight.clinical.pharmacology.population import question
from firstlight.clinical.pharmacology.progress import Bar
from firstlight.clinical.pharmacology.recommending import recommend
from firstlight.clinical.pharmacology.simulation import simulate
from firstlight.clinical.pharmacology.solving import concentrations

__all__ = [
    "MODELS",
    "AnalyteNotCovered",
    "AnalytesDiffer",
    "Ancestry",
    "Assumption",
    "Bar",
    "Cancelled",
    "Course",
    "DifferentLengths",
    "Dose",
    "Isomer",
    "IsomerNotCovered",
    "IsomersDiffer",
    "KernelMissing",
    "Measured",
    "MissingDuration",
    "Model",
    "NegativeDose",
    "NeverEliminated",
    "NotACluster",
    "NotANumber",
    "NothingAsked",
    "Person",
    "PharmacologyError",
    "PopulationNotCovered",
    "RateChange",
    "RateTooFast",
    "Route",
    "RouteNotCovered",
    "Site",
    "SitesDiffer",
    "TimesDiffer",
    "TimesOutOfOrder",
    "UnknownModel",
    "UnknownState",
    "UnknownWord",
    "VariabilityUnknown",
    "WrongKind",
    "WrongUnit",
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
