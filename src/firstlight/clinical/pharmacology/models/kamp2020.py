"""Kamp 2020: meta-analysis of ketamine in 18 studies, three compartments.

Kamp et al. Anesthesiology 2020, doi 10.1097/ALN.0000000000003577, Table 2, read second-hand from a program that cites it.
The sums agree with the abstract: volumes 25 + 56 + 157 = 238 L (252, 95 % interval 200 to 304), clearance 84 L/h (79, 69
to 90). The two venous delay compartments of the paper's raw-data model, its variability and its residual error were not
found, and the sampling site of what remains is unknown here.
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
    exchange,
)
from firstlight.clinical.pharmacology.people import Person
from firstlight.clinical.pharmacology.residuals import NOT_PUBLISHED
from firstlight.clinical.pharmacology.systems import Flow, Output, System

PARAMETERS = (
    Parameter("V1", 25.0, "L", "central volume at 70 kg"),
    Parameter("V2", 56.0, "L", "first peripheral volume at 70 kg"),
    Parameter("V3", 157.0, "L", "second peripheral volume at 70 kg"),
    Parameter("CL", 84.0, "L/h", "clearance at 70 kg"),
    Parameter("Q2", 161.0, "L/h", "clearance between central and first peripheral volume at 70 kg"),
    Parameter("Q3", 79.0, "L/h", "clearance between central and second peripheral volume at 70 kg"),
    Parameter("weight_kg", 70.0, "kg", "reference weight"),
    Parameter("weight_V", 1.0, "", "all volumes grow with weight over it to this power"),
    Parameter("weight_CL", 0.75, "", "all clearances grow with weight over it to this power"),
)


def disposition(values: Values, person: Person) -> System:
    """All volumes grow with weight, all clearances with weight to the power 0.75."""
    size = person.weight_kg / values["weight_kg"]
    space, flow = size ** values["weight_V"], size ** values["weight_CL"]
    volume = values["V1"] * space
    return System(
        states=("central", "peripheral2", "peripheral3"),
        flows=(
            Flow("central", None, values["CL"] * flow / volume),
            *exchange("central", "peripheral2", clearance=values["Q2"] * flow, volumes=(volume, values["V2"] * space)),
            *exchange("central", "peripheral3", clearance=values["Q3"] * flow, volumes=(volume, values["V3"] * space)),
        ),
        outputs=(Output("ketamine", "central", volume),),
    )


MODEL = Model(
    name="kamp2020",
    title="Ketamine, meta-analysis of 18 studies; sampling site unknown; second-hand",
    sources=("KAMP-20",),
    table="Table 2, as transcribed",
    checked=Checked.SECOND_HAND,
    isomer=Isomer.RACEMATE,
    site=Site.UNKNOWN,
    analytes=("ketamine",),
    population={
        "en": "18 studies: 11 of healthy adults, 3 of adult patients, 5 of children, as the abstract counts them"
    },
    youngest_years=18,
    parameters=PARAMETERS,
    disposition=disposition,
    routes={Route.INTRAVENOUS: GivenInto("central")},
    residual=NOT_PUBLISHED,
    covariates=(Covariate("weight", "kg", None, None, {"en": "No covariate effect was found beyond size."}),),
    assumptions=(
        Assumption(
            name={"en": "isomer"}, why={"en": "the racemate is assumed; the source does not say"}, sources=("KAMP-20",)
        ),
        Assumption(name={"en": "second-hand"}, why={"en": "the paper's own table was not read"}, sources=("KAMP-20",)),
    ),
)
