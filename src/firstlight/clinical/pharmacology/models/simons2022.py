"""Simons 2022, part 1: S-ketamine, norketamine and hydroxynorketamine in arterial blood; infusion and oral thin film.

Simons et al. Front Pain Res 2022;3:946486, doi 10.3389/fpain.2022.946486, Table 4 (minutes, L, L/min). How it is read:
masses are carried as S-ketamine and turned into the metabolite's own at the end (223.70 and 239.70 over 237.73 g/mol).
Ketamine turns into norketamine through two transit compartments whose mean times add up to MTT; 0.8 of what leaves them
arrives and the rest is lost. From norketamine to hydroxynorketamine likewise, with 0.7.
A film gives two fractions of its dose: F1 through the mucosa, and F2, swallowed, through the gut and one gut-liver
compartment into the first transit compartment, so that it reaches the blood as norketamine only. F1 + F2 is 1.423, more
than the dose: masses balance against what is absorbed.
"""

from collections.abc import Sequence

from firstlight.clinical.pharmacology.doses import Dose, Isomer, Route
from firstlight.clinical.pharmacology.modelling import (
    Assumption,
    Checked,
    Covariate,
    Entry,
    GivenInto,
    Model,
    Parameter,
    Site,
    Values,
    exchange,
)
from firstlight.clinical.pharmacology.people import Person
from firstlight.clinical.pharmacology.residuals import ErrorKind, Residual
from firstlight.clinical.pharmacology.systems import Flow, Input, Number, Output, System
from firstlight.clinical.pharmacology.variability import alone

PARAMETERS = (
    Parameter("VK1", 11.6, "L", "central volume of ketamine; norketamine's is the same"),
    Parameter("VK2", 39.0, "L", "first peripheral volume of ketamine"),
    Parameter("VK3", 174.0, "L", "second peripheral volume of ketamine"),
    Parameter("CLK1", 1.48, "L/min", "clearance of ketamine"),
    Parameter("CLK2", 2.43, "L/min", "clearance between central and first peripheral volume"),
    Parameter("CLK3", 1.21, "L/min", "clearance between central and second peripheral volume"),
    Parameter("MTT", 20.1, "min", "mean time of both transit compartments from ketamine to norketamine"),
    Parameter("VN2", 221.0, "L", "peripheral volume of norketamine"),
    Parameter("CLN1", 1.00, "L/min", "clearance of norketamine"),
    Parameter("CLN2", 2.63, "L/min", "clearance between the volumes of norketamine"),
    Parameter("MTTH", 1.12, "min", "mean time of both transit compartments from norketamine to hydroxynorketamine"),
    Parameter("VH1", 4.4, "L", "central volume of hydroxynorketamine"),
    Parameter("VH2", 87.5, "L", "peripheral volume of hydroxynorketamine"),
    Parameter("CLH1", 0.933, "L/min", "clearance of hydroxynorketamine"),
    Parameter("CLH2", 1.70, "L/min", "clearance between the volumes of hydroxynorketamine"),
    Parameter("F1", 0.263, "", "fraction of a film's dose absorbed through the mucosa"),
    Parameter("D1", 13.1, "min", "how long the film feeds the mucosa"),
    Parameter("KA1", 0.04, "1/min", "absorption from the mucosa"),
    Parameter("F2", 1.16, "", "swallowed part, relative to the film's full dose"),
    Parameter("D2", 29.9, "min", "how long the film feeds the gut"),
    Parameter("KA2", 0.049, "1/min", "absorption from the gut"),
    Parameter("MTTG", 10.7, "min", "mean time in the gut-liver compartment"),
    Parameter("to_N", 0.8, "", "share of what leaves the first chain that arrives as norketamine"),
    Parameter("to_H", 0.7, "", "share of what leaves the second chain that arrives as hydroxynorketamine"),
    Parameter("M_K", 237.73, "g/mol", "molar mass of ketamine"),
    Parameter("M_N", 223.70, "g/mol", "molar mass of norketamine"),
    Parameter("M_H", 239.70, "g/mol", "molar mass of hydroxynorketamine"),
)

SIGMA = (
    Residual(
        "s_ketamine", ErrorKind.PROPORTIONAL, 0.1095, read="printed as 0.012, read as a variance: its square root"
    ),
    Residual("norketamine", ErrorKind.PROPORTIONAL, 0.102),
    Residual("norketamine", ErrorKind.ADDITIVE, 0.058, "nmol/mL"),
    Residual("hnk", ErrorKind.PROPORTIONAL, 0.079),
    Residual("hnk", ErrorKind.ADDITIVE, 0.020, "nmol/mL"),
)


def disposition(values: Values, person: Person) -> System:
    """Ketamine (three volumes), norketamine and hydroxynorketamine (two each), a chain of two between each pair."""
    volume, clearance = _scaled(values, person)
    ketamine = volume["VK1"]
    return System(
        states=(
            *("central", "peripheral2", "peripheral3", "transit1", "transit2", "norketamine", "norketamine2"),
            *("transit3", "transit4", "hnk", "hnk2"),
        ),
        flows=(
            *exchange("central", "peripheral2", clearance=clearance["CLK2"], volumes=(ketamine, volume["VK2"])),
            *exchange("central", "peripheral3", clearance=clearance["CLK3"], volumes=(ketamine, volume["VK3"])),
            Flow("central", "transit1", clearance["CLK1"] / ketamine),
            Flow("transit1", "transit2", 2 / values["MTT"]),
            Flow("transit2", "norketamine", 2 / values["MTT"], values["to_N"]),
            *exchange("norketamine", "norketamine2", clearance=clearance["CLN2"], volumes=(ketamine, volume["VN2"])),
            Flow("norketamine", "transit3", clearance["CLN1"] / ketamine),
            Flow("transit3", "transit4", 2 / values["MTTH"]),
            Flow("transit4", "hnk", 2 / values["MTTH"], values["to_H"]),
            *exchange("hnk", "hnk2", clearance=clearance["CLH2"], volumes=(volume["VH1"], volume["VH2"])),
            Flow("hnk", None, clearance["CLH1"] / volume["VH1"]),
        ),
        outputs=(
            Output("s_ketamine", "central", ketamine),
            Output("norketamine", "norketamine", ketamine, values["M_N"] / values["M_K"]),
            Output("hnk", "hnk", volume["VH1"], values["M_H"] / values["M_K"]),
        ),
    )


def film(values: Values, person: Person, doses: Sequence[Dose]) -> Entry:
    """Two depots, each fed at a constant rate: one through the mucosa, one through gut and liver."""
    inputs = [
        Input(state, dose.amount_mg * values[fraction], dose.start_h, values[duration])
        for dose in doses
        for state, fraction, duration in (("mucosa", "F1", "D1"), ("gut", "F2", "D2"))
    ]
    return Entry(
        states=("mucosa", "gut", "gut_liver"),
        flows=(
            Flow("mucosa", "central", values["KA1"]),
            Flow("gut", "gut_liver", values["KA2"]),
            Flow("gut_liver", "transit1", 1 / values["MTTG"]),
        ),
        inputs=tuple(inputs),
    )


def _scaled(values: Values, person: Person) -> tuple[dict[str, Number], dict[str, Number]]:
    size = person.weight_kg / values["weight_kg"]
    volume = {symbol: value * size ** values["weight_V"] for symbol, value in values.items() if symbol.startswith("V")}
    clearance = {
        symbol: value * size ** values["weight_CL"] for symbol, value in values.items() if symbol.startswith("CL")
    }
    return volume, clearance


MODEL = Model(
    name="simons2022",
    title="S-ketamine, norketamine and hydroxynorketamine, arterial; infusion and oral thin film",
    sources=("SIMONS-22",),
    table="Table 4",
    checked=Checked.ONE_SOURCE,
    isomer=Isomer.S,
    site=Site.ARTERIAL,
    analytes=("s_ketamine", "norketamine", "hnk"),
    population={
        "en": "20 healthy volunteers, 10 women and 10 men, mean age 24 years (19 to 32), mean weight 73 kg (53 to 93)"
    },
    youngest_years=18,
    parameters=PARAMETERS,
    disposition=disposition,
    routes={Route.INTRAVENOUS: GivenInto("central"), Route.FILM: film},
    variability=(
        *alone({"VK1": 0.057, "CLK1": 0.029, "CLK3": 0.026, "CLN1": 0.050, "MTT": 0.021}),
        *alone({"VH1": 1.22, "CLH1": 0.103, "CLH2": 0.287}),
        *alone({"F1": 0.060, "D1": 0.154, "KA1": 0.062, "F2": 0.057, "D2": 0.611, "KA2": 0.376}, per_visit=True),
        *alone({"MTTG": 0.937, "MTT": 0.751, "VH2": 0.152, "CLH1": 0.008}, per_visit=True),
    ),
    residual=SIGMA,
    covariates=(
        Covariate("weight", "kg", 53, 93, {"en": "The paper prints its parameters without exponents of weight."}),
        Covariate(
            "age",
            "years",
            19,
            32,
            {"en": "The volunteers were young; age changes nothing in the model."},
            missing={"en": "The volunteers were 19 to 32 years old; age changes nothing in the model."},
        ),
    ),
    assumptions=(
        Assumption(
            name={"en": "weight of the printed parameters"},
            value=70.0,
            unit="kg",
            symbol="weight_kg",
            why={
                "en": "they are read as those of 70 kg; the paper does not say, and its volunteers weighed 73 kg on average"
            },
            sources=("SIMONS-22",),
        ),
        Assumption(
            name={"en": "volumes by weight"},
            value=1.0,
            symbol="weight_V",
            why={"en": "volumes are taken to grow with weight to this power; the paper prints no exponents"},
            sources=("SIMONS-22",),
        ),
        Assumption(
            name={"en": "clearances by weight"},
            value=0.75,
            symbol="weight_CL",
            why={"en": "clearances are taken to grow with weight to this power; the paper prints no exponents"},
            sources=("SIMONS-22",),
        ),
        Assumption(
            name={"en": "one visit"},
            why={
                "en": "all doses of one simulation are read as one visit, so that variability between visits adds to that "
                "between people"
            },
            sources=("SIMONS-22",),
        ),
        Assumption(
            name={"en": "variance between visits of MTT"},
            value=0.751,
            why={
                "en": "it is uncertain to which transit time this row of the table belongs; read as ketamine to norketamine"
            },
            sources=("SIMONS-22",),
        ),
    ),
)
