"""Otto 2021: S-ketamine and S-norketamine in venous blood, with variability between people.

Otto et al. Eur J Clin Pharmacol 2021;77:1181, doi 10.1007/s00228-021-03104-1, Table 3 and the NONMEM supplement. Its
S-ketamine part is that of Fanta et al. 2015 (doi 10.1007/s00228-015-1826-y), kept fixed there. All cleared S-ketamine
becomes S-norketamine, in S-ketamine mass: the paper applies no ratio of molar masses. Variances are of the log.
"""

from firstlight.clinical.pharmacology.doses import Isomer, Route
from firstlight.clinical.pharmacology.modelling import (
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
from firstlight.clinical.pharmacology.residuals import ErrorKind, Residual
from firstlight.clinical.pharmacology.systems import Flow, Output, System
from firstlight.clinical.pharmacology.variability import Variability

PARAMETERS = (
    Parameter("V", 133.0, "L", "central volume of S-ketamine at 70 kg"),
    Parameter("CL", 95.2, "L/h", "clearance of S-ketamine at 70 kg"),
    Parameter("V2", 187.0, "L", "first peripheral volume of S-ketamine"),
    Parameter("Q2", 23.2, "L/h", "clearance between central and first peripheral volume"),
    Parameter("V3", 98.8, "L", "second peripheral volume of S-ketamine"),
    Parameter("Q3", 157.0, "L/h", "clearance between central and second peripheral volume"),
    Parameter("VN", 98.638, "L", "central volume of S-norketamine at 70 kg"),
    Parameter("CLN", 57.72, "L/h", "clearance of S-norketamine at 70 kg"),
    Parameter("VN2", 160.04, "L", "peripheral volume of S-norketamine"),
    Parameter("QN2", 42.778, "L/h", "clearance between the volumes of S-norketamine"),
    Parameter("weight_kg", 70.0, "kg", "reference weight"),
    Parameter("weight_V", 1.0, "", "V and VN grow with weight over it to this power"),
    Parameter("weight_CL", 0.75, "", "CL and CLN grow with weight over it to this power"),
)

SIGMA = (
    Residual("s_ketamine", ErrorKind.PROPORTIONAL, 0.23609),
    Residual("norketamine", ErrorKind.PROPORTIONAL, 0.14261),
)


def disposition(values: Values, person: Person) -> System:
    """Central volumes grow with weight, clearances with weight to the power 0.75; peripheral terms do not."""
    size = person.weight_kg / values["weight_kg"]
    volumes, clearances = size ** values["weight_V"], size ** values["weight_CL"]
    volume, clearance = values["V"] * volumes, values["CL"] * clearances
    volume_n, clearance_n = values["VN"] * volumes, values["CLN"] * clearances
    return System(
        states=("central", "peripheral2", "peripheral3", "norketamine", "norketamine2"),
        flows=(
            *exchange("central", "peripheral2", clearance=values["Q2"], volumes=(volume, values["V2"])),
            *exchange("central", "peripheral3", clearance=values["Q3"], volumes=(volume, values["V3"])),
            Flow("central", "norketamine", clearance / volume),
            *exchange("norketamine", "norketamine2", clearance=values["QN2"], volumes=(volume_n, values["VN2"])),
            Flow("norketamine", None, clearance_n / volume_n),
        ),
        outputs=(Output("s_ketamine", "central", volume), Output("norketamine", "norketamine", volume_n)),
    )


MODEL = Model(
    name="otto2021",
    title="S-ketamine and S-norketamine, venous, with variability between people",
    sources=("OTTO-21", "FANTA-15"),
    table="Table 3 and NONMEM supplement",
    checked=Checked.ONE_SOURCE,
    isomer=Isomer.S,
    site=Site.VENOUS,
    analytes=("s_ketamine", "norketamine"),
    population={"en": "48 adults, mean weights of the groups 68 to 71 kg"},
    youngest_years=18,
    parameters=PARAMETERS,
    disposition=disposition,
    routes={Route.INTRAVENOUS: GivenInto("central")},
    variability=(
        Variability(("V", "CL"), ((0.084177,), (0.02261, 0.026048))),
        Variability(("VN", "CLN"), ((0.040426,), (0.04456, 0.10319))),
    ),
    residual=SIGMA,
    covariates=(
        Covariate(
            "weight", "kg", 68, 71, {"en": "The range is that of the groups' weights; allometry carries it further."}
        ),
    ),
)
