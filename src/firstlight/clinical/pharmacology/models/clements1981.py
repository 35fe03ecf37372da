"""Clements and Nimmo 1981: ketamine after a bolus of 0.25 mg/kg, two compartments, everything per kilogram.

Br J Anaesth 1981;53:27, doi 10.1093/bja/53.1.27, read second-hand from one transcription into code. The isomer (racemate)
is assumed, the sampling site unknown here. No variability between people was found.
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
    Parameter("V1", 1.7522, "L/kg", "central volume"),
    Parameter("k10", 0.0109, "1/min", "elimination"),
    Parameter("k12", 0.0186, "1/min", "central to peripheral compartment"),
    Parameter("k21", 0.0137, "1/min", "and back"),
)


def disposition(values: Values, person: Person) -> System:
    """Rate constants do not depend on the person; the volume is per kilogram."""
    return System(
        states=("central", "peripheral2"),
        flows=(
            Flow("central", None, values["k10"]),
            Flow("central", "peripheral2", values["k12"]),
            Flow("peripheral2", "central", values["k21"]),
        ),
        outputs=(Output("ketamine", "central", values["V1"] * person.weight_kg),),
    )


MODEL = Model(
    name="clements1981",
    title="Ketamine, two compartments per kilogram; sampling site unknown; second-hand",
    sources=("CLEMENTS-81",),
    table="parameters as transcribed; table number unknown here",
    checked=Checked.SECOND_HAND,
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
            why={"en": "the racemate is assumed; the source does not say"},
            sources=("CLEMENTS-81",),
        ),
        Assumption(
            name={"en": "second-hand"}, why={"en": "the paper's own table was not read"}, sources=("CLEMENTS-81",)
        ),
    ),
)
