"""Domino 1984: ketamine after intravenous doses, three compartments, everything per kilogram.

Domino et al. Clin Pharmacol Ther 1984;36(5):645-653, PMID 6488686 (pages and PMID as stanpumpR cites them; no source was
found for its DOI). The numbers agree in three independent transcriptions into code; the isomer (racemate) is assumed from
its time, the sampling site is unknown here. No variability between people was found.
"""

from firstlight.clinical.pharmacology.doses import Isomer, Route
from firstlight.clinical.pharmacology.modelling import (
    Assumption,
    Checked,
    Covariate,
    GivenInto,
    Model,
    Parameter,
    Site,
    Values,
)
from firstlight.clinical.pharmacology.people import Person
from firstlight.clinical.pharmacology.residuals import NOT_PUBLISHED
from firstlight.clinical.pharmacology.systems import Flow, Output, System

PARAMETERS = (
    Parameter("V1", 0.063, "L/kg", "central volume"),
    Parameter("k10", 0.438, "1/min", "elimination"),
    Parameter("k12", 0.592, "1/min", "central to first peripheral compartment"),
    Parameter("k21", 0.247, "1/min", "and back"),
    Parameter("k13", 0.590, "1/min", "central to second peripheral compartment"),
    Parameter("k31", 0.0146, "1/min", "and back"),
)


def disposition(values: Values, person: Person) -> System:
    """Rate constants do not depend on the person; the volume is per kilogram."""
    return System(
        states=("central", "peripheral2", "peripheral3"),
        flows=(
            Flow("central", None, values["k10"]),
            Flow("central", "peripheral2", values["k12"]),
            Flow("peripheral2", "central", values["k21"]),
            Flow("central", "peripheral3", values["k13"]),
            Flow("peripheral3", "central", values["k31"]),
        ),
        outputs=(Output("ketamine", "central", values["V1"] * person.weight_kg),),
    )


MODEL = Model(
    name="domino1984",
    title="Ketamine, three compartments per kilogram; sampling site unknown",
    sources=("DOMINO-84",),
    table="parameters as transcribed; table number unknown here",
    checked=Checked.TWO_SOURCES,
    isomer=Isomer.RACEMATE,
    site=Site.UNKNOWN,
    analytes=("ketamine",),
    population={"en": "adults; number unknown here"},
    youngest_years=18,
    parameters=PARAMETERS,
    disposition=disposition,
    routes={Route.INTRAVENOUS: GivenInto("central")},
    residual=NOT_PUBLISHED,
    covariates=(Covariate("weight", "kg", None, None, {"en": "Everything is per kilogram."}),),
    assumptions=(
        Assumption(
            name={"en": "isomer"},
            why={"en": "the racemate is assumed; the transcriptions do not say"},
            sources=("DOMINO-84",),
        ),
    ),
)
